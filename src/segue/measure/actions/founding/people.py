"""People of the invented company, with facts, résumés and consents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from segue.catalog.models import Fact, FactSource, Person, Resume
from segue.engine.lexicon import SkillVocabulary, find_skills
from segue.engine.world.records import Person as InventedPerson
from segue.engine.world.records import Visible
from segue.kit.copying import copy_rows
from segue.kit.ids import uuid7
from segue.trust.models import Consent, Purpose

REMOTE = {"any": "", "hybrid": "hybrid", "remote": "remote", "onsite": "onsite"}
PURPOSES = ["recruiting"]


def settle_people(visible: Visible) -> list[Person]:
    """Return the people in the order the world lists them."""
    vocabulary = SkillVocabulary([(term.slug, (term.label,)) for term in visible.skills])
    labels = {term.slug: term.label for term in visible.skills}
    rows = [_person(invented) for invented in visible.people]
    copy_rows(Person, rows)
    resumes = [_resumes(row, invented) for row, invented in zip(rows, visible.people, strict=True)]
    copy_rows(Resume, [one for several in resumes for one in several])
    facts: list[Fact] = []
    for row, invented, several in zip(rows, visible.people, resumes, strict=True):
        facts.extend(_facts(row, invented))
        facts.extend(_skill_facts(row, invented, several, vocabulary, labels))
    copy_rows(Fact, facts)
    copy_rows(Consent, list(_consents(rows, visible)))
    return rows


def _person(invented: InventedPerson) -> Person:
    floor = invented.pay_floor
    return Person(
        external_source="world",
        external_id=invented.external_id,
        email=invented.email.lower(),
        name=invented.name,
        phone=invented.phone,
        headline=invented.headline,
        city=invented.city,
        country=invented.country,
        lat=invented.lat,
        lon=invented.lon,
        locale=invented.locale,
        time_zone=invented.time_zone,
        skills=list(invented.skills),
        licences=list(invented.licences),
        permits=list(invented.permits),
        pay_floor=None if floor is None else Decimal(str(round(floor, 2))),
        pay_currency=invented.pay_currency if floor is not None else "",
        pay_period="year" if floor is not None else "",
        remote=REMOTE.get(invented.remote_preference, ""),
        willing_km=float(invented.willing_km) if _states_a_limit(invented) else None,
        source=invented.source,
        created_at=invented.created_at,
        updated_at=invented.created_at,
    )


def _states_a_limit(invented: InventedPerson) -> bool:
    """Three in ten people type how far they would travel; a typed limit is a hard one."""
    return invented.external_id[-1] in "258"


def _resumes(row: Person, invented: InventedPerson) -> list[Resume]:
    found: dict[str, Resume] = {}
    for resume in invented.resumes:
        digest = hashlib.sha256(resume.text.encode()).hexdigest()
        found.setdefault(
            digest,
            Resume(
                id=uuid7(),
                person=row,
                version=len(found) + 1,
                text=resume.text,
                file_name=f"resume-{len(found) + 1}.txt",
                sha256=digest,
                source=FactSource.CANDIDATE,
                received_at=resume.created_at,
            ),
        )
    return list(found.values())


def _facts(row: Person, invented: InventedPerson) -> Iterator[Fact]:
    said: list[tuple[str, Any, str]] = [
        ("name", invented.name, invented.name),
        ("email", invented.email, invented.email.lower()),
        ("phone", invented.phone, invented.phone),
        ("headline", invented.headline, invented.headline),
        ("city", invented.city, invented.city),
        ("country", invented.country, invented.country),
        ("location", {"lat": invented.lat, "lon": invented.lon}, f"{invented.lat:.4f},{invented.lon:.4f}"),
        ("time_zone", invented.time_zone, invented.time_zone),
        ("locale", invented.locale, invented.locale),
        ("remote", row.remote, row.remote),
        *([("willing_km", row.willing_km, f"{row.willing_km:g}")] if row.willing_km is not None else []),
        *[("licence", slug, slug) for slug in invented.licences],
        *[("permit", country, country) for country in invented.permits],
    ]
    if invented.pay_floor is not None:
        value = {"amount": round(invented.pay_floor, 2), "currency": invented.pay_currency, "period": "year"}
        said.append(("pay_floor", value, f"{invented.pay_floor:.0f} {invented.pay_currency} year"))
    for kind, value, normalised in said:
        if value not in ("", None):
            yield _fact(row, kind, value, normalised)
    for position in invented.positions:
        value = {
            "title": position.title,
            "employer": position.employer,
            "start": position.started_on.isoformat(),
            "end": position.ended_on.isoformat() if position.ended_on else None,
        }
        fact = _fact(row, "position", value, f"{position.title} · {position.employer}")
        fact.valid_from, fact.valid_to = position.started_on, position.ended_on
        yield fact
    for course in invented.education:
        value = {"school": course.school, "degree": course.degree, "end": course.ended_year}
        yield _fact(row, "education", value, f"{course.degree} · {course.school}")


def _fact(row: Person, kind: str, value: Any, normalised: str, **more: Any) -> Fact:
    fields = {
        "source": FactSource.CANDIDATE,
        "method": "application form",
        "purposes": PURPOSES,
        "stated_at": row.created_at,
        "stated_by": row.name,
    }
    return Fact(person=row, kind=kind, value=value, normalised=normalised[:300], **(fields | more))


def _skill_facts(
    row: Person,
    invented: InventedPerson,
    resumes: list[Resume],
    vocabulary: SkillVocabulary,
    labels: dict[str, str],
) -> Iterator[Fact]:
    """A skill found in the latest résumé points at the words there; the others were typed in."""
    latest = resumes[-1] if resumes else None
    spans = {span.slug: span for span in reversed(find_skills(latest.text, vocabulary))} if latest else {}
    for slug in invented.skills:
        label = labels.get(slug, slug)
        if latest is not None and slug in spans:
            where = {"resume": latest, "span_start": spans[slug].start, "span_end": spans[slug].end}
            more = {
                "source": FactSource.PARSED,
                "method": "lexicon",
                "confidence": 0.9,
                "stated_by": "résumé",
            }
            yield _fact(row, "skill", label, slug, **where, **more)
        else:
            yield _fact(row, "skill", label, slug)


def _consents(rows: list[Person], visible: Visible) -> Iterator[Consent]:
    for row, invented in zip(rows, visible.people, strict=True):
        given = invented.consents
        for purpose, granted in (
            (Purpose.PROFILE, given.profile),
            (Purpose.BEHAVIOUR, given.behaviour),
            (Purpose.DISCOVERY, given.contact),
            (Purpose.CONTACT, given.contact),
        ):
            if granted:
                yield Consent(
                    person=row,
                    purpose=purpose,
                    granted=True,
                    text_shown=str(purpose.label),
                    at=row.created_at,
                    by=row.name,
                )
