"""Whom to ask about a job: always a person with a name."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from segue.kit.actor import Role
from segue.trust.models import Account, JobMember
from segue.trust.queries.dials import dial

ARRANGER = "accommodations.contact"


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    email: str


def contact_for(job_id: uuid.UUID) -> Contact | None:
    """Return whom a candidate may ask about this job."""
    account = account_for(job_id)
    return Contact(name=account.name or account.email, email=account.email) if account else None


def account_for(job_id: uuid.UUID) -> Account | None:
    """Return the recruiter of the job's team, else its hiring manager, else any recruiter there is."""
    team = JobMember.objects.filter(
        job_id=job_id, duty__in=("recruiter", "hiring_manager"), account__is_active=True
    )
    member = team.select_related("account").order_by("-duty", "pk").first()  # "recruiter" sorts last
    return member.account if member else _any_recruiter()


def arranger_for(job_id: uuid.UUID) -> Account | None:
    """Return who arranges what somebody needs to be different: the one the employer named for it (the dial
    `accommodations.contact`), else the job's coordinator, else whom one asks about the job, else whoever runs
    the site. One person, whose name is told before anything is written."""
    active = Account.objects.filter(is_active=True, person=None)
    named = active.filter(email=str(dial(ARRANGER, ""))).first()
    if named is not None:
        return named
    team = JobMember.objects.filter(job_id=job_id, duty="coordinator", account__is_active=True)
    member = team.select_related("account").order_by("pk").first()
    first = member.account if member else account_for(job_id)
    return first or active.filter(role=Role.ADMINISTRATOR).order_by("pk").first()


def _any_recruiter() -> Account | None:
    return Account.objects.filter(role=Role.RECRUITER, is_active=True).order_by("pk").first()
