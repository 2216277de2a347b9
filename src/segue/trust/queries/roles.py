"""Which of several roles counts: the one that reaches furthest."""

from __future__ import annotations

from collections.abc import Collection

from segue.kit.actor import Role

FURTHEST_FIRST = (
    Role.ADMINISTRATOR,
    Role.RECRUITER,
    Role.HIRING_MANAGER,
    Role.SOURCER,
    Role.COORDINATOR,
    Role.ANALYST,
    Role.AUDITOR,
    Role.INTERVIEWER,
)
LEAST = Role.INTERVIEWER  # sees the jobs of whose team they are, and no more


def furthest_role(roles: Collection[str]) -> str:
    """Return the one that reaches furthest, or "" where there is none."""
    return next((role.value for role in FURTHEST_FIRST if role.value in roles), "")
