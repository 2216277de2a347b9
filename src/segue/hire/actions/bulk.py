"""Doing one thing to many applications, and taking it back exactly.

Everything is a few statements over the whole selection, in one transaction. What each application was before
and after stands in a `BulkRow`; an undo puts back what still is as the deed left it, and names what somebody
has changed since.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from segue.hire.actions.deciding import TIME_TO_UNDO, named_human, stage_to_move_to
from segue.hire.actions.ledger import due_after, hold_stages
from segue.hire.models import Application, BulkAction, BulkKind, BulkRow, Outcome, StageSpec
from segue.hire.queries.access import applications_visible_to, may_decide_any
from segue.hire.queries.listing import Filters, listed
from segue.hire.queries.pipelines import place_of, stages_of
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.queue import enqueue
from segue.listen.actions.record import record_many
from segue.trust.models import Account

MOST = 20_000
LONGEST_TAG = 40
TOUCHED = {
    BulkKind.MOVE: ("stage", "step", "moved_at", "due_at", "snoozed_until"),
    BulkKind.TAG: ("tags",),
    BulkKind.UNTAG: ("tags",),
    BulkKind.SNOOZE: ("snoozed_until",),
    BulkKind.ASSIGN: ("owner_id",),
}
_BACK = {
    "stage": "b.before ->> 'stage'",
    "step": "b.before ->> 'step'",
    "moved_at": "(b.before ->> 'moved_at')::timestamptz",
    "due_at": "(b.before ->> 'due_at')::timestamptz",
    "snoozed_until": "(b.before ->> 'snoozed_until')::timestamptz",
    "tags": "ARRAY(SELECT jsonb_array_elements_text(b.before -> 'tags'))",
    "owner_id": "(b.before ->> 'owner_id')::uuid",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which applications: those ticked, or all that a list's filters leave."""

    ids: Sequence[uuid.UUID] = ()
    matching: Filters | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo came to: how many are as they were, and which somebody had changed since."""

    restored: int
    kept: Sequence[Application]


@action("hire.move_many")
def move_many(selection: Selection, *, stage: str, by: Actor, reason: str = "") -> BulkAction:
    """Move open applications of one job to one of its stages; those that stand there already are skipped.

    People hear of a step forward after a few minutes, unless it is undone. Raises NotAllowed, Invalid.
    """
    named_human(by)
    keys, job_id = _of_one_job(selection, by)
    hold_stages([job_id])
    stages = stages_of(job_id)
    spec = stage_to_move_to(stages, stage)
    rows = held(keys)
    moving = [row for row in rows if row.step != spec.key]
    what = {"stage": spec.key, "name": spec.name}
    bulk = begin_bulk(BulkKind.MOVE, what, len(moving), len(keys) - len(moving), job_id=job_id, by=by)
    move_held(bulk, moving, spec, by=by, reason=reason)
    forward = {row.step for row in moving if place_of(stages, row.step) < place_of(stages, spec.key)}
    if forward:
        run_at = clock.now() + TIME_TO_UNDO
        enqueue("hire.tell_bulk_moved", run_at=run_at, bulk_id=str(bulk.pk), from_steps=sorted(forward))
    return bulk


def move_held(
    bulk: BulkAction, rows: Sequence[Application], spec: StageSpec, *, by: Actor, reason: str = ""
) -> None:
    """Move locked rows of one job, with a ledger line and a signal each."""
    keys, at = [row.pk for row in rows], clock.now()
    remember(bulk, keys)
    due_at = due_after(spec, at)
    Application.objects.filter(pk__in=keys).update(
        stage=spec.kind, step=spec.key, moved_at=at, due_at=due_at, snoozed_until=None
    )
    seal(bulk)
    write_ledger(bulk, keys, spec, at, by=by, reason=reason.strip())
    pairs = [(row.person_id, row.job_id) for row in rows]
    record_many("application.moved", pairs, by=by, stage=spec.kind)


@action("hire.tag_many")
def tag_many(selection: Selection, *, tag: str, by: Actor, off: bool = False) -> BulkAction:
    """Put a tag on applications, or take it off. Raises NotAllowed, Invalid for a tag without words."""
    word = " ".join(tag.split()).lower()
    if not word or len(word) > LONGEST_TAG:
        raise Invalid(_("A tag is a word or two."), field="tag", remedy=_("Use up to 40 characters."))
    rows = held(selected_keys(selection, by))
    changing = [row.pk for row in rows if (word in row.tags) == off]
    kind = BulkKind.UNTAG if off else BulkKind.TAG
    bulk = begin_bulk(kind, {"tag": word}, len(changing), len(rows) - len(changing), by=by)
    remember(bulk, changing)
    new = "array_remove(tags, %s)" if off else "array_append(tags, %s)"
    _run(f"UPDATE hire_application SET tags = {new} WHERE id = ANY(%s)", word, changing)  # noqa: S608 - ours
    return seal(bulk)


@action("hire.snooze_many")
def snooze_many(selection: Selection, *, until: datetime | None, by: Actor) -> BulkAction:
    """Let applications rest until a moment, or wake them. Raises NotAllowed, Invalid for a past moment."""
    if until is not None and until <= clock.now():
        raise Invalid(_("That moment is past."), field="until", remedy=_("Choose a later day."))
    keys = [row.pk for row in held(selected_keys(selection, by))]
    what = {"until": until.isoformat() if until else ""}
    bulk = begin_bulk(BulkKind.SNOOZE, what, len(keys), 0, by=by)
    remember(bulk, keys)
    Application.objects.filter(pk__in=keys).update(snoozed_until=until)
    return seal(bulk)


@action("hire.assign_many")
def assign_many(selection: Selection, *, owner: Account | None, by: Actor) -> BulkAction:
    """Give applications an owner, or none. Raises NotAllowed, Invalid for who cannot own them."""
    if owner is not None and not (owner.is_active and owner.role in OWNERS):
        raise Invalid(_("They cannot own an application."), field="owner", remedy=_("Choose a colleague."))
    keys = [row.pk for row in held(selected_keys(selection, by))]
    what = {"owner": str(owner.pk) if owner else "", "name": owner.name if owner else ""}
    bulk = begin_bulk(BulkKind.ASSIGN, what, len(keys), 0, by=by)
    remember(bulk, keys)
    Application.objects.filter(pk__in=keys).update(owner=owner)
    return seal(bulk)


OWNERS = frozenset({"administrator", "recruiter", "hiring_manager"})


@action("hire.undo_bulk")
def undo_bulk(bulk: BulkAction, *, by: Actor) -> Undone:
    """Put every application of a bulk action back exactly as it was, times and clocks included.

    Those that somebody has changed since, or whose stage has been taken away, are left as they are, and
    returned by name. Raises NotAllowed for anybody but who did it and administrators, Conflict where it is
    undone already or cannot be.
    """
    named_human(by)
    if bulk.job_id is not None:  # first of all, as who changes stages and undoes within does
        hold_stages([bulk.job_id])
    row = BulkAction.objects.select_for_update().get(pk=bulk.pk)
    if row.by_account_id != by.account_id and by.role.value != "administrator":
        raise NotAllowed(_("Only who did this takes it back."))
    if row.undone_at is not None or row.kind not in TOUCHED:
        raise Conflict(_("This cannot be taken back any more."), remedy=_("Load the page again."))
    kind = BulkKind(row.kind)
    keys = list(BulkRow.objects.filter(bulk=row).values_list("application_id", flat=True))
    still = {each.pk: each for each in held(keys)}
    unchanged = _unchanged(row, kind) - _without_their_stage(row, kind)
    back = [key for key in still if key in unchanged]
    _restore(row, kind, [still[key] for key in back], by=by)
    BulkRow.objects.filter(bulk=row).exclude(application_id__in=back).update(kept=True)
    row.undone_at, row.kept = clock.now(), len(keys) - len(back)
    row.save(update_fields=["undone_at", "kept"])
    kept = applications_visible_to(by).filter(bulk_rows__bulk=row, bulk_rows__kept=True)
    return Undone(len(back), list(kept[:20]))


def _restore(bulk: BulkAction, kind: BulkKind, rows: Sequence[Application], *, by: Actor) -> None:
    keys = [row.pk for row in rows]
    columns = ", ".join(f"{name} = {_BACK[name]}" for name in TOUCHED[kind])
    _run(
        f"UPDATE hire_application a SET {columns} FROM hire_bulkrow b"  # noqa: S608 - names of our own
        " WHERE b.bulk_id = %s AND b.application_id = a.id AND a.id = ANY(%s)",
        bulk.pk,
        keys,
    )
    if kind != BulkKind.MOVE:
        return
    names = {spec.key: spec.name for job_id in {row.job_id for row in rows} for spec in stages_of(job_id)}
    by_step: dict[str, list[Application]] = {}
    for each in held(keys):
        by_step.setdefault(each.step, []).append(each)
    for step, standing in by_step.items():
        spec = StageSpec(step, names.get(step, step), "", standing[0].stage)
        write_ledger(
            bulk, [each.pk for each in standing], spec, clock.now(), by=by, reason=_("Undone"), back=True
        )
        pairs = [(each.person_id, each.job_id) for each in standing]
        record_many("application.moved", pairs, by=by, stage=spec.kind)


def _unchanged(bulk: BulkAction, kind: BulkKind) -> set[uuid.UUID]:
    """Return the applications that are still as the deed left them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id FROM hire_application a"  # noqa: S608 - names of our own
            " JOIN hire_bulkrow b ON b.application_id = a.id"
            f" WHERE b.bulk_id = %s AND a.outcome = 'open' AND b.after = {_columns(kind)}",
            [bulk.pk],
        )
        return {key for (key,) in cursor.fetchall()}


