"""From one JSON object of a library to one event for the ledger, or to a refusal that says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from segue.kit.errors import Invalid
from segue.kit.ids import uuid7
from segue.listen import page_token
from segue.listen.actions.intake import Arrival
from segue.listen.kinds import Kind, checked, kind_of
from segue.listen.models import Tier
from segue.listen.quality import Pace, tier_of
from segue.listen.queries.keys import KnownKey
from segue.web.collect import context as contexts
from segue.web.collect.answers import Refused
from segue.web.collect.limits import EVENT_BYTES, MESSAGE_ID_CHARS
from segue.web.collect.times import happened_at, moment

ID_CHARS, NAME_CHARS = 100, 200
_NONE: dict[str, Any] = {}
_PACE = Pace()  # of this process: each collector judges by what it hears itself


@dataclass(slots=True, eq=False)
class Reading:
    """What a context comes to: what may be kept of it, and what it says of the visitor's answer."""

    context: Mapping[str, Any]
    kept: dict[str, Any]
    consent: bool | None


@dataclass(slots=True)
class Envelope:
    """What the events of one request have in common."""

    key: KnownKey
    received_at: datetime
    sent_at: Any = None
    user_agent: str = ""  # the visitor's; of a server's own library nothing is told
    says_no: bool = False  # the browser asks not to be followed: DNT, Sec-GPC
    prefetch: bool = False
    is_import: bool = False
    is_large: bool = True  # some event of it may be too large, or nested too deeply
    page_token: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)  # a batch's own, under that of its events
    latest: Reading | None = None  # events of a batch mostly share their context: it is read once
    left_at: datetime | None = None  # `sent_at`, read once

    def __post_init__(self) -> None:
        self.left_at = moment(self.sent_at)

    def reading_of(self, context: Mapping[str, Any]) -> Reading:
        if self.latest is None or self.latest.context != context:
            self.latest = Reading(context, contexts.kept(context), contexts.consent_said(context))
        return self.latest


def read_event(said: Any, call: str, envelope: Envelope) -> Arrival:
    """Return the event; `call` is the path's, or "" where the event says its type. Raises Refused."""
    if not isinstance(said, dict):
        raise _bad("not_an_object", "An event is a JSON object.")
    if envelope.is_large:
        _measure(said)
    call = call or _text(said, "type", 20)
    event = _event_name(said, call)
    key, context = envelope.key, _context(said, envelope)
    reading = envelope.reading_of(context)
    traits = _object(said, "traits") or _object(context, "traits")
    token = _page_token(envelope, context)
    person_ref = _proven_person(said, key, context, traits, token)
    anonymous_id = _anonymous_id(said, call, is_known=token is not None and bool(person_ref))
    kind = _kind(call, event, key, token)
    props = _props(said, call, kind, traits)
    at, is_clock_off = _happened(said, envelope)
    tier, flags = _trust(
        envelope, context, person_ref or anonymous_id, at, verified=token is not None or bool(person_ref)
    )
    return Arrival(
        source_id=key.source_id,
        message_id=_text(said, "messageId", MESSAGE_ID_CHARS) or str(uuid7()),
        call=call,
        event=event,
        kind=kind,
        version=kind.version,
        at=at,
        received_at=envelope.received_at,
        anonymous_id=anonymous_id,
        person_ref=person_ref,
        props=props,
        context=reading.kept,
        tier=tier,
        flags=(*flags, "clock") if is_clock_off else flags,
        consented=_consented(key, reading.consent, envelope),
        said_by=_said_by(call, token),
        job_id=None if kind.is_open else props.get("job_id"),
    )


def _anonymous_id(said: Mapping[str, Any], call: str, *, is_known: bool) -> str:
    """Return whose it is without a name; a page of ours that knows its person has no say in that."""
    if is_known:
        return ""
    own = _text(said, "anonymousId", ID_CHARS)
    return (_text(said, "previousId", ID_CHARS) or own) if call == "alias" else own


def _happened(said: Mapping[str, Any], envelope: Envelope) -> tuple[datetime, bool]:
    own = said.get("sentAt")
    return happened_at(
        moment(said.get("originalTimestamp") or said.get("timestamp")),
        moment(own) if own and own != envelope.sent_at else envelope.left_at,
        envelope.received_at,
        trusted=envelope.is_import,
    )


def _trust(
    envelope: Envelope, context: Mapping[str, Any], visitor: str, at: datetime, *, verified: bool
) -> tuple[Tier, tuple[str, ...]]:
    """Return tier and flags. A server's events may come as fast as they like; a visitor's, as a hand can."""
    key = envelope.key
    is_paced = bool(visitor) and key.kind != "server"
    return tier_of(
        kind=key.kind,
        verified=verified,
        user_agent=agent if isinstance(agent := context.get("userAgent"), str) else envelope.user_agent,
        webdriver=context.get("webdriver") is True,
        prefetch=envelope.prefetch,
        too_fast=is_paced and _PACE.is_superhuman(key.source_id, visitor, at),
    )


