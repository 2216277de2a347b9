"""The addresses of SCIM. Bodies are read by hand: directories send more shapes than a schema holds."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import NinjaAPI

from segue.kit.errors import Conflict, Invalid, NotFound, SegueError
from segue.trust.actions.provisioning import (
    GroupSaid,
    change_group,
    change_user,
    provision_group,
    provision_user,
    retire_group,
    retire_user,
    said_of,
)
from segue.trust.models import Account
from segue.trust.queries.provisioning import group_for, groups_visible_to, user_for, users_visible_to
from segue.trust.sign_in_models import DirectoryGroup
from segue.web.actors import actor_of
from segue.web.api.auth import KeyAuth
from segue.web.api.scim import shapes
from segue.web.api.scim.filters import GROUP_FIELDS, USER_FIELDS, where
from segue.web.api.scim.patches import BadValue, group_in, patched_group, patched_user, user_in
from segue.web.errors import answer_refused

TYPE = "application/scim+json"
MOST, PAGE = 200, 100
LONGEST_BODY = 1_000_000

scim = NinjaAPI(
    title="Segue for directories (SCIM 2.0)",
    version="scim-2",
    urls_namespace="scim",
    docs_url=None,
    openapi_url=None,
    auth=KeyAuth(),
    description="Colleagues and groups. An API key with the scope scim, as a bearer token.",
)


class Stale(Conflict):
    """The resource has moved on since it was read (RFC 7232)."""

    code = "preconditionFailed"
    http_status = 412


class BadSyntax(Invalid):
    """RFC 7644: invalidSyntax."""

    code = "invalidSyntax"


@scim.exception_handler(SegueError)
def refused(request: HttpRequest, error: SegueError) -> HttpResponse:
    return answer_refused(request, error)


def _at(request: HttpRequest) -> shapes.Address:
    root = request.build_absolute_uri(reverse("scim:users")).removesuffix("Users")
    return lambda place: root + place


def _answer(shape: Any, status: int = 200) -> HttpResponse:
    answer = HttpResponse(json.dumps(shape), status=status, content_type=TYPE)
    meta = shape.get("meta", {}) if isinstance(shape, dict) else {}
    if "version" in meta:
        answer["ETag"] = meta["version"]
    if status == 201:
        answer["Location"] = meta["location"]
    return answer


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        if len(request.body) > LONGEST_BODY:
            raise BadSyntax("The body is too long.", field="body")
        said = json.loads(request.body)
    except ValueError:
        raise BadSyntax("The body is no JSON.", field="body") from None
    if not isinstance(said, dict):
        raise BadSyntax("The body must be an object.", field="body")
    return said


def _whole(request: HttpRequest, name: str, otherwise: int) -> int:
    try:
        return max(-1, min(int(request.GET.get(name, "")), 10**9))
    except ValueError:
        return otherwise


def _page(request: HttpRequest, rows: QuerySet[Any], fields: dict[str, str], shape: Any) -> HttpResponse:
    text = request.GET.get("filter", "")
    found = rows.filter(where(text, fields)).distinct() if text else rows
    start = max(1, _whole(request, "startIndex", 1))
    count = max(0, min(_whole(request, "count", PAGE), MOST))
    at = _at(request)
    listed = found[start - 1 : start - 1 + count] if count else []
    said = (_chosen(request, shape(row, at)) for row in listed)
    return _answer(shapes.list_shape(said, total=found.count(), start=start))


def _chosen(request: HttpRequest, shape: dict[str, Any]) -> dict[str, Any]:
    return shapes.chosen(shape, request.GET.get("attributes", ""), request.GET.get("excludedAttributes", ""))


def _check_match(request: HttpRequest, version: int) -> None:
    wanted = request.headers.get("If-Match", "").strip()
    if wanted and wanted != "*" and f'W/"{version}"' not in {one.strip() for one in wanted.split(",")}:
        raise Stale("This has changed since it was read.", field="If-Match", remedy="Read it again.")


def _user_version(account: Account) -> int:
    kept = getattr(account, "provisioned", None)
    return kept.version if kept else 1


@scim.get("/Users", url_name="users")
def users(request: HttpRequest) -> HttpResponse:
    """List colleagues, those closed too."""
    return _page(request, users_visible_to(actor_of(request)), USER_FIELDS, shapes.user_shape)


@scim.post("/Users")
def user_new(request: HttpRequest) -> HttpResponse:
    """Make a colleague's account."""
    account = provision_user(user_in(_body(request)), by=actor_of(request))
    return _answer(shapes.user_shape(user_for(actor_of(request), str(account.pk)), _at(request)), 201)


@scim.get("/Users/{user_id}")
def user(request: HttpRequest, user_id: str) -> HttpResponse:
    """Read one colleague."""
    found = user_for(actor_of(request), user_id)
    return _answer(_chosen(request, shapes.user_shape(found, _at(request))))


