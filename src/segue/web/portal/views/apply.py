"""Applying, in under three minutes and without an account."""

from __future__ import annotations

import uuid
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from segue.catalog.models import FactKind, Job, Person
from segue.catalog.queries.jobs import is_open, job_for
from segue.catalog.queries.people import person_for, resumes_of
from segue.catalog.queries.resumes import Glimpse, glimpse
from segue.hire.actions.applications import Sent
from segue.hire.actions.applications import apply as submit
from segue.hire.actions.crowds import looks_crowded
from segue.hire.models import QuestionSet
from segue.hire.queries.questions import question_set_of
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, TooMany
from segue.trust.queries.consent import purposes_granted
from segue.trust.queries.contacts import arranger_for
from segue.web.actors import actor_of
from segue.web.brands import wearing_of
from segue.web.portal.apply_form import ApplyForm
from segue.web.portal.doors import SeeOther, address_of
from segue.web.portal.form_stamp import (
    TRAP,
    WORK_BITS,
    has_worked,
    new_stamp,
    read_stamp,
    signs_of_a_program,
)
from segue.web.portal.profile import in_full
from segue.web.portal.purposes import choices


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Show the form; read a résumé into it; take it, and lead on to where the application can be followed."""
    actor = actor_of(request)
    job = job_for(actor, job_id)
    person = person_for(actor, actor.person_id) if actor.person_id else None
    asked = _asked(request, job)
    make = partial(ApplyForm, known_email=_email(person), questions=asked.specs if asked else [])
    if request.method != "POST":
        return _page(request, job, make(initial=_known(actor, person)), asked, person)
    if request.POST.get("do") == "read":
        return _read(request, job, make(request.POST, checks=False), asked, person)
    form = make(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        answer, status = _submit(request, job, form, asked, actor)
        if answer is not None:
            return answer
    return _page(request, job, form, asked, person, status=status)


def _asked(request: HttpRequest, job: Job) -> QuestionSet | None:
    """Return what the form on the screen asks; a form shown before the questions changed keeps its own."""
    version = request.POST.get("asked", "")
    if version.isascii() and version.isdigit() and len(version) < 7:
        return question_set_of(job.pk, int(version))
    return question_set_of(job.pk)


def _read(
    request: HttpRequest, job: Job, form: ApplyForm, asked: QuestionSet | None, person: Person | None
) -> HttpResponse:
    """Fill the form in from a résumé, for its owner to look at; nothing is kept."""
    file, text = request.FILES.get("resume_file"), request.POST.get("resume_text", "")[:200_000]
    try:
        text = form.take_file(file) if file is not None else text
    except Invalid as refused:
        wrong = f"{refused.message} {refused.remedy}".strip()
        return _page(request, job, form, asked, person, status=422, wrong=wrong)
    found = glimpse(text)
    for name in ("name", "email"):
        if not form.initial.get(name) and getattr(found, name):
            form.initial[name] = getattr(found, name)
    return _page(request, job, form, asked, person, read=found)


def _submit(
    request: HttpRequest, job: Job, form: ApplyForm, asked: QuestionSet | None, actor: Actor
) -> tuple[HttpResponse | None, int]:
    """Hand the form in; a refusal goes back to its field, with all that was typed."""
    try:
        row = submit(
            job,
            applicant=form.applicant(),
            by=actor,
            consents=form.consents() if not actor.is_staff else None,
            ip=address_of(request),
            sent=_sent(request, job, form, asked, actor),
        )
    except (Invalid, Conflict, TooMany) as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, f"{refused.message} {refused.remedy}".strip())
        return None, refused.http_status if isinstance(refused, TooMany) else 422
    return SeeOther(reverse("portal:status", args=[row.status_key]) + "?new=1"), 303


def _sent(request: HttpRequest, job: Job, form: ApplyForm, asked: QuestionSet | None, actor: Actor) -> Sent:
    text = request.POST.get("stamp", "")[:500]
    stamp = read_stamp(text, job.pk)
    return Sent(
        answers=tuple(form.answered),
        set_id=asked.pk if asked else None,
        language=form.language,
        needs=form.chosen_needs,
        need_text=form.cleaned_data["need_text"],
        form_key=stamp.key if stamp else "",
        flags=signs_of_a_program(request.POST, stamp) if actor.account_id is None else (),
        has_worked=stamp is not None and has_worked(text, request.POST.get("work", "")),
    )


def _page(
    request: HttpRequest,
    job: Job,
    form: ApplyForm,
    asked: QuestionSet | None,
    person: Person | None,
    *,
    status: int = 200,
    read: Glimpse | None = None,
    wrong: str = "",
) -> HttpResponse:
    granted = purposes_granted(person.pk) if person else frozenset()
    stamp = request.POST.get("stamp", "")
    context = {
        "job": job,
        "is_open": is_open(job),
        "form": form,
        "switches": [c for c in form.switches() if c.key not in granted],
        "held": [c for c in choices(granted) if c.granted],
        "person": person,
        "knows_resume": bool(person and form.initial.get("resume_text") and form.said is None),
        "asked": asked,
        "arranger": arranger_for(job.pk),
        "stamp": stamp if read_stamp(stamp, job.pk) else new_stamp(job.pk),
        "trap": TRAP,
        "work_bits": WORK_BITS if person is None and looks_crowded(address_of(request)) else 0,
        "read": read,
        "read_lines": _in_words(read) if read else [],
        "file_wrong": wrong,
    } | wearing_of(job)
    return render(request, "portal/apply.html", context, status=status)


def _in_words(read: Glimpse) -> list[tuple[str, str]]:
    """Say what was read, each kind once."""
    found: dict[str, list[str]] = {}
    for kind, value in read.lines[:60]:
        found.setdefault(str(FactKind(kind).label), []).append(in_full(kind, value))
    return [(label, " · ".join(words)) for label, words in found.items()]


def _email(person: Person | None) -> str:
    return (person.email or "") if person else ""


def _known(actor: Actor, person: Person | None) -> dict[str, str]:
    """Fill in what a signed-in person has told us already."""
    if person is None:
        return {}
    resumes = resumes_of(person, actor)
    return {"name": person.name, "resume_text": resumes[0].text if resumes else ""}
