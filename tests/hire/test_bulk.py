"""One deed on many: done in one go, taken back exactly, and whoever was touched since is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from segue.catalog.models import Job
from segue.engage.models import Message
from segue.hire.actions.applications import move_application, open_application
from segue.hire.actions.bulk import (
    Selection,
    assign_many,
    move_many,
    snooze_many,
    tag_many,
    undo_bulk,
)
from segue.hire.actions.ledger import enter_stage
from segue.hire.actions.rejecting import prepare_rejection, reject_many, sample_size, spare, unopened
from segue.hire.models import Application, BulkAction, BulkRow, StageEntry
from segue.hire.queries.ledger import ledger_faults
from segue.hire.queries.listing import Filters, list_page
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.kit.queue import work_off
from segue.listen.models import Signal
from segue.trust.models import Account
from tests import factories
from tests.factories import actor, make_application, make_job, make_member, make_person

pytestmark = pytest.mark.django_db
REASON = "Others have more years on nights"


@pytest.fixture
def job() -> Job:
    return make_job()


def arrive(job: Job, count: int = 4) -> list[Application]:
    """Let so many people apply, each with a ledger that begins."""
    rows = [Application(job=job, person=make_person()) for _ in range(count)]
    for row in rows:
        enter_stage(row, stage="applied", by=Actor.machine("form"))
    return rows


def picture() -> list[tuple[Any, ...]]:
    """Return everything about every application that a deed may change."""
    columns = "id", "stage", "step", "outcome", "moved_at", "due_at", "snoozed_until", "owner", "tags"
    return list(Application.objects.order_by("pk").values_list(*columns))


DEEDS: dict[str, Callable[[Selection, Actor], BulkAction]] = {
    "move": lambda chosen, by: move_many(chosen, stage="interview", by=by),
    "tag": lambda chosen, by: tag_many(chosen, tag=" Night  Shift ", by=by),
    "untag": lambda chosen, by: tag_many(chosen, tag="old", off=True, by=by),
    "snooze": lambda chosen, by: snooze_many(chosen, until=clock.now() + timedelta(days=3), by=by),
    "assign": lambda chosen, by: assign_many(chosen, owner=factories.rosa(), by=by),
}


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_undo_puts_back_every_column_as_it_was(name: str, job: Job, rosa: Account) -> None:
    rows = arrive(job)
    Application.objects.filter(pk=rows[0].pk).update(tags=["old", "loud"], owner=factories.mia())
    Application.objects.filter(pk=rows[1].pk).update(snoozed_until=clock.now() + timedelta(days=9))
    before = picture()
    bulk = DEEDS[name](Selection(ids=[row.pk for row in rows]), actor(rosa))
    assert picture() != before
    came_to = undo_bulk(bulk, by=actor(rosa))
    assert (picture(), list(came_to.kept)) == (before, [])
    assert not ledger_faults()
    with pytest.raises(Conflict):
        undo_bulk(bulk, by=actor(rosa))


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_what_somebody_changed_since_is_named_and_left(name: str, job: Job, rosa: Account) -> None:
    rows = arrive(job)
    Application.objects.update(tags=["old"])
    bulk = DEEDS[name](Selection(ids=[row.pk for row in rows]), actor(rosa))
    mia = actor(factories.mia())
    one = Selection(ids=[rows[2].pk])
    {
        "move": lambda: move_many(one, stage="offer", by=mia),
        "tag": lambda: tag_many(one, tag="mine", by=mia),
        "untag": lambda: tag_many(one, tag="mine", by=mia),
        "snooze": lambda: snooze_many(one, until=None, by=mia),
        "assign": lambda: assign_many(one, owner=factories.mia(), by=mia),
    }[name]()
    theirs = picture()[2]
    came_to = undo_bulk(bulk, by=actor(rosa))
    assert ([row.pk for row in came_to.kept], came_to.restored) == ([rows[2].pk], 3)
    assert picture()[2] == theirs
    assert not ledger_faults()


def test_there_and_back_by_another_hand_is_a_change_too(job: Job, rosa: Account) -> None:
    rows = arrive(job, 2)
    bulk = move_many(Selection(ids=[row.pk for row in rows]), stage="screen", by=actor(rosa))
    mia = actor(factories.mia())
    move_application(rows[0], stage="offer", by=mia)
    move_application(rows[0], stage="screen", by=mia)
    assert [row.pk for row in undo_bulk(bulk, by=actor(rosa)).kept] == [rows[0].pk]


def test_a_move_writes_one_line_and_one_signal_each_and_tells_them_after_a_while(
    job: Job, rosa: Account
) -> None:
    rows = arrive(job, 3)
    move_application(rows[2], stage="offer", by=actor(rosa))
    bulk = move_many(Selection(ids=[row.pk for row in rows]), stage="screen", by=actor(rosa), reason="Read")
    lines = StageEntry.objects.filter(bulk_id=bulk.pk)
    assert {(line.step, line.by_name, line.reason) for line in lines} == {("screen", "Rosa Feld", "Read")}
    assert (lines.count(), Signal.objects.filter(kind="application.moved").count()) == (3, 4)
    Message.objects.all().delete()
    from segue.hire.jobs import tell_bulk_moved

    tell_bulk_moved(bulk_id=str(bulk.pk), from_steps=["applied"])  # only two went forward
    work_off()
    assert Message.objects.filter(kind="application_moved").count() == 2


def test_nobody_hears_of_a_move_that_was_undone(job: Job, rosa: Account) -> None:
    rows = arrive(job, 2)
    bulk = move_many(Selection(ids=[row.pk for row in rows]), stage="screen", by=actor(rosa))
    undo_bulk(bulk, by=actor(rosa))
    from segue.hire.jobs import tell_bulk_moved

    tell_bulk_moved(bulk_id=str(bulk.pk), from_steps=["applied"])
    work_off()
    assert not Message.objects.filter(kind="application_moved").exists()


def test_all_that_match_are_meant_and_settled_ones_never(job: Job, rosa: Account) -> None:
    rows = arrive(job, 3)
    Application.objects.filter(pk=rows[0].pk).update(outcome="withdrawn")
    arrive(make_job(), 2)
    bulk = tag_many(Selection(matching=Filters(job_id=job.pk, stage="applied")), tag="new", by=actor(rosa))
    assert bulk.count == 2
    assert sorted(BulkRow.objects.values_list("application_id", flat=True)) == sorted(r.pk for r in rows[1:])


def test_a_hiring_manager_reaches_their_own_job_only(job: Job, rosa: Account) -> None:
    mine, other = arrive(job, 2), arrive(make_job(), 2)
    make_member(job, factories.max_())
    by = actor(factories.max_())
    assert tag_many(Selection(ids=[row.pk for row in [*mine, *other]]), tag="x", by=by).count == 2
    with pytest.raises(Invalid, match="Nobody is selected"):
        move_many(Selection(ids=[row.pk for row in other]), stage="screen", by=by)
    bulk = tag_many(Selection(ids=[row.pk for row in mine]), tag="y", by=actor(rosa))
    with pytest.raises(NotAllowed):
        undo_bulk(bulk, by=by)


@pytest.mark.parametrize("name", sorted(DEEDS))
@pytest.mark.parametrize("who", ["ines", "theo", "machine", "masked"])
def test_nobody_else_does_anything_to_many(name: str, who: str, job: Job) -> None:
    rows = arrive(job, 2)
    make_member(job, factories.ines(), duty="interviewer")
    masked = Actor(role=factories.actor(factories.rosa()).role, name="ranker 3000")
    known = {"machine": Actor.machine("ranker"), "masked": masked}
    by = known[who] if who in known else actor(getattr(factories, who)())
    before = picture()
    with pytest.raises(NotAllowed):
        DEEDS[name](Selection(ids=[row.pk for row in rows]), by)
    assert picture() == before


def test_two_jobs_at_once_have_no_common_stage(rosa: Account) -> None:
    rows = [*arrive(make_job(), 1), *arrive(make_job(), 1)]
    with pytest.raises(Invalid, match="different jobs"):
        move_many(Selection(ids=[row.pk for row in rows]), stage="screen", by=actor(rosa))


def test_pages_follow_each_other_without_gap_or_repeat(job: Job, rosa: Account) -> None:
    rows = arrive(job, 7)
    at = clock.now()
    Application.objects.filter(pk__in=[row.pk for row in rows[:5]]).update(moved_at=at)  # ties
    seen, after = [], ""
    while True:
        page = list_page(actor(rosa), Filters(job_id=job.pk), after=after, size=2)
        seen += [row.pk for row in page.rows]
        after = page.next_after
        if not after:
            break
    assert seen == list(Application.objects.order_by("-moved_at", "-pk").values_list("pk", flat=True))


class TestSayingNoToMany:
    def prepared(self, job: Job, rosa: Account, count: int = 8) -> BulkAction:
        rows = arrive(job, count)
        return prepare_rejection(Selection(ids=[row.pk for row in rows]), reason=REASON, by=actor(rosa))

    def open_sample(self, bulk: BulkAction, rosa: Account) -> None:
        for row in unopened(bulk, actor(rosa)):
            open_application(row, by=actor(rosa))

    def test_waits_until_every_one_of_a_random_sample_was_opened(self, job: Job, rosa: Account) -> None:
        bulk = self.prepared(job, rosa)
        assert BulkRow.objects.filter(is_sample=True).count() == sample_size(8) == 5
        with pytest.raises(Conflict, match="5 of the sample are not opened yet"):
            reject_many(bulk, by=actor(rosa))
        *most, last = unopened(bulk, actor(rosa))
        for row in most:
            open_application(row, by=actor(rosa))
        open_application(last, by=actor(factories.mia()))  # somebody else's eyes do not count
        with pytest.raises(Conflict, match="1 of the sample"):
            reject_many(bulk, by=actor(rosa))
        assert not Application.objects.exclude(outcome="open").exists()
        open_application(last, by=actor(rosa))
        assert reject_many(bulk, by=actor(rosa)).count == 8
        assert {row.decided_by for row in Application.objects.filter(outcome="rejected")} == {rosa}
        assert not ledger_faults()
        work_off()
        assert Message.objects.filter(kind="application_decided").count() == 8

    def test_an_opening_of_last_week_is_no_check(self, job: Job, rosa: Account) -> None:
        rows = arrive(job, 2)
        for row in rows:
            open_application(row, by=actor(rosa))
        bulk = prepare_rejection(Selection(ids=[row.pk for row in rows]), reason=REASON, by=actor(rosa))
        assert len(unopened(bulk, actor(rosa))) == 2

    def test_leaves_out_who_was_spared_or_moved_meanwhile(self, job: Job, rosa: Account) -> None:
        bulk = self.prepared(job, rosa)
        self.open_sample(bulk, rosa)
        spared, moved = BulkRow.objects.filter(bulk=bulk).order_by("-pk")[:2]
        spare(spared, by=actor(rosa))
        move_application(moved.application, stage="offer", by=actor(factories.mia()))
        done = reject_many(bulk, by=actor(rosa))
        assert (done.count, done.kept) == (6, 1)
        still = Application.objects.filter(outcome="open").values_list("pk", flat=True)
        assert set(still) == {spared.application_id, moved.application_id}
        assert not ledger_faults()

    @pytest.mark.parametrize("reason", ["", "no", "         "])
    def test_needs_a_reason(self, reason: str, job: Job, rosa: Account) -> None:
        with pytest.raises(Invalid):
            prepare_rejection(Selection(ids=[arrive(job, 1)[0].pk]), reason=reason, by=actor(rosa))

    def test_is_nobody_elses_to_carry_out(self, job: Job, rosa: Account) -> None:
        bulk = self.prepared(job, rosa)
        self.open_sample(bulk, rosa)
        for by in (actor(factories.mia()), Actor.machine("ranker"), actor(factories.ines())):
            with pytest.raises((NotAllowed, NotFound)):
                reject_many(bulk, by=by)
        assert not Application.objects.filter(outcome="rejected").exists()

    def test_the_database_refuses_a_machines_by_the_thousand_too(self, job: Job) -> None:
        rows = arrive(job, 3)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE hire_application SET outcome = 'rejected', decision_reason = 'Score too low'"
            )
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO hire_stageentry"
                " (application_id, stage, step, step_name, outcome, at, by_role, by_name, reason)"
                " SELECT id, stage, step, '', 'rejected', now(), 'machine', '', 'Score too low'"
                " FROM hire_application"
            )
        assert Application.objects.filter(outcome="open").count() == len(rows)


def test_the_check_finds_a_ledger_that_does_not_explain(job: Job) -> None:
    fine, moved, silent = arrive(job, 3)
    Application.objects.filter(pk=moved.pk).update(stage="offer", step="offer")
    bare = make_application(job=job)
    StageEntry.objects.create(application=silent, stage="applied", step="applied", by_role="recruiter")
    found = {fault.application_id: fault.says for fault in ledger_faults()}
    assert fine.pk not in found
    assert found[moved.pk] == "stands elsewhere"
    assert found[bare.pk] == "no line in the ledger"
    assert silent.pk in found
