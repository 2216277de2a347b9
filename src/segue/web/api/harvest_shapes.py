"""Our rows in the shapes of Greenhouse's Harvest API, version 1, which many programs already read.

Ids are our UUIDs as text, where Harvest has numbers. What we do not have is null or empty, never made up.
Source of the fields' names: developers.greenhouse.io/harvest.html.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from segue.catalog.models import Job, JobStatus, Person
from segue.hire.models import Answer, Application, Offer, Outcome, Scorecard, StageSpec
from segue.hire.queries.pipelines import spec_named
from segue.kit.actor import Role
from segue.kit.ids import number_of
from segue.trust.models import Account

Shape = dict[str, Any]
WE_SAID_NO: Shape = {
    "id": 1,
    "name": "In the words of who decided",
    "type": {"id": 1, "name": "We rejected them"},
}
WITHDRAWN: Shape = {
    "id": 2,
    "name": "Withdrawn by the candidate",
    "type": {"id": 2, "name": "They rejected us"},
}
REJECTION_REASONS = [WE_SAID_NO, WITHDRAWN]  # we keep reasons in words, so there is one of ours
_STATUS = {Outcome.OPEN: "active", Outcome.HIRED: "hired"}


def name_id(name: str) -> int:
    """Return a number for something that only has a name: the same for the same name, and exact in JSON."""
    return number_of(name) & (1 << 53) - 1


def moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def candidate_of(person: Person, applications: Iterable[uuid.UUID]) -> Shape:
    """Return a person as a candidate: without pay, notes and résumés."""
    first, _, last = person.name.partition(" ")
    place = ", ".join(part for part in (person.city, person.country) if part)
    return {
        "id": str(person.pk),
        "first_name": first,
        "last_name": last,
        "company": None,
        "title": person.headline or None,
        "created_at": moment(person.created_at),
        "updated_at": moment(person.updated_at),
        "last_activity": moment(person.updated_at),
        "is_private": False,
        "photo_url": None,
        "attachments": [],
        "application_ids": [str(key) for key in applications],
        "phone_numbers": [{"value": person.phone, "type": "other"}] if person.phone else [],
        "addresses": [{"value": place, "type": "other"}] if place else [],
        "email_addresses": [{"value": person.email, "type": "personal"}] if person.email else [],
        "website_addresses": [],
        "social_media_addresses": [],
        "recruiter": None,
        "coordinator": None,
        "tags": list(person.skills),
        "educations": [],
        "employments": [],
        "linked_user_ids": [],
        "custom_fields": {},
        "keyed_custom_fields": {},
    }


def application_of(row: Application, stages: Sequence[StageSpec], answers: Sequence[Answer] = ()) -> Shape:
    """Return an application at its job's stage; why somebody was turned down stays in words, not here."""
    reason = {Outcome.REJECTED: WE_SAID_NO, Outcome.WITHDRAWN: WITHDRAWN}.get(Outcome(row.outcome))
    return {
        "id": str(row.pk),
        "candidate_id": str(row.person_id),
        "prospect": False,
        "applied_at": moment(row.applied_at),
        "rejected_at": moment(row.decided_at) if reason else None,
        "last_activity_at": moment(row.moved_at),
        "location": None,
        "source": source_of(row.source) if row.source else None,
        "credited_to": None,
        "rejection_reason": reason,
        "rejection_details": None,
        "jobs": [{"id": str(row.job_id), "name": row.job.title}],
        "job_post_id": None,
        "status": _STATUS.get(Outcome(row.outcome), "rejected"),
        "current_stage": stage_of(row, stages) if row.outcome == Outcome.OPEN else None,
        "answers": [{"question": one.asked, "answer": one.text} for one in answers],
        "prospective_department": None,
        "prospective_office": None,
        "custom_fields": {},
        "keyed_custom_fields": {},
    }


_RATINGS = {1: "definitely_not", 2: "no", 3: "yes", 4: "strong_yes"}
_THEIR_RATINGS = ("definitely_not", "no", "mixed", "yes", "strong_yes")
_RECOMMENDED = {"strong_no": "definitely_not", "no": "no", "yes": "yes", "strong_yes": "strong_yes"}


def scorecard_of(card: Scorecard) -> Shape:
    """Return a submitted card; our four ratings are theirs without the one in the middle."""
    rated = [(each, card.rating_of(each.key)) for each in (card.kit.looked_for if card.kit else [])]
    by_rating: dict[str, list[str]] = {name: [] for name in _THEIR_RATINGS}
    for each, rating in rated:
        if rating:
            by_rating[_RATINGS[rating]].append(each.name)
    author = _author_of(card.author)
    return {
        "id": str(card.pk),
        "updated_at": moment(card.submitted_at),
        "created_at": moment(card.begun_at),
        "interview": card.step,
        "interview_step": {"id": stage_id(card.application.job_id, card.step), "name": card.step},
        "candidate_id": str(card.application.person_id),
        "application_id": str(card.application_id),
        "interviewed_at": None,
        "submitted_by": author,
        "interviewer": author,
        "submitted_at": moment(card.submitted_at),
        "overall_recommendation": _RECOMMENDED.get(card.recommendation, "no_decision"),
        "attributes": [
            {
                "name": each.name,
                "type": "Competencies",
                "note": card.notes_on(each.key) or None,
                "rating": _RATINGS.get(rating or 0, "no_decision"),
            }
            for each, rating in rated
        ],
        "ratings": by_rating,
        "questions": [{"id": None, "question": "Key Take-Aways", "answer": card.summary}],
    }


