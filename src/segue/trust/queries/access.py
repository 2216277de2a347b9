"""From an account to an actor, and the rules of who sees what."""

from __future__ import annotations

from segue.kit.actor import ON_THE_JOB, Actor, Role
from segue.trust.models import Account, JobMember


def actor_for(account: Account) -> Actor:
    """Return the actor an account stands for, with the jobs it belongs to."""
    role = Role(account.role)
    jobs: frozenset = frozenset()  # type: ignore[type-arg]
    if role in ON_THE_JOB:
        jobs = frozenset(JobMember.objects.filter(account=account).values_list("job_id", flat=True))
    return Actor(
        role=role,
        name=account.name or account.email,
        account_id=account.pk,
        person_id=account.person_id,
        job_ids=jobs,
    )
