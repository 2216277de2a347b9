"""Whom to sign in as, for people who look around in a demo."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models.functions import Length

from segue.catalog.models import PRESENT, Person
from segue.engine.world.cast import ADA_EMAIL
from segue.kit.actor import Role
from segue.trust.models import Account

SHOWN = (Role.RECRUITER, Role.HIRING_MANAGER, Role.INTERVIEWER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody of one kind; a candidate gets an account by signing in for the first time."""

    name: str
    email: str
    role: str


def faces() -> list[Face]:
    """Return somebody of each kind, in a few queries: the standing cast where it is there."""
    known = Account.objects.filter(role__in=SHOWN, is_active=True)
    plainest = known.order_by("role", Length("email"), "id").distinct("role")  # the cast's are the shortest
    found = {account.role: account for account in plainest}
    people = Person.objects.filter(PRESENT).exclude(email=None)
    candidate = people.filter(email=ADA_EMAIL).first() or people.order_by("pk").first()
    shown = [Face(candidate.name, candidate.email or "", "candidate")] if candidate else []
    return shown + [_face(found[role]) for role in SHOWN if role in found]


def _face(account: Account) -> Face:
    return Face(account.name or account.email, account.email, account.role.replace("_", " "))
