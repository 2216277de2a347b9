"""Statements put together once say what Django's own would."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from segue.catalog.models import Job, Person
from segue.kit import clock
from segue.kit.prepared import Reading, insert
from segue.recommend.models import CardStance, Exposure
from segue.trust.models import AuditLine
from tests.factories import make_job, make_person

pytestmark = pytest.mark.django_db


def stances_since(person_id: uuid.UUID, at: datetime):  # type: ignore[no-untyped-def]  # a queryset, as read
    rows = CardStance.objects.filter(person_id=person_id, at__gt=at)
    return rows.select_related("job", "exposure").defer("job__description").order_by("-at")


def stance_of(person: Person, job: Job, *, days_ago: int = 0) -> CardStance:
    at = clock.now() - timedelta(days=days_ago)
    return CardStance.objects.create(
        person=person, job=job, stance="saved", before=[{"stance": "liked", "ids": [1, 2]}], at=at
    )


def test_a_reading_gives_the_rows_a_queryset_gives() -> None:
    ada, eve = make_person(), make_person()
    jobs = [make_job(title=title) for title in ("Night nurse", "Cook", "Welder")]
    for days, job in enumerate(jobs):
        stance_of(ada, job, days_ago=days)
    stance_of(eve, jobs[0])
    reading = Reading(stances_since, person_id=uuid.UUID, at=datetime)
    for person, days in ((ada, 10), (ada, 1), (eve, 10), (make_person(), 10)):
        at = clock.now() - timedelta(days=days, hours=-1)
        told = reading.read(person_id=person.pk, at=at)
        expected = list(stances_since(person.pk, at))
        assert [vars(one)["id"] for one in told] == [one.pk for one in expected]
        for one, other in zip(told, expected, strict=True):
            assert (one.at, one.before, one.until) == (other.at, other.before, other.until)
            assert one.job.required_skills == other.job.required_skills
            assert one.job.get_deferred_fields() == other.job.get_deferred_fields()
            assert one.exposure is None


def test_inserted_rows_are_there_with_their_keys() -> None:
    told = [{"n": [number]} for number in range(3)]
    lines = [AuditLine(verb="test.line", actor_role="machine", detail=one) for one in told]
    insert(lines)
    assert [AuditLine.objects.get(pk=line.pk).detail for line in lines] == [
        {"n": [0]},
        {"n": [1]},
        {"n": [2]},
    ]
    assert AuditLine.objects.filter(verb="test.line").count() == 3
    insert([])


def test_a_conflict_can_be_settled_and_a_refusal_is_djangos() -> None:
    ada, job = make_person(), make_job()
    first = stance_of(ada, job)
    again = CardStance(person=ada, job=job, stance="hidden", at=clock.now())
    insert([again], on_conflict="(person_id, job_id) DO UPDATE SET stance = excluded.stance")
    assert again.pk == first.pk
    first.refresh_from_db()
    assert first.stance == "hidden"
    bad = Exposure(
        person=ada, job=job, shelf="new", position=0, policy_id="", model_hash="", propensity=0.0, score=0.0
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([bad])
