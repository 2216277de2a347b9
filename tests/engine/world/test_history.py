"""The past is orderly: a named human with a reason behind every no, and rates that are the public ones."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest

from segue.engine.world import World, found_world
from segue.engine.world import calibration as public
from segue.engine.world.history import office_hours
from segue.engine.world.occupations_office import ENGINEERING
from segue.engine.world.records import EVENT_KINDS, SOURCES, STAGES, Application
from tests.engine.world.conftest import TODAY

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
SEEDS = (21, 22, 23, 24)


def _finished(world: World) -> list[Application]:
    """Applications for past jobs: their courses are complete, so their rates are not cut short by today."""
    past = {job.external_id for job in world.visible.jobs if job.status != "open"}
    return [row for row in world.visible.applications if row.job in past]


def _stages(row: Application) -> set[str]:
    return {entry.stage for entry in row.stages}


def _days(row: Application, stage: str) -> list[float]:
    return [
        (entry.entered_at - row.applied_at).total_seconds() / 86_400
        for entry in row.stages
        if entry.stage == stage
    ]


@pytest.fixture(scope="module")
def worlds(world: World) -> list[World]:
    return [world, *(found_world(seed, today=TODAY) for seed in SEEDS)]


@pytest.fixture(scope="module")
def finished(worlds: list[World]) -> list[Application]:
    return [row for one in worlds for row in _finished(one)]


def test_the_chain_is_the_public_one(finished: list[Application]) -> None:
    assert len(finished) > 20_000
    reached = Counter(stage for row in finished for stage in _stages(row))
    assert reached["screen"] / len(finished) == pytest.approx(public.SCREENED, rel=0.06)
    assert reached["onsite"] / reached["screen"] == pytest.approx(public.ONSITE, rel=0.06)
    assert reached["offer"] / len(finished) * public.CANDIDATES == pytest.approx(public.OFFERS, rel=0.10)
    assert reached["hired"] / reached["offer"] == pytest.approx(public.ACCEPTED, abs=0.06)
    assert len(finished) / reached["hired"] == pytest.approx(86, rel=0.15)


@pytest.mark.parametrize(
    ("source", "rate", "tolerance"), list(zip(SOURCES, public.HIRE_RATE, (0.2, 0.25, 0.3, 0.2), strict=True))
)
def test_hire_rates_differ_by_source(
    finished: list[Application], source: str, rate: float, tolerance: float
) -> None:
    rows = [row for row in finished if row.source == source]
    hired = sum(row.status == "hired" for row in rows)
    assert hired / len(rows) == pytest.approx(rate, rel=tolerance)


def test_engineers_say_no_more_often(worlds: list[World]) -> None:
    trade = {(id(one), job.external_id): job.occupation for one in worlds for job in one.visible.jobs}
    accepted: dict[bool, list[bool]] = {True: [], False: []}
    for one in worlds:
        for row in _finished(one):
            if "offer" in _stages(row):
                accepted[trade[id(one), row.job] in ENGINEERING].append(row.status == "hired")
    assert np.mean(accepted[True]) == pytest.approx(public.ACCEPTED_ENGINEERS, abs=0.11)
    assert np.mean(accepted[True]) < np.mean(accepted[False])


def test_latencies_are_the_public_ones(finished: list[Application]) -> None:
    first_answers = [row.stages[1].entered_at - row.applied_at for row in finished if len(row.stages) > 1]
    assert np.median([wait.total_seconds() / 86_400 for wait in first_answers]) < 7
    assert np.median([day for row in finished for day in _days(row, "interview")]) == pytest.approx(15, abs=2)
    assert np.median([day for row in finished for day in _days(row, "hired")]) == pytest.approx(39, abs=3)


def test_the_ledger_is_in_order_and_does_not_overlap(world: World) -> None:
    order = {stage: place for place, stage in enumerate((*STAGES, "rejected", "withdrawn"))}
    for row in world.visible.applications:
        assert row.stages[0].stage == "applied"
        assert row.stages[0].entered_at == row.applied_at
        places = [order[entry.stage] for entry in row.stages]
        assert places == sorted(set(places))
        for entry, following in zip(row.stages, row.stages[1:], strict=False):
            assert entry.left_at == following.entered_at
            assert entry.entered_at < following.entered_at
        assert row.stages[-1].left_at is None
        assert row.stages[-1].entered_at < NOW


def test_nobody_is_rejected_without_a_named_human_and_a_reason(world: World) -> None:
    staff = {one.external_id: one for one in world.visible.staff}
    for row in world.visible.applications:
        for entry in row.stages:
            if entry.stage == "rejected":
                assert staff[entry.by].role in ("recruiter", "hiring_manager")
                assert entry.reason
            elif entry.stage in ("applied", "withdrawn"):
                assert entry.by == ""
            else:
                assert entry.by in staff


def test_reasons_about_licences_and_permits_are_true(world: World) -> None:
    people = {person.external_id: person for person in world.visible.people}
    jobs = {job.external_id: job for job in world.visible.jobs}
    for row in world.visible.applications:
        person, job, reason = people[row.person], jobs[row.job], row.stages[-1].reason
        if reason == "licence-missing":
            assert set(job.licences) - set(person.licences)
        if reason == "work-permit-missing":
            assert job.permit_country not in person.permits


def test_people_are_known_before_they_apply_and_apply_to_adverts_that_stand(world: World) -> None:
    met = {person.external_id: person.created_at for person in world.visible.people}
    jobs = {job.external_id: job for job in world.visible.jobs}
    pairs = Counter((row.person, row.job) for row in world.visible.applications)
    assert max(pairs.values()) == 1
    for row in world.visible.applications:
        assert met[row.person] < row.applied_at
        assert jobs[row.job].posted_at < row.applied_at < jobs[row.job].valid_through
        assert row.applied_at < NOW


def test_every_past_application_has_ended_and_nobody_is_hired_twice(world: World) -> None:
    assert not [row for row in _finished(world) if row.status == "active"]
    hired = Counter(row.person for row in world.visible.applications if row.status == "hired")
    assert max(hired.values()) == 1
    seats = Counter(row.job for row in world.visible.applications if row.status == "hired")
    for job in world.visible.jobs:
        assert seats[job.external_id] <= job.openings
        assert (job.status == "filled") == (job.status != "open" and seats[job.external_id] > 0)


def test_hired_people_like_the_job_more_than_those_who_decline(worlds: list[World]) -> None:
    """The choice is the person's own: hidden utility, not our score, decides."""
    taken, declined = [], []
    for one in worlds:
        for row, value in zip(one.visible.applications, one.truth.application_utility, strict=True):
            if row.status == "hired":
                taken.append(value)
            elif row.stages[-1].reason.startswith("declined-offer"):
                declined.append(value)
    assert np.mean(taken) > np.mean(declined) + 0.2


