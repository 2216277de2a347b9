"""Ashby: the results of candidate.list, job.list and application.list.

Source: https://developers.ashbyhq.com/reference. An archived application names its archive reason, whose
`reasonType` tells a rejection from a withdrawal; who archived it stands in `archivedBy` or in the last entry
of `applicationHistory` where that is part of the export.
"""

from __future__ import annotations

from collections.abc import Iterator

from segue.catalog.actions.importing.ats.shapes import (
    ATTACHMENT,
    REFUSED,
    Ignored,
    Record,
    Row,
    System,
    dig,
    said,
    text,
)

_CANDIDATE = frozenset({
    "id", "createdAt", "updatedAt", "name", "primaryEmailAddress", "emailAddresses", "primaryPhoneNumber",
    "phoneNumbers", "position", "company", "school", "location", "resumeFileHandle", "fileHandles",
    "applicationIds", "isAnonymized", "doNotContact",
})  # fmt: skip
_JOB = frozenset({
    "id", "title", "confidential", "status", "employmentType", "department", "departmentId", "location",
    "locationId", "createdAt", "updatedAt", "openedAt", "closedAt", "openings", "description", "compensation",
})  # fmt: skip
_APPLICATION = frozenset({
    "id", "createdAt", "updatedAt", "status", "candidate", "currentInterviewStage", "archiveReason",
    "archivedAt", "archivedBy", "job", "applicationHistory",
})  # fmt: skip
_STATUS = {"Open": "open", "Closed": "closed", "Archived": "closed", "Draft": "draft"}
_TYPES = {"FullTime": "full time", "PartTime": "part time", "Intern": "intern", "Contract": "contract",
          "Temporary": "temporary"}  # fmt: skip


def kind_of(record: Record) -> str:
    if "candidate" in record and "job" in record and "status" in record:
        return "applications"
    if "primaryEmailAddress" in record or "applicationIds" in record:
        return "people"
    return (
        "jobs" if "title" in record and ("interviewPlanIds" in record or "employmentType" in record) else ""
    )


def candidate(record: Record, ignored: Ignored) -> Iterator[Row]:
    """Yield a person."""
    ignored.note("candidate", record, _CANDIDATE)
    files = [*(record.get("fileHandles") or []), *([1] if record.get("resumeFileHandle") else [])]
    for _file in files:
        ignored.add(f"candidate.{ATTACHMENT}")
    data = said(
        external_id=text(record.get("id")),
        name=text(record.get("name")),
        email=text(dig(record, "primaryEmailAddress", "value")),
        phone=text(dig(record, "primaryPhoneNumber", "value")),
        headline=text(record.get("position")),
        employer=text(record.get("company")),
        place=text(dig(record, "location", "locationSummary")) or text(record.get("location")),
        education=[{"institution": text(record.get("school"))}] if text(record.get("school")) else [],
    )
    if record.get("isAnonymized"):
        data[REFUSED] = "anonymised_in_source"
    if record.get("doNotContact"):
        data["do_not_contact"] = "yes"
    yield Row("people", data)


def job(record: Record, ignored: Ignored) -> Iterator[Row]:
    """Yield a job."""
    ignored.note("job", record, _JOB)
    kind = text(record.get("employmentType"))
    yield Row(
        "jobs",
        said(
            external_id=text(record.get("id")),
            title=text(record.get("title")),
            department=text(record.get("department")),
            place=text(record.get("location")),
            employment_type=_TYPES.get(kind, kind),
            status=_STATUS.get(text(record.get("status")), text(record.get("status"))),
            openings=str(len(record.get("openings") or []) or ""),
            posted_at=text(record.get("openedAt")) or text(record.get("createdAt")),
            description=text(record.get("description")),
        ),
    )


def application(record: Record, ignored: Ignored) -> Iterator[Row]:
    """Yield an application; a lead has applied for nothing yet."""
    status = text(record.get("status"))
    if status == "Lead":
        ignored.add("application.lead")
        return
    ignored.note("application", record, _APPLICATION)
    why = record.get("archiveReason") or {}
    outcome = {"Active": "open", "Hired": "hired"}.get(status, "rejected" if status == "Archived" else status)
    if status == "Archived" and "candidate" in text(dig(why, "reasonType")).lower():
        outcome = "withdrawn"
    yield Row(
        "applications",
        said(
            external_id=text(record.get("id")),
            person=text(dig(record, "candidate", "id")),
            job=text(dig(record, "job", "id")),
            stage=text(record.get("currentInterviewStage")),
            outcome=outcome,
            applied_at=text(record.get("createdAt")),
            moved_at=text(record.get("updatedAt")),
            decided_at=text(record.get("archivedAt"))
            or (text(record.get("updatedAt")) if outcome != "open" else ""),
            decided_by=text(dig(record, "archivedBy", "email")) or text(record.get("archivedBy")),
            reason=text(dig(why, "text")) or text(why),
        ),
    )


ASHBY = System("ashby", kind_of, {"people": candidate, "jobs": job, "applications": application})
