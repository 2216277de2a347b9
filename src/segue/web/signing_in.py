"""Signing in, whichever way somebody came: at once, after a second step, or as far as adding one.

A colleague who has a second step is nobody until it is done: the session only remembers who began. Whoever
must have one and has none gets no further than the page where it is added.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.engage.links import safe_next
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed
from segue.trust.actions.sign_ins import note_seen, start_sign_in
from segue.trust.models import Account
from segue.trust.passkeys import Site
from segue.trust.queries.access import actor_for
from segue.trust.queries.accounts import account_that_signs_in
from segue.trust.queries.second_factors import has_second_step, roles_asked

HALF = "half_signed_in"
MUST_ADD = "must_add_second_step"
CONFIRMED = "confirmed_at"  # when the second step was last done, in seconds; absent: this session had none
SEEN = "seen_at"
HALF_S = 10 * 60
FRESH_S = 15 * 60
SEEN_EVERY_S = 10 * 60
WHILE_ADDING = frozenset(
    {
        "desk:security",
        "desk:totp_new",
        "desk:totp_keep",
        "desk:passkey_ask",
        "desk:passkey_keep",
        "portal:sign_out",
        "portal:theme",
    }
)
View = Callable[..., HttpResponse]


class SeeOther(HttpResponseRedirect):
    """After a POST, look here (with GET)."""

    status_code = 303


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody who has done the first step."""

    account: Account
    how: str
    next_path: str


def enter(
    request: HttpRequest, account: Account, *, how: str, next_path: str = "", second: str = ""
) -> HttpResponse:
    """Sign somebody in, or lead them to their second step; `second` says which one `how` included.

    Candidates have none.
    """
    if account.person_id is not None:
        login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return SeeOther(safe_next(next_path) or reverse("portal:home"))
    if not second and has_second_step(account):
        request.session.flush()  # nobody is signed in while the second step is open
        request.session[HALF] = {
            "account": str(account.pk),
            "how": how,
            "next": safe_next(next_path),
            "until": int(time.time()) + HALF_S,
        }
        return SeeOther(reverse("desk:second_step"))
    return complete(request, account, how=how, next_path=next_path, second=second)


def complete(
    request: HttpRequest, account: Account, *, how: str, next_path: str = "", second: str = ""
) -> HttpResponse:
    """Sign a colleague in under a fresh session key, and write down where."""
    request.session.flush()
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    session_key = request.session.session_key or ""
    agent = request.headers.get("User-Agent", "")
    start_sign_in(
        account, secret_session=session_key, how=how, second=second, agent=agent, by=actor_for(account)
    )
    request.session[SEEN] = int(time.time())
    if second:
        request.session[CONFIRMED] = int(time.time())
    elif account.role in roles_asked():
        request.session[MUST_ADD] = True
        return SeeOther(reverse("desk:security"))
    return SeeOther(safe_next(next_path) or reverse("desk:home"))


def half_signed_in(request: HttpRequest) -> Half:
    """Return who has done the first step here. Raises NotAllowed where nobody has, or too long ago."""
    kept: dict[str, Any] = request.session.get(HALF) or {}
    account = account_that_signs_in(kept["account"]) if kept.get("until", 0) > time.time() else None
    if account is None:
        raise NotAllowed(_("This took too long."), remedy=_("Please sign in again."))
    return Half(account, kept["how"], kept["next"])


def site_of(request: HttpRequest) -> Site:
    """Return what passkeys are bound to: the host that was asked, which ALLOWED_HOSTS has judged."""
    host = request.get_host()
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return Site(host=name, origin=f"{request.scheme}://{host}", name=settings.EMPLOYER_NAME)


def confirm_now(request: HttpRequest) -> None:
    """Remember that the second step was just done, or just added."""
    request.session[CONFIRMED] = int(time.time())
    if MUST_ADD in request.session:
        del request.session[MUST_ADD]


def recently_confirmed(view: View) -> View:
    """Ask for the second step again before a dangerous deed, where it was done more than 15 minutes ago.

    Who signed in without one is not asked: administrators say whose role must have one.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at = request.session.get(CONFIRMED)
        if at is None or at > time.time() - FRESH_S:
            return view(request, *args, **kwargs)
        back = request.path if request.method == "GET" else _page_before(request)
        return SeeOther(f"{reverse('desk:confirm')}?{urlencode({'next': back})}")

    return guarded


def _page_before(request: HttpRequest) -> str:
    before = urlsplit(request.headers.get("Referer", ""))
    return safe_next(before.path) if before.netloc == request.get_host() else reverse("desk:home")


def check_session(request: HttpRequest, actor: Actor, view_name: str) -> None:
    """Hold a colleague's session to what it still owes, and note now and then that it is used.

    Raises Invalid where their role asks for a second step and none is added yet.
    """
    if actor.account_id is None or actor.person_id is not None:
        return
    session = request.session
    if session.get(MUST_ADD) and view_name not in WHILE_ADDING:
        raise SecondStepMissing(
            _("Your role asks for a second step when signing in."),
            field="second_step",
            remedy=_("Add one on the page Your sign-in."),
        )
    seen = session.get(SEEN)
    if seen is not None and seen < time.time() - SEEN_EVERY_S:
        session[SEEN] = int(time.time())
        note_seen(session.session_key or "")


class SecondStepMissing(Invalid):
    """Nothing opens until a second step is added."""

    code = "second_step_missing"
    http_status = 403
