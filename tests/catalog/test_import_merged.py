"""Imports and people who were merged, or erased: the nightly file changes nothing that was decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from segue.catalog.actions.erasure import erase_person
from segue.catalog.actions.merging import merge_people
from segue.catalog.actions.people import welcome_person
from segue.catalog.models import ErasedMark, Fact, HeldRow, Person
from segue.kit.actor import Actor, Role
from tests.catalog.files import MACHINE, bring_people, written

pytestmark = pytest.mark.django_db

TWICE = """id,name,email,phone,city
1,Ada Lindqvist,ada@people.example,+49 30 23125101,Berlin
2,A. Lindqvist,ada.l@work.example,+49 30 23125101,Potsdam
"""


def merged(tmp_path: Path) -> tuple[Person, Person]:
    bring_people(written(tmp_path, TWICE, "people.csv"), source="ats")
    one, other = Person.objects.order_by("external_id")
    merge_people(one, other, evidence=[], by=MACHINE)
    return one, other


def facts_now() -> list[tuple[object, ...]]:
    rows = Fact.objects.order_by("pk")
    return list(rows.values_list("pk", "person", "kind", "value", "superseded_at"))


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    merged(tmp_path)
    before = facts_now()
    for _ in range(2):
        report = bring_people(written(tmp_path, TWICE, "people.csv"), source="ats")
        assert report.outcomes["unchanged"] == 2
    assert facts_now() == before
    assert Person.objects.count() == 2


def test_news_of_the_merged_row_reach_the_survivor_and_take_nothing_back(tmp_path: Path) -> None:
    one, other = merged(tmp_path)
    news = TWICE.replace("Potsdam", "Hamburg").replace("A. Lindqvist", "Ada Lindqvist")
    report = bring_people(written(tmp_path, news, "people.csv"), source="ats")
    assert (report.outcomes["updated"], report.outcomes["unchanged"]) == (1, 1)
    one.refresh_from_db()
    assert one.city == "Hamburg"
    said = Fact.objects.filter(person=one, superseded_at=None).values_list("value", flat=True)
    assert {"ada@people.example", "ada.l@work.example"} & set(map(str, said))
    assert not Fact.objects.filter(person=other).exists()
    again = bring_people(written(tmp_path, news, "people.csv"), source="ats")
    assert again.outcomes["unchanged"] == 2


def test_another_source_that_knows_the_merged_address_meets_the_survivor(tmp_path: Path) -> None:
    one, _other = merged(tmp_path)
    row = "id,name,email,headline\n9,Ada Lindqvist,ada.l@work.example,Engineer\n"
    bring_people(written(tmp_path, row, "board.csv"), source="board")
    assert Person.objects.count() == 2
    assert Fact.objects.filter(person=one, method="import:board").exists()
    found, is_new = welcome_person(email="ADA.L@work.example", name="Ada", by=MACHINE)
    assert (found, is_new) == (one, False)


class TestErased:
    """Whoever asked to be forgotten is not brought back by a file, and nothing of them is kept to know it."""

    def test_their_row_is_held_without_its_contents(self, tmp_path: Path) -> None:
        one, _other = merged(tmp_path)
        erase_person(one, by=MACHINE)
        report = bring_people(written(tmp_path, TWICE, "people.csv"), source="ats")
        assert (report.outcomes["held"], report.outcomes["created"], report.conserves) == (2, 0, True)
        assert report.errors["erased_person"] == 2
        assert [(row.error, row.row) for row in HeldRow.objects.order_by("line")] == [
            ("erased_person", {"line": 2}),
            ("erased_person", {"line": 3}),
        ]
        assert not report.rejects_file
        assert "ada" not in "".join(ErasedMark.objects.values_list("digest", flat=True))

    def test_the_address_alone_is_enough(self, tmp_path: Path) -> None:
        one, _other = merged(tmp_path)
        erase_person(one, by=MACHINE)
        row = "id,name,email\n77,Ada,Ada.L+x@Work.example\n78,Bob,bob@people.example\n"
        report = bring_people(written(tmp_path, row, "board.csv"), source="board")
        assert (report.outcomes["held"], report.outcomes["created"]) == (1, 1)

    def test_they_are_welcome_when_they_come_by_themselves(self, tmp_path: Path) -> None:
        one, _other = merged(tmp_path)
        erase_person(one, by=MACHINE)
        ada, is_new = welcome_person(
            email="ada@people.example", name="Ada", by=Actor(role=Role.ANONYMOUS, name="a visitor")
        )
        assert is_new
        assert bring_people(written(tmp_path, TWICE, "people.csv"), source="ats").outcomes["updated"] == 1
        assert Person.objects.get(email="ada@people.example") == ada
