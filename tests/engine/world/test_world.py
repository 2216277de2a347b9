"""A world is the same for the same seed, holds what was asked for, and keeps its truth to itself."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields, is_dataclass
from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segue.engine.world import World, digest_of, found_world
from segue.engine.world.records import EVENT_KINDS, Behaviour
from segue.engine.world.truth import Truth
from tests.engine.world.conftest import TODAY

PLAIN = (str, int, float, bool, date, datetime, type(None))


def test_a_world_holds_what_was_asked_for(world: World) -> None:
    seen = world.visible
    assert len(seen.people) == 5000
    assert sum(job.status == "open" for job in seen.jobs) == 200
    assert sum(job.status != "open" for job in seen.jobs) == 260
    assert len(seen.occupations) >= 28
    assert len(seen.employer.departments) >= 8
    assert len({site.country for site in seen.employer.sites}) >= 8


def test_the_same_seed_gives_the_same_world_in_a_process_with_another_hash_seed() -> None:
    here = digest_of(found_world(11, people=150, jobs=20, today=TODAY))
    script = (
        "from datetime import date; from segue.engine.world import *;"
        "print(digest_of(found_world(11, people=150, jobs=20, today=date(2026, 11, 22))))"
    )
    found = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    ]
    assert found == [here, here]


def test_another_seed_or_day_gives_another_world() -> None:
    worlds = [
        found_world(1, people=20, jobs=5, today=TODAY),
        found_world(2, people=20, jobs=5, today=TODAY),
        found_world(1, people=20, jobs=5, today=date(2026, 11, 23)),
    ]
    assert len({digest_of(one) for one in worlds}) == 3


@pytest.mark.parametrize(("seed", "people", "jobs"), [(-1, 10, 5), (1, 1, 5), (1, 10, 0)])
def test_a_world_that_cannot_be_is_refused(seed: int, people: int, jobs: int) -> None:
    with pytest.raises(ValueError, match="a world needs"):
        found_world(seed, people=people, jobs=jobs, today=TODAY)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    people=st.integers(2, 60),
    jobs=st.integers(1, 25),
    today=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
)
def test_small_worlds_stand_on_any_day(seed: int, people: int, jobs: int, today: date) -> None:
    seen = found_world(seed, people=people, jobs=jobs, today=today).visible
    assert len(seen.people) == people
    assert sum(job.status == "open" for job in seen.jobs) == jobs
    assert len({person.email for person in seen.people}) == people
    assert len(seen.behaviour.kind) == len(seen.behaviour.person)
    for job in seen.jobs:
        assert 0 < job.pay_min <= job.pay_max
    for application in seen.applications:
        assert application.stages[0].stage == "applied"
        assert application.stages[-1].entered_at.date() < today


def _reachable(value: object) -> list[object]:
    """Everything that can be reached from a value through fields and members."""
    found, todo = [], [value]
    while todo:
        item = todo.pop()
        found.append(item)
        if is_dataclass(item) and not isinstance(item, type):
            todo += [getattr(item, field.name) for field in fields(item)]
        elif isinstance(item, tuple | list):
            todo += list(item)
        elif isinstance(item, np.ndarray) and item.base is not None:
            todo.append(item.base)
    return found


def test_the_truth_cannot_be_reached_from_what_is_visible() -> None:
    world = found_world(3, people=60, jobs=10, today=TODAY)
    hidden = {id(getattr(world.truth, field.name)) for field in fields(Truth)}
    reachable = _reachable(world.visible)
    assert not [item for item in reachable if id(item) in hidden or isinstance(item, Truth)]
    own = {id(getattr(world.visible.behaviour, field.name)) for field in fields(Behaviour)}
    arrays = [item for item in reachable if isinstance(item, np.ndarray)]
    assert {id(array) for array in arrays} == own  # no other column hides in the visible part


def test_what_is_visible_is_made_of_plain_values_that_any_loader_can_store() -> None:
    seen = found_world(3, people=60, jobs=10, today=TODAY).visible
    leaves = [
        item
        for item in _reachable((seen.employer, seen.staff, seen.jobs, seen.people, seen.applications))
        if not isinstance(item, tuple) and not is_dataclass(item)
    ]
    assert {type(leaf) for leaf in leaves} <= set(PLAIN)


def test_no_protected_attribute_is_recorded(world: World) -> None:
    names = {field.name for field in fields(type(world.visible.people[0]))}
    assert not names & {
        "gender",
        "sex",
        "age",
        "birth_date",
        "ethnicity",
        "religion",
        "disability",
        "nationality",
    }


def test_truth_has_a_row_for_every_visible_row(world: World) -> None:
    people, jobs = len(world.visible.people), len(world.visible.jobs)
    assert world.truth.weights.shape == (people, len(world.truth.attributes))
    assert world.truth.skill_levels.shape == (people, len(world.visible.skills))
    assert world.truth.reservation_usd.shape == world.truth.interest.shape == (people,)
    assert len(world.truth.job_traits) == len(world.truth.job_fit) == jobs
    assert len(world.truth.outcome_draws) == len(world.visible.applications)
    assert len(EVENT_KINDS) > int(world.visible.behaviour.kind.max())
