"""Lists taken along as files: for a reason, with a line in the audit, and told to the people in them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from segue.hire.models import Application
from segue.hire.queries.listing import Filters, count_of
from segue.hire.queries.rows import application_cells, application_chunks, application_heads
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.kit.spreadsheets import CONTENT_TYPES, CSV, file_of
from segue.learn.queries.people_rows import (
    PeopleWanted,
    count_wanted,
    people_cells,
    people_chunks,
    people_heads,
)
from segue.trust.actions.access import note_export
from segue.trust.actions.audit_export import HEADS, audit_rows
from segue.trust.actions.looks import note_looks
from segue.trust.models import LookedAt
from segue.trust.queries.audit import Wanted, audit_lines
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders, finders, posts_only, readers_of_models
from segue.web.desk.job_form import skill_slugs
from segue.web.desk.sheet_answer import sheet_answer
from segue.web.desk.toast import SeeOther, Toast, back_from, in_words, leave_toast

SHORTEST_REASON = 5


@finders
@posts_only
def people_export(request: HttpRequest) -> HttpResponse:
    """Hand out the people the list shows."""
    actor, form = actor_of(request), _form(request)
    said = {name: request.POST.get(name, "").strip() for name in ("q", "text", "skill", "country")}
    slug = (skill_slugs(said["skill"]) or [""])[0]
    wanted = PeopleWanted(q=said["q"], text=said["text"], skill=slug, country=said["country"])
    try:
        reason = _reason(request)
        note_export("people", count=count_wanted(wanted, actor), form=form, reason=reason, by=actor)
    except Invalid as refused:
        return _refused(request, refused, "/desk/people/")
    rows = (
        cells
        for people in people_chunks(wanted, actor)
        if people and _told([person.pk for person in people], reason, actor)
        for cells in people_cells(people, actor)
    )
    return _file("people", form, people_heads(actor), rows)


@deciders
@posts_only
def applications_export(request: HttpRequest) -> HttpResponse:
    """Hand out the applications a list shows: one job's, or those across jobs."""
    actor, form = actor_of(request), _form(request)
    wanted = Filters.read(request.POST.dict(), _job_id(request.POST.get("job", "")))
    try:
        reason = _reason(request)
        note_export("applications", count=count_of(actor, wanted), form=form, reason=reason, by=actor)
    except Invalid as refused:
        return _refused(request, refused, "/desk/mine/")
    rows = (
        application_cells(row, actor)
        for some in application_chunks(wanted, actor)
        if _told_applicants(some, reason, actor)
        for row in some
    )
    return _file("applications", form, application_heads(actor), rows)


@readers_of_models
@posts_only
def audit_export(request: HttpRequest) -> HttpResponse:
    """Hand out the audit lines the page shows."""
    actor, form = actor_of(request), _form(request)
    wanted = Wanted.read(request.POST.dict())
    try:
        reason = _reason(request)
        note_export("audit", count=audit_lines(actor, wanted).count(), form=form, reason=reason, by=actor)
    except Invalid as refused:
        return _refused(request, refused, "/desk/audit/")
    return _file("audit", form, HEADS, audit_rows(wanted, actor))


def _told(people: Sequence[uuid.UUID], reason: str, actor: Actor) -> bool:
    """Note for these people that a file with them in it was taken; part of making the file."""
    note_looks(people, what=LookedAt.EXPORT, reason=reason, by=actor)
    return True


def _told_applicants(rows: Sequence[Application], reason: str, actor: Actor) -> bool:
    return _told([row.person_id for row in rows], reason, actor)


def _form(request: HttpRequest) -> str:
    form = request.POST.get("form", CSV)
    return form if form in CONTENT_TYPES else CSV


def _reason(request: HttpRequest) -> str:
    words = " ".join(request.POST.get("reason", "").split())[:200]
    if len(words) < SHORTEST_REASON:
        raise Invalid(
            _("A file needs a reason."),
            field="reason",
            remedy=_("Say in a few words what it is for; the audit keeps it, and the people in it see it."),
        )
    return words


def _refused(request: HttpRequest, refused: Invalid, otherwise: str) -> HttpResponse:
    leave_toast(request, Toast(in_words(refused), refused=True))
    return SeeOther(back_from(request, otherwise))


def _job_id(text: str) -> uuid.UUID | None:
    """Read a job's id; what is none asks for no job there is, rather than for all of them."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return uuid.UUID(int=0)


def _file(name: str, form: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    return sheet_answer(f"{name}-{clock.now():%Y-%m-%d}", form, file_of(form, heads, rows, title=name))
