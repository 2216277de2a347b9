"""What is kept of an event's context: where, in which language, on what; nothing that names a device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_WHOLE = frozenset({"locale", "timezone", "userAgent", "campaign", "library", "screen", "os", "utm"})
_PARTS = {
    "device": ("type", "manufacturer", "model"),
    "app": ("name", "version", "build"),
    "page": ("path", "title", "url", "referrer", "referring_domain"),
    "network": ("wifi", "cellular", "bluetooth"),
}
_ADDRESSES = ("url", "referrer", "path")
_BEHAVIOUR = frozenset(
    {
        "behaviour",
        "behavior",
        "behavioural",
        "behavioral",
        "analytics",
        "personalization",
        "personalisation",
        "statistics",
        "performance",
        "c0002",
    }
)  # the last is what one widespread consent banner calls performance cookies


def kept(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context a row may keep; addresses without their query, which often carries names."""
    found: dict[str, Any] = {}
    for name, value in context.items():
        if name in _WHOLE:
            found[name] = value
        elif name in _PARTS and isinstance(value, dict):
            found[name] = _page(value) if name == "page" else _some(value, _PARTS[name])
    return found


def _some(said: Mapping[str, Any], parts: Sequence[str]) -> dict[str, Any]:
    return {part: said[part] for part in parts if part in said}


def _page(said: Mapping[str, Any]) -> dict[str, Any]:
    page = _some(said, _PARTS["page"])
    for part in _ADDRESSES:
        if part in page:
            page[part] = _short(part, page[part])
    return page


def without_queries(props: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page's properties, its addresses without their queries: names and keys travel in those."""
    return {name: _short(name, value) for name, value in props.items() if name != "search"}


def _short(part: str, value: Any) -> Any:
    if part in _ADDRESSES and isinstance(value, str):
        return value.partition("?")[0].partition("#")[0]
    return value


def consent_said(context: Mapping[str, Any]) -> bool | None:
    """Return what an event says of its visitor's consent to analytics: yes, no, or nothing.

    `context.consent.categoryPreferences` maps names to answers; `context.consentManagement` lists what
    is allowed.
    """
    consent = context.get("consent")
    if isinstance(consent, dict) and isinstance(given := consent.get("categoryPreferences"), dict):
        return any(yes is True and name.lower() in _BEHAVIOUR for name, yes in given.items())
    managed = context.get("consentManagement")
    if isinstance(managed, dict) and ("allowedConsentIds" in managed or "deniedConsentIds" in managed):
        allowed = managed.get("allowedConsentIds")
        return isinstance(allowed, list | dict) and any(str(one).lower() in _BEHAVIOUR for one in allowed)
    return None
