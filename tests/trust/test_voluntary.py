"""Voluntary answers: kept apart, read by the person alone, counted and never told."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.db import connection, models

from segue.catalog.actions.erasure import erase_person
from segue.catalog.actions.merging import merge_people, unmerge
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.trust.actions.dials import set_dial
from segue.trust.actions.voluntary import say_voluntarily, take_back_voluntary
from segue.trust.models import Account, AuditLine, VoluntaryAnswer
from segue.trust.queries.dials import VOLUNTARY, voluntary_set_for
from segue.trust.queries.voluntary import own_voluntary, voluntary_counts
from segue.trust.voluntary import SETS
from tests.factories import actor, make_account, make_person

MACHINE = Actor.machine("tests")
SOURCE = Path(__file__).parents[2] / "src" / "segue"
pytestmark = pytest.mark.django_db


def say(account: Account, **said: str) -> None:
    assert account.person is not None
    say_voluntarily(account.person, secret_answers=said, asked_as="short", by=actor(account))


def test_ada_reads_what_she_said_and_changes_it(ada: Account) -> None:
    assert ada.person is not None
    say(ada, gender="woman", age="25_39")
    assert own_voluntary(ada.person.pk, actor(ada)) == {"gender": "woman", "age": "25_39"}
    say(ada, gender="not_said", age="")
    assert own_voluntary(ada.person.pk, actor(ada)) == {"gender": "not_said"}


def test_nobody_else_reads_them(ada: Account, eve: Account, mia: Account, rosa: Account) -> None:
    say(ada, gender="woman")
    assert ada.person is not None
    for other in (eve, mia, rosa):
        assert own_voluntary(ada.person.pk, actor(other)) == {}
    assert own_voluntary(ada.person.pk, MACHINE) == {}
    with pytest.raises(NotFound):
        say_voluntarily(ada.person, secret_answers={"gender": "man"}, asked_as="short", by=actor(mia))
    with pytest.raises(NotFound):
        take_back_voluntary(ada.person, by=actor(rosa))


def test_who_holds_the_link_adds_and_deletes_but_wipes_nothing_by_an_empty_form(ada: Account) -> None:
    say(ada, gender="woman", age="25_39")
    visitor = Actor.anonymous()
    assert ada.person is not None
    said = {"gender": "other", "age": "", "disability": ""}
    say_voluntarily(ada.person, secret_answers=said, asked_as="short", key_holder=True, by=visitor)
    assert own_voluntary(ada.person.pk, actor(ada)) == {"gender": "other", "age": "25_39"}
    take_back_voluntary(ada.person, key_holder=True, by=visitor)
    assert not VoluntaryAnswer.objects.exists()


def test_only_what_is_asked_can_be_answered(ada: Account) -> None:
    for said in ({"gender": "martian"}, {"religion": "yes"}):
        with pytest.raises(Invalid):
            say(ada, **said)


def test_the_table_points_at_nobody(ada: Account) -> None:
    say(ada, gender="woman")
    assert not [f for f in VoluntaryAnswer._meta.get_fields() if isinstance(f, models.ForeignKey)]
    row = str(VoluntaryAnswer.objects.values().get())
    assert ada.person is not None
    for told in (str(ada.person.pk), ada.person.pk.hex, str(ada.pk), ada.email, "Ada"):
        assert told not in row
    detail = str(list(AuditLine.objects.filter(verb="trust.say_voluntarily").values()))
    assert "woman" not in detail


def test_no_other_table_says_whose_a_row_is(ada: Account, eve: Account) -> None:
    say(ada, gender="woman")
    merge = merge_people(make_person(), ada.person, evidence={}, by=MACHINE)  # type: ignore[arg-type]  # a candidate
    assert merge.pk
    mark = VoluntaryAnswer.objects.get().pseudonym
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != "trust_voluntaryanswer":
                cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{mark}%"])
                assert cursor.fetchone()[0] == 0, table


def test_erasing_takes_them_along(ada: Account, eve: Account) -> None:
    say(ada, gender="woman")
    say(eve, gender="woman")
    assert ada.person is not None
    gone = erase_person(ada.person, by=actor(ada))
    assert gone["trust.VoluntaryAnswer"] == 1
    assert VoluntaryAnswer.objects.count() == 1


def test_two_records_of_one_person_are_read_together_and_apart_again(ada: Account, eve: Account) -> None:
    say(eve, age="25_39")
    assert ada.person is not None
    assert eve.person is not None
    merge = merge_people(ada.person, eve.person, evidence={}, by=MACHINE)
    assert own_voluntary(ada.person.pk, actor(ada)) == {"age": "25_39"}
    before = list(VoluntaryAnswer.objects.values())
    unmerge(merge, by=MACHINE)
    assert own_voluntary(ada.person.pk, actor(ada)) == {}
    assert list(VoluntaryAnswer.objects.values()) == before


def test_counts_name_nobody_and_no_group_of_fewer_than_five(theo: Account, rosa: Account) -> None:
    crowd = [make_account() for _ in range(12)]
    for at, one in enumerate(crowd):
        if at < 11:
            say(one, gender="woman" if at < 6 else "man" if at < 9 else "not_said")
    people = [one.person_id for one in crowd if one.person_id]
    counts = voluntary_counts("gender", {"applied": people, "hired": people[:3]}, by=actor(theo))
    assert counts == {"applied": {"woman": 6, "not_said": 5}, "hired": {}}
    assert voluntary_counts("gender", {"applied": people}, by=actor(rosa)) == {}


def test_what_is_asked_depends_on_the_country_and_on_a_dial() -> None:
    assert [voluntary_set_for(country) for country in ("US", "GB", "FR", "")] == ["us", "gb", "none", "none"]
    set_dial(VOLUNTARY, {"FR": "short", "*": "none", "US": "gone"}, by=MACHINE)
    assert [voluntary_set_for(country) for country in ("US", "GB", "FR")] == ["none", "none", "short"]


def test_every_answer_fits_its_column_and_saying_nothing_is_always_one_of_them() -> None:
    for categories in SETS.values():
        for one in categories:
            assert len(one.key) <= 20
            assert all(len(value) <= 20 for value in one.choices)


# Who may know that the store exists: its own files, the page that asks, the privacy walk at start-up, and the
# measurements of fairness. Nothing that finds, ranks, searches, recommends, decides or answers over the API.
MAY_KNOW = {
    "trust/models.py",
    "trust/voluntary.py",
    "trust/apps.py",
    "trust/actions/voluntary.py",
    "trust/queries/voluntary.py",
    "web/portal/views/voluntary.py",
    "web/portal/views/you.py",
}
WORDS = {"VoluntaryAnswer", "voluntary_counts", "own_voluntary", "pseudonyms_of", "all_pseudonyms_of"}


def test_nothing_that_finds_ranks_or_decides_can_read_them() -> None:
    for file in SOURCE.rglob("*.py"):
        name = file.relative_to(SOURCE).as_posix()
        if name in MAY_KNOW or name.startswith("measure/") or "migrations" in name:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        named |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        named |= {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
        }
        assert not named & WORDS, name
        assert "trust_voluntaryanswer" not in file.read_text(encoding="utf-8"), name
