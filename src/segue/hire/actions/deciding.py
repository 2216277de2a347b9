"""Moving and deciding. Every verb here needs a person who is allowed to; a machine never decides."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from segue.catalog.actions.jobs import close_job
from segue.catalog.models import Job, JobStatus
from segue.hire.actions.ledger import enter_stage, hold_stages
from segue.hire.actions.letters import tell_hired, tell_rejected, tell_withdrawn
from segue.hire.actions.offers.ledger import close_offers
from segue.hire.models import UNCONFIRMED, Application, Claim, Outcome, Stage, StageSpec
from segue.hire.queries.access import application_for, applications_visible_to, may_decide, not_there
from segue.hire.queries.applications import receipt_for
from segue.hire.queries.pipelines import place_of, spec_named, stages_of
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.queue import enqueue
from segue.listen.actions.record import record
from segue.trust.actions.looks import note_looks
from segue.trust.actions.reviews import open_review
from segue.trust.models import Account, LookedAt
from segue.trust.queries.audit import has_done

SHORTEST_REASON = 10
TIME_TO_UNDO = timedelta(minutes=5)


@action("hire.open_application")
def open_application(application: Application, *, by: Actor) -> Application:
    """Note that this colleague has the application and its evidence before them.

    The audit line is the note, and the ground a rejection stands on. Raises NotFound for those
    who may not see it.
    """
    row = application_for(by, application.pk)
    note_looks([row.person_id], what=LookedAt.APPLICATION, job_id=row.job_id, by=by)
    return row


@action("hire.move_application")
def move_application(application: Application, *, stage: str, by: Actor, reason: str = "") -> Application:
    """Move an open application to another of its job's stages, forward or back; the same changes nothing.

    `stage` is a stage's key, or a kind: then the job's first of that kind. The person hears of a step
    forward after a few minutes, so that a slip can be undone unseen.
    Raises NotAllowed, NotFound, Conflict once it is decided, Invalid for an unknown stage.
    """
    row = _held_open(application, by)
    hold_stages([row.job_id])
    stages = stages_of(row.job_id)
    target = stage_to_move_to(stages, stage)
    if target.key == row.step:
        return row
    forward = place_of(stages, target.key) > place_of(stages, row.step)
    entry = enter_stage(row, stage=target.key, by=by, reason=reason.strip())
    record("application.moved", by=by, person_id=row.person_id, job_id=row.job_id, stage=target.kind)
    if forward:
        run_at = clock.now() + TIME_TO_UNDO
        enqueue("hire.tell_moved", run_at=run_at, application_id=str(row.pk), entry_id=entry.pk)
    return row


def stage_to_move_to(stages: Sequence[StageSpec], key: str) -> StageSpec:
    """Return the stage of this key or kind. Raises Invalid where there is none, and for hiring."""
    found = spec_named(stages, key)
    if found is None or found.kind == Stage.HIRED:
        known = [each.key for each in stages if each.kind != Stage.HIRED]
        raise Invalid(
            _("There is no such stage to move to."),
            field="stage",
            remedy=_("Use one of: %s.") % ", ".join(known),
        )
    return found


def checked_reason(reason: str) -> str:
    """Return a rejection's reason on one line. Raises Invalid where it says next to nothing."""
    words = " ".join(reason.split())
    if len(words) < SHORTEST_REASON:
        raise Invalid(
            _("A rejection needs a reason."),
            field="reason",
            remedy=_("Say in a few words why; colleagues and auditors will read it."),
        )
    return words


@action("hire.reject_application")
def reject_application(application: Application, *, reason: str, by: Actor) -> Application:
    """Say no, in the name of a colleague who has opened the application, for a reason in words.

    The database holds the same line: without an active human decider and a reason it stores no
    rejection. Raises NotAllowed, NotFound, Conflict, Invalid.
    """
    row = _held_open(application, by)
    named_human(by)
    words = checked_reason(reason)
    if not has_done("hire.open_application", row, by=by):
        raise Conflict(
            _("You have not opened this application yet."),
            field="application",
            remedy=_("Open it, read it, then decide."),
        )
    return _decide(row, outcome=Outcome.REJECTED, reason=words, by=by)


@action("hire.hire_applicant")
def hire_applicant(application: Application, *, by: Actor) -> Application:
    """Hire somebody who has an offer. The last opening fills the job, and people get to write to the rest.

    Raises NotAllowed, NotFound, Conflict (decided already, no offer yet, or no opening left).
    """
    row = _held_open(application, by)
    named_human(by)
    if row.stage != Stage.OFFER:
        raise Conflict(
            _("There is no offer yet."), field="stage", remedy=_("Move the application to “Offer” first.")
        )
    return take_opening(row, by=by)


