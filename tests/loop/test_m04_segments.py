"""M4. Rosa says in words whom she means; who belongs comes and goes by themselves, and can see and end it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from segue.kit import clock, queue_worker
from segue.kit.actor import Actor
from segue.learn.actions.searching import index_people
from segue.learn.actions.segments.editing import make_segment
from segue.learn.models import Segment
from segue.learn.queries.segments.listing import members_of, segments_of, stays_of
from segue.learn.queries.segments.wording import words_of
from segue.listen.actions.record import record
from segue.listen.models import Signal
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account
from tests.factories import actor, grant, make_job, make_person, make_skill

pytestmark = pytest.mark.django_db(transaction=True)
MACHINE = Actor.machine("a test")
RULE = {
    "version": 1,
    "rule": {
        "all": [
            {"kind": "place", "near": "Berlin", "km": 50},
            {"kind": "skills", "which": "all", "skills": ["Python"]},
            {"kind": "did", "signal": "card.saved", "at_least": 2, "days": 30},
        ]
    },
}


def work() -> None:
    queue_worker.Worker().work_off()


def test_rosa_names_a_segment_and_ada_comes_goes_and_has_the_last_word(
    rosa: Account, ada: Account, eve: Account
) -> None:
    """In Berlin, knows Python, saved two jobs in 30 days: by what each allowed, within seconds, in words."""
    make_skill("python")
    person = ada.person
    assert person is not None
    quiet = make_person(name="Quiet", skills=["python"])
    grant(quiet)
    closed = make_person(name="Closed", skills=["python"])
    index_people(by=MACHINE)
    segment = make_segment(name="Berlin Pythonistas", rule=RULE, by=actor(rosa))
    work()
    assert words_of(segment) == (
        "lives within 50 km of Berlin and knows Python and saved a job at least 2 times in the last 30 days"
    )
    assert not members_of(segment, by=actor(rosa)).exists()

    for one in (person, closed):
        for _ in range(2):
            record("card.saved", by=actor(ada), person_id=one.pk, job_id=make_job().pk)
    from segue.learn.actions.segments.refreshing import place_people

    place_people([person.pk, closed.pk, quiet.pk], by=MACHINE)
    assert [stay.person_id for stay in members_of(segment, by=actor(rosa))] == [person.pk]
    assert Signal.objects.filter(kind="segment.entered", person=person).count() == 1
    assert [one.name for one in segments_of(person.pk, by=actor(ada))] == ["Berlin Pythonistas"]
    assert not segments_of(person.pk, by=actor(eve)), "nobody else learns it"

    with time_machine.travel(clock.now() + timedelta(days=40)):
        place_people([person.pk], by=MACHINE)
        assert not members_of(segment, by=actor(rosa)).exists(), "thirty days later she is in it no more"
    place_people([person.pk], by=MACHINE)

    set_consent(person, purpose="behaviour", granted=False, by=actor(ada))
    work()
    assert not members_of(segment, by=actor(rosa)).exists(), "and her no takes her out at once"
    assert stays_of(person.pk, by=actor(rosa)).count() == 2
    assert Segment.objects.get().size == 0
    assert not Signal.objects.filter(kind="segment.entered", person=person).exists(), (
        "nor does the ledger tell"
    )


def test_ada_reads_on_her_own_page_which_groups_she_is_in(rosa: Account, ada: Account, client_as) -> None:  # type: ignore[no-untyped-def]
    make_skill("python")
    index_people(by=MACHINE)
    rule = {"version": 1, "rule": {"kind": "skills", "which": "all", "skills": ["python"]}}
    make_segment(name="Pythonistas", rule=rule, by=actor(rosa))
    work()
    page = client_as(ada).get(reverse("portal:you")).content.decode()
    assert "Pythonistas" in page
