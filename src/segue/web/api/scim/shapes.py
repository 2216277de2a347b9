"""Users and groups as RFC 7643 writes them, and what this server says of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from segue.trust.actions.provisioning import said_of
from segue.trust.models import Account
from segue.trust.sign_in_models import DirectoryGroup, Provisioned

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
Address = Callable[[str], str]


def user_shape(account: Account, at: Address) -> dict[str, Any]:
    """Return a colleague as a directory reads one; what is empty is left out."""
    said = said_of(account)
    name = {"formatted": said.name(), "givenName": said.given_name, "familyName": said.family_name}
    kept = getattr(account, "provisioned", None) or Provisioned(account=account, made_at=account.created_at)
    groups = [member.group for member in account.directory_groups.all()]
    whole = {
        "schemas": [USER, ENTERPRISE] if said.department else [USER],
        "id": str(account.pk),
        "externalId": said.external_id,
        "userName": said.user_name,
        "displayName": said.display_name,
        "name": {key: value for key, value in name.items() if value},
        "title": said.title,
        "active": said.active,
        "emails": [{"value": account.email, "type": "work", "primary": True}],
        "roles": [{"value": account.role, "primary": True}],
        "groups": [
            {"value": str(group.pk), "display": group.display_name, "$ref": at(f"Groups/{group.pk}")}
            for group in groups
        ],
        ENTERPRISE: {"department": said.department} if said.department else {},
    }
    shape = {key: value for key, value in whole.items() if value not in ("", {}, [])}
    made = min(kept.made_at, account.created_at)
    return shape | {"meta": _meta("User", at(f"Users/{account.pk}"), made, kept.changed_at, kept.version)}


def group_shape(group: DirectoryGroup, at: Address) -> dict[str, Any]:
    """Return a group with its members."""
    members = [
        {
            "value": str(member.account_id),
            "display": member.account.name or member.account.email,
            "$ref": at(f"Users/{member.account_id}"),
            "type": "User",
        }
        for member in group.members.all()
    ]
    whole = {
        "schemas": [GROUP],
        "id": str(group.pk),
        "externalId": group.external_id or "",
        "displayName": group.display_name,
        "members": members,
    }
    shape = {key: value for key, value in whole.items() if value not in ("", [])}
    where = at(f"Groups/{group.pk}")
    return shape | {"meta": _meta("Group", where, group.made_at, group.changed_at, group.version)}


def _meta(kind: str, where: str, made: Any, changed: Any, version: int) -> dict[str, str]:
    return {
        "resourceType": kind,
        "created": made.isoformat(),
        "lastModified": max(made, changed).isoformat(),
        "location": where,
        "version": f'W/"{version}"',
    }


def list_shape(rows: Iterable[dict[str, Any]], *, total: int, start: int) -> dict[str, Any]:
    """Return a page of a list."""
    found = list(rows)
    return {
        "schemas": [LIST],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(found),
        "Resources": found,
    }


def chosen(shape: dict[str, Any], attributes: str, excluded: str) -> dict[str, Any]:
    """Return only the attributes asked for, or all but those not wanted; id and schemas stay."""
    always = {"id", "schemas", "meta"}
    if attributes:
        wanted = {name.strip().partition(".")[0].lower() for name in attributes.split(",")}
        return {key: value for key, value in shape.items() if key in always or key.lower() in wanted}
    unwanted = {name.strip().lower() for name in excluded.split(",")}
    return {key: value for key, value in shape.items() if key in always or key.lower() not in unwanted}


def provider_config(at: Address) -> dict[str, Any]:
    """Return what this server can do."""
    return {
        "schemas": [f"{CORE}ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": 200},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": True},
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "API key",
                "description": "An API key with the scope scim, as a bearer token.",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": at("ServiceProviderConfig")},
    }


def resource_types(at: Address) -> list[dict[str, Any]]:
    """Return the kinds of resources there are."""
    return [
        _resource_type("User", "Users", USER, [ENTERPRISE], at),
        _resource_type("Group", "Groups", GROUP, [], at),
    ]


def _resource_type(name: str, place: str, schema: str, more: list[str], at: Address) -> dict[str, Any]:
    return {
        "schemas": [f"{CORE}ResourceType"],
        "id": name,
        "name": name,
        "endpoint": f"/{place}",
        "schema": schema,
        "schemaExtensions": [{"schema": one, "required": False} for one in more],
        "meta": {"resourceType": "ResourceType", "location": at(f"ResourceTypes/{name}")},
    }


def schemas(at: Address) -> list[dict[str, Any]]:
    """Return the attributes that are kept, schema by schema."""
    name = _attribute("name", "complex", sub=[_attribute("givenName"), _attribute("familyName")])
    value = [_attribute("value"), _attribute("type"), _attribute("primary", "boolean")]
    members = [_attribute("value"), _attribute("display", mutability="readOnly")]
    user = [
        _attribute("userName", required=True, uniqueness="server"),
        name,
        _attribute("displayName"),
        _attribute("title"),
        _attribute("active", "boolean"),
        _attribute("emails", "complex", many=True, mutability="readOnly", sub=value),
        _attribute("roles", "complex", many=True, mutability="readOnly", sub=value),
        _attribute("groups", "complex", many=True, mutability="readOnly", sub=members),
    ]
    group = [
        _attribute("displayName", required=True, uniqueness="server"),
        _attribute("members", "complex", many=True, sub=members),
    ]
    return [
        _schema(USER, "User", user, at),
        _schema(GROUP, "Group", group, at),
        _schema(ENTERPRISE, "EnterpriseUser", [_attribute("department")], at),
    ]


def _schema(urn: str, name: str, attributes: list[dict[str, Any]], at: Address) -> dict[str, Any]:
    return {
        "schemas": [f"{CORE}Schema"],
        "id": urn,
        "name": name,
        "attributes": attributes,
        "meta": {"resourceType": "Schema", "location": at(f"Schemas/{urn}")},
    }


def _attribute(
    name: str,
    kind: str = "string",
    *,
    many: bool = False,
    required: bool = False,
    mutability: str = "readWrite",
    uniqueness: str = "none",
    sub: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": name,
        "type": kind,
        "multiValued": many,
        "required": required,
        "caseExact": False,
        "mutability": mutability,
        "returned": "default",
        "uniqueness": uniqueness,
    }
    return found | ({"subAttributes": sub} if sub else {})
