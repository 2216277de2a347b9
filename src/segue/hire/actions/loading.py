"""A company's past applications, brought in by the thousand in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from segue.catalog.models import Job, Person, Resume
from segue.hire.actions.ledger import due_after, pin_stages
from segue.hire.models import Application, Outcome, Stage, StageEntry, StageSpec
from segue.hire.queries.pipelines import spec_named
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import Invalid, NotAllowed
from segue.trust.models import Account

DECIDERS = frozenset({Role.ADMINISTRATOR, Role.RECRUITER, Role.HIRING_MANAGER})
BATCH = 1000


@dataclass(frozen=True, slots=True)
class LoadedEntry:
    """One stage somebody entered, and by whose hand (nobody's: the candidate's own, or not known)."""

    stage: str
    at: datetime
    by: Account | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LoadedApplication:
    """One application of the past with its way through the stages, oldest first."""

    external_id: str
    person: Person
    job: Job
    source: str
    applied_at: datetime
    outcome: str = Outcome.OPEN
    decided_at: datetime | None = None
    decided_by: Account | None = None
    reason: str = ""
    entries: Sequence[LoadedEntry] = field(default_factory=tuple)
    resume: Resume | None = None
    note: str = ""


@action("hire.load_applications")
def load_applications(rows: Sequence[LoadedApplication], *, by: Actor) -> list[Application]:
    """Store applications and their ledgers, all or none; nobody is written to.

    Even a load cannot reject without a named colleague and a reason. Raises Invalid with the row's
    external id, NotAllowed for anybody but our own processes and administrators.
    """
    if not (by.is_machine or by.role is Role.ADMINISTRATOR):
        raise NotAllowed(_("Only an administrator can load applications."))
    for row in rows:
        _check(row)
    stages = pin_stages([row.job.pk for row in rows])
    applications = [_application(row, stages[row.job.pk]) for row in rows]
    Application.objects.bulk_create(applications, batch_size=BATCH)
    entries = [
        entry
        for row, application in zip(rows, applications, strict=True)
        for entry in _ledger(row, application, stages[row.job.pk])
    ]
    StageEntry.objects.bulk_create(entries, batch_size=2 * BATCH)
    return applications


def _check(row: LoadedApplication) -> None:
    if row.outcome not in Outcome.values:
        raise _wrong(row, "outcome", _("There is no such outcome."))
    if any(entry.stage not in Stage.values for entry in row.entries):
        raise _wrong(row, "stage", _("There is no such stage."))
    if row.outcome != Outcome.OPEN and row.decided_at is None:
        raise _wrong(row, "decided_at", _("A settled application needs the time it was settled."))
    if row.outcome != Outcome.REJECTED:
        return
    decider = row.decided_by
    if decider is None or decider.role not in DECIDERS or not decider.is_active:
        raise _wrong(row, "decided_by", _("A rejection needs the colleague who decided."))
    if not row.reason.strip():
        raise _wrong(row, "reason", _("A rejection needs a reason."))


def _wrong(row: LoadedApplication, column: str, what: str) -> Invalid:
    return Invalid(what, field=column, remedy=_("Correct application %s and load again.") % row.external_id)


def _application(row: LoadedApplication, stages: Sequence[StageSpec]) -> Application:
    settled = row.outcome != Outcome.OPEN
    spec = spec_named(stages, _last_stage(row))
    return Application(
        person=row.person,
        job=row.job,
        resume=row.resume,
        external_id=row.external_id,
        source=row.source[:40],
        note=row.note,
        stage=_last_stage(row),
        step=spec.key if spec else "",
        due_at=None if settled else due_after(spec, _last_at(row)),
        outcome=row.outcome,
        applied_at=row.applied_at,
        moved_at=_last_at(row),
        decided_at=row.decided_at if settled else None,
        decided_by=row.decided_by if settled else None,
        decision_reason=row.reason if settled else "",
    )


def _last_stage(row: LoadedApplication) -> str:
    if row.outcome == Outcome.HIRED:
        return Stage.HIRED
    return row.entries[-1].stage if row.entries else Stage.APPLIED


def _last_at(row: LoadedApplication) -> datetime:
    times = [row.applied_at, *(entry.at for entry in row.entries)]
    if row.outcome != Outcome.OPEN and row.decided_at is not None:
        times.append(row.decided_at)
    return max(times)


def _ledger(
    row: LoadedApplication, application: Application, stages: Sequence[StageSpec]
) -> Iterator[StageEntry]:
    """Yield the ledger: the stages entered, then the outcome; its last line is where things stand."""
    walked = [entry for entry in row.entries if entry.stage != Stage.HIRED]
    lines = [(entry.stage, Outcome.OPEN, entry.at, entry.by, entry.reason) for entry in walked]
    if not walked or walked[0].stage != Stage.APPLIED:
        lines.insert(0, (Stage.APPLIED, Outcome.OPEN, row.applied_at, None, ""))
    if row.outcome != Outcome.OPEN and row.decided_at is not None:
        outcome = Outcome(row.outcome)
        lines.append((application.stage, outcome, row.decided_at, row.decided_by, row.reason))
    for stage, outcome, at, by, reason in lines:
        entry = _entry(application, stage, outcome, at, by, reason)
        spec = spec_named(stages, stage)
        entry.step, entry.step_name = (spec.key, spec.name) if spec else ("", "")
        yield entry


def _entry(
    application: Application, stage: str, outcome: str, at: datetime, by: Account | None, reason: str
) -> StageEntry:
    return StageEntry(
        application=application,
        stage=stage,
        outcome=outcome,
        at=at,
        by_role=by.role if by else Role.CANDIDATE.value,
        by_name=by.name if by else application.person.name,
        by_account=by,
        reason=reason,
    )