@scim.put("/Users/{user_id}")
def user_put(request: HttpRequest, user_id: str) -> HttpResponse:
    """Replace what is known of a colleague."""
    with transaction.atomic():
        held = user_for(actor_of(request), user_id)
        _check_match(request, _user_version(held))
        change_user(held, said=user_in(_body(request)), by=actor_of(request))
    return user(request, user_id)


@scim.patch("/Users/{user_id}")
def user_patch(request: HttpRequest, user_id: str) -> HttpResponse:
    """Change some of what is known of a colleague: all of the operations, or none."""
    with transaction.atomic():
        held = user_for(actor_of(request), user_id)
        _check_match(request, _user_version(held))
        said = patched_user(said_of(held), _body(request))
        if said != said_of(held):
            change_user(held, said=said, by=actor_of(request))
    return user(request, user_id)


@scim.delete("/Users/{user_id}")
def user_delete(request: HttpRequest, user_id: str) -> HttpResponse:
    """Close a colleague's account; the row stays, since what they decided keeps their name."""
    held = user_for(actor_of(request), user_id)
    _check_match(request, _user_version(held))
    retire_user(held, by=actor_of(request))
    return HttpResponse(status=204)


@scim.get("/Groups")
def groups(request: HttpRequest) -> HttpResponse:
    """List groups."""
    return _page(request, groups_visible_to(actor_of(request)), GROUP_FIELDS, shapes.group_shape)


@scim.post("/Groups")
def group_new(request: HttpRequest) -> HttpResponse:
    """Make a group."""
    group = provision_group(group_in(_body(request)), by=actor_of(request))
    return _answer(shapes.group_shape(group_for(actor_of(request), str(group.pk)), _at(request)), 201)


@scim.get("/Groups/{group_id}")
def group(request: HttpRequest, group_id: str) -> HttpResponse:
    """Read one group."""
    found = group_for(actor_of(request), group_id)
    return _answer(_chosen(request, shapes.group_shape(found, _at(request))))


@scim.put("/Groups/{group_id}")
def group_put(request: HttpRequest, group_id: str) -> HttpResponse:
    """Replace a group's name and members."""
    with transaction.atomic():
        held = group_for(actor_of(request), group_id)
        _check_match(request, held.version)
        change_group(held, said=group_in(_body(request)), by=actor_of(request))
    return group(request, group_id)


@scim.patch("/Groups/{group_id}")
def group_patch(request: HttpRequest, group_id: str) -> HttpResponse:
    """Change a group's name or members: all of the operations, or none."""
    with transaction.atomic():
        held = group_for(actor_of(request), group_id)
        _check_match(request, held.version)
        said = patched_group(_group_said(held), _body(request))
        if not said.display_name:
            raise BadValue("displayName is needed.", field="displayName")
        change_group(held, said=said, by=actor_of(request))
    return group(request, group_id)


@scim.delete("/Groups/{group_id}")
def group_delete(request: HttpRequest, group_id: str) -> HttpResponse:
    """Take a group away."""
    held = group_for(actor_of(request), group_id)
    _check_match(request, held.version)
    retire_group(held, by=actor_of(request))
    return HttpResponse(status=204)


def _group_said(group: DirectoryGroup) -> GroupSaid:
    members = frozenset(member.account_id for member in group.members.all())
    return GroupSaid(group.display_name, group.external_id or "", members)


@scim.get("/ServiceProviderConfig")
def config(request: HttpRequest) -> HttpResponse:
    """Say what this server can do."""
    return _answer(shapes.provider_config(_at(request)))


@scim.get("/ResourceTypes")
def types(request: HttpRequest) -> HttpResponse:
    """List the kinds of resources."""
    found = shapes.resource_types(_at(request))
    return _answer(shapes.list_shape(found, total=len(found), start=1))


@scim.get("/ResourceTypes/{name}")
def resource_type(request: HttpRequest, name: str) -> HttpResponse:
    """Describe one kind."""
    return _named(shapes.resource_types(_at(request)), name)


@scim.get("/Schemas")
def all_schemas(request: HttpRequest) -> HttpResponse:
    """List the schemas."""
    found = shapes.schemas(_at(request))
    return _answer(shapes.list_shape(found, total=len(found), start=1))


@scim.get("/Schemas/{urn}")
def schema(request: HttpRequest, urn: str) -> HttpResponse:
    """Describe one schema."""
    return _named(shapes.schemas(_at(request)), urn)


def _named(listed: list[dict[str, Any]], name: str) -> HttpResponse:
    found = next((one for one in listed if one["id"].lower() == name.lower()), None)
    if found is None:
        raise NotFound("There is no such thing.", field="id")
    return _answer(found)
