from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.content import FEATURES
from segue.engine.explain import Evidence, explain
from segue.engine.hybrid import score_one
from segue.engine.rank import DEFAULT_WEIGHTS, blend, weight_vector
from segue.engine.taste import EventKind, Events
from tests.engine.conftest import TODAY, make_scene

WEIGHTS = weight_vector(DEFAULT_WEIGHTS)
VALUES = st.lists(st.floats(-1, 1), min_size=len(FEATURES), max_size=len(FEATURES))

FULL = Evidence(
    title="Nurse",
    matched_skills=("a", "b", "c", "d"),
    distance_km=3.0,
    age_days=1.0,
    because_job="job-9",
    because_kind="save",
    shared_words=("night",),
)


def only(feature: str) -> np.ndarray:
    return np.array([1.0 if name == feature else 0.0 for name in FEATURES])


@given(VALUES)
def test_factors_add_up_to_the_score_and_to_the_ranking(values: list[float]) -> None:
    row = np.array(values)
    told = explain(row, WEIGHTS)
    assert sum(factor.contribution for factor in told.factors) == pytest.approx(told.score, abs=1e-12)
    assert told.score == pytest.approx(float(blend(row, WEIGHTS)), abs=1e-12)
    assert {factor.name for factor in told.factors} == set(FEATURES)


@pytest.mark.parametrize(
    ("feature", "code", "args"),
    [
        ("title", "title", {"title": "Nurse"}),
        ("skills", "skills", {"matched": ["a", "b", "c"], "count": 4}),
        ("place", "place", {"distance_km": 3.0}),
        ("freshness", "fresh", {"age_days": 1.0}),
        ("behaviour", "because_saved", {"job_id": "job-9", "kind": "save"}),
        ("words", "words", {"words": ["night"]}),
        ("pay", "pay", {}),
        ("wish", "wish", {}),
        ("text", "text", {}),
    ],
)
def test_the_reason_is_the_largest_real_part(feature: str, code: str, args: dict[str, object]) -> None:
    told = explain(only(feature), WEIGHTS, FULL)
    assert (told.reason_code, dict(told.reason_args)) == (code, args)


def test_a_part_that_pulls_down_is_never_the_reason() -> None:
    assert explain(-only("title"), WEIGHTS, FULL).reason_code == "general"


def test_a_part_without_evidence_hands_over_to_the_next() -> None:
    row = only("title") + 0.5 * only("place")
    assert explain(row, WEIGHTS, Evidence(distance_km=2.0)).reason_code == "place"
    assert explain(row, WEIGHTS, Evidence(remote=True)).reason_code == "remote"


def test_luck_is_called_luck() -> None:
    assert explain(only("title"), WEIGHTS, replace(FULL, explored=True)).reason_code == "explore"


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="weights"):
        explain(np.zeros(2), WEIGHTS)


def test_a_scored_person_can_have_every_job_explained() -> None:
    scene = make_scene(people=1)
    scored = score_one(scene)
    for job in range(len(scene.jobs)):
        told = scored.explain(job, title="Nurse", skill_names={0: "Python"})
        assert told.score == pytest.approx(scored.scores[job], abs=1e-12)


def test_because_names_what_they_did_to_which_job() -> None:
    scene = make_scene(people=1, events=0)
    jobs = replace(scene.jobs, title_vec=np.repeat(scene.jobs.title_vec[:1], 15, axis=0))
    events = (Events.of([(4, EventKind.CLICK, TODAY), (4, EventKind.SAVE, TODAY)]),)
    told = score_one(replace(scene, jobs=jobs, events=events)).explain(7)
    assert told.reason_code == "because_saved"
    assert told.reason_args == {"job_id": "job-4", "kind": "save"}


def test_chance_is_told_even_for_a_scored_person() -> None:
    assert score_one(make_scene(people=1)).explain(0, explored=True).reason_code == "explore"


def test_one_person_at_a_time() -> None:
    with pytest.raises(ValueError, match="one person"):
        score_one(make_scene(people=2))
