"""Four rules, their vetoes, and people found in columns."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from segue.engine.same_person.comparable import comparable
from segue.engine.same_person.evidence import signs_of
from segue.engine.same_person.finding import Found, find_same
from segue.engine.same_person.groups import pairs_within
from segue.engine.same_person.pairs import LARGEST_BLOCK
from segue.engine.same_person.records import Records
from segue.engine.same_person.rules import NO_RULE, RULES

FIELDS = ("given", "family", "email", "phone", "profile", "city", "employer", "born")
_HERE = Path(__file__).resolve().parents[3].parent
DATA = Path(os.environ.get("SEGUE_TEST_DATA") or _HERE / "shared" / "data")
RECRUITING = DATA / "er" / "recruiting_synth.csv"
Row = dict[str, str]


def people(*rows: Row) -> Found:
    return find_same(Records(*([row.get(field, "") for row in rows] for field in FIELDS)))


def rule_of(one: Row, other: Row) -> str:
    found = people(one, other)
    if found.group[0] != found.group[1]:
        return ""
    return RULES[int(found.rule[found.merging[0]])].code


ADA: Row = {"given": "Ada", "family": "Lindqvist", "city": "Berlin", "employer": "Analytical GmbH"}
MAIL, OTHER_MAIL = {"email": "ada@x.example"}, {"email": "a.lindqvist@y.example"}
PHONE, OTHER_PHONE = {"phone": "+49 30 23125101"}, {"phone": "+49 30 23125999"}


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ({**ADA, "profile": "linkedin.com/in/a1"}, {**ADA, "family": "Byron", "profile": "A1"}, "profile"),
        ({**ADA, **MAIL}, {"given": "A.", "family": "Byron", "email": "Ada+jobs@X.example"}, "email"),
        ({**ADA, **PHONE, **MAIL}, {"given": "Lindqvist", "family": "Ada", "phone": "030 23125101"}, "phone"),
        ({**ADA, **MAIL}, {**ADA, "employer": "Analytical", "email": "relay-1@jobboard.example"}, "life"),
        (ADA, {"given": "Ada", "family": "Lindqvist", "city": "Berlin"}, "life"),
        ({**ADA, "born": "1990-02-01", **OTHER_MAIL, **PHONE}, {**ADA, "born": "01.02.1990", **MAIL}, "life"),
    ],
)  # fmt: skip
def test_what_each_rule_joins(one: Row, other: Row, rule: str) -> None:
    assert rule_of(one, other) == rule
    assert rule_of(other, one) == rule


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({**ADA, **MAIL}, {**ADA, "given": "Karin", **MAIL}),
        ({**ADA, **PHONE}, {**ADA, "given": "Karin", **PHONE}),
        ({**ADA, "given": "Jan", **PHONE, **MAIL}, {**ADA, "given": "Jana", **PHONE, **OTHER_MAIL}),
        ({**ADA, **MAIL, **PHONE}, {**ADA, **OTHER_MAIL, **OTHER_PHONE}),
        ({**ADA, **MAIL, "born": "1960-01-01"}, {**ADA, **MAIL, "born": "1990-01-01"}),
        ({**ADA, "family": "Smith Sr", **MAIL}, {**ADA, "family": "Smith Jr", **MAIL}),
        ({**ADA, "profile": "ada-1"}, {**ADA, "profile": "ada-2"}),
        ({**ADA, "email": "info@x.example"}, {"given": "Ada", "family": "Berg", "email": "info@x.example"}),
        ({**ADA, "phone": "000000000"}, {"given": "Ada", "family": "Berg", "phone": "000000000"}),
        ({**ADA, **PHONE, **MAIL}, {**ADA, "family": "Quigley", **PHONE, **OTHER_MAIL}),
    ],
    ids=["shared mail", "shared phone", "siblings", "namesakes", "born", "generations", "profiles", "office",
         "placeholder", "flatmates of one first name"],
)  # fmt: skip
def test_households_and_namesakes_stay_apart(one: Row, other: Row) -> None:
    assert rule_of(one, other) == ""


def test_a_household_does_not_grow_together_through_a_middle_one() -> None:
    robert = {"given": "Robert", "family": "Camus", **PHONE, **MAIL}
    unclear = {"given": "R.", "family": "Camus", **PHONE}
    rita = {"given": "Rita", "family": "Camus", **PHONE, **OTHER_MAIL}
    group = people(robert, unclear, rita).group
    assert group[0] != group[2]


def test_a_key_that_everybody_shares_tells_nobody_apart() -> None:
    crowd = [{"given": f"Name{n}", "family": "X", **PHONE} for n in range(LARGEST_BLOCK + 1)]
    assert not len(people(*crowd).pairs)


def test_the_signs_say_what_agrees_and_what_does_not() -> None:
    found = people(
        {**ADA, **PHONE, **MAIL}, {**ADA, "given": "Ada", "employer": "Other", **PHONE, **OTHER_MAIL}
    )
    signs = {sign.field: sign.how for sign in signs_of(found.agreement, 0)}
    assert signs == {
        "given": "same", "family": "same", "email": "different", "phone": "same", "city": "same",
        "employer": "different",
    }  # fmt: skip


def test_nobody_and_one_are_no_pair() -> None:
    assert not len(people().pairs)
    assert people(ADA).group.tolist() == [0]
    assert comparable(Records(*[[]] * 8))["name"] == []


def test_every_pair_of_a_group_was_joined_by_a_rule() -> None:
    rows = [{**ADA, **MAIL}, {**ADA, "given": "A", **MAIL}, {**ADA, **MAIL, **PHONE}, {**ADA, **PHONE}]
    found = people(*rows)
    assert found.group.tolist() == [0, 0, 0, 0]
    assert all(found.rule[place] != NO_RULE for place in found.merging)


@pytest.mark.skipif(
    not RECRUITING.exists(),
    reason="the real files are not here: point SEGUE_TEST_DATA at the folder that holds er/",
)
def test_precision_and_recall_on_recruiting_shaped_records() -> None:
    rows = list(csv.DictReader(RECRUITING.open(encoding="utf-8")))
    found = people(*[{**row, "profile": row["linkedin"]} for row in rows])
    truth = np.array([int(row["cluster"]) for row in rows])
    joined = pairs_within(found.group)
    right = truth[joined[:, 0]] == truth[joined[:, 1]]
    sizes = np.bincount(truth)
    assert right.mean() >= 0.995
    assert right.sum() / (sizes * (sizes - 1) // 2).sum() >= 0.88
