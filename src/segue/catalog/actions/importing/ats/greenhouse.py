"""Greenhouse Harvest: candidates, jobs and applications.

Source: https://developers.greenhouse.io/harvest.html (v1). A candidate carries their applications, which a
file of applications may hold once more: both are read, and an application comes in once, by its id. Harvest
names the reason of a rejection and not who decided it; where an export adds `rejected_by`, it is read.
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
)

_CANDIDATE = frozenset({
    "id", "first_name", "last_name", "company", "title", "created_at", "updated_at", "last_activity",
    "is_private",
    "phone_numbers", "addresses", "email_addresses", "attachments", "application_ids", "applications",
    "educations", "employments", "anonymized", "can_email",
})  # fmt: skip
_JOB = frozenset({
    "id", "name", "requisition_id", "notes", "status", "created_at", "opened_at", "closed_at", "updated_at",
    "departments", "offices", "openings", "content", "confidential", "employment_type", "keyed_custom_fields",
    "custom_fields",
})  # fmt: skip
_APPLICATION = frozenset({
    "id", "candidate_id", "prospect", "applied_at", "rejected_at", "last_activity_at", "rejection_reason",
    "rejected_by", "rejection_details", "jobs", "status", "current_stage", "attachments", "hired_at",
})  # fmt: skip
_OUTCOMES = {"rejected": "rejected", "hired": "hired", "active": "open", "converted": "open"}


def kind_of(record: Record) -> str:
    if "candidate_id" in record and ("current_stage" in record or "jobs" in record):
        return "applications"
    if "email_addresses" in record and "first_name" in record:
        return "people"
    return "jobs" if "requisition_id" in record and "openings" in record else ""


def candidate(record: Record, ignored: Ignored) -> Iterator[Row]:
    """Yield a person and their applications; somebody anonymised or private is named and stays out."""
    ignored.note("candidate", record, _CANDIDATE)
    for _file in record.get("attachments") or []:
        ignored.add(f"candidate.{ATTACHMENT}")
    data = said(
        external_id=text(record.get("id")),
        name=f"{text(record.get('first_name'))} {text(record.get('last_name'))}".strip(),
        email=first_text(record.get("email_addresses"), "value"),
        phone=first_text(record.get("phone_numbers"), "value"),
        headline=text(record.get("title")),
        employer=text(record.get("company")),
        place=" ".join(first_text(record.get("addresses"), "value").split()),
        work=[_employment(item) for item in record.get("employments") or []],
        education=[_education(item) for item in record.get("educations") or []],
    )
    if record.get("anonymized") or data.get("name", "").lower() in ("", "anonymized", "(anonymized)"):
        data[REFUSED] = "anonymised_in_source"
    elif record.get("is_private"):
        data[REFUSED] = "private_in_source"
    if record.get("can_email") is False:
        data["do_not_contact"] = "yes"
    yield Row("people", data)
    for one in record.get("applications") or []:
        yield from application({"candidate_id": record.get("id"), **one}, ignored)


def _employment(item: Record) -> dict[str, Any]:
    return said(
        name=text(item.get("company_name")),
        position=text(item.get("title")),
        startDate=text(item.get("start_date"))[:10],
        endDate=text(item.get("end_date"))[:10],
    )


def _education(item: Record) -> dict[str, Any]:
    return said(
        institution=text(item.get("school_name")),
        studyType=text(item.get("degree")),
        area=text(item.get("discipline")),
        startDate=text(item.get("start_date"))[:10],
        endDate=text(item.get("end_date"))[:10],
    )


def job(record: Record, ignored: Ignored) -> Iterator[Row]:
    """Yield a job; a draft of theirs is a draft of ours."""
    ignored.note("job", record, _JOB)
    fields = record.get("keyed_custom_fields") or {}
    for name in fields if isinstance(fields, dict) else ():
        if name not in ("employment_type", "salary_range") and dig(fields, name, "value") not in (None, ""):
            ignored.add(f"job.custom_fields.{name}")
    salary = dig(fields, "salary_range", "value")
    yield Row(
        "jobs",
        said(
            external_id=text(record.get("id")),
            title=text(record.get("name")),
            department=first_text(record.get("departments"), "name"),
            place=first_text(
                [
                    dig(office, "location", "name") or dig(office, "name")
                    for office in record.get("offices") or []
                ]
            ),
            description=joined([text(record.get("content")), text(record.get("notes"))]),
            status=text(record.get("status")),
            openings=str(len(record.get("openings") or []) or ""),
            posted_at=text(record.get("opened_at")) or text(record.get("created_at")),
            employment_type=text(dig(fields, "employment_type", "value")),
            pay_min=text(dig(salary, "min_value")),
            pay_max=text(dig(salary, "max_value")),
            pay_currency=text(dig(salary, "unit")),
            pay_period="year" if salary else "",
        ),
    )


def application(record: Record, ignored: Ignored) -> Iterator[Row]:
    """Yield an application; a prospect has applied for nothing yet, and is named as ignored."""
    if record.get("prospect"):
        ignored.add("application.prospect")
        return
    ignored.note("application", record, _APPLICATION)
    decided = text(record.get("rejected_at")) or text(record.get("hired_at"))
    for wanted in record.get("jobs") or [{}]:
        yield Row(
            "applications",
            said(
                external_id=text(record.get("id")),
                person=text(record.get("candidate_id")),
                job=text(dig(wanted, "id")),
                stage=text(record.get("current_stage")),
                outcome=_OUTCOMES.get(text(record.get("status")), text(record.get("status"))),
                applied_at=text(record.get("applied_at")),
                moved_at=text(record.get("last_activity_at")),
                decided_at=decided,
                decided_by=text(dig(record, "rejected_by", "email")) or text(record.get("rejected_by")),
                reason=joined([text(record.get("rejection_reason")), *texts(record.get("notes"))]),
            ),
        )


GREENHOUSE = System("greenhouse", kind_of, {"people": candidate, "jobs": job, "applications": application})
