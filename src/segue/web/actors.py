"""Every request has an actor."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed
from segue.trust.queries.access import actor_for
from segue.trust.queries.impersonation import actor_seen_by, running
from segue.trust.queries.keys import actor_of_key, key_of_secret
from segue.trust.sign_in_models import Impersonation

LOOK = "looks_as"  # in the session: the id of a look with somebody else's eyes
View = Callable[..., HttpResponse]


class ActorMiddleware:
    """Give `request.actor`: the account's, or a visitor's. Lazy: pages that ask nobody cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def key_sent(request: HttpRequest) -> str:
    """Return the API key a request brings, or none: a bearer, to /harvest/ a user name."""
    kind, _, said = request.headers.get("Authorization", "").partition(" ")
    if request.path.startswith(("/api/", "/scim/")) and kind.lower() == "bearer":
        return said.strip()
    if request.path.startswith("/harvest/") and kind.lower() == "basic":
        try:
            return base64.b64decode(said.strip(), validate=True).decode("utf-8").partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return said
    return ""


def _actor(request: HttpRequest) -> Actor:
    """Who brings a key is that key's program, or nobody; a cookie beside it says nothing."""
    secret = key_sent(request)
    if secret or request.path.startswith(("/harvest/", "/scim/")):
        key = key_of_secret(secret) if secret else None
        request.api_key = key  # type: ignore[attr-defined]
        return actor_of_key(key) if key else Actor.anonymous()
    user = request.user
    if not user.is_authenticated:
        return Actor.anonymous()
    look = look_of(request)
    return actor_for(user) if look is None else actor_seen_by(look, user)


def look_of(request: HttpRequest) -> Impersonation | None:
    """Return with whose eyes an administrator looks now, if so. Asks nothing where no session says so."""
    if not hasattr(request, "look"):
        request.look = None  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES and LOOK in request.session:
            user = request.user
            found = running(request.session[LOOK], user) if user.is_authenticated else None
            request.look = found  # type: ignore[attr-defined]
    look: Impersonation | None = request.look  # type: ignore[attr-defined]
    return look


def real_actor_of(request: HttpRequest) -> Actor:
    """Return who has signed in, with whosever eyes they look."""
    user = request.user
    return actor_for(user) if user.is_authenticated else Actor.anonymous()


def actor_of(request: HttpRequest) -> Actor:
    """Return the request's actor as a plain value."""
    lazy: Any = request.actor  # type: ignore[attr-defined]
    lazy.role  # noqa: B018 - wakes the lazy object
    actor: Actor = lazy._wrapped if isinstance(lazy, SimpleLazyObject) else lazy
    return actor


def candidates_only(view: View) -> View:
    """Let candidates in; send visitors to sign in, and colleagues to their desk."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.person_id is not None:
            return view(request, *args, **kwargs)
        if actor.is_staff:
            return redirect("desk:home")
        return redirect(f"{reverse('portal:sign_in')}?next={request.path}")

    return guarded


def staff_only(*roles: Role) -> Callable[[View], View]:
    """Let colleagues in (of these roles, or all); strangers get a sign-in page or a plain no."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = actor_of(request)
            if actor.role is Role.ANONYMOUS:
                return redirect(f"{reverse('portal:sign_in')}?next={request.path}")
            if not actor.is_staff or (roles and actor.role not in roles):
                raise NotAllowed(
                    "This page is for the talent team.", remedy="Ask an administrator for access."
                )
            return view(request, *args, **kwargs)

        return guarded

    return wrap
