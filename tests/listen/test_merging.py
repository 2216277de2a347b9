"""Events of somebody whose records were merged: they are the survivor's, and a no covers both."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from segue.catalog.actions.merging import merge_people, unmerge
from segue.catalog.models import Merge, Person
from segue.kit import clock
from segue.kit.actor import Actor
from segue.listen.actions.attach import note_edges
from segue.listen.actions.subjects import forget_subjects
from segue.listen.identity import Claim, Edge, whose
from segue.listen.jobs import settle_old_merges
from segue.listen.models import Identity, Signal, Source, Subject
from segue.listen.queries.subjects import keys_of
from segue.trust.models import Consent
from tests.factories import grant, make_person

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")


@pytest.fixture
def two() -> tuple[Person, Person]:
    """Lina, known twice: by her address, and by the id of another system."""
    lina = make_person(email="lina@people.example")
    other = make_person(email="lina.l@work.example", external_source="ats", external_id="L-77")
    grant(lina)
    return lina, other


def merge(two: tuple[Person, Person]) -> Merge:
    return merge_people(*two, evidence=[], by=MACHINE)


@pytest.mark.parametrize("ref", ["uuid", "L-77", "ats:L-77", "LINA.L@work.example"])
def test_every_way_to_name_the_merged_record_means_the_survivor(ref: str, two: tuple[Person, Person]) -> None:
    merge(two)
    claim = Claim(1, "", str(two[1].pk) if ref == "uuid" else ref)
    with connection.cursor() as cursor:
        assert whose(cursor, [claim])[claim].person_id == two[0].pk


def test_a_page_made_before_the_merge_speaks_for_the_survivor(two: tuple[Person, Person]) -> None:
    source = Source.objects.create(name="careers.example")
    merge(two)
    with connection.cursor() as cursor:
        note_edges(cursor, [Edge(source.pk, "v-1", two[1].pk, "token", clock.now())])
    assert Identity.objects.get().person == two[0]


def test_devices_and_acts_go_along_and_come_back(two: tuple[Person, Person]) -> None:
    grant(two[1])
    source = Source.objects.create(name="careers.example")
    Identity.objects.create(
        source=source, anonymous_id="v-2", person=two[1], said_by="identify", since=clock.now()
    )
    Signal.objects.create(kind="card.liked", person=two[1])
    made = merge(two)
    assert Identity.objects.get().person == two[0]
    assert Signal.objects.get(kind="card.liked").person == two[0]
    unmerge(made, by=MACHINE)
    assert Identity.objects.get().person == two[1]
    assert Signal.objects.get(kind="card.liked").person == two[1]


def test_two_pseudonyms_of_the_cold_tier_stand_for_one(two: tuple[Person, Person]) -> None:
    grant(two[1])
    for number, person in enumerate(two, 1):
        Subject.objects.create(pseudonym=number, person=person, key=bytes(32))
    made = merge(two)
    assert dict(Subject.objects.values_list("pseudonym", "same_as")) == {1: None, 2: 1}
    assert set(keys_of(None, by=MACHINE)) == {1, 2}
    Consent.objects.create(person=two[0], purpose="behaviour", granted=False, text_shown="", by="Lina")
    assert not keys_of(None, by=MACHINE), "her no covers what her other record did"
    forget_subjects(by=MACHINE)
    assert [one.pseudonym for one in Subject.objects.all()] == [2], "unread, until it cannot be undone"
    unmerge(made, by=MACHINE)
    assert Subject.objects.get().same_as is None


def test_after_thirty_days_what_a_no_held_back_is_nobodys(two: tuple[Person, Person]) -> None:
    grant(two[1])
    Signal.objects.create(kind="card.liked", person=two[1], purposes=["behaviour"])
    Consent.objects.create(person=two[0], purpose="behaviour", granted=False, text_shown="", by="Lina")
    made = merge(two)
    assert Signal.objects.get(kind="card.liked").person == two[1]
    settle_old_merges()
    assert Signal.objects.get(kind="card.liked").person == two[1]
    with time_machine.travel(clock.now() + timedelta(days=31)):
        for _ in range(2):
            settle_old_merges()
    made.refresh_from_db()
    assert made.settled_at is not None
    assert made.changes == []
    assert Signal.objects.get(kind="card.liked").person is None
