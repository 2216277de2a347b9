"""Exports of other systems in the shapes their interfaces publish, invented here and small."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

ADA = "ada@people.example"
BO = "bo@people.example"


def greenhouse(*, rejecter: str = "") -> dict[str, list[dict[str, Any]]]:
    """Two people, a job, an application under way, one turned down, a private and an anonymised candidate."""
    turned_down = {
        "id": 902,
        "candidate_id": 12,
        "prospect": False,
        "applied_at": "2025-03-01T09:00:00.000Z",
        "rejected_at": "2025-03-20T12:00:00.000Z",
        "last_activity_at": "2025-03-20T12:00:00.000Z",
        "status": "rejected",
        "current_stage": {"id": 2, "name": "Take Home Test"},
        "rejection_reason": {"id": 7, "name": "Too little experience with ships", "type": {"id": 1}},
        "jobs": [{"id": 501, "name": "Pilot"}],
        "source": {"id": 3, "public_name": "Careers page"},
    }
    if rejecter:
        turned_down["rejected_by"] = {"id": 1, "name": "Rosa", "email": rejecter}
    under_way = {
        "id": 901,
        "candidate_id": 11,
        "prospect": False,
        "applied_at": "2025-04-01T09:00:00.000Z",
        "rejected_at": None,
        "last_activity_at": "2025-04-09T12:00:00.000Z",
        "status": "active",
        "current_stage": {"id": 1, "name": "Phone Interview"},
        "jobs": [{"id": 501, "name": "Pilot"}],
    }
    return {
        "candidates": [
            _gh_candidate(
                11,
                "Ada",
                "Lind",
                ADA,
                applications=[under_way],
                tags=["harbour"],
                attachments=[{"filename": "cv.pdf", "url": "https://files.example/1"}],
            ),
            _gh_candidate(12, "Bo", "Ek", BO, can_email=False),
            _gh_candidate(13, "Cy", "Holm", "cy@people.example", is_private=True),
            _gh_candidate(14, "Anonymized", "", "", anonymized=True),
        ],
        "jobs": [_gh_job()],
        "applications": [
            under_way,
            turned_down,
            {"id": 903, "candidate_id": 11, "prospect": True, "jobs": [], "current_stage": None},
        ],
    }


def _gh_job() -> dict[str, Any]:
    return {
        "id": 501,
        "name": "Pilot",
        "requisition_id": "R-1",
        "notes": "Guides ships in.",
        "status": "open",
        "opened_at": "2025-02-01T00:00:00.000Z",
        "departments": [{"id": 1, "name": "Harbour"}],
        "offices": [{"id": 1, "name": "Bergen", "location": {"name": "Bergen, Norway"}}],
        "openings": [{"id": 1, "status": "open"}],
        "hiring_team": {"recruiters": []},
        "keyed_custom_fields": {
            "salary_range": {
                "type": "currency_range",
                "value": {"min_value": 60000, "max_value": 70000, "unit": "EUR"},
            },
            "budget_code": {"type": "short_text", "value": "B7"},
        },
    }


def _gh_candidate(number: int, first: str, last: str, email: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "first_name": first,
        "last_name": last,
        "title": "Pilot",
        "company": "Fjord Lines",
        "is_private": False,
        "phone_numbers": [],
        "addresses": [],
        "applications": [],
        "email_addresses": [{"value": email, "type": "personal"}] if email else [],
        "employments": [
            {"company_name": "Fjord Lines", "title": "Mate", "start_date": "2019-01-01T00:00:00Z"}
        ],
        **more,
    }


def lever() -> dict[str, Any]:
    """One person with two opportunities (one archived), and a posting; pages as the interface sends them."""
    person = {"contact": "c-1", "name": "Ada Lind", "emails": [ADA], "phones": [{"value": "+47 1"}]}
    return {
        "opportunities": {
            "data": [
                {
                    **person,
                    "id": "o-1",
                    "headline": "Fjord Lines",
                    "stage": {"id": "s", "text": "On-site interview"},
                    "archived": None,
                    "createdAt": 1743498000000,
                    "lastAdvancedAt": 1743898000000,
                    "applications": [{"id": "a-1", "posting": "p-1"}],
                    "tags": ["harbour"],
                },
                {
                    **person,
                    "id": "o-2",
                    "headline": "",
                    "stage": {"id": "n", "text": "New applicant"},
                    "archived": {"archivedAt": 1743998000000, "reason": "Candidate withdrew"},
                    "createdAt": 1743498000000,
                    "applications": [{"id": "a-2", "posting": "p-1"}],
                },
            ],
            "hasNext": False,
        },
        "postings": {
            "data": [
                {
                    "id": "p-1",
                    "text": "Pilot",
                    "state": "published",
                    "createdAt": 1740000000000,
                    "categories": {
                        "team": "Harbour",
                        "location": "Bergen, Norway",
                        "commitment": "Full-time",
                    },
                    "content": {"description": "Guides ships in.", "lists": []},
                    "workplaceType": "onsite",
                }
            ],
            "hasNext": False,
        },
    }


def ashby() -> dict[str, Any]:
    """Results of candidate.list, job.list and application.list."""
    return {
        "candidate.list": _results(
            {
                "id": "k-1",
                "name": "Ada Lind",
                "primaryEmailAddress": {"value": ADA},
                "applicationIds": ["x-1"],
                "tags": [{"id": "t", "title": "harbour"}],
                "resumeFileHandle": {"id": "f", "name": "cv.pdf"},
            }
        ),
        "job.list": _results(
            {
                "id": "j-1",
                "title": "Pilot",
                "status": "Open",
                "employmentType": "FullTime",
                "openedAt": "2025-02-01T00:00:00.000Z",
                "interviewPlanIds": [],
            }
        ),
        "application.list": _results(
            {
                "id": "x-1",
                "status": "Hired",
                "createdAt": "2025-03-01T00:00:00.000Z",
                "updatedAt": "2025-05-01T00:00:00.000Z",
                "candidate": {"id": "k-1"},
                "job": {"id": "j-1"},
                "currentInterviewStage": {"title": "Hired"},
            },
            {
                "id": "x-2",
                "status": "Archived",
                "createdAt": "2025-03-01T00:00:00.000Z",
                "updatedAt": "2025-03-09T00:00:00.000Z",
                "candidate": {"id": "k-1"},
                "job": {"id": "j-1"},
                "currentInterviewStage": {"title": "Application Review"},
                "archiveReason": {"text": "No licence", "reasonType": "RejectedByOrg"},
            },
        ),
    }


def _results(*items: dict[str, Any]) -> dict[str, Any]:
    return {"success": True, "results": list(items), "moreDataAvailable": False}


def workable() -> dict[str, Any]:
    """Candidates and jobs."""
    return {
        "candidates": {
            "candidates": [
                {
                    "id": "w1",
                    "name": "Ada Lind",
                    "firstname": "Ada",
                    "lastname": "Lind",
                    "email": ADA,
                    "headline": "Pilot",
                    "job": {"shortcode": "SC1", "title": "Pilot"},
                    "stage": "Offer",
                    "disqualified": False,
                    "created_at": "2025-03-01T00:00:00Z",
                    "updated_at": "2025-03-05T00:00:00Z",
                    "skills": [{"name": "python"}],
                    "tags": ["harbour"],
                },
            ]
        },
        "jobs": {
            "jobs": [
                {
                    "id": "1",
                    "title": "Pilot",
                    "full_title": "Pilot",
                    "shortcode": "SC1",
                    "state": "published",
                    "department": "Harbour",
                    "created_at": "2025-02-01",
                    "location": {"city": "Bergen", "country_code": "NO", "telecommuting": False},
                }
            ]
        },
    }


def as_folder(folder: Path, export: dict[str, Any]) -> Path:
    """Write an export as a folder of JSON files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in export.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def as_zip(path: Path, export: dict[str, Any]) -> Path:
    """Write an export as a zip of JSON files."""
    with zipfile.ZipFile(path, "w") as package:
        for name, content in export.items():
            package.writestr(f"export/{name}.json", json.dumps(content))
    return path
