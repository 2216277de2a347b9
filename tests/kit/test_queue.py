"""The queue's promises, one story each."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from segue.kit import clock, queue, queue_worker
from segue.kit import queue_leases as leases
from segue.kit.models import QueueJob
from segue.kit.queue_leases import Lane
from tests.kit.queue_stage import effects

pytestmark = pytest.mark.usefixtures("stage")


def _let_leases_run_out() -> None:
    QueueJob.objects.filter(leased_until__isnull=False).update(
        leased_until=clock.now() - timedelta(minutes=1)
    )


def test_a_promised_job_is_done_once() -> None:
    queue.enqueue("stage.write", number=7)
    assert effects() == []
    assert queue.work_off() == 1
    assert queue.work_off() == 0
    assert effects() == [7]


def test_a_promise_is_part_of_the_callers_transaction() -> None:
    with transaction.atomic():
        queue.enqueue("stage.write", number=1)
        transaction.set_rollback(True)
    assert queue.work_off() == 0


def test_identifiers_travel_as_text_and_rows_do_not_travel() -> None:
    key = uuid.uuid4()
    queue.enqueue("stage.write", number=key)
    assert QueueJob.objects.get().args == {"number": str(key)}
    with pytest.raises(TypeError, match="ids and plain values"):
        queue.enqueue("stage.write", number=object())


def test_a_job_nobody_knows_is_refused_at_once() -> None:
    with pytest.raises(LookupError, match="no_such"):
        queue.enqueue("stage.no_such")


def test_a_later_job_waits_for_its_time() -> None:
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC), tick=False) as traveller:
        queue.enqueue("stage.write", number=1, run_at=clock.now() + timedelta(hours=1))
        assert queue.work_off() == 0
        assert leases.next_due() == datetime(2026, 11, 22, 10, tzinfo=UTC)
        traveller.shift(timedelta(hours=1))
        assert queue.work_off() == 1


def test_the_urgent_goes_first_then_the_oldest() -> None:
    for number, priority in ((1, 0), (2, 0), (3, 5)):
        queue.enqueue("stage.write", number=number, priority=priority)
    assert [claim.args["number"] for claim in leases.claim(10)] == [3, 1, 2]


def test_one_key_waits_once_and_the_nearer_time_wins() -> None:
    soon = clock.now()
    queue.enqueue("stage.write", number=1, unique_key="k", run_at=soon + timedelta(hours=1))
    queue.enqueue("stage.write", number=1, unique_key="k", run_at=soon, priority=3)
    assert QueueJob.objects.values_list("run_at", "priority").get() == (soon, 3)
    assert queue.work_off() == 1


def test_what_happens_after_the_work_began_deserves_a_new_job() -> None:
    queue.enqueue("stage.write", number=1, unique_key="k")
    leases.claim(1)
    queue.enqueue("stage.write", number=2, unique_key="k")
    assert QueueJob.objects.count() == 2


@pytest.mark.parametrize("kind", ["stage.trip", "stage.trip_shared"])
def test_a_job_that_trips_leaves_no_effect_and_comes_back_later(kind: str) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC), tick=False):
        queue.enqueue(kind, number=1)
        assert queue.work_off() == 0
        row = QueueJob.objects.get()
        assert effects() == []
        assert (row.attempts, row.run_at, row.leased_by) == (1, clock.now() + timedelta(seconds=1), "")


def test_the_stored_error_names_the_place_and_quotes_nobody() -> None:
    queue.enqueue("stage.trip", number=1)
    queue.work_off()
    words = QueueJob.objects.get().last_error
    assert "ValueError in write_then_trip (queue_stage.py:" in words
    assert "secret words" not in words


def test_a_neighbour_that_trips_costs_the_others_nothing() -> None:
    for number in range(5):
        queue.enqueue("stage.write_shared", number=number)
    queue.enqueue("stage.trip_shared", number=99)
    assert queue.work_off() == 5
    assert effects() == [0, 1, 2, 3, 4]
    assert QueueJob.objects.get().name == "stage.trip_shared"


def test_after_eight_attempts_it_gives_up_and_can_be_put_back() -> None:
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC), tick=False) as traveller:
        queue.enqueue("stage.trip", number=1)
        for _ in range(leases.MAX_ATTEMPTS):
            queue.work_off()
            traveller.shift(timedelta(hours=4))
        row = QueueJob.objects.get()
        assert (row.attempts, row.failed_at is None) == (8, False)
        assert queue.work_off() == 0
        assert queue.figures().failed == 1
        assert queue.retry_failed() == 1
        assert len(leases.claim(1)) == 1


def test_a_lease_keeps_others_away_until_it_runs_out() -> None:
    queue.enqueue("stage.write", number=1)
    (first,) = leases.claim(10)
    assert leases.claim(10) == []
    assert leases.reclaim() is None
    _let_leases_run_out()
    second = leases.reclaim()
    assert second is not None
    assert second.attempts == 1
    assert leases.finish([first]) == set(), "who lost the lease may not finish"
    assert leases.finish([second]) == {second.id}


def test_a_job_that_kills_its_worker_spends_only_its_own_attempts() -> None:
    queue.enqueue("stage.die", number=1)
    queue.enqueue("stage.write", number=2)
    deaths = 0
    while QueueJob.objects.filter(failed_at=None).exists():
        try:
            queue.work_off()
        except SystemExit:
            deaths += 1
        _let_leases_run_out()
    assert deaths == leases.MAX_ATTEMPTS
    assert effects() == [2]
    assert QueueJob.objects.values_list("name", "last_error").get() == (
        "stage.die",
        "Its worker died each time.",
    )


def test_what_is_handed_back_is_free_at_once() -> None:
    queue.enqueue("stage.write", number=1)
    leases.give_back(leases.claim(1))
    assert len(leases.claim(1)) == 1


def test_many_are_promised_in_one_go() -> None:
    queue.enqueue_many("stage.write_shared", [{"number": n} for n in range(250)])
    assert queue.figures().waiting == 250
    assert queue.work_off(limit=120) == 120
    assert queue.work_off() == 130
    assert effects() == list(range(250))


def test_a_periodic_job_runs_once_a_slot_whoever_plans_it() -> None:
    queue.job("stage.tick")(lambda: None)
    queue._periods_s["stage.tick"] = 600
    done = 0
    with time_machine.travel(datetime(2026, 11, 22, 9, 3, tzinfo=UTC), tick=False) as traveller:
        for _ in range(30):  # two workers plan, every minute for half an hour
            queue.plan_periodic(clock.now())
            queue.plan_periodic(clock.now())
            done += queue.work_off()
            traveller.shift(timedelta(minutes=1))
    assert done == 3  # 9:10, 9:20, 9:30
    assert QueueJob.objects.get().run_at == datetime(2026, 11, 22, 9, 40, tzinfo=UTC)


def test_what_takes_minutes_keeps_nobody_waiting_who_is_in_a_hurry() -> None:
    queue.enqueue("stage.write_long", number=1, priority=9)
    queue.enqueue("stage.write", number=2)
    in_a_hurry = queue_worker.Worker(lanes=(Lane.PROMPT, Lane.MAIL))
    assert in_a_hurry.work_off() == 1
    assert effects() == [2], "the other one is not theirs"
    assert leases.next_due((Lane.PROMPT,)) is None
    assert leases.next_due((Lane.LONG,)) is not None
    assert queue_worker.Worker(lanes=(Lane.LONG,)).work_off() == 1
    assert effects() == [1, 2]


def test_a_line_of_all_lanes_does_first_what_somebody_waits_for() -> None:
    queue.enqueue("stage.write_long", number=1, priority=9)
    queue.enqueue("stage.write", number=2)
    assert queue.work_off(limit=1) == 1
    assert effects() == [2]


def test_the_dead_of_another_lane_are_left_to_it() -> None:
    queue.enqueue("stage.write_long", number=1)
    leases.claim(1, Lane.LONG)
    _let_leases_run_out()
    assert leases.reclaim(Lane.PROMPT) is None
    assert leases.reclaim(Lane.LONG) is not None


def test_what_waits_from_before_an_upgrade_is_sorted_into_its_lane() -> None:
    QueueJob.objects.create(name="stage.write_long", args={"number": 1}, run_at=clock.now())
    assert QueueJob.objects.get().lane == "prompt"
    queue.sort_into_lanes()
    assert QueueJob.objects.get().lane == "long"


def test_each_line_plans_what_comes_round_in_its_own_lanes() -> None:
    queue.job("stage.tick", lane=Lane.LONG)(lambda: None)
    queue._periods_s["stage.tick"] = 600
    queue.plan_periodic(clock.now(), (Lane.PROMPT,))
    assert not QueueJob.objects.exists()
    queue.plan_periodic(clock.now(), (Lane.LONG,))
    assert QueueJob.objects.get().lane == "long"


def test_whoever_waits_behind_slow_ones_waits_for_a_few_at_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claiming a hundred at once would put the urgent behind all of them."""
    monkeypatch.setattr(queue_worker, "PIECE_S", 0.0)
    for number in range(3):
        queue.enqueue("stage.write", number=number)
    worker = queue_worker.Worker()
    worker._at_once = 3
    assert worker._work(leases.claim(3)) == (1, 1)
    queue.enqueue("stage.write", number=9, priority=1)
    assert worker.work_off(limit=1) == 1
    assert effects() == [0, 9]
    assert worker.work_off() == 2
    assert effects() == [0, 1, 2, 9]


def test_figures_tell_depth_and_age() -> None:
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC), tick=False) as traveller:
        queue.enqueue("stage.write", number=1)
        queue.enqueue("stage.write", number=2, run_at=clock.now() + timedelta(days=1))
        traveller.shift(timedelta(seconds=90))
        leases.claim(0)
        assert queue.figures() == queue.Figures(
            waiting=2, oldest_age_s=90.0, oldest_long_age_s=0.0, leased=0, failed=0
        )


def test_the_claim_reads_the_index(django_assert_num_queries: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM kit_queuejob WHERE lane = 'prompt' AND failed_at IS NULL "
            "AND leased_until IS NULL AND run_at <= now() "
            "ORDER BY priority DESC, run_at, id LIMIT 100 FOR UPDATE SKIP LOCKED"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "queue_due" in plan
    assert "Sort" not in plan
