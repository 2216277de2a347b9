"""Lever: opportunities and postings.

Source: https://hire.lever.co/developer/documentation. An opportunity is a person (their contact) and one
application. Stages may be expanded to objects or be mere ids; an archived one names its reason, and who
archived it where `archivedBy` or the last stage change says so.
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
    first_text,
    joined,
    said,
    text,
    texts,
    when,
)

_OPPORTUNITY = frozenset({
    "id", "name", "contact", "headline", "stage", "location", "emails", "phones", "archived", "createdAt",
    "updatedAt", "lastInteractionAt", "lastAdvancedAt", "applications", "isAnonymized", "confidentiality",
    "stageChanges", "dataProtection", "resume", "files", "posting",
})  # fmt: skip
_POSTING = frozenset({
    "id", "text", "state", "createdAt", "updatedAt", "categories", "content", "country", "workplaceType",
    "salaryRange", "confidentiality",
})  # fmt: skip
_STATES = {"published": "open", "internal": "open", "closed": "closed", "draft": "draft", "pending": "draft",
           "rejected": "closed"}  # fmt: skip
_HIRED = ("hired",)
_WITHDREW = ("withdr", "candidate declined", "offer declined", "accepted another")
_INTERVALS = {"per-year-salary": "year", "per-month-salary": "month", "per-week-salary": "week",
              "per-day-wage": "day", "per-hour-wage": "hour"}  # fmt: skip


def kind_of(record: Record) -> str:
    if "emails" in record and ("contact" in record or "stageChanges" in record or "archived" in record):
        return "people"
    return "jobs" if "text" in record and "categories" in record else ""


def opportunity(record: Record, ignored: Ignored) -> Iterator[Row]:
    """Yield the person and their application."""
    ignored.note("opportunity", record, _OPPORTUNITY)
    for _file in [*(record.get("files") or []), *([record["resume"]] if record.get("resume") else [])]:
        ignored.add(f"opportunity.{ATTACHMENT}")
    person = text(record.get("contact")) or text(record.get("id"))
    data = said(
        external_id=person,
        name=text(record.get("name")),
        email=first_text(record.get("emails"), "value"),
        phone=first_text(record.get("phones"), "value"),
        headline=text(record.get("headline")),
        place=text(record.get("location")),
    )
    if record.get("isAnonymized"):
        data[REFUSED] = "anonymised_in_source"
    elif record.get("confidentiality") == "confidential":
        data[REFUSED] = "private_in_source"
    if dig(record, "dataProtection", "contact", "allowed") is False:
        data["do_not_contact"] = "yes"
    if dig(record, "dataProtection", "store", "allowed") is False:
        data[REFUSED] = "storing_not_allowed_in_source"
    yield Row("people", data)
    for wanted in _postings(record):
        yield Row("applications", _application(record, person, wanted))


def _postings(record: Record) -> list[str]:
    applied = [
        text(dig(one, "posting", "id") or dig(one, "posting"))
        for one in record.get("applications") or []
        if isinstance(one, dict)
    ]
    return [
        found
        for found in dict.fromkeys([*applied, text(dig(record, "posting", "id") or record.get("posting"))])
        if found
    ]


def _application(record: Record, person: str, posting: str) -> dict[str, Any]:
    archived = record.get("archived") or {}
    reason = text(archived.get("reason"))
    outcome = "open"
    if archived:
        plain = reason.lower()
        outcome = "hired" if plain in _HIRED else "rejected"
        outcome = "withdrawn" if plain.startswith(_WITHDREW) or "withdr" in plain else outcome
    return said(
        external_id=f"{text(record.get('id'))}:{posting}",
        person=person,
        job=posting,
        stage=text(record.get("stage")),
        outcome=outcome,
        applied_at=when(record.get("createdAt")),
        moved_at=when(record.get("lastAdvancedAt")),
        decided_at=when(archived.get("archivedAt")),
        decided_by=text(dig(archived, "archivedBy", "email")) or text(archived.get("archivedBy")),
        reason=reason,
    )


def posting(record: Record, ignored: Ignored) -> Iterator[Row]:
    """Yield a job."""
    ignored.note("posting", record, _POSTING)
    content, salary = record.get("content") or {}, record.get("salaryRange") or {}
    lists = [f"{text(part.get('text'))}\n{text(part.get('content'))}" for part in content.get("lists") or []]
    yield Row(
        "jobs",
        said(
            external_id=text(record.get("id")),
            title=text(record.get("text")),
            department=text(dig(record, "categories", "department"))
            or text(dig(record, "categories", "team")),
            place=text(dig(record, "categories", "location")),
            country=text(record.get("country")),
            employment_type=text(dig(record, "categories", "commitment")),
            remote=text(record.get("workplaceType")).replace("unspecified", ""),
            description="\n\n".join(
                part
                for part in [text(content.get("description")), *lists, text(content.get("closing"))]
                if part
            ),
            status=_STATES.get(text(record.get("state")), text(record.get("state"))),
            posted_at=when(record.get("createdAt")),
            pay_min=text(salary.get("min")),
            pay_max=text(salary.get("max")),
            pay_currency=text(salary.get("currency")),
            pay_period=_INTERVALS.get(text(salary.get("interval")), ""),
        ),
    )
    for tag in texts(record.get("tags")):
        ignored.add(f"posting.tags.{joined([tag])[:60]}")


LEVER = System("lever", kind_of, {"people": opportunity, "jobs": posting})
