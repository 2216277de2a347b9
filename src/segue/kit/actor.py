"""Who is asking. Every query and every action takes one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    RECRUITER = "recruiter"
    HIRING_MANAGER = "hiring_manager"
    INTERVIEWER = "interviewer"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    CANDIDATE = "candidate"
    ANONYMOUS = "anonymous"
    MACHINE = "machine"


TALENT_TEAM = frozenset({Role.ADMINISTRATOR, Role.RECRUITER})
STAFF = frozenset(
    {
        Role.ADMINISTRATOR,
        Role.RECRUITER,
        Role.HIRING_MANAGER,
        Role.INTERVIEWER,
        Role.ANALYST,
        Role.AUDITOR,
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a machine about to read or to act.

    `job_ids` are the jobs a hiring manager or interviewer belongs to; the talent team sees all.
    """

    role: Role
    name: str = ""
    account_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    job_ids: frozenset[uuid.UUID] = frozenset()

    @classmethod
    def anonymous(cls) -> Actor:
        return cls(role=Role.ANONYMOUS, name="a visitor")

    @classmethod
    def machine(cls, name: str) -> Actor:
        """Stand for one of our own processes: an import, a worker, a policy."""
        return cls(role=Role.MACHINE, name=name)

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_talent_team(self) -> bool:
        return self.role in TALENT_TEAM

    @property
    def is_machine(self) -> bool:
        return self.role is Role.MACHINE

    @property
    def is_human_staff(self) -> bool:
        return self.is_staff and self.account_id is not None
