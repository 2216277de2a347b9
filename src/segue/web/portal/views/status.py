"""An application's own page: it says where things stand, and it never goes away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from segue.catalog.queries.jobs import is_open
from segue.hire.actions.applications import withdraw_application
from segue.hire.actions.holding import confirm_application
from segue.hire.actions.returning import may_return, return_to_application
from segue.hire.actions.teamwork import ask_for_a_person
from segue.hire.models import Outcome
from segue.hire.queries.applications import application_by_status_key, stage_history
from segue.hire.queries.offers import offers_on_page
from segue.hire.queries.pipelines import stages_of
from segue.hire.queries.teamwork import notes_on, owner_of
from segue.kit.errors import Conflict, NotFound
from segue.trust.queries.contacts import contact_for
from segue.web.actors import actor_of
from segue.web.brands import wearing_of
from segue.web.portal.came_along import what_came_along
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
        "progress": progress_of(
            row, list(stage_history(row, actor)) if not row.is_receipt else [], stages_of(row.job_id)
        ),
        "contact": owner_of(row) or contact_for(row.job_id),
        "feedback": list(notes_on(row, actor)) if not row.is_receipt else [],
        "may_reapply": row.outcome != Outcome.OPEN and not row.is_receipt and is_open(row.job),
        "offers": offers_on_page(row, actor) if not row.is_receipt else [],
        "may_return": may_return(row),
        "is_new": request.GET.get("new") == "1",
        "yes": request.GET.get("yes", "")[:64],
        "address": request.build_absolute_uri(request.path),
    }
    context |= what_came_along(row, actor) | wearing_of(row.job)
    response = render(request, "portal/status.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def talk(request: HttpRequest, status_key: str) -> HttpResponse:
    """Ask for a person; whatever became of the application."""
    row = application_by_status_key(status_key)
    ask_for_a_person(row, secret_text=request.POST.get("text", ""), by=actor_of(request))
    messages.info(request, _("A person will write to you within two days."))
    return SeeOther(reverse("portal:status", args=[status_key]))


@require_POST
def withdraw(request: HttpRequest, status_key: str) -> HttpResponse:
    """Withdraw, after the page has asked once."""
    row = application_by_status_key(status_key)
    withdrawn = withdraw_application(row, by=actor_of(request))
    undo = "" if withdrawn.is_receipt else reverse("portal:withdraw_undo", args=[status_key])
    messages.info(request, _("Your application is withdrawn."), undo)
    return SeeOther(reverse("portal:status", args=[status_key]))


@require_POST
def withdraw_undo(request: HttpRequest, status_key: str) -> HttpResponse:
    """Take a withdrawal back; it stands where it stood."""
    row = application_by_status_key(status_key)
    try:
        return_to_application(row, by=actor_of(request))
        messages.info(request, _("Taken back. Your application is where it was."))
    except Conflict as refused:
        messages.info(request, f"{refused.message} {refused.remedy}".strip())
    return SeeOther(reverse("portal:status", args=[status_key]))


@require_POST
def confirm(request: HttpRequest, status_key: str) -> HttpResponse:
    """Say that one sent it, by the link in the mail: then nobody need wonder whether it was a program."""
    row = application_by_status_key(status_key)
    try:
        confirm_application(row, secret_proof=request.POST.get("yes", ""), by=actor_of(request))
        messages.info(request, _("Thank you. A person will read it next."))
    except NotFound:
        if row.is_receipt:
            raise
        messages.info(request, _("This is not the link we sent you. Press the one in the mail."))
    return SeeOther(reverse("portal:status", args=[status_key]))
