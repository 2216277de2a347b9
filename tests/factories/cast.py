"""The standing cast. Calling one twice in a test returns the same account."""

from __future__ import annotations

from typing import Any

from segue.kit.actor import Actor, Role
from segue.trust.models import Account
from segue.trust.queries.access import actor_for
from tests.factories.rows import grant, make_account, make_person


def actor(account: Account) -> Actor:
    """Return whom this account stands for, with the jobs they belong to now."""
    return actor_for(account)


def ada() -> Account:
    """Ada Lindqvist, candidate: a data engineer in Berlin who has said yes to every purpose."""
    skills = ["python", "sql", "data-engineering"]
    account = _candidate("Ada Lindqvist", "ada@people.example", skills=skills, headline="Data engineer")
    if not account.person.consents.exists():  # type: ignore[union-attr]  # candidates have a person
        grant(account.person)  # type: ignore[arg-type]  # as above
    return account


def eve() -> Account:
    """Eve Marlowe, candidate and stranger: she must never see what is somebody else's."""
    return _candidate("Eve Marlowe", "eve@people.example")


def mia() -> Account:
    """Mia Okafor, administrator."""
    return _colleague("Mia Okafor", Role.ADMINISTRATOR)


def rosa() -> Account:
    """Rosa Feld, recruiter."""
    return _colleague("Rosa Feld", Role.RECRUITER)


def max_() -> Account:
    """Max Brandt, hiring manager; he belongs to no job until `make_member` puts him there."""
    return _colleague("Max Brandt", Role.HIRING_MANAGER)


def ines() -> Account:
    """Ines Duarte, interviewer; she belongs to no job until `make_member` puts her there."""
    return _colleague("Ines Duarte", Role.INTERVIEWER)


def theo() -> Account:
    """Theo Janssen, analyst."""
    return _colleague("Theo Janssen", Role.ANALYST)


def _candidate(name: str, email: str, **person: Any) -> Account:
    found = Account.objects.filter(email=email).select_related("person").first()
    return found or make_account(name=name, email=email, person=make_person(name=name, email=email, **person))


def _colleague(name: str, role: Role) -> Account:
    email = f"{name.split(maxsplit=1)[0].lower()}@employer.example"
    return Account.objects.filter(email=email).first() or make_account(name=name, email=email, role=role)
