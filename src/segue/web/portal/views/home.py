"""The start page: a living mix for who is signed in, a warm welcome for who is not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from segue.catalog.queries.job_search import job_facets, newest_jobs
from segue.hire.queries.applications import applications_of
from segue.kit.actor import Actor
from segue.recommend.actions.mixes import open_home
from segue.web.actors import actor_of
from segue.web.portal.doors import device_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show shelves to a candidate, the welcome page to a visitor; colleagues go to their desk."""
    actor = actor_of(request)
    if actor.person_id is not None:
        context = {
            "home": open_home(actor.person_id, by=actor, device=device_of(request)),
            "greeting": _greeting(actor),
            "applications": applications_of(actor.person_id, actor).filter(outcome="open")[:4],
        }
        return render(request, "portal/home.html", context)
    if actor.is_staff:
        return redirect("desk:home")
    context = {"newest": newest_jobs(actor), "facets": job_facets(actor)}
    return render(request, "portal/welcome.html", context)


def _greeting(actor: Actor) -> str:
    """Greet by the hour where the person is."""
    hour = timezone.localtime().hour
    if 5 <= hour < 12:
        words = _("Good morning, %(name)s")
    elif 12 <= hour < 18:
        words = _("Good afternoon, %(name)s")
    else:
        words = _("Good evening, %(name)s")
    return words % {"name": actor.name.split()[0] if actor.name.strip() else _("there")}
