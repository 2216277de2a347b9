"""Who is at the door: the candidate behind a request, where to go next, from which address."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponseRedirect

from segue.catalog.models import Person
from segue.catalog.queries.people import person_for
from segue.engage.links import safe_next
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.listen.models import SourceKind, Tier
from segue.listen.quality import tier_of
from segue.web.actors import actor_of

AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")  # by these, browsers and proxies say that nobody looks yet


class SeeOther(HttpResponseRedirect):
    """After a POST, look here (with GET)."""

    status_code = 303


def candidate_of(request: HttpRequest) -> tuple[Actor, uuid.UUID]:
    """Return the signed-in candidate's actor and person id. Raises NotAllowed for anybody else."""
    actor = actor_of(request)
    if actor.person_id is None:
        raise NotAllowed("This page is for candidates.", remedy="Sign in with your own address.")
    return actor, actor.person_id


def me(request: HttpRequest) -> tuple[Actor, Person]:
    """Return the signed-in candidate's actor and their person."""
    actor, person_id = candidate_of(request)
    return actor, person_for(actor, person_id)


def next_of(request: HttpRequest, otherwise: str) -> str:
    """Return the page a form or link asks to go to next, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return safe_next(wanted) or otherwise


def address_of(request: HttpRequest) -> str:
    """Return the visitor's IP address, for rate limits only."""
    return str(request.META.get("REMOTE_ADDR", ""))


def trust_of(request: HttpRequest) -> tuple[Tier, tuple[str, ...]]:
    """Return how far a visit is a person's own act: programs follow links too.

    Flags say why not.
    """
    ahead = any("prefetch" in request.headers.get(name, "").lower() for name in AHEAD)
    agent = request.headers.get("User-Agent", "")
    tier, flags = tier_of(kind=SourceKind.SERVER, verified=True, user_agent=agent, prefetch=ahead)
    return (Tier.D, (*flags, "head")) if request.method == "HEAD" else (tier, flags)


def uuid_or_none(text: str) -> uuid.UUID | None:
    """Read an id that a form sends; anything else is no id."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def device_of(request: HttpRequest) -> str:
    """Return "phone", "computer" or "unknown" by the browser's own hint, or by its name."""
    hint = request.headers.get("Sec-CH-UA-Mobile", "")
    if hint in {"?0", "?1"}:
        return "phone" if hint == "?1" else "computer"
    name = request.headers.get("User-Agent", "")
    if "Mobi" in name or "Android" in name:
        return "phone"
    return "computer" if name.startswith("Mozilla/") else "unknown"
