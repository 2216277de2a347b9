"""Whom to ask about a job: always a person with a name."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from segue.kit.actor import Role
from segue.trust.models import Account, JobMember


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    email: str


def contact_for(job_id: uuid.UUID) -> Contact | None:
    """Return the recruiter of the job's team, else its hiring manager, else any recruiter there is."""
    team = JobMember.objects.filter(
        job_id=job_id, duty__in=("recruiter", "hiring_manager"), account__is_active=True
    )
    member = team.select_related("account").order_by("-duty", "pk").first()  # "recruiter" sorts last
    account = member.account if member else _any_recruiter()
    return Contact(name=account.name or account.email, email=account.email) if account else None


def _any_recruiter() -> Account | None:
    return Account.objects.filter(role=Role.RECRUITER, is_active=True).order_by("pk").first()