def _measure(said: dict[str, Any]) -> None:
    """Refuse what is too large, or nested more deeply than can be written out again."""
    try:
        size = len(orjson.dumps([[said]]))
    except (orjson.JSONEncodeError, RecursionError):
        raise _bad("too_deep", "Objects and lists are nested too deeply.", remedy="Flatten them.") from None
    if size > EVENT_BYTES:
        raise Refused(
            413, "too_large", f"An event has at most {EVENT_BYTES // 1024} kB.", remedy="Send less with it."
        )


def _event_name(said: dict[str, Any], call: str) -> str:
    if call == "track":
        if name := _text(said, "event", NAME_CHARS):
            return name
        raise _bad("missing_event", "A track call names its event.", field="event", remedy="Give it a name.")
    if call in {"page", "screen"}:
        return _text(said, "name", NAME_CHARS) or _text(said, "category", NAME_CHARS)
    return ""


def _context(said: dict[str, Any], envelope: Envelope) -> Mapping[str, Any]:
    own = _object(said, "context")
    return {**envelope.context, **own} if envelope.context else own


def _page_token(envelope: Envelope, context: Mapping[str, Any]) -> page_token.PageToken | None:
    if envelope.key.kind != "product":
        return None
    token = context.get("pageToken") or envelope.page_token
    return page_token.read(token) if token and isinstance(token, str) else None


def _proven_person(
    said: dict[str, Any],
    key: KnownKey,
    context: Mapping[str, Any],
    traits: Mapping[str, Any],
    token: page_token.PageToken | None,
) -> str:
    """Return the user id where it was proven: by our page, by a secret key, or by a user token."""
    if token is not None:
        return str(token.person_id or "")
    user_id = _text(said, "userId", 255)
    if not user_id or key.kind == "server":
        return user_id
    proof = context.get("userToken") or traits.get("userToken")
    if isinstance(proof, str) and page_token.user_token_is_right(key.source_id, user_id, proof):
        return user_id
    return ""


def _kind(call: str, event: str, key: KnownKey, token: page_token.PageToken | None) -> Kind:
    try:
        kind = kind_of(call, event)
    except Invalid as error:
        raise _bad("unknown_type", error.message, field="type", remedy=error.remedy) from None
    if kind.own_only and not (kind.beacon and token is not None):
        raise _bad(
            "reserved_kind",
            f"Only our own pages say {kind.name}.",
            field="event",
            remedy="Choose another name for your event.",
        )
    return kind


def _props(said: dict[str, Any], call: str, kind: Kind, traits: Mapping[str, Any]) -> dict[str, Any]:
    if call in {"track", "page", "screen"}:
        props = _object(said, "properties")
        if call != "track":
            props = contexts.without_queries(props)
    elif call == "alias":
        props = _NONE
    else:
        props = {name: value for name, value in traits.items() if name != "userToken"}
        if call == "group" and (group_id := _text(said, "groupId", 255)):
            props["groupId"] = group_id
    if kind.is_open:
        return props
    version = said.get("version")
    try:
        return checked(kind, props, version if isinstance(version, int) else None)
    except Invalid as error:
        raise _bad("bad_props", error.message, field=error.field, remedy=error.remedy) from None


def _consented(key: KnownKey, answer: bool | None, envelope: Envelope) -> bool | None:
    if envelope.says_no and key.kind != "server":
        return False
    return True if answer is None and key.consent == "assured" else answer


def _said_by(call: str, token: page_token.PageToken | None) -> str:
    return call if call in {"identify", "alias"} and token is None else ""


def _object(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = said.get(name)
    if value is None:
        return _NONE
    if not isinstance(value, dict):
        raise _bad("not_an_object", f"{name} is an object.", field=name, remedy="Send a JSON object there.")
    return value


def _text(said: Mapping[str, Any], name: str, chars: int) -> str:
    """Return a text of limited length; numbers count as text, for some libraries send ids so."""
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        if not isinstance(value, int) or isinstance(value, bool):
            raise _bad("not_text", f"{name} is a text.", field=name, remedy="Send a JSON string there.")
        value = str(value)
    if len(value) > chars:
        raise _bad("too_long", f"{name} has at most {chars} characters.", field=name, remedy="Shorten it.")
    return value


def _bad(code: str, message: str, *, field: str = "", remedy: str = "") -> Refused:
    return Refused(400, code, message, field=field, remedy=remedy)
