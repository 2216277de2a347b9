"""The funnel over the hot and the cold side: whose events it counts, when, for whom; and on any engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed
from segue.listen.cold.storage import FileGone, storage
from segue.listen.compute import Result, Task
from segue.listen.models import ColdFile
from segue.listen.queries import funnel_parts
from segue.listen.queries.funnel import FunnelCounts, Step, funnel
from segue.ports.compute import SerialEngine
from segue.trust.models import Account, Consent
from tests.factories import actor
from tests.listen.funnel_stage import (
    APPLIED,
    BEGINNING,
    CLICKED,
    MACHINE,
    SAVED,
    SHOWN,
    Stage,
    agreeing_person,
    random_history,
    subject_for,
)

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FORTNIGHT = 14 * DAY


@pytest.fixture
def stage(tmp_path: Path, settings: Any) -> Stage:
    settings.STORAGE = str(tmp_path)
    return Stage()


def ask(*kinds: str, window: timedelta = FORTNIGHT, by: Actor = MACHINE, **more: object) -> FunnelCounts:
    steps = [Step(*kind.split(":")) for kind in kinds]
    return funnel(steps, window=window, by=by, engine=SerialEngine(), **more)  # type: ignore[arg-type]


def test_a_chain_may_begin_cold_and_end_hot(stage: Stage) -> None:
    ada = agreeing_person()
    pseudonym = subject_for(77, person=ada)
    stage.cold(pseudonym, SHOWN, BEGINNING)
    stage.freeze()
    stage.hot(ada, CLICKED, BEGINNING + 13 * DAY)
    counts = ask(SHOWN, CLICKED)
    assert counts.reached == (1, 1)
    assert counts.events == 2
    assert ask(SHOWN, CLICKED, window=12 * DAY).reached == (1, 0)


def test_who_has_no_pseudonym_yet_is_one_person_all_the_same(stage: Stage) -> None:
    ada = agreeing_person()
    for kind, hour in ((SHOWN, 0), (CLICKED, 1), (SHOWN, 2)):
        stage.hot(ada, kind, BEGINNING + hour * HOUR)
        stage.hot("a visitor", kind, BEGINNING + hour * HOUR)
    assert ask(SHOWN, CLICKED, SHOWN).reached == (2, 2, 2)


def test_a_visitor_who_became_known_is_one_with_that_person_whatever_shards_they_lie_in(stage: Stage) -> None:
    ada = agreeing_person()
    known = subject_for(8, person=ada)  # shard 0
    before = subject_for(11, visitor="a tablet", same_as=known)  # shard 3
    long_before = subject_for(13, visitor="a phone", same_as=before)  # shard 5
    stage.cold(long_before, SHOWN, BEGINNING)
    stage.cold(before, CLICKED, BEGINNING + HOUR)
    stage.cold(known, SAVED, BEGINNING + 2 * HOUR)
    stage.freeze()
    stage.hot(ada, APPLIED, BEGINNING + 3 * HOUR)
    assert ask(SHOWN, CLICKED, SAVED, APPLIED).reached == (1, 1, 1, 1)


def test_nobody_the_erased_the_withdrawn_and_robots_are_not_counted(stage: Stage) -> None:
    gone = agreeing_person()
    withdrawn = subject_for(21, person=gone)
    Consent.objects.create(person=gone, purpose="behaviour", granted=False, text_shown="", by="them")
    visitor = subject_for(40, visitor="of theirs", same_as=withdrawn)
    for subject in (None, 99, withdrawn, visitor):  # 99: of an erased person, whose row is gone
        stage.cold(subject, SHOWN, BEGINNING)
    robot = subject_for(31, visitor="a robot")
    stage.cold(robot, SHOWN, BEGINNING, tier="D")
    stage.freeze()
    stage.hot("", SHOWN, BEGINNING)
    stage.hot(gone, SHOWN, BEGINNING)
    stage.hot("another robot", SHOWN, BEGINNING, tier="D")
    assert ask(SHOWN).reached == (0,)
    assert ask(SHOWN, tiers="D").reached == (2,)


def test_a_step_may_ask_for_the_name_a_sender_gave(stage: Stage) -> None:
    visitor = subject_for(5, visitor="somebody")
    stage.cold(visitor, "event.tracked", BEGINNING, event="Signed Up")
    stage.cold(visitor, "event.tracked", BEGINNING + HOUR, event="Left")
    stage.freeze()
    stage.hot("somebody", "event.tracked", BEGINNING + 2 * HOUR, event="Came Back")
    assert ask("event.tracked:Signed Up", "event.tracked:Left", "event.tracked:Came Back").reached == (
        1,
        1,
        1,
    )
    assert ask("event.tracked:Left", "event.tracked:Signed Up").reached == (1, 0)
    assert ask("event.tracked", "event.tracked", "event.tracked", "event.tracked").reached == (1, 1, 1, 0)


def test_only_what_happened_in_the_time_asked_for_counts(stage: Stage) -> None:
    visitor = subject_for(5, visitor="somebody")
    for week in range(4):
        stage.cold(visitor, SHOWN, BEGINNING + 7 * week * DAY)
    stage.cold(visitor, CLICKED, BEGINNING + 22 * DAY)
    stage.freeze()
    stage.hot("somebody", APPLIED, BEGINNING + 23 * DAY)
    ends = BEGINNING + 23 * DAY
    assert ask(SHOWN, CLICKED, APPLIED, since=BEGINNING + 21 * DAY).reached == (1, 1, 1)
    assert ask(SHOWN, CLICKED, APPLIED, since=BEGINNING + 21 * DAY, until=ends).reached == (1, 1, 0)
    assert ask(SHOWN, CLICKED, since=BEGINNING + 21 * DAY + HOUR).reached == (0, 0)
    assert ask(SHOWN, CLICKED, window=DAY, until=BEGINNING + 22 * DAY).reached == (1, 0)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_history_counts_as_plain_sql_does(stage: Stage, seed: int) -> None:
    random_history(stage, seed=seed)
    for steps in (
        [Step(SHOWN), Step(CLICKED), Step(SAVED), Step(APPLIED)],
        [Step(SHOWN), Step(SHOWN), Step(SHOWN)],
        [Step("event.tracked", "Signed"), Step(CLICKED), Step("event.tracked")],
    ):
        for window in (timedelta(0), FORTNIGHT):
            found = funnel(steps, window=window, by=MACHINE, engine=SerialEngine())
            assert list(found.reached) == stage.plain_counts(steps, window), (steps, window)


def test_cutting_shards_into_parts_changes_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    random_history(stage, seed=4)
    whole = ask(SHOWN, CLICKED, SAVED)
    monkeypatch.setattr(funnel_parts, "ROWS_OF_A_TASK", 10)
    assert replace(ask(SHOWN, CLICKED, SAVED), as_of=whole.as_of) == whole
    assert whole.reached[1] > 0


class ElsewhereEngine(SerialEngine):
    """As if its workers stood on another machine: they fetch files themselves."""

    shares_files = False


def test_workers_elsewhere_fetch_files_themselves(stage: Stage) -> None:
    random_history(stage, seed=5)
    steps = [Step(SHOWN), Step(CLICKED)]
    here = funnel(steps, window=FORTNIGHT, by=MACHINE, engine=SerialEngine())
    elsewhere = funnel(steps, window=FORTNIGHT, by=MACHINE, engine=ElsewhereEngine())
    assert elsewhere.reached == here.reached


class LateEngine(SerialEngine):
    """Somebody replaces the files between our looking at the list and our reading; `times` in a row."""

    def __init__(self, replace_files: Callable[[], None], times: int) -> None:
        self.replace_files, self.times = replace_files, times

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
        if self.times:
            self.times -= 1
            self.replace_files()
        return super().map(function, tasks)


def test_files_replaced_under_our_hands_are_looked_up_again(stage: Stage) -> None:
    visitor = subject_for(5, visitor="somebody")
    stage.cold(visitor, SHOWN, BEGINNING)
    stage.freeze()

    def rewrite() -> None:
        old = ColdFile.objects.get()
        stage.cold(visitor, SHOWN, BEGINNING)
        stage.freeze()
        old.delete()
        storage().delete(old.path)

    found = funnel([Step(SHOWN)], window=DAY, by=MACHINE, engine=LateEngine(rewrite, times=2))
    assert found.reached == (1,)
    with pytest.raises((FileGone, FileNotFoundError)):
        funnel([Step(SHOWN)], window=DAY, by=MACHINE, engine=LateEngine(rewrite, times=3))


def test_an_empty_ledger_is_an_answer(stage: Stage) -> None:
    counts = ask(SHOWN, CLICKED)
    assert counts.reached == (0, 0)
    assert counts.shares == (0.0, 0.0)


def test_funnels_are_for_those_who_work_with_figures(
    stage: Stage, ada: Account, rosa: Account, max_: Account, ines: Account, theo: Account, eve: Account
) -> None:
    for account in (rosa, theo):
        assert ask(SHOWN, by=actor(account)).reached == (0,)
    for account in (ada, max_, ines, eve):
        with pytest.raises(NotAllowed):
            ask(SHOWN, by=actor(account))
    with pytest.raises(NotAllowed):
        ask(SHOWN, by=Actor.anonymous())


def test_what_makes_no_sense_is_refused_by_name() -> None:
    for field, question in (
        ("steps", lambda: ask()),
        ("steps", lambda: ask(*[SHOWN] * 9)),
        ("steps", lambda: ask("card.shwon")),
        ("window", lambda: ask(SHOWN, window=-DAY)),
        ("until", lambda: ask(SHOWN, since=BEGINNING, until=BEGINNING)),
        ("tiers", lambda: ask(SHOWN, tiers="AX")),
    ):
        with pytest.raises(Invalid) as refused:
            question()
        assert refused.value.field == field
