"""Who is asking. Every query and every action takes one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    RECRUITER = "recruiter"
    SOURCER = "sourcer"
    COORDINATOR = "coordinator"
    HIRING_MANAGER = "hiring_manager"
    INTERVIEWER = "interviewer"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    CANDIDATE = "candidate"
    API_CLIENT = "api_client"
    ANONYMOUS = "anonymous"
    MACHINE = "machine"


TALENT_TEAM = frozenset({Role.ADMINISTRATOR, Role.RECRUITER})
FINDERS = TALENT_TEAM | {Role.SOURCER}  # who looks for people beyond those who applied
ON_THE_JOB = frozenset({Role.HIRING_MANAGER, Role.INTERVIEWER, Role.COORDINATOR, Role.SOURCER})
STAFF = TALENT_TEAM | ON_THE_JOB | {Role.ANALYST, Role.AUDITOR}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a machine about to read or to act.

    `job_ids` are the jobs whose team a colleague of ON_THE_JOB belongs to; the talent team sees all.
    `scopes` are what an API key opens; nobody else has any. `seen_by_id` is the administrator who looks with
    this actor's eyes: such an actor reads and never acts.
    """

    role: Role
    name: str = ""
    account_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    job_ids: frozenset[uuid.UUID] = frozenset()
    key_id: uuid.UUID | None = None
    scopes: frozenset[str] = frozenset()
    seen_by_id: uuid.UUID | None = None
    seen_by_name: str = ""

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
    def finds_people(self) -> bool:
        return self.role in FINDERS

    @property
    def is_machine(self) -> bool:
        return self.role is Role.MACHINE

    @property
    def is_human_staff(self) -> bool:
        return self.is_staff and self.account_id is not None

    def has_scope(self, *scopes: str) -> bool:
        """Say whether this is an API key that opens one of `scopes`; colleagues have roles instead."""
        return self.role is Role.API_CLIENT and not self.scopes.isdisjoint(scopes)
