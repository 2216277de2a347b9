from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segue.engine.communities.fitting import (
    FLOOR,
    LEAST_PEOPLE,
    Abstained,
    Fit,
    Reason,
    fit_communities,
    place,
    reasons,
)
from segue.engine.communities.judging import adjusted_rand, silhouette
from segue.engine.communities.kmeans import k_means, nearest
from segue.engine.communities.space import SkillSets
from tests.engine.communities.crowd import TRADES, crowd, of_trade, shuffled


@pytest.fixture(scope="module")
def known() -> dict[str, frozenset[str]]:
    return crowd(600, 1)


@pytest.fixture(scope="module")
def fit(known: dict[str, frozenset[str]]) -> Fit:
    found = fit_communities(SkillSets.of(known), seed=1)
    assert isinstance(found, Fit)
    return found


def bits(found: Fit) -> tuple[bytes, ...]:
    arrays = (found.centres, found.reach, found.centroids, found.space.mean, found.space.axes)
    return (*(array.tobytes() for array in arrays), repr((found.slugs, found.tried)).encode())


def test_the_trades_are_found_and_found_again(fit: Fit, known: dict[str, frozenset[str]]) -> None:
    assert len(fit) == TRADES
    assert fit.chosen.stability is not None
    assert fit.chosen.stability.mean >= FLOOR
    placed = place(fit, known)
    truth = np.array([of_trade(person) for person in placed.ids])
    assert adjusted_rand(placed.label, truth) > 0.9


def test_the_order_people_come_in_changes_no_bit(fit: Fit, known: dict[str, frozenset[str]]) -> None:
    people = list(known.items())
    random.Random(5).shuffle(people)
    again = fit_communities(SkillSets.of(dict(people)), seed=1)
    assert isinstance(again, Fit)
    assert bits(again) == bits(fit)
    assert place(fit, dict(people)).label.tolist() == place(fit, known).label.tolist()


def test_another_seed_is_another_roll_and_the_same_people_together(
    fit: Fit, known: dict[str, frozenset[str]]
) -> None:
    again = fit_communities(SkillSets.of(known), seed=2)
    assert isinstance(again, Fit)
    assert adjusted_rand(place(again, known).label, place(fit, known).label) > 0.9


def test_skills_that_go_with_nothing_make_no_communities(known: dict[str, frozenset[str]]) -> None:
    found = fit_communities(SkillSets.of(shuffled(known, 3)), seed=1)
    assert isinstance(found, Abstained)
    assert found.reason is Reason.UNSTABLE
    tried = [one.stability for one in found.tried if one.stability is not None]
    assert tried
    assert all(one.mean < FLOOR for one in tried)


def test_too_few_people_or_skills_make_none() -> None:
    few = fit_communities(SkillSets.of(crowd(LEAST_PEOPLE - 1, 1)), seed=1)
    assert isinstance(few, Abstained)
    assert few.reason is Reason.FEW_PEOPLE
    alike = fit_communities(SkillSets.of({f"p{one}": ["sql"] for one in range(500)}), seed=1)
    assert isinstance(alike, Abstained)
    assert alike.reason is Reason.FEW_SKILLS
    assert isinstance(fit_communities(SkillSets.of({}), seed=1), Abstained)


def test_who_has_no_skill_that_counts_is_not_placed_and_who_is_far_is_in_none(fit: Fit) -> None:
    everything = frozenset(fit.slugs)
    placed = place(fit, {"empty": frozenset(), "odd": frozenset({"lace-making"}), "all": everything})
    assert placed.ids == ("all",)
    assert placed.label.tolist() == [-1]


def test_a_newcomer_is_placed_by_the_fit_of_before(fit: Fit, known: dict[str, frozenset[str]]) -> None:
    trade = {label: of_trade(person) for person, label in zip(*_places(fit, known), strict=True)}
    newcomers = crowd(60, 9, first=6_000)
    placed = place(fit, newcomers)
    right = [
        trade.get(label) == of_trade(person) for person, label in zip(*_places(fit, newcomers), strict=True)
    ]
    assert len(placed.ids) == 60
    assert np.mean(right) > 0.8


def _places(fit: Fit, people: dict[str, frozenset[str]]) -> tuple[list[str], list[int]]:
    placed = place(fit, people)
    return list(placed.ids), placed.label.tolist()


def test_the_reasons_are_skills_somebody_has_of_that_trade(
    fit: Fit, known: dict[str, frozenset[str]]
) -> None:
    placed = place(fit, known)
    for person, label in list(zip(placed.ids, placed.label.tolist(), strict=True))[:50]:
        if label >= 0:
            why = reasons(fit, known[person], label)
            assert why
            assert set(why) <= known[person]
            assert why[0].startswith(f"t{of_trade(person)}-")


def test_a_refit_begins_where_the_last_one_ended(fit: Fit, known: dict[str, frozenset[str]]) -> None:
    grown = known | crowd(30, 4, first=600)
    again = fit_communities(SkillSets.of(grown), seed=7, before=fit)
    assert isinstance(again, Fit)
    assert len(again) == len(fit)
    before, after = place(fit, known), place(again, known)
    assert np.mean(before.label == after.label) > 0.95


@given(st.integers(0, 1_000), st.integers(1, 8))
@settings(max_examples=25)
def test_k_means_is_the_same_each_time_and_leaves_everybody_with_the_nearest(seed: int, k: int) -> None:
    points = np.random.default_rng(seed).normal(size=(40, 3))
    once, again = (k_means(points, k, seed=seed, starts=2) for _ in range(2))
    assert once.centres.tobytes() == again.centres.tobytes()
    assert np.isfinite(once.centres).all()
    distances = np.linalg.norm(points[:, None] - once.centres, axis=2)
    assert nearest(points, once.centres)[0].tolist() == distances.argmin(axis=1).tolist()


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=4, max_size=60))
def test_agreement_and_silhouette_are_what_scikit_learn_says(pairs: list[tuple[int, int]]) -> None:
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    ours, theirs = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    assert adjusted_rand(ours, theirs) == pytest.approx(adjusted_rand_score(ours, theirs))
    points = np.random.default_rng(len(pairs)).normal(size=(len(pairs), 2))
    if 2 <= len(set(ours.tolist())) < len(pairs):
        assert silhouette(points, ours) == pytest.approx(silhouette_score(points, ours))
