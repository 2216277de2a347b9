"""Workable: candidates and jobs.

Source: https://workable.readme.io/reference. A candidate stands once for each job they applied for, with the
stage there; a disqualified one names the reason, and who did it where the export adds `disqualified_by`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segue.catalog.actions.importing.ats.shapes import (
    ATTACHMENT,
    REFUSED,
    Ignored,
    Record,
    Row,
    System,
    dig,
    joined,
    said,
    text,
    texts,
)

_CANDIDATE = frozenset({
    "id", "name", "firstname", "lastname", "headline", "job", "stage", "disqualified", "withdrew",
    "disqualification_reason", "disqualified_at", "disqualified_by", "hired_at", "email", "phone", "address",
    "created_at", "updated_at", "summary", "skills", "education_entries", "experience_entries", "location",
    "resume_url", "anonymized", "gdpr_consent",
})  # fmt: skip
_JOB = frozenset({
    "id", "title", "full_title", "shortcode", "code", "state", "department", "location", "created_at",
    "employment_type", "full_description", "description", "requirements", "benefits", "salary",
    "workplace_type",
})  # fmt: skip
_STATES = {"published": "open", "draft": "draft", "closed": "closed", "archived": "closed"}


def kind_of(record: Record) -> str:
    if "firstname" in record or ("stage" in record and "disqualified" in record):
        return "people"
    return "jobs" if "shortcode" in record and "title" in record else ""


def candidate(record: Record, ignored: Ignored) -> Iterator[Row]:
    """Yield the person and their application."""
    ignored.note("candidate", record, _CANDIDATE)
    if record.get("resume_url"):
        ignored.add(f"candidate.{ATTACHMENT}")
    email = text(record.get("email")).lower()
    person = email or text(record.get("id"))  # their ids are one for each application
    data = said(
        external_id=person,
        name=text(record.get("name"))
        or f"{text(record.get('firstname'))} {text(record.get('lastname'))}".strip(),
        email=email,
        phone=text(record.get("phone")),
        headline=text(record.get("headline")),
        place=text(dig(record, "location", "location_str")) or text(record.get("address")),
        summary=text(record.get("summary")),
        skills=joined(texts(record.get("skills"))),
        work=[_experience(item) for item in record.get("experience_entries") or []],
        education=[_education(item) for item in record.get("education_entries") or []],
    )
    if record.get("anonymized"):
        data[REFUSED] = "anonymised_in_source"
    yield Row("people", data)
    if dig(record, "job", "shortcode"):
        yield Row("applications", _application(record, person))


def _experience(item: Record) -> dict[str, Any]:
    return said(
        name=text(item.get("company")),
        position=text(item.get("title")),
        summary=text(item.get("summary")),
        startDate=text(item.get("start_date")),
        endDate="" if item.get("current") else text(item.get("end_date")),
    )


def _education(item: Record) -> dict[str, Any]:
    return said(
        institution=text(item.get("school")),
        studyType=text(item.get("degree")),
        area=text(item.get("field_of_study")),
        startDate=text(item.get("start_date")),
        endDate=text(item.get("end_date")),
    )


def _application(record: Record, person: str) -> dict[str, Any]:
    outcome = "rejected" if record.get("disqualified") else "open"
    outcome = "hired" if record.get("hired_at") else outcome
    outcome = "withdrawn" if record.get("withdrew") else outcome
    moved = text(record.get("updated_at"))
    return said(
        external_id=text(record.get("id")),
        person=person,
        job=text(dig(record, "job", "shortcode")),
        stage=text(record.get("stage")),
        outcome=outcome,
        applied_at=text(record.get("created_at")),
        moved_at=moved,
        decided_at=text(record.get("disqualified_at") or record.get("hired_at"))
        or (moved if outcome != "open" else ""),
        decided_by=text(dig(record, "disqualified_by", "email")) or text(record.get("disqualified_by")),
        reason=text(record.get("disqualification_reason")),
    )


def job(record: Record, ignored: Ignored) -> Iterator[Row]:
    """Yield a job, known by its shortcode: candidates name it so."""
    ignored.note("job", record, _JOB)
    salary, place = record.get("salary") or {}, record.get("location") or {}
    whole = text(record.get("full_description")) or "\n\n".join(
        part for part in map(text, map(record.get, ("description", "requirements", "benefits"))) if part
    )
    yield Row(
        "jobs",
        said(
            external_id=text(record.get("shortcode")),
            title=text(record.get("title")),
            department=text(record.get("department")),
            city=text(place.get("city")),
            country=text(place.get("country_code")) or text(place.get("country")),
            remote="remote"
            if place.get("telecommuting")
            else text(record.get("workplace_type")).replace("_", ""),
            employment_type=text(record.get("employment_type")),
            status=_STATES.get(text(record.get("state")), text(record.get("state"))),
            description=whole,
            posted_at=text(record.get("created_at")),
            pay_min=text(salary.get("salary_from")),
            pay_max=text(salary.get("salary_to")),
            pay_currency=text(salary.get("salary_currency")).upper(),
            pay_period="year" if salary.get("salary_from") else "",
        ),
    )


WORKABLE = System("workable", kind_of, {"people": candidate, "jobs": job})
