"""Which accounts there are to show."""

from __future__ import annotations

from dataclasses import dataclass

from segue.kit.actor import Role
from segue.trust.models import Account


@dataclass(frozen=True, slots=True)
class Face:
    """An account to sign in as, for people who look around in a demo."""

    name: str
    email: str
    role: str


def faces() -> list[Face]:
    """Return the first active account of each kind, in one query; a demo's page shows them."""
    shown = (Role.CANDIDATE, Role.RECRUITER, Role.HIRING_MANAGER, Role.INTERVIEWER, Role.ADMINISTRATOR)
    firsts = (
        Account.objects.filter(role__in=shown, is_active=True)
        .order_by("role", "id")
        .distinct("role")
        .values_list("role", "name", "email")
    )
    found = {role: Face(name or email, email, role.replace("_", " ")) for role, name, email in firsts}
    return [found[role] for role in shown if role in found]
