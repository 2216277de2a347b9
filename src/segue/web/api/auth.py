"""How a request says who asks: by an API key, or by the session of somebody signed in.

The doorkeeper has asked the permission matrix before; here the description of the API learns of it, and a
session's POST is held to its CSRF token.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBasicAuth, HttpBearer, SessionAuth

from segue.kit.actor import Actor, Role
from segue.web.actors import actor_of


class KeyAuth(HttpBearer):
    """An API key as a bearer token."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return _program(request)


class HarvestAuth(HttpBasicAuth):
    """An API key as the user name of Basic authentication, with an empty password."""

    def authenticate(self, request: HttpRequest, username: str, password: str) -> Actor | None:
        return _program(request)


def _program(request: HttpRequest) -> Actor | None:
    actor = actor_of(request)
    return actor if actor.role is Role.API_CLIENT else None


BY_KEY_OR_SESSION: list[Any] = [KeyAuth(), SessionAuth()]