def stage_of(row: Application, stages: Sequence[StageSpec]) -> Shape:
    spec = spec_named(stages, row.step or row.stage)
    key, name = (spec.key, spec.label) if spec else (row.stage, row.get_stage_display())
    return {"id": stage_id(row.job_id, key), "name": name}


def stage_id(job_id: uuid.UUID, stage: str) -> str:
    """Return the id of a stage of a job: stages belong to jobs."""
    return f"{job_id}:{stage}"


def job_of(job: Job) -> Shape:
    """Return a job; its pay is what a posting says in the open."""
    status = {JobStatus.OPEN: "open", JobStatus.DRAFT: "draft"}.get(JobStatus(job.status), "closed")
    pay = {"min_value": job.pay_min, "max_value": job.pay_max, "unit": job.pay_currency}
    return {
        "id": str(job.pk),
        "name": job.title,
        "requisition_id": job.external_id or None,
        "notes": None,
        "confidential": False,
        "status": status,
        "created_at": moment(job.created_at),
        "opened_at": moment(job.posted_at),
        "closed_at": moment(job.updated_at) if status == "closed" else None,
        "updated_at": moment(job.updated_at),
        "is_template": False,
        "copied_from_id": None,
        "departments": [department_of(job.department)] if job.department else [],
        "offices": [office_of(job.city, job.country)] if job.city else [],
        "openings": [{"id": f"{job.pk}:{n}", "status": status} for n in range(1, min(job.openings, 100) + 1)],
        "hiring_team": {"hiring_managers": [], "recruiters": [], "coordinators": [], "sourcers": []},
        "custom_fields": {
            "employment_type": job.employment_type or None,
            "salary_range": pay if job.pay_currency else None,
        },
        "keyed_custom_fields": {},
    }


# Harvest knows four states of an offer; ours that only we need are one of them.
OFFER_STATES: dict[str, list[str]] = {
    "unresolved": ["draft", "approving", "approved", "sent", "held"],
    "accepted": ["accepted"],
    "rejected": ["declined", "expired", "withdrawn", "closed"],
    "deprecated": ["replaced"],
}
OFFER_RESOLVED = [*OFFER_STATES["accepted"], *OFFER_STATES["rejected"]]


def offer_of(row: Offer, *, with_pay: bool) -> Shape:
    """Return an offer; what it pays only where the key may read pay."""
    status = next(name for name, ours in OFFER_STATES.items() if row.state in ours)
    salary = {"amount": str(row.pay_amount), "unit": row.pay_currency} if with_pay else None
    return {
        "id": str(row.pk),
        "version": row.version,
        "application_id": str(row.application_id),
        "job_id": str(row.application.job_id),
        "candidate_id": str(row.application.person_id),
        "opening": None,
        "created_at": moment(row.made_at),
        "updated_at": moment(row.moved_at),
        "sent_at": row.sent_at.date().isoformat() if row.sent_at else None,
        "resolved_at": moment(row.moved_at) if row.state in OFFER_RESOLVED else None,
        "starts_at": row.starts_on.isoformat(),
        "status": status,
        "custom_fields": {"salary": salary, "pay_period": row.pay_period if with_pay else None},
        "keyed_custom_fields": {},
    }


def department_of(name: str) -> Shape:
    return {"id": name_id(f"department:{name}"), "name": name, "parent_id": None, "child_ids": []}


def office_of(city: str, country: str) -> Shape:
    place = ", ".join(part for part in (city, country) if part)
    return {
        "id": name_id(f"office:{place}"),
        "name": place,
        "location": {"name": place},
        "parent_id": None,
        "child_ids": [],
    }


def source_of(name: str) -> Shape:
    return {"id": name_id(f"source:{name}"), "public_name": name, "name": name, "type": None}


def _author_of(account: Account) -> Shape:
    first, _, last = account.name.partition(" ")
    name = {"id": str(account.pk), "name": account.name, "employee_id": None}
    return name | {"first_name": first, "last_name": last}


def user_of(account: Account) -> Shape:
    """Return a colleague."""
    name = account.name or account.email
    first, _, last = name.partition(" ")
    return {
        "id": str(account.pk),
        "name": name,
        "first_name": first,
        "last_name": last,
        "primary_email_address": account.email,
        "emails": [account.email],
        "created_at": moment(account.created_at),
        "updated_at": moment(account.created_at),
        "disabled": not account.is_active,
        "site_admin": account.role == Role.ADMINISTRATOR,
        "employee_id": None,
        "linked_candidate_ids": [],
    }
