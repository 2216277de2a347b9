"""One function a row. Every default can be overridden; nothing is random."""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

from segue.catalog.models import (
    Brand,
    EmploymentType,
    FactSource,
    Job,
    JobStatus,
    PayPeriod,
    Person,
    Resume,
    Skill,
)
from segue.hire.models import Application
from segue.kit import clock
from segue.kit.actor import Role
from segue.trust.models import Account, Consent, JobMember, Purpose

_count = itertools.count(1)


def make_person(**fields: Any) -> Person:
    """Make a candidate; without a name they are Person 1, 2, 3 …"""
    number = next(_count)
    fields.setdefault("name", f"Person {number}")
    fields.setdefault("email", f"person{number}@people.example")
    fields.setdefault("city", "Berlin")
    fields.setdefault("country", "DE")
    fields.setdefault("lat", 52.52)
    fields.setdefault("lon", 13.405)
    fields.setdefault("permits", ["DE"])
    return Person.objects.create(**fields)


def make_brand(**fields: Any) -> Brand:
    """Make a brand; without a name they are Brand 1, 2, 3 …"""
    number = next(_count)
    defaults = {"key": f"brand-{number}", "name": f"Brand {number}", "accent": "#12827c"}
    return Brand.objects.create(**defaults | fields)


def make_branded_job(**fields: Any) -> Job:
    """Make an open job of a brand of its own."""
    return make_job(**{"brand": make_brand()} | fields)


def make_job(**fields: Any) -> Job:
    """Make an open job in Berlin that anybody there may take; override what the story is about."""
    number = next(_count)
    defaults = {
        "title": f"Job {number}",
        "department": "Operations",
        "description": f"Job {number} needs doing, and somebody kind to do it.",
        "city": "Berlin",
        "country": "DE",
        "lat": 52.52,
        "lon": 13.405,
        "pay_min": Decimal(50_000),
        "pay_max": Decimal(60_000),
        "pay_currency": "EUR",
        "pay_period": PayPeriod.YEAR,
        "employment_type": EmploymentType.FULL_TIME,
        "status": JobStatus.OPEN,
        "posted_at": clock.now() - timedelta(days=3),
        "valid_through": clock.now() + timedelta(days=60),
    }
    return Job.objects.create(**(defaults | fields))


def make_account(*, role: Role | str = Role.CANDIDATE, **fields: Any) -> Account:
    """Make a way to sign in; a candidate's gets a person of the same name and address."""
    number = next(_count)
    email = fields.pop("email", f"account{number}@people.example")
    fields.setdefault("name", f"Account {number}")
    if role == Role.CANDIDATE and "person" not in fields:
        fields["person"] = make_person(name=fields["name"], email=email)
    return Account.objects.create_account(email, role=str(role), **fields)


def make_member(job: Job, account: Account, duty: str = "hiring_manager") -> JobMember:
    """Put a colleague into a job's team."""
    return JobMember.objects.create(job=job, account=account, duty=duty)


def make_resume(
    person: Person | None = None, *, text: str = "Python, SQL and patience.", **fields: Any
) -> Resume:
    """Make the next version of a person's résumé."""
    owner = person or make_person()
    version = Resume.objects.filter(person=owner).count() + 1
    digest = hashlib.sha256(text.encode()).hexdigest()
    defaults = {
        "version": version,
        "sha256": digest,
        "source": FactSource.CANDIDATE,
        "file_name": "resume.txt",
    }
    return Resume.objects.create(person=owner, text=text, **(defaults | fields))


def make_application(person: Person | None = None, job: Job | None = None, **fields: Any) -> Application:
    """Make an open application, freshly sent."""
    return Application.objects.create(person=person or make_person(), job=job or make_job(), **fields)


def make_skill(slug: str, **fields: Any) -> Skill:
    """Make a word of the vocabulary; its label is the slug in capitals and spaces unless said."""
    fields.setdefault("label", slug.replace("-", " ").title())
    skill, _ = Skill.objects.get_or_create(slug=slug, defaults=fields)
    return skill


def grant(person: Person, *purposes: str) -> None:
    """Say yes for a person to these purposes; to all of them when none is named."""
    for purpose in purposes or Purpose.values:
        Consent.objects.create(person=person, purpose=purpose, granted=True, text_shown="", by=person.name)
