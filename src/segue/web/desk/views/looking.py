"""Looking with somebody else's eyes: why, then their pages, then stop."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from segue.catalog.queries.people import person_for
from segue.engage.actions.looks import look_as
from segue.kit.errors import Invalid, SegueError
from segue.trust.actions.accounts import ensure_candidate_account
from segue.trust.actions.impersonation import stop_look
from segue.trust.models import Account
from segue.trust.queries.accounts import colleague_for
from segue.web.actors import LOOK, actor_of, look_of, real_actor_of
from segue.web.desk.doors import administrators, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import SeeOther, Toast, in_words, leave_toast
from segue.web.signing_in import recently_confirmed


@administrators
@recently_confirmed
@never_cache
def look_colleague(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Ask why, then show the desk as a colleague sees it."""
    colleague = colleague_for(actor_of(request), account_id)
    if request.method != "POST":
        return _ask(request, colleague.name or colleague.email, is_person=False)
    return _begin(request, colleague)


@administrators
@recently_confirmed
@never_cache
def look_person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Ask why, then show the portal as a candidate sees it."""
    actor = actor_of(request)
    person = person_for(actor, person_id)
    if request.method != "POST":
        return _ask(request, person.name, is_person=True)
    return _begin(request, ensure_candidate_account(person, by=actor))


def _begin(request: HttpRequest, target: Account) -> HttpResponse:
    try:
        look = look_as(target, reason=request.POST.get("reason", ""), by=actor_of(request))
    except Invalid as refused:
        name = target.name or target.email
        return _ask(request, name, is_person=target.person_id is not None, refused=refused)
    request.session[LOOK] = str(look.pk)
    return SeeOther(reverse("portal:home" if target.person_id else "desk:home"))


def _ask(
    request: HttpRequest, name: str, *, is_person: bool, refused: SegueError | None = None
) -> HttpResponse:
    return desk_page(
        request,
        "look",
        "",
        name=name,
        is_person=is_person,
        reason=request.POST.get("reason", ""),
        refused=refused,
        refused_words=in_words(refused) if refused else "",
        status=refused.http_status if refused else 200,
    )


@posts_only
def look_stop(request: HttpRequest) -> HttpResponse:
    """See with one's own eyes again."""
    look = look_of(request)
    if look is not None:
        stop_look(look, by=real_actor_of(request))
        leave_toast(request, Toast(_("You see with your own eyes again.")))
    request.session.pop(LOOK, None)
    return redirect("desk:home")
