"""The signals the ledger understands. A new behaviour to hear is one line, and the shape of its props."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from segue.kit.errors import Invalid
from segue.listen.kinds.asked import SERVICE
from segue.listen.kinds.calls import CALLS, KIND_OF_CALL
from segue.listen.kinds.cards import CARDS, DismissReason
from segue.listen.kinds.kind import Kind

__all__ = ["KINDS", "TASTE_WEIGHTS", "DismissReason", "Kind", "checked", "clear_props", "kind_of"]

KINDS = {kind.name: kind for kind in (*CARDS, *SERVICE, *CALLS)}
TASTE_WEIGHTS = {kind.name: kind.weight for kind in KINDS.values() if kind.weight}


def kind_of(call: str, event: str) -> Kind:
    """Return the kind a library's call means: the registered one of that name, or the call's own.

    Raises Invalid for a call no library makes.
    """
    if call == "track" and event in KINDS:
        return KINDS[event]
    if call not in KIND_OF_CALL:
        raise Invalid(f"No call {call!r}.", field="type", remedy=f"Use one of {', '.join(KIND_OF_CALL)}.")
    return KINDS[KIND_OF_CALL[call]]


def checked(kind: Kind, props: dict[str, Any], version: int | None = None) -> dict[str, Any]:
    """Return props in the shape the kind has today, as plain JSON values; older shapes are brought up to it.

    Raises Invalid, naming the field and the remedy.
    """
    if version is not None and version != kind.version:
        props = _upgraded(kind, props, version)
    if kind.is_open:
        return props
    if not props and not kind.required_fields:
        return {}
    try:
        read = kind.props.__pydantic_validator__.validate_python(props)
    except ValidationError as refused:
        raise _as_invalid(kind, refused) from None
    write = kind.props.__pydantic_serializer__.to_python
    plain: dict[str, Any] = write(read, mode="json", exclude_unset=True)
    return plain


def clear_props(kind: Kind, props: dict[str, Any]) -> dict[str, Any]:
    """Return the props that tell nothing of anybody: what may stay where a signal is nobody's."""
    return {name: value for name, value in props.items() if name in kind.clear_fields}


def _upgraded(kind: Kind, props: dict[str, Any], version: int) -> dict[str, Any]:
    if not 1 <= version < kind.version:
        raise Invalid(
            f"{kind.name} has no version {version}.",
            field="version",
            remedy=f"Send version {kind.version}, or an older one.",
        )
    for step in range(version, kind.version):
        if step in kind.upgrades:
            props = kind.upgrades[step](props)
    return props


def _as_invalid(kind: Kind, refused: ValidationError) -> Invalid:
    first = refused.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = ", ".join(kind.props.model_fields) or "no props"
        return Invalid(
            f"{kind.name} has no {place!r}.", field=place[:100], remedy=f"{kind.name} takes {known}."
        )
    remedy = f"Mend it; docs/signals.md says what {kind.name} takes."
    return Invalid(f"{first['msg']}.", field=place[:100], remedy=remedy)
