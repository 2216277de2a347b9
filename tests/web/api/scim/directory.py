"""A directory that speaks SCIM to us with a key of its own."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from segue.kit.actor import Actor
from segue.trust.actions.keys import make_key
from tests import factories

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MACHINE = Actor.machine("test")


class Directory:
    """Sends requests and reads answers; `last` is the whole last answer."""

    def __init__(self, *scopes: str) -> None:
        owner = factories.mia()
        _key, secret = make_key(
            "directory", scopes=scopes or ["scim"], owner=owner, limit_per_min=6_000, by=MACHINE
        )
        self._client = Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=True)
        self.last = HttpResponse()

    def ask(self, method: str, place: str, body: object = None, **headers: str) -> Any:
        """Return the answer's JSON, whatever its status."""
        how: dict[str, Any] = {"headers": headers}
        if body is not None:
            how |= {"data": json.dumps(body), "content_type": "application/scim+json"}
        self.last = self._client.generic(method, f"/scim/v2/{place}", **_generic(how))  # type: ignore[assignment]  # a test client's answer is one
        return json.loads(self.last.content) if self.last.content else None

    def patch(self, place: str, *operations: dict[str, Any]) -> Any:
        return self.ask("PATCH", place, {"schemas": [PATCH], "Operations": list(operations)})

    def user(self, user_name: str, /, **more: Any) -> Any:
        """Make a user and return it."""
        return self.ask("POST", "Users", {"userName": user_name, **more})

    @property
    def status(self) -> int:
        return self.last.status_code


def _generic(how: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": how.get("data", ""),
        "content_type": how.get("content_type", ""),
        "headers": how["headers"],
    }
