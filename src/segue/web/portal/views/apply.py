"""Applying, in under three minutes and without an account."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from segue.catalog.models import Job, Person
from segue.catalog.queries.jobs import is_open, job_for
from segue.catalog.queries.people import person_for, resumes_of
from segue.hire.actions.applications import apply as submit
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid
from segue.trust.queries.consent import purposes_granted
from segue.web.actors import actor_of
from segue.web.portal.apply_form import ApplyForm
from segue.web.portal.doors import SeeOther, address_of
from segue.web.portal.purposes import choices


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Show the form; take it; lead on to the page where the application can be followed."""
    actor = actor_of(request)
    job = job_for(actor, job_id)
    person = person_for(actor, actor.person_id) if actor.person_id else None
    if request.method != "POST":
        return _page(
            request, job, ApplyForm(initial=_known(actor, person), known_email=_email(person)), person
        )
    form = ApplyForm(request.POST, request.FILES, known_email=_email(person))
    if form.is_valid():
        answer = _submit(request, job, form, actor)
        if answer is not None:
            return answer
    return _page(request, job, form, person, status=422)


def _submit(request: HttpRequest, job: Job, form: ApplyForm, actor: Actor) -> HttpResponse | None:
    """Hand the form in; a refusal goes back to its field."""
    try:
        row = submit(
            job,
            applicant=form.applicant(),
            by=actor,
            consents=form.consents() if not actor.is_staff else None,
            ip=address_of(request),
        )
    except (Invalid, Conflict) as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, f"{refused.message} {refused.remedy}".strip())
        return None
    return SeeOther(reverse("portal:status", args=[row.status_key]) + "?new=1")


def _page(
    request: HttpRequest, job: Job, form: ApplyForm, person: Person | None, status: int = 200
) -> HttpResponse:
    granted = purposes_granted(person.pk) if person else frozenset()
    switches = [c for c in form.switches() if c.key not in granted]
    context = {"job": job, "is_open": is_open(job), "form": form, "switches": switches, "person": person}
    context["held"] = [c for c in choices(granted) if c.granted]
    return render(request, "portal/apply.html", context, status=status)


def _email(person: Person | None) -> str:
    return (person.email or "") if person else ""


def _known(actor: Actor, person: Person | None) -> dict[str, str]:
    """Fill in what a signed-in person has told us already."""
    if person is None:
        return {}
    resumes = resumes_of(person, actor)
    return {"name": person.name, "resume_text": resumes[0].text if resumes else ""}
