"""The audit names every fault that was planted, where it was planted, and finds none in what is right."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from segue.catalog.actions.auditing.faults import FAULTS
from segue.catalog.actions.auditing.run import audit
from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.models import Audit, Fact, FactSource, Finding, Job, Person, Resume
from segue.kit import clock
from segue.kit.actor import Actor
from tests.factories import make_job, make_person, make_resume

pytestmark = pytest.mark.django_db
WORKER = Actor.machine("worker")
NAMES = ("Ada Lindqvist", "محمد العلي", "Zoë O’Neill", "Дмитрий Орлов", "Ana María Núñez", "李 明")


@pytest.fixture(autouse=True)
def _right() -> None:
    """A company in which everything is as it should be."""
    for number, name in enumerate(NAMES * 2):
        person = make_person(
            name=name if number < len(NAMES) else f"{name} Jr",
            phone=f"+49 30 55501{number:02}",
            skills=["python"],
            pay_floor=Decimal(50_000), pay_currency="EUR", pay_period="year",
            time_zone="Europe/Berlin",
        )  # fmt: skip
        position = {"title": "Nurse", "employer": f"House {number}", "start": "2015-03", "end": "2020"}
        state_facts(person, [Said("position", position)], source=FactSource.PARSED, by=WORKER)
        make_resume(
            person, text=f"{name} has worked as a nurse in house {number} for five years, day and night."
        )
    for _ in range(4):
        make_job(
            required_skills=["python"],
            description="You look after people who need it, and do it kindly. " * 2,
        )


def a_person() -> Person:
    person = Person.objects.order_by("pk")[3]
    assert isinstance(person, Person)
    return person


def person_with(**fields: object) -> Person:
    Person.objects.filter(pk=a_person().pk).update(**fields)
    return a_person()


def job_with(**fields: object) -> Job:
    job = Job.objects.order_by("pk")[1]
    Job.objects.filter(pk=job.pk).update(**fields)
    return job


def position(start: str, end: str = "") -> Person:
    Fact.objects.filter(person=a_person(), kind="position").update(
        value={"title": "Nurse", "start": start, "end": end}
    )
    return a_person()


def other_city() -> Person:
    person = a_person()
    state_facts(person, [Said("city", "Berlin")], source=FactSource.ATS, by=WORKER)
    state_facts(person, [Said("city", "Potsdam")], source=FactSource.PARSED, by=WORKER)
    return person


def resume_of(text: str) -> Person:
    digest = hashlib.sha256(text.encode()).hexdigest()
    Resume.objects.filter(person=a_person()).update(text=text, sha256=digest)
    return a_person()


def same_resume() -> Person:
    return resume_of(Resume.objects.order_by("pk")[0].text)


def namesake() -> Person:
    other = Person.objects.order_by("pk")[0]
    return person_with(phone=other.phone, name=other.name)


def long_ago() -> Person:
    before = clock.now() - timedelta(days=4 * 365)
    Fact.objects.filter(person=a_person()).update(stated_at=before)
    return person_with(updated_at=before)


PLANTED: dict[str, list[Callable[[], Person | Job]]] = {
    "bad_email": [lambda: person_with(email="ada at example.com"), lambda: person_with(email="ada@")],
    "shared_mailbox": [lambda: person_with(email="Info@example.com")],
    "bad_phone": [lambda: person_with(phone="on request"), lambda: person_with(phone="+49 30")],
    "no_way_to_reach": [lambda: person_with(phone="", email=None)],
    "household_conflict": [lambda: person_with(phone=Person.objects.order_by("pk")[0].phone)],
    "same_person_twice": [namesake],
    "same_resume_twice": [same_resume],
    "name_missing": [lambda: person_with(name=" ")],
    "not_a_name": [lambda: person_with(name="ada@example.com"), lambda: person_with(name="Candidate 17")],
    "unknown_country": [lambda: person_with(country="XQ", city="", lat=None, lon=None)],
    "place_elsewhere": [lambda: person_with(lat=48.1, lon=11.6), lambda: job_with(lat=0.0, lon=0.0)],
    "unknown_time_zone": [lambda: person_with(time_zone="Mars/Olympus")],
    "pay_without_currency_or_period": [
        lambda: person_with(pay_currency=""),
        lambda: person_with(pay_period=""),
    ],
    "pay_implausible": [
        lambda: person_with(pay_floor=Decimal(50), pay_period="year"),
        lambda: job_with(pay_min=Decimal(60_000), pay_max=Decimal(70_000), pay_period="hour"),
    ],
    "unknown_skill": [lambda: person_with(skills=["pyhton"]), lambda: job_with(required_skills=["falconry"])],
    "conflicting_facts": [other_city],
    "end_before_start": [lambda: position("2020-05", "2019-02")],
    "position_in_future": [lambda: position("2099-01")],
    "position_too_long": [lambda: position("1907", "2020")],
    "empty_resume": [lambda: resume_of("CV")],
    "mojibake": [
        lambda: person_with(headline="KÃ¶chin"),
        lambda: job_with(
            description="WÃ¼rde und Geduld, jeden Tag, mit allen, die hier wohnen und arbeiten."
        ),
    ],
    "stale": [long_ago],
    "expired_open": [lambda: job_with(valid_through=clock.now() - timedelta(days=2))],
    "posted_in_future": [lambda: job_with(posted_at=clock.now() + timedelta(days=9))],
    "no_description": [lambda: job_with(description="Nice job.")],
}


def found() -> set[tuple[str, object]]:
    audit(by=WORKER)
    return {(one.fault, one.person_id or one.job_id) for one in Finding.objects.all()}


def test_nothing_planted_nothing_found() -> None:
    assert found() == set()


def test_every_fault_that_can_be_named_is_planted_here() -> None:
    assert set(PLANTED) == set(FAULTS)
    assert len(PLANTED) >= 20


@pytest.mark.parametrize(
    ("fault", "plant"), [(fault, plant) for fault, plants in PLANTED.items() for plant in plants]
)
def test_what_is_planted_is_found_and_called_by_its_name(
    fault: str, plant: Callable[[], Person | Job]
) -> None:
    row = plant()
    named = found()
    assert (fault, row.pk) in named
    assert {code for code, _ in named} == {fault}


def test_an_audit_counts_what_each_source_fills_and_replaces_the_one_before() -> None:
    person_with(name="", external_source="ats", external_id="7")
    first, second = audit(by=WORKER), audit(by=WORKER)
    assert (second.people, second.jobs) == (len(NAMES) * 2, 4)
    assert second.filled["ats"] == first.filled["ats"]
    assert second.filled["ats"]["people"] == 1
    assert "name" not in second.filled["ats"]
    assert second.filled["ats"]["resume"] == 1
    assert Finding.objects.filter(fault="name_missing").count() == 1
    assert Audit.objects.count() == 1  # one a day


def test_whoever_is_gone_is_not_looked_at() -> None:
    person_with(name="", erased_at=clock.now())
    assert found() == set()
