"""Whose account it is, and whom to sign in as for people who look around in a demo."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from segue.catalog.models import PRESENT, Person
from segue.engine.world.cast import ADA_EMAIL
from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import NotAllowed, NotFound
from segue.trust.models import Account

SHOWN = (Role.RECRUITER, Role.HIRING_MANAGER, Role.INTERVIEWER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody of one kind; a candidate gets an account by signing in for the first time."""

    name: str
    email: str
    role: str


def colleagues_here() -> QuerySet[Account]:
    """Return every colleague who works here now, by name."""
    return Account.objects.filter(is_active=True, person=None, role__in=STAFF).order_by("name")


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
    return Face(account.name or account.email, account.email, account.role)


def account_of(actor: Actor) -> Account:
    """Return the account somebody is signed in with. Raises NotAllowed where nobody is."""
    found = Account.objects.filter(pk=actor.account_id, is_active=True).first() if actor.account_id else None
    if found is None:
        raise NotAllowed(_("Only somebody with an account can do this."), remedy=_("Sign in."))
    return found


def colleagues_visible_to(actor: Actor) -> QuerySet[Account]:
    """Return colleagues' accounts to colleagues, our own processes and keys with the scope."""
    rows = Account.objects.filter(role__in=STAFF).order_by("pk")
    return rows if actor.is_staff or actor.is_machine or actor.has_scope("staff:read") else rows.none()


def colleague_for(actor: Actor, account_id: uuid.UUID) -> Account:
    """Return one colleague's account. Raises NotFound."""
    found = colleagues_visible_to(actor).filter(pk=account_id).first()
    if found is None:
        raise NotFound(_("There is no such colleague."), field="user")
    return found


def colleague_by_email(actor: Actor, email: str) -> Account:
    """Return the colleague who signs in with this address. Raises NotFound."""
    found = colleagues_visible_to(actor).filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise NotFound(
            _("No colleague signs in with “%s”.") % email, field="owner", remedy=_("See: segue staff --help")
        )
    return found


def account_that_signs_in(account_id: uuid.UUID | str) -> Account | None:
    """Return the account that has begun to sign in, while it may."""
    return Account.objects.filter(pk=account_id, is_active=True).first()


def colleagues_with_sign_in(actor: Actor) -> QuerySet[Account]:
    """Return every colleague, those closed last, with how they sign in, to administrators."""
    rows = (
        Account.objects.filter(role__in=STAFF) if actor.role is Role.ADMINISTRATOR else Account.objects.none()
    )
    return rows.annotate(
        factors=Count("second_factors", distinct=True),
        seen_at=Max("sign_ins__seen_at"),
    ).order_by("-is_active", "name", "pk")
