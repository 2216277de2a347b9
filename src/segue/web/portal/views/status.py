"""An application's own page: it says where things stand, and it never goes away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from segue.hire.actions.applications import withdraw_application
from segue.hire.queries.applications import application_by_status_key, stage_history
from segue.kit.errors import NotFound
from segue.trust.queries.contacts import contact_for
from segue.web.actors import actor_of
from segue.web.portal.doors import SeeOther
from segue.web.portal.progress import progress_of


@require_safe
def status(request: HttpRequest, status_key: str) -> HttpResponse:
    """Show the status behind a private link; a link that opens nothing says how to get a new one."""
    actor = actor_of(request)
    try:
        row = application_by_status_key(status_key)
    except NotFound:
        return render(request, "portal/status_unknown.html", status=404)
    context = {
        "application": row,
        "job": row.job,
        "progress": progress_of(row, list(stage_history(row, actor)) if not row.is_receipt else []),
        "contact": contact_for(row.job_id),
        "is_new": request.GET.get("new") == "1",
        "address": request.build_absolute_uri(request.path),
    }
    response = render(request, "portal/status.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def withdraw(request: HttpRequest, status_key: str) -> HttpResponse:
    """Withdraw, after the page has asked once."""
    row = application_by_status_key(status_key)
    withdraw_application(row, by=actor_of(request))
    messages.info(request, _("Your application is withdrawn."))
    return SeeOther(reverse("portal:status", args=[status_key]))