def _without_their_stage(bulk: BulkAction, kind: BulkKind) -> set[uuid.UUID]:
    """Return those who were moved from a stage that the job no longer has, or has as another kind."""
    if kind != BulkKind.MOVE or bulk.job_id is None:
        return set()
    there = {(spec.key, spec.kind) for spec in stages_of(bulk.job_id)}
    stood = BulkRow.objects.filter(bulk=bulk).values_list("application_id", "before__step", "before__stage")
    return {key for key, step, stage in stood if (step, stage) not in there}


def held(keys: Iterable[uuid.UUID]) -> list[Application]:
    """Lock open applications, always in one order, so that two deeds on many never wait for each other."""
    rows = Application.objects.filter(pk__in=list(keys), outcome=Outcome.OPEN).order_by("pk")
    return list(rows.only("stage", "step", "tags", "person_id", "job_id").select_for_update())


def selected_keys(selection: Selection, by: Actor) -> list[uuid.UUID]:
    """Return what is selected and this colleague may act on. Raises NotAllowed, Invalid."""
    if not may_decide_any(by):
        raise NotAllowed(_("Only the talent team and a job's hiring manager do this."))
    wanted = selection.matching
    rows = listed(by, wanted) if wanted else applications_visible_to(by).filter(pk__in=selection.ids)
    keys = list(rows.order_by().select_related(None).values_list("pk", flat=True)[: MOST + 1])
    if not keys:
        raise Invalid(_("Nobody is selected."), field="ids", remedy=_("Tick somebody first."))
    if len(keys) > MOST:
        raise Invalid(
            _("That is too many at once."),
            field="ids",
            remedy=_("Narrow the list to %(most)d or fewer.") % {"most": MOST},
        )
    return keys


