"""Your choices: four purposes, each with its exact words and its own switch."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from segue.catalog.models import Person
from segue.kit.actor import Actor
from segue.kit.htmx import wants_fragment
from segue.trust.actions.consent import set_consent
from segue.trust.queries.consent import consents_of, purposes_granted
from segue.web.actors import candidates_only
from segue.web.portal.doors import SeeOther, me
from segue.web.portal.purposes import choices


@require_http_methods(["GET", "HEAD", "POST"])
@candidates_only
def consent(request: HttpRequest) -> HttpResponse:
    """Show the switches and every answer so far; store what has changed."""
    actor, person = me(request)
    if request.method != "POST":
        return render(request, "portal/consent.html", _context(actor, person))
    changed = _store(request, actor, person)
    if wants_fragment(request):
        return render(request, "portal/_consent.html", _context(actor, person) | {"changed": changed})
    messages.info(request, _("Kept. It counts from now on.") if changed else _("Nothing has changed."))
    return SeeOther(reverse("portal:consent"))


def _context(actor: Actor, person: Person) -> dict[str, object]:
    return {
        "choices": choices(purposes_granted(person.pk)),
        "history": consents_of(person.pk, actor)[:40],
    }


def _store(request: HttpRequest, actor: Actor, person: Person) -> int:
    """Record an answer for each switch that stands differently from before; return how many."""
    changed = 0
    for choice in choices(purposes_granted(person.pk)):
        wanted = request.POST.get(choice.key) == "on"
        if wanted != choice.granted:
            set_consent(person, purpose=choice.key, granted=wanted, text_shown=choice.text, by=actor)
            changed += 1
    return changed
