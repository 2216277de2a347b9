"""An audit: every row is looked at, and what was found last time is replaced."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db.models import Count, Max, Model, QuerySet
from django.utils.translation import gettext as _

from segue.catalog.actions.auditing import checks
from segue.catalog.actions.auditing.faults import FAULTS
from segue.catalog.models import PRESENT, Audit, Fact, Finding, Job, JobStatus, Person, Resume, Skill
from segue.engine.lexicon_data import STARTER_SKILLS
from segue.engine.same_person.letters import plain
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.kit.queue import enqueue

BATCH = 2_000
STALE = timedelta(days=3 * 365)
HARDLY, HARDLY_A_JOB = 40, 60  # characters of a résumé, and of a description
FIELDS = ("email", "phone", "name", "headline", "city", "country", "lat", "skills", "pay_floor")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, eq=False)
class _Known:
    """What one row is compared with: the vocabulary, numbers and résumés that several people have."""

    skills: frozenset[str]
    numbers: dict[str, list[str]]  # digits -> plain names, where there are several people
    resumes: frozenset[str]  # digests of texts that several people have
    now: datetime


@dataclass(eq=False)
class _Tally:
    rows: Counter[str] = field(default_factory=Counter)
    filled: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


@action("catalog.audit")
def audit(*, by: Actor) -> Audit:
    """Look at everybody and everything; the findings of the audit before are gone."""
    Finding.objects.all().delete()
    known, tally = _known(), _Tally()
    for people in _in_batches(Person.objects.filter(PRESENT)):
        Finding.objects.bulk_create(_of_people(people, known, tally))
    for jobs in _in_batches(Job.objects.all()):
        Finding.objects.bulk_create(_of_jobs(jobs, known))
    filled = {source: {"people": tally.rows[source], **tally.filled[source]} for source in sorted(tally.rows)}
    counts = {"people": tally.rows.total(), "jobs": Job.objects.count(), "filled": filled}
    return Audit.objects.update_or_create(day=known.now.date(), defaults=counts)[0]


@action("catalog.ask_for_audit")
def ask_for_audit(*, by: Actor) -> None:
    """Let everything be looked at again, beside the pages. Raises NotAllowed."""
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed(_("The talent team asks for an audit."))
    enqueue("catalog.audit", unique_key="catalog.audit")


def _known() -> _Known:
    slugs = set(Skill.objects.filter(approved=True).values_list("slug", flat=True))
    shared = Resume.objects.values("sha256").annotate(people=Count("person", distinct=True))
    return _Known(
        skills=frozenset(slugs or {skill.slug for skill in STARTER_SKILLS}),
        numbers=_numbers(),
        resumes=frozenset(shared.filter(people__gt=1).values_list("sha256", flat=True)),
        now=clock.now(),
    )


def _numbers() -> dict[str, list[str]]:
    names: dict[str, list[str]] = defaultdict(list)
    rows = Person.objects.filter(PRESENT).exclude(phone="").values_list("phone", "name")
    for phone, name in rows.iterator(BATCH):
        names[_digits(phone)].append(plain(name))
    return {digits: several for digits, several in names.items() if len(several) > 1}


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isdigit())


def _in_batches(rows: QuerySet[M]) -> Iterator[list[M]]:
    every = rows.order_by("pk").iterator(BATCH)
    while batch := list(islice(every, BATCH)):
        yield batch


def _of_people(people: Sequence[Person], known: _Known, tally: _Tally) -> list[Finding]:
    ids = [person.pk for person in people]
    facts: dict[object, list[Fact]] = defaultdict(list)
    for fact in Fact.objects.filter(person__in=ids, superseded_at=None):
        facts[fact.person_id].append(fact)
    latest = Resume.objects.filter(person__in=ids).order_by("person_id", "-version").distinct("person_id")
    resumes = {resume.person_id: resume for resume in latest}
    last = dict(Fact.objects.filter(person__in=ids).values_list("person").annotate(Max("stated_at")))
    found: list[Finding] = []
    for person in people:
        resume = resumes.get(person.pk)
        _count(person, resume, tally)
        for code, detail in _of_person(person, facts[person.pk], resume, known, last.get(person.pk)):
            found.append(_finding(code, detail, person.external_source or person.source, person=person))
    return found


def _of_person(
    person: Person, facts: list[Fact], resume: Resume | None, known: _Known, last: datetime | None
) -> Iterator[checks.Found]:
    yield from checks.of_contact(person)
    yield from checks.of_identity(person)
    yield from checks.of_pay(person.pay_floor, None, person.pay_currency, person.pay_period)
    yield from checks.of_positions(facts, known.now.date())
    yield from checks.of_facts(facts)
    yield from checks.unknown_skills(person.skills, known.skills)
    yield from checks.of_words(person.name, person.headline, resume.text if resume else "")
    yield from _shared_number(person, known)
    if resume and len(resume.text.strip()) < HARDLY:
        yield "empty_resume", resume.file_name
    if resume and resume.sha256 in known.resumes:
        yield "same_resume_twice", resume.file_name
    if known.now - max(filter(None, (last, person.updated_at))) > STALE:
        yield "stale", ""


def _shared_number(person: Person, known: _Known) -> Iterator[checks.Found]:
    names = known.numbers.get(_digits(person.phone), []) if person.phone else []
    own = plain(person.name)
    if names.count(own) > 1:
        yield "same_person_twice", person.phone
    if any(name != own for name in names):
        yield "household_conflict", person.phone


def _of_jobs(jobs: Sequence[Job], known: _Known) -> list[Finding]:
    return [
        _finding(code, detail, job.external_source, job=job)
        for job in jobs
        for code, detail in _of_job(job, known)
    ]


def _of_job(job: Job, known: _Known) -> Iterator[checks.Found]:
    is_open = job.status == JobStatus.OPEN
    if is_open and job.valid_through and job.valid_through < known.now:
        yield "expired_open", ""
    if is_open and job.posted_at and job.posted_at > known.now + timedelta(days=1):
        yield "posted_in_future", ""
    if is_open and len(job.description.strip()) < HARDLY_A_JOB:
        yield "no_description", ""
    if checks.is_elsewhere(job):
        yield "place_elsewhere", job.city
    yield from checks.of_pay(job.pay_min, job.pay_max, job.pay_currency, job.pay_period)
    yield from checks.unknown_skills([*job.required_skills, *job.nice_skills], known.skills)
    yield from checks.of_words(job.title, job.description)


def _finding(
    code: str, detail: str, source: str, *, person: Person | None = None, job: Job | None = None
) -> Finding:
    return Finding(
        fault=code, field=FAULTS[code].field, detail=detail[:300], source=source, person=person, job=job
    )


def _count(person: Person, resume: Resume | None, tally: _Tally) -> None:
    source = person.external_source or person.source
    tally.rows[source] += 1
    said = [name for name in FIELDS if getattr(person, name) not in (None, "", [])]
    tally.filled[source].update([*said, "resume"] if resume else said)
