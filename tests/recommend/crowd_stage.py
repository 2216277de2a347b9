"""A company of some dozens with histories, limits and second thoughts, for whoever recommends in bulk."""

from __future__ import annotations

from decimal import Decimal

from segue.catalog.models import Job, Person
from segue.listen.actions.record import record
from segue.recommend.models import CardStance, Stance
from tests.factories import grant, make_person, make_resume
from tests.recommend.stage import KINDS, own, reread

ALLOWED = (("profile", "behaviour"), ("profile",), ("behaviour",), ())


def crowd(jobs: list[Job], count: int = 24) -> list[Person]:
    """People of eight kinds; every fourth allows nothing, others one purpose or both."""
    people = []
    for number in range(count):
        title, _, skills = KINDS[number % len(KINDS)]
        person = make_person(
            name=f"Person {number}",
            headline=title,
            skills=skills,
            pay_floor=Decimal(45_000) if number % 5 == 0 else None,
            pay_currency="EUR",
            pay_period="year",
        )
        make_resume(person, text=f"{title} with {', '.join(skills)}.")
        grant(person, *ALLOWED[number // len(KINDS) % len(ALLOWED)])
        for step in (0, 8):
            job = jobs[(number + step) % len(jobs)]
            record("card.clicked", by=own(person), person_id=person.pk, job_id=job.pk)
        put_away(person, jobs[(number + 1) % len(jobs)])
        people.append(person)
    reread()
    return people


def put_away(person: Person, job: Job) -> None:
    CardStance.objects.create(person=person, job=job, stance=Stance.HIDDEN)
