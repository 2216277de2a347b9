"""You: what we hold about you and where it is from, what you saved, what you applied for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from segue.catalog.actions.facts import Said, confirm_fact, retract_fact, state_facts
from segue.catalog.models import FactSource, Person
from segue.catalog.queries.people import facts_of, resumes_of
from segue.hire.actions.applications import settle_claim
from segue.hire.queries.applications import applications_of, pending_claims, timeline_of
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.learn.queries.tastes import taste_export
from segue.recommend.queries.stances import saved_jobs
from segue.trust.queries.consent import consents_of
from segue.web.actors import candidates_only
from segue.web.portal.doors import SeeOther, candidate_of, me
from segue.web.portal.profile import TYPED, export_of, lines_of
from segue.web.portal.resume_file import ACCEPTED


@require_safe
@candidates_only
def you(request: HttpRequest) -> HttpResponse:
    """Show the profile, line by line, with where each line is from."""
    actor, person = me(request)
    context = {
        "person": person,
        "sections": lines_of(facts_of(person, actor)),
        "resumes": resumes_of(person, actor),
        "claims": list(pending_claims(person.pk, actor)),
        "typed": TYPED,
        "accept": ACCEPTED,
    }
    return render(request, "portal/you.html", context)


@require_POST
@candidates_only
def fact(request: HttpRequest, fact_id: int) -> HttpResponse:
    """Confirm a line, or take it back."""
    actor, person = me(request)
    found = next((row for row in facts_of(person, actor) if row.pk == fact_id), None)
    if found is None:
        raise NotFound(_("This line has changed since you looked."), remedy=_("Load the page again."))
    if request.POST.get("do") == "confirm":
        confirm_fact(found, by=actor)
        messages.info(request, _("Confirmed. Thank you."))
    else:
        retract_fact(found, by=actor)
        messages.info(request, _("Taken out of your profile."))
    return SeeOther(reverse("portal:you"))


@require_POST
@candidates_only
def say(request: HttpRequest) -> HttpResponse:
    """Take a correction or something new, in the person's own words."""
    actor, person = me(request)
    kind, value = request.POST.get("kind", ""), request.POST.get("value", "").strip()
    if kind not in {name for name, _label in TYPED} or not value:
        raise Invalid(_("There was nothing to keep."), field="value", remedy=_("Write something, then save."))
    state_facts(person, [Said(kind, value)], source=FactSource.CANDIDATE, by=actor)
    messages.info(request, _("Kept."))
    return SeeOther(reverse("portal:you"))


@require_POST
@candidates_only
def claim(request: HttpRequest) -> HttpResponse:
    """Say whether an application sent under one's address, not signed in, was one's own."""
    actor, person_id = candidate_of(request)
    wanted = request.POST.get("claim", "")
    found = next((row for row in pending_claims(person_id, actor) if str(row.pk) == wanted), None)
    if found is not None:
        theirs = request.POST.get("theirs") == "yes"
        settle_claim(found, theirs=theirs, by=actor)
        messages.info(request, _("Added to your profile.") if theirs else _("Left out of your profile."))
    return SeeOther(reverse("portal:you"))


@require_safe
@candidates_only
def saved(request: HttpRequest) -> HttpResponse:
    """List what was saved for later."""
    actor, person_id = candidate_of(request)
    return render(request, "portal/saved.html", {"rows": saved_jobs(person_id, actor)})


@require_safe
@candidates_only
def applications(request: HttpRequest) -> HttpResponse:
    """List the person's applications, newest first."""
    actor, person_id = candidate_of(request)
    return render(request, "portal/applications.html", {"rows": list(applications_of(person_id, actor))})


@require_safe
@candidates_only
def download(request: HttpRequest) -> HttpResponse:
    """Hand out what we hold about the person as one file."""
    actor, person = me(request)
    response = JsonResponse(
        _everything(actor, person), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def _everything(actor: Actor, person: Person) -> dict[str, object]:
    return export_of(
        person,
        facts=facts_of(person, actor),
        resumes=resumes_of(person, actor),
        applications=list(applications_of(person.pk, actor)),
        consents=consents_of(person.pk, actor),
        timeline=timeline_of(person, actor),
        taste=taste_export(person.pk, by=actor),
    )