def _of_one_job(selection: Selection, by: Actor) -> tuple[list[uuid.UUID], uuid.UUID]:
    keys = selected_keys(selection, by)
    jobs = set(Application.objects.filter(pk__in=keys).order_by().values_list("job_id", flat=True).distinct())
    if len(jobs) > 1:
        raise Invalid(
            _("These belong to different jobs, which have stages of their own."),
            field="ids",
            remedy=_("Move the applications of one job at a time."),
        )
    return keys, jobs.pop()


def begin_bulk(
    kind: BulkKind,
    what: dict[str, Any],
    count: int,
    skipped: int,
    *,
    by: Actor,
    job_id: uuid.UUID | None = None,
) -> BulkAction:
    """Open the record of a deed on many, in the name of a colleague who signed in."""
    named_human(by)
    at = clock.now()
    return BulkAction.objects.create(
        kind=kind,
        what=what,
        count=count,
        skipped=skipped,
        job_id=job_id,
        at=at,
        done_at=at,
        by_account_id=by.account_id,
    )


def _columns(kind: str) -> str:
    named = ", ".join(f"'{name}', to_jsonb(a.{name})" for name in TOUCHED[BulkKind(kind)])
    return f"jsonb_build_object({named})"


def remember(bulk: BulkAction, keys: Sequence[uuid.UUID]) -> None:
    """Write down what locked rows are before the deed."""
    _run(
        "INSERT INTO hire_bulkrow"  # noqa: S608 - names of our own
        " (bulk_id, application_id, before, after, is_sample, kept)"
        f" SELECT %s, a.id, {_columns(bulk.kind)}, '{{}}', false, false"
        " FROM hire_application a WHERE a.id = ANY(%s)",
        bulk.pk,
        list(keys),
    )


def seal(bulk: BulkAction) -> BulkAction:
    """Write down what they are after it."""
    _run(
        f"UPDATE hire_bulkrow b SET after = {_columns(bulk.kind)}"  # noqa: S608 - names of our own
        " FROM hire_application a"
        " WHERE b.bulk_id = %s AND a.id = b.application_id",
        bulk.pk,
    )
    return bulk


def write_ledger(
    bulk: BulkAction,
    keys: Sequence[uuid.UUID],
    spec: StageSpec,
    at: datetime,
    *,
    by: Actor,
    reason: str,
    back: bool = False,
) -> None:
    """Write a ledger line for each of these rows; `back` lines count from when the row first came there."""
    _run(
        "INSERT INTO hire_stageentry (application_id, stage, step, step_name, outcome, at, by_role, by_name,"
        " by_account_id, reason, bulk_id, since)"
        " SELECT a.id, %s, %s, %s, a.outcome, %s, %s, %s, %s, %s, %s,"
        " CASE WHEN %s THEN a.moved_at END FROM hire_application a WHERE a.id = ANY(%s) ORDER BY a.id",
        *(spec.kind, spec.key, spec.name, at, by.role.value, by.name, by.account_id, reason, bulk.pk),
        back,
        list(keys),
    )


def _run(sql: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)
