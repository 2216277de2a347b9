"""Every request has an actor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed
from segue.trust.queries.access import actor_for

View = Callable[..., HttpResponse]


class ActorMiddleware:
    """Give `request.actor`: the account's, or a visitor's. Lazy: pages that ask nobody cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
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
