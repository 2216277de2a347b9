"""PATCH (RFC 7644, 3.5.2) as directories really send it.

Entra ID writes "False" for false, "Add" for add, and dotted names in a value without a path; Okta sends a
value without a path and the id in it. What we do not keep is taken without a word, as the standard allows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from segue.kit.errors import Invalid
from segue.trust.actions.provisioning import GroupSaid, UserSaid
from segue.web.api.scim.filters import plain_name

USER_NAMES = {
    "username": "user_name",
    "externalid": "external_id",
    "displayname": "display_name",
    "name.givenname": "given_name",
    "name.familyname": "family_name",
    "title": "title",
    "department": "department",
    "active": "active",
}
READ_ONLY = frozenset({"groups", "meta", "roles"})
_PATH = re.compile(
    r'([A-Za-z][\w.:$-]*)(?:\[\s*(\w+)\s+eq\s+"([^"]*)"\s*\])?(?:\.([A-Za-z]\w*))?', re.IGNORECASE
)
_SCHEMA = re.compile(r"urn:[\w.:-]+:(?:User|Group)(?=$|:)", re.IGNORECASE)
OPS = frozenset({"add", "replace", "remove"})
MOST_OPS = 500


class BadValue(Invalid):
    """RFC 7644: invalidValue."""

    code = "invalidValue"


class BadPath(Invalid):
    """RFC 7644: invalidPath."""

    code = "invalidPath"


class ReadOnly(Invalid):
    """RFC 7644: mutability."""

    code = "mutability"


class NoTarget(Invalid):
    """RFC 7644: noTarget: a removal without a path."""

    code = "noTarget"


def operations_in(body: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """Return the (op, path, value) of a PATCH. Raises BadValue, NoTarget."""
    listed = _get(body, "operations")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_OPS:
        raise BadValue("Operations must be a list.", field="Operations")
    found = []
    for each in listed:
        if not isinstance(each, dict):
            raise BadValue("An operation must be an object.", field="Operations")
        op, path = str(_get(each, "op") or "").lower(), _get(each, "path") or ""
        if op not in OPS:
            raise BadValue("op must be add, replace or remove.", field="op")
        if not isinstance(path, str):
            raise BadPath("A path is text.", field="path")
        if op == "remove" and not path:
            raise NoTarget("A removal needs a path.", field="path")
        found.append((op, path, _get(each, "value")))
    return found


def patched_user(said: UserSaid, body: Mapping[str, Any]) -> UserSaid:
    """Return a user after a PATCH. Raises what the standard names."""
    for op, path, value in operations_in(body):
        if path:
            said = _set(said, _name_of(path), None if op == "remove" else value)
            continue
        for name, inner in flattened(value).items():
            said = _set(said, name, inner)
    return said


def user_in(body: Mapping[str, Any]) -> UserSaid:
    """Return a user as POST and PUT describe one: what is not said is empty, and active is so unless said."""
    said = UserSaid(user_name="")
    for name, inner in flattened(body).items():
        if name in USER_NAMES:
            said = _set(said, name, inner)
    if not said.user_name:
        raise BadValue("userName is missing.", field="userName")
    return said


def flattened(value: Any, before: str = "") -> dict[str, Any]:
    """Return an object's values by dotted small-letter names, its schemas' names left out."""
    if not isinstance(value, dict):
        raise BadValue("A value without a path must be an object.", field="value")
    found: dict[str, Any] = {}
    for name, inner in value.items():
        if _SCHEMA.fullmatch(str(name)) and isinstance(inner, dict):
            found |= flattened(inner)
            continue
        full = before + plain_name(str(name))
        if isinstance(inner, dict):
            found |= flattened(inner, f"{full}.")
        else:
            found[full] = inner
    return found


def _name_of(path: str) -> str:
    match = _PATH.fullmatch(path.strip())
    if match is None:
        raise BadPath("This path is not understood.", field="path")
    name = plain_name(match[1])
    return f"{name}.{match[4].lower()}" if match[4] else name


def _set(said: UserSaid, name: str, value: Any) -> UserSaid:
    if name.partition(".")[0] in READ_ONLY:
        raise ReadOnly(f"{name} follows from other things, and is not set.", field=name)
    if isinstance(value, dict) and name == "name":
        for inner, each in flattened(value, "name.").items():
            said = _set(said, inner, each)
        return said
    field = USER_NAMES.get(name)
    if field is None:
        return said
    if field == "active":
        return replace(said, active=True if value is None else boolean(value))
    if value is not None and not isinstance(value, str):
        raise BadValue(f"{name} must be text.", field=name)
    text = (value or "").replace("\x00", "").strip()
    if field == "user_name" and not text:
        raise BadValue("userName is needed.", field="userName")
    changed: dict[str, Any] = {field: text}
    return replace(said, **changed)


def boolean(value: Any) -> bool:
    """Read yes or no, as a value or as the text some directories send."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise BadValue("active must be true or false.", field="active")


def patched_group(said: GroupSaid, body: Mapping[str, Any]) -> GroupSaid:
    """Return a group after a PATCH. Raises what the standard names."""
    for op, path, value in operations_in(body):
        if not path:
            if not isinstance(value, dict):
                raise BadValue("A value without a path must be an object.", field="value")
            for name, inner in value.items():
                said = _set_group(said, op, plain_name(str(name)), "", inner)
            continue
        match = _PATH.fullmatch(path.strip())
        if match is None:
            raise BadPath("This path is not understood.", field="path")
        said = _set_group(said, op, plain_name(match[1]), match[3] or "", value)
    return said


def group_in(body: Mapping[str, Any]) -> GroupSaid:
    """Return a group as POST and PUT describe one. Raises BadValue."""
    said = GroupSaid(display_name="")
    for name, inner in body.items():
        said = _set_group(said, "replace", plain_name(str(name)), "", inner)
    return said


def _set_group(said: GroupSaid, op: str, name: str, which: str, value: Any) -> GroupSaid:
    if name in {"displayname", "externalid"}:
        text = "" if op == "remove" or value is None else value
        if not isinstance(text, str):
            raise BadValue(f"{name} must be text.", field=name)
        text = text.replace("\x00", "").strip()
        changed: dict[str, Any] = {"display_name" if name == "displayname" else "external_id": text}
        return replace(said, **changed)
    if name != "members":
        return said
    if op == "remove":
        gone = {_id(which)} if which else _ids(value) if value else said.members
        return replace(said, members=said.members - gone)
    return replace(said, members=_ids(value) | (said.members if op == "add" else frozenset()))


def _ids(value: Any) -> frozenset[UUID]:
    listed = value if isinstance(value, list) else [] if value is None else [value]
    return frozenset(_id(_get(each, "value") if isinstance(each, dict) else each) for each in listed)


def _id(text: Any) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise BadValue("A member is no user here.", field="members") from None


def _get(table: Mapping[str, Any], name: str) -> Any:
    return next((value for key, value in table.items() if str(key).lower() == name), None)