def test_behaviour_is_heavy_tailed_and_only_of_those_who_allow_it(world: World) -> None:
    people, events = world.visible.people, world.visible.behaviour
    count = np.bincount(events.person, minlength=len(people))
    allowed = np.array([person.consents.behaviour for person in people])
    assert not count[~allowed].any()
    assert float((count == 0).mean()) == pytest.approx(1 / 3, abs=0.05)
    active = count[count > 0]
    assert 18 <= active.mean() <= 32
    assert np.percentile(active, 99) > 4 * np.median(active)
    assert np.bincount(events.kind, minlength=len(EVENT_KINDS)).all()
    assert (np.diff(events.at) >= np.timedelta64(0, "s")).all()
    assert events.at[-1] < np.datetime64(TODAY.isoformat())
    assert (events.at[-1] - events.at[0]) <= np.timedelta64(90, "D")


def test_apply_events_are_the_applications_themselves(world: World) -> None:
    seen, events = world.visible, world.visible.behaviour
    people = {person.external_id: index for index, person in enumerate(seen.people)}
    jobs = {job.external_id: index for index, job in enumerate(seen.jobs)}
    known = {
        (people[row.person], jobs[row.job], int(row.applied_at.timestamp())) for row in seen.applications
    }
    is_apply = events.kind == EVENT_KINDS.index("apply")
    at = events.at[is_apply].astype(np.int64)
    for person, job, second in zip(events.person[is_apply], events.job[is_apply], at, strict=True):
        assert (int(person), int(job), int(second)) in known


def test_people_see_only_what_is_posted_and_nothing_again_that_they_hid(world: World) -> None:
    events, jobs = world.visible.behaviour, world.visible.jobs
    posted = np.array([job.posted_at.timestamp() for job in jobs])
    is_open = np.array([job.status == "open" for job in jobs])
    assert is_open[events.job].all()
    assert (events.at.astype(np.int64) >= posted[events.job].astype(np.int64)).all()
    hidden: dict[tuple[int, int], int] = {}
    rows = zip(
        events.person.tolist(),
        events.job.tolist(),
        events.kind.tolist(),
        events.at.astype(np.int64),
        strict=True,
    )
    for person, job, kind, at in rows:
        if EVENT_KINDS[kind] == "impression":
            assert hidden.get((person, job), at) >= at
        if EVENT_KINDS[kind] == "hide":
            hidden[person, job] = int(at)


def test_attention_falls_with_position(world: World) -> None:
    events = world.visible.behaviour
    seen = np.bincount(events.position[events.kind == 0], minlength=8)
    assert (np.diff(seen) < 0).all()


def test_clicks_follow_hidden_tastes(world: World) -> None:
    """Within what was shown, jobs of the own trade are opened far more often."""
    events, people, jobs = world.visible.behaviour, world.visible.people, world.visible.jobs
    own = np.array(
        [
            people[person].occupation == jobs[job].occupation
            for person, job in zip(events.person, events.job, strict=True)
        ]
    )
    shown, clicked = events.kind == 0, events.kind == 1
    rate = [clicked[own == same].sum() / shown[own == same].sum() for same in (True, False)]
    assert rate[0] > 3 * rate[1]


@pytest.mark.parametrize("hour", range(0, 24 * 8, 5))
def test_decisions_fall_into_office_hours(hour: int) -> None:
    at = np.array([1_700_000_000 + hour * 3600])
    moved = datetime.fromtimestamp(int(office_hours(at, np.array([0]))[0]), tz=UTC)
    assert moved.weekday() < 5
    assert 9 <= moved.hour <= 17
