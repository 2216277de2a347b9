"""The filters directories send: `userName eq "…"`, `emails[type eq "work"].value eq "…"`, joined by `and`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from segue.kit.errors import Invalid

USER_FIELDS = {
    "id": "pk",
    "username": "email__iexact",
    "externalid": "provisioned__external_id",
    "displayname": "name__iexact",
    "name.givenname": "provisioned__given_name__iexact",
    "name.familyname": "provisioned__family_name__iexact",
    "emails": "email__iexact",
    "emails.value": "email__iexact",
    "active": "is_active",
}
GROUP_FIELDS = {
    "id": "pk",
    "displayname": "display_name__iexact",
    "externalid": "external_id",
    "members": "members__account_id",
    "members.value": "members__account_id",
}
_IDS = frozenset({"pk", "members__account_id"})
_TERM = re.compile(
    r"\s*(?P<name>[A-Za-z][\w.:$-]*)(?P<which>\[[^\]]*\](?:\.[A-Za-z]\w*)?)?\s+(?P<op>[A-Za-z]{2})"
    r'(?:\s+(?P<value>"(?:[^"\\]|\\.)*"|true|false|[0-9]+))?\s*'
)
_AND = re.compile(r"and\s+", re.IGNORECASE)
LONGEST = 1_000


class BadFilter(Invalid):
    """We cannot search by this (RFC 7644: invalidFilter)."""

    code = "invalidFilter"


def where(text: str, fields: Mapping[str, str]) -> Q:
    """Return the rows a filter means. Raises BadFilter."""
    found, at = Q(), 0
    if len(text) > LONGEST:
        raise _bad(text[:40])
    while at < len(text):
        term = _TERM.match(text, at)
        if term is None:
            raise _bad(text[at:])
        found &= _one(term, fields)
        at = term.end()
        if at < len(text):
            joined = _AND.match(text, at)
            if joined is None:
                raise _bad(text[at:])
            at = joined.end()
            if at >= len(text):
                raise _bad(text)
    return found


def _one(term: re.Match[str], fields: Mapping[str, str]) -> Q:
    name = plain_name(term["name"])
    if term["which"]:
        name += "." + (term["which"].rpartition("].")[2] if "]." in term["which"] else "value").lower()
    field, op, value = fields.get(name), term["op"].lower(), term["value"]
    if field is None or op not in {"eq", "pr"} or (op == "eq") != (value is not None):
        raise _bad(term[0].strip())
    if op == "pr":
        bare = field.removesuffix("__iexact")
        return Q(**{f"{bare}__isnull": False}) & ~(Q() if bare in _IDS | {"is_active"} else Q(**{bare: ""}))
    wanted: Any = json.loads(value)
    if field == "is_active":
        return Q(is_active=wanted in (True, "true", "True"))
    if field in _IDS and not _is_id(str(wanted)):
        return Q(pk__in=[])
    return Q(**{field: str(wanted)})


def plain_name(name: str) -> str:
    """Return an attribute's name as we know it: without its schema, in small letters."""
    short = name.rpartition(":")[2] if ":" in name else name
    return short.lower()


def _is_id(text: str) -> bool:
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None


def _bad(what: str) -> BadFilter:
    return BadFilter(
        f"This filter is not understood: {what[:80]}",
        field="filter",
        remedy="Use eq or pr with userName, externalId, emails, displayName, active or id, joined by and.",
    )