def take_opening(
    row: Application, *, by: Actor, reason: str = "", decider: uuid.UUID | None = None
) -> Application:
    """Give a locked application one of its job's openings: hired, told, and the job closed after the last.

    `decider` is the colleague whose decision it is where the deed itself is the candidate's (their yes to an
    offer). Raises Conflict where no opening is left.
    """
    job, left = openings_left(row)
    if left < 1:
        raise Conflict(
            _("Every opening of this job is filled."), field="job", remedy=_("Add an opening first.")
        )
    row = _decide(row, outcome=Outcome.HIRED, stage=Stage.HIRED, reason=reason, by=by)
    if decider is not None and row.decided_by_id is None:
        row.decided_by_id = decider
        row.save(update_fields=["decided_by"])
    if left == 1:
        _fill(job, by=by if by.is_human_staff else Actor.machine("hiring"))
    return row


def openings_left(row: Application) -> tuple[Job, int]:
    """Return an application's job, locked, and how many of its openings nobody has yet."""
    job = Job.objects.select_for_update().get(pk=row.job_id)
    return job, job.openings - Application.objects.filter(job=job, outcome=Outcome.HIRED).count()


@action("hire.withdraw_application")
def withdraw_application(application: Application, *, by: Actor, reason: str = "") -> Application:
    """Withdraw at the person's wish: by them signed in, by their status link, or told to the talent team.

    Raises NotFound for others, Conflict once decided, Invalid where a colleague gives no reason.
    """
    if application.is_receipt:
        return _take_back(application, by=by)
    row = _locked(application)
    own = by.person_id is not None and by.person_id in {row.person_id, row.person.merged_into_id}
    if not (own or application.opened_by_key or by.is_talent_team):
        raise not_there()
    if by.is_talent_team and not application.opened_by_key and not reason.strip():
        raise Invalid(_("Say how you know."), field="reason", remedy=_("For example: told me by phone."))
    _must_be_open(row)
    return _decide(row, outcome=Outcome.WITHDRAWN, reason=reason.strip(), by=by)


def _take_back(receipt: Application, *, by: Actor) -> Application:
    """Withdraw what was said with a receipt: the words, and the application if they alone made it."""
    claim = Claim.objects.select_for_update().filter(pk=receipt.pk).first()
    if claim is None:
        raise not_there()
    if claim.settled_at is not None:
        raise Conflict(_("This application is already settled."), field="outcome")
    claim.withdrawn_at = claim.settled_at = clock.now()
    claim.save(update_fields=["withdrawn_at", "settled_at"])
    row = _locked(claim.application)
    if row.source == UNCONFIRMED and row.outcome == Outcome.OPEN and row.claims.count() == 1:
        _decide(row, outcome=Outcome.WITHDRAWN, by=by)
    return receipt_for(claim)


def _decide(
    row: Application, *, outcome: Outcome, by: Actor, reason: str = "", stage: str = ""
) -> Application:
    enter_stage(row, stage=stage, outcome=outcome, reason=reason, by=by)
    kind = "application.withdrawn" if outcome == Outcome.WITHDRAWN else "application.decided"
    record(kind, by=by, person_id=row.person_id, job_id=row.job_id, outcome=str(outcome))
    close_offers([row], by=by)
    tell = {Outcome.REJECTED: tell_rejected, Outcome.HIRED: tell_hired, Outcome.WITHDRAWN: tell_withdrawn}
    tell[outcome](row, by=by)
    return row


def _fill(job: Job, *, by: Actor) -> None:
    """The job is taken: the others are nobody's rejection yet, so a person is asked to write to each."""
    if job.status == JobStatus.OPEN:
        close_job(job, by=by, filled=True)
    waiting = Application.objects.filter(job=job, outcome=Outcome.OPEN).select_related("person")
    for row in waiting:
        open_review("job_filled", person=row.person, job=job, by=by)


def _locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("person", "job")
    row = rows.filter(pk=application.pk).first()
    if row is None:
        raise not_there()
    return row


def _held_open(application: Application, by: Actor) -> Application:
    """Lock the row for a decision by this actor."""
    if not applications_visible_to(by).filter(pk=application.pk).exists():
        raise not_there()
    row = _locked(application)
    if not may_decide(by, row):
        raise NotAllowed(
            _("Only the talent team and this job's hiring manager decide."),
            field="application",
            remedy=_("Tell them what you think; they decide."),
        )
    _must_be_open(row)
    return row


def _must_be_open(row: Application) -> None:
    if row.outcome != Outcome.OPEN:
        raise Conflict(
            _("This application is already settled."), field="outcome", remedy=_("Load the page again.")
        )


def named_human(by: Actor) -> uuid.UUID:
    """Return the account of who acts. Refuses who only says who they are: it must agree and be in use."""
    held = Account.objects.filter(is_active=True, role=by.role.value)
    if by.account_id is None or not held.filter(pk=by.account_id).exists():
        raise NotAllowed(_("Only a colleague with an active account can decide."), field="decided_by")
    return by.account_id
