"""Voluntary questions: on a page of their own, after applying, into a store of their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from segue.catalog.models import Person
from segue.hire.queries.applications import application_by_status_key
from segue.kit.errors import NotFound
from segue.trust.actions.voluntary import say_voluntarily, take_back_voluntary
from segue.trust.queries.dials import voluntary_set_for
from segue.trust.queries.voluntary import own_voluntary
from segue.trust.voluntary import NOT_SAID, SETS, TEXT_SHOWN
from segue.web.actors import actor_of, candidates_only
from segue.web.portal.doors import SeeOther, me


@require_http_methods(["GET", "HEAD", "POST"])
def voluntary(request: HttpRequest, status_key: str) -> HttpResponse:
    """Ask after an application. Who holds its link may answer and delete; what was answered is not shown."""
    row = application_by_status_key(status_key)
    if row.is_receipt:
        raise NotFound(
            _("There is nothing to ask here."), remedy=_("Confirm your application by mail first.")
        )
    set_name = voluntary_set_for(row.job.country)
    back = reverse("portal:status", args=[status_key])
    return _page(request, row.person, set_name, back=back, key_holder=True)


@require_http_methods(["GET", "HEAD", "POST"])
@candidates_only
def my_voluntary(request: HttpRequest) -> HttpResponse:
    """Show what one has said, to change it or delete it, whichever job it came with."""
    _actor, person = me(request)
    return _page(request, person, voluntary_set_for(person.country), back=reverse("portal:you"))


def _page(
    request: HttpRequest, person: Person, set_name: str, *, back: str, key_holder: bool = False
) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        if request.POST.get("do") == "delete":
            take_back_voluntary(person, key_holder=key_holder, by=actor)
            messages.info(request, _("Deleted. Nothing you said of yourself is left here."))
            return SeeOther(back)
        said = {one.key: request.POST.get(one.key, "") for one in SETS[set_name]}
        say_voluntarily(person, secret_answers=said, asked_as=set_name, key_holder=key_holder, by=actor)
        messages.info(request, _("Thank you. It is kept apart from your application."))
        return SeeOther(back)
    mine = own_voluntary(person.pk, actor)
    asked = [(one, [*one.choices.items(), (NOT_SAID, _("I prefer not to say"))]) for one in SETS[set_name]]
    context = {
        "asked": [(one, [(v, words, mine.get(one.key) == v) for v, words in rows]) for one, rows in asked],
        "mine": mine,
        "text_shown": TEXT_SHOWN,
        "back_url": back,
        "shows_answers": actor.person_id == person.pk,
    }
    response = render(request, "portal/voluntary.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
