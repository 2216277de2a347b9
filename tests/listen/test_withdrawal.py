"""A no takes the name off everything heard before it, within a minute and for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from segue.catalog.models import Person
from segue.kit import clock, queue
from segue.kit.actor import Actor
from segue.kit.models import QueueJob
from segue.learn.queries.events import events_of
from segue.listen.actions.detach import detach_person
from segue.listen.actions.record import record
from segue.listen.jobs import detach_lately_withdrawn, detach_withdrawn
from segue.listen.models import Identity, Signal, Source, Subject
from segue.listen.queries.withdrawals import FOREVER, withdrawn_until
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account, Consent
from tests.factories import make_job, make_person

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def lina(ada: Account) -> Person:
    assert ada.person is not None
    return ada.person


def say(person: Person, granted: bool, commits: Any) -> None:
    with commits(execute=True):
        set_consent(person, purpose="behaviour", granted=granted, by=MACHINE)


def read(person: Person, dwell_s: float = 9.0) -> Signal:
    return record("job.dwelled", by=MACHINE, person_id=person.pk, job_id=make_job().pk, dwell_s=dwell_s)


def visited(person: Person, at: datetime | None = None) -> Signal:
    fields = {"received_at": at, "at": at} if at else {}
    return Signal.objects.create(
        kind="event.tracked",
        event="Asked for Lina",
        person=person,
        anonymous_id="visitor",
        props={"who": "Lina"},
        context={"locale": "de"},
        **fields,
    )


def work_what_is_due_within(span: timedelta) -> None:
    QueueJob.objects.filter(run_at__lte=clock.now() + span).update(run_at=clock.now())
    queue.work_off()


def test_a_no_is_obeyed_within_a_minute(lina: Person, django_capture_on_commit_callbacks: Any) -> None:
    commits = django_capture_on_commit_callbacks
    source = Source.objects.create(name="careers")
    Identity.objects.create(
        source=source, anonymous_id="visitor", person=lina, said_by="alias", since=clock.now()
    )
    Subject.objects.create(pseudonym=1, person=lina, key=b"k" * 32)
    dwell, visit = read(lina), visited(lina)
    applied = record("application.submitted", by=MACHINE, person_id=lina.pk, job_id=make_job().pk)
    assert len(events_of(lina.pk)) == 2

    say(lina, False, commits)
    queue.work_off()

    for row in Signal.objects.filter(pk__in=[dwell.pk, visit.pk]):
        assert (row.person_id, row.anonymous_id, row.message_id, row.context, row.purposes, row.event) == (
            None, "", "", {}, [], "",
        )  # fmt: skip
    kept = Signal.objects.get(pk=dwell.pk)
    assert (kept.job_id, kept.props, kept.at) == (dwell.job_id, {"dwell_s": 9.0}, dwell.at), "it still counts"
    assert Signal.objects.get(pk=visit.pk).props == {}
    assert Signal.objects.get(pk=applied.pk).person_id == lina.pk, "she asked for that"
    assert not Identity.objects.exists()
    assert not Subject.objects.exists()
    assert [event.kind for event in events_of(lina.pk)] == ["application.submitted"]

    say(lina, True, commits)
    read(lina)
    work_what_is_due_within(A_MINUTE)
    assert [event.kind for event in events_of(lina.pk)] == ["application.submitted", "job.dwelled"]
    assert Signal.objects.get(pk=dwell.pk).person_id is None, "a new yes gives nothing back"


def test_what_was_under_way_is_caught_by_a_second_look(
    lina: Person, django_capture_on_commit_callbacks: Any
) -> None:
    say(lina, False, django_capture_on_commit_callbacks)
    queue.work_off()
    late = visited(lina)  # a collector had read the yes, and commits after the no
    work_what_is_due_within(A_MINUTE)
    assert Signal.objects.get(pk=late.pk).person_id is None


def test_a_process_that_dies_between_does_not_keep_her(lina: Person) -> None:
    dwell, at = read(lina), clock.now()
    Consent.objects.create(person=lina, purpose="behaviour", granted=False, at=at, text_shown="", by="")
    detach_lately_withdrawn()
    assert Signal.objects.get(pk=dwell.pk).person_id is None
    with CaptureQueriesContext(connection) as asked:
        detach_lately_withdrawn()
    assert len(asked) == 1, "and who has been seen to is left alone"


def test_saying_yes_again_takes_nothing_off(lina: Person, django_capture_on_commit_callbacks: Any) -> None:
    dwell = read(lina)
    say(lina, True, django_capture_on_commit_callbacks)
    work_what_is_due_within(A_MINUTE)
    assert Signal.objects.get(pk=dwell.pk).person_id == lina.pk


def test_up_to_when() -> None:
    person = make_person()
    noon = clock.now()
    found = []
    for minute, granted in enumerate([True, True, False, False, True, True, False]):
        at = noon + minute * A_MINUTE
        Consent.objects.create(person=person, purpose="behaviour", granted=granted, at=at, by="")
        found.append(withdrawn_until(person.pk))
    yes_again = noon + 4 * A_MINUTE
    assert found == [None, None, FOREVER, FOREVER, yes_again, yes_again, FOREVER]


def test_another_purpose_withdrawn_takes_nothing_off(
    lina: Person, django_capture_on_commit_callbacks: Any
) -> None:
    dwell = read(lina)
    with django_capture_on_commit_callbacks(execute=True):
        set_consent(lina, purpose="discovery", granted=False, by=MACHINE)
    work_what_is_due_within(A_MINUTE)
    assert Signal.objects.get(pk=dwell.pk).person_id == lina.pk


@pytest.mark.parametrize("n", [1, 300])
def test_many_rows_take_as_many_statements_as_one(n: int, lina: Person) -> None:
    Signal.objects.bulk_create(
        [Signal(kind="job.dwelled", person=lina, props={"dwell_s": float(i)}) for i in range(n)]
    )
    with CaptureQueriesContext(connection) as asked:
        assert detach_person(person_id=lina.pk, until=FOREVER, by=MACHINE) == n
    assert len(asked) <= 10


def test_nobody_else_is_touched(lina: Person, eve: Account) -> None:
    assert eve.person is not None
    Signal.objects.create(kind="job.dwelled", person=eve.person, props={"dwell_s": 1.0})
    Consent.objects.create(person=lina, purpose="behaviour", granted=False, text_shown="", by="")
    detach_withdrawn(str(lina.pk))
    assert Signal.objects.filter(person=eve.person).exists()
