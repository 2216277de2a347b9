"""Applications over the API: read, made, moved. Never decided: that takes a named human at the desk."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from segue.catalog.queries.jobs import job_for
from segue.hire.actions.applications import Applicant, apply, move_application
from segue.hire.models import Application
from segue.hire.queries.applications import application_for, applications_visible_to, stage_history
from segue.hire.queries.questions import answers_to
from segue.kit.errors import NotAllowed
from segue.kit.paging import page_of
from segue.trust.actions.access import note_access
from segue.trust.actions.looks import note_looks
from segue.trust.models import LookedAt
from segue.web.actors import actor_of
from segue.web.api.auth import BY_KEY_OR_SESSION
from segue.web.api.kinds import Cursor, Moment, Size, Text
from segue.web.api.schemas import REFUSED

router = Router(auth=BY_KEY_OR_SESSION, tags=["applications"])
ONE = "/applications/{uuid:application_id}"
NEVER: dict[Any, Any] = {code: REFUSED[code] for code in (401, 403, 429)}


class ApplicationsIn(Schema):
    """Which applications; empty means any. `after` is `next_after` of the page before."""

    job_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    stage: Text = ""
    outcome: Text = ""
    updated_after: Moment | None = None
    after: Cursor = ""
    size: Size = 50


class ApplicationOut(Schema):
    """Where an application stands. What was written about it is a scope of its own."""

    id: uuid.UUID
    person_id: uuid.UUID
    job_id: uuid.UUID
    stage: str
    outcome: str
    source: str
    applied_at: datetime
    moved_at: datetime
    decided_at: datetime | None


class ApplicationPage(Schema):
    items: list[ApplicationOut]
    next_after: str


class StageOut(Schema):
    """One entry of the stage ledger: when, where to, and in which role somebody did it."""

    stage: str
    outcome: str
    at: datetime
    by_role: str


class NoteOut(Schema):
    """One thing written about an application: by the applicant, or as a reason."""

    kind: str
    at: datetime
    text: str
    by: str


class AnswerOut(Schema):
    """One answer of the applicant, with the question as it was worded for them."""

    key: str
    kind: str
    question: str
    value: Any
    text: str
    look_why: str


class ApplyIn(Schema):
    """Who applies for what. A known e-mail address is that person; what a key says of them is imported."""

    job_id: uuid.UUID
    name: Text
    email: Text
    phone: Text = ""
    resume_text: Text = ""
    file_name: Text = ""
    note: Text = ""
    country: Text = ""
    city: Text = ""


class MoveIn(Schema):
    stage: Text
    reason: Text = ""


@router.get("/applications", response={200: ApplicationPage, **REFUSED}, summary="Applications, newest first")
def list_applications(request: HttpRequest, wanted: Query[ApplicationsIn]) -> ApplicationPage:
    """List applications by job, person, stage, outcome, or what moved since."""
    rows = applications_visible_to(actor_of(request))
    exact = {name: getattr(wanted, name) for name in ("job_id", "person_id", "stage", "outcome")}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.updated_after:
        rows = rows.filter(moved_at__gt=wanted.updated_after)
    page = page_of(rows, after=wanted.after, size=wanted.size)
    note_looks([row.person_id for row in page.rows], what=LookedAt.SEARCH, by=actor_of(request))
    items = [ApplicationOut.from_orm(row) for row in page.rows]
    return ApplicationPage(items=items, next_after=page.next_after)


@router.post("/applications", response={201: ApplicationOut, **REFUSED}, summary="Apply for somebody")
def add_application(request: HttpRequest, said: ApplyIn) -> Status[Application]:
    """Apply; an application still open for the same job and person is returned instead of a second one."""
    actor = actor_of(request)
    words = said.dict(exclude={"job_id"})
    row = apply(job_for(actor, said.job_id), applicant=Applicant(**words), by=actor)
    return Status(201, row)


@router.get(ONE, response={200: ApplicationOut, **REFUSED}, summary="One application")
def get_application(request: HttpRequest, application_id: uuid.UUID) -> Application:
    """Return where one application stands; that a program looked is noted for the person."""
    actor = actor_of(request)
    row = application_for(actor, application_id)
    note_looks([row.person_id], what=LookedAt.APPLICATION, job_id=row.job_id, by=actor)
    return row


@router.get(f"{ONE}/stages", response={200: list[StageOut], **REFUSED}, summary="Its way so far")
def list_stages(request: HttpRequest, application_id: uuid.UUID) -> list[StageOut]:
    """Return the stage ledger, oldest first; nothing in it is ever changed."""
    actor = actor_of(request)
    history = stage_history(application_for(actor, application_id), actor)
    return [StageOut.from_orm(entry) for entry in history]


@router.get(f"{ONE}/notes", response={200: list[NoteOut], **REFUSED}, summary="What was written about it")
def list_notes(request: HttpRequest, application_id: uuid.UUID) -> list[NoteOut]:
    """Return the applicant's own note and the reasons of colleagues; that somebody looked is written down."""
    actor = actor_of(request)
    row = application_for(actor, application_id)
    note_access(row.person, why="api notes", what=LookedAt.NOTES, job_id=row.job_id, by=actor)
    said = [NoteOut(kind="applicant", at=row.applied_at, text=row.note, by="")] if row.note else []
    entries = [entry for entry in stage_history(row, actor) if entry.reason]
    return said + [
        NoteOut(kind="reason", at=entry.at, text=entry.reason, by=entry.by_name) for entry in entries
    ]


@router.get(f"{ONE}/answers", response={200: list[AnswerOut], **REFUSED}, summary="What they answered")
def list_answers(request: HttpRequest, application_id: uuid.UUID) -> list[AnswerOut]:
    """Return the answers to the job's own questions; `look_why` says why a person looks at one first."""
    actor = actor_of(request)
    row = application_for(actor, application_id)
    note_access(row.person, why="api answers", by=actor)
    return [
        AnswerOut(
            key=one.key,
            kind=one.kind,
            question=one.asked,
            value=one.value,
            text=one.text,
            look_why=one.look_why,
        )
        for one in answers_to(row, actor)
    ]


@router.post(f"{ONE}/move", response={200: ApplicationOut, **REFUSED}, summary="Move it")
def move(request: HttpRequest, application_id: uuid.UUID, said: MoveIn) -> Application:
    """Move an open application to another stage, forward or back; the same stage changes nothing."""
    actor = actor_of(request)
    row = application_for(actor, application_id)
    return move_application(row, stage=said.stage, reason=said.reason, by=actor)


@router.post(f"{ONE}/reject", response=NEVER, summary="Refused: not for programs")
def reject(request: HttpRequest, application_id: uuid.UUID) -> None:
    """Reject: never over the API. The matrix refuses before this runs, and says where a human decides."""
    raise NotAllowed("A machine may not decide about people.", remedy="Decide at the desk.")


@router.post(f"{ONE}/hire", response=NEVER, summary="Refused: not for programs")
def hire(request: HttpRequest, application_id: uuid.UUID) -> None:
    """Hire: never over the API, as with rejecting."""
    raise NotAllowed("A machine may not decide about people.", remedy="Decide at the desk.")
