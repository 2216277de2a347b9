"""Whatever happens in whatever order: no job has two holders, and each is done exactly once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.kit import clock, queue
from segue.kit import queue_leases as leases
from segue.kit.models import QueueJob
from segue.kit.queue_leases import Claim
from tests.kit.queue_stage import effects, write_effect

steps = st.lists(
    st.one_of(
        st.tuples(st.just("enqueue"), st.integers(1, 4)),
        st.tuples(st.just("claim"), st.integers(1, 3)),
        st.tuples(st.just("reclaim"), st.just(0)),
        st.tuples(st.just("expire"), st.just(0)),
        st.tuples(st.just("finish"), st.integers(0, 9)),
        st.tuples(st.just("trip"), st.integers(0, 9)),
        st.tuples(st.just("give_back"), st.integers(0, 9)),
    ),
    max_size=25,
)


@pytest.mark.usefixtures("stage")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_walk_does_each_job_exactly_once(walk: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        _follow(walk)
        transaction.set_rollback(True)


def _follow(walk: list[tuple[str, int]]) -> None:
    promised = 0
    hands: list[Claim] = []  # everything any worker believes it holds, also after its lease was lost
    for verb, number in walk:
        if verb == "enqueue":
            queue.enqueue_many("stage.write", [{"number": promised + n} for n in range(number)])
            promised += number
        elif verb == "claim":
            hands += leases.claim(number)
        elif verb == "reclaim":
            hands += filter(None, [leases.reclaim()])
        elif verb == "expire":
            _expire_all()
        elif hands:
            _settle(verb, hands.pop(number % len(hands)))
        _nobody_shares(hands)
    _expire_all()
    while rest := (leases.reclaim() or next(iter(leases.claim(1)), None)):
        _settle("finish", rest)
    assert Counter(effects()) == Counter(range(promised))


def _settle(verb: str, claim: Claim) -> None:
    if verb == "finish":
        if leases.finish([claim]):
            write_effect(claim.args["number"])
    elif verb == "give_back":
        leases.give_back([claim])
    else:
        leases.postpone(claim, "tripped")
        QueueJob.objects.filter(failed_at=None).update(run_at=clock.now() - timedelta(seconds=1))


def _expire_all() -> None:
    past = clock.now() - timedelta(hours=1)
    QueueJob.objects.filter(leased_until__isnull=False).update(leased_until=past)
    QueueJob.objects.filter(failed_at__isnull=False).update(failed_at=None, attempts=0, run_at=past)


def _nobody_shares(hands: list[Claim]) -> None:
    holders = dict(QueueJob.objects.exclude(leased_by="").values_list("id", "leased_by"))
    good = [claim.id for claim in hands if holders.get(claim.id) == claim.lease]
    assert len(good) == len(set(good))
