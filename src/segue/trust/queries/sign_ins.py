"""Where colleagues are signed in, and by which ways they may."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import NotFound
from segue.trust.models import Account
from segue.trust.queries.dials import dial
from segue.trust.sign_in_models import SignIn

BY_PROVIDER_ONLY = "sign_in.by_provider_only"


def sign_ins_of(account: Account) -> QuerySet[SignIn]:
    """Return the devices a colleague is signed in on, the last used first."""
    return SignIn.objects.filter(account=account, ended_at=None).order_by("-seen_at")


def sign_in_for(by: Actor, sign_in_id: uuid.UUID | str) -> SignIn:
    """Return one of the asker's own devices, or anybody's to an administrator. Raises NotFound."""
    rows = SignIn.objects.select_related("account").filter(pk=sign_in_id, ended_at=None)
    if by.role not in {Role.ADMINISTRATOR, Role.MACHINE}:
        rows = rows.filter(account=by.account_id)
    found = rows.first()
    if found is None:
        raise NotFound(_("This device is signed out already."), field="device")
    return found


def by_provider_only() -> bool:
    """Say whether colleagues sign in by the company's own sign-in alone; a password is the way around it."""
    return bool(dial(BY_PROVIDER_ONLY, False))


def link_is_closed_to(account: Account) -> bool:
    """Say whether this account gets no link by mail: a colleague's, where the company's sign-in is all."""
    return account.role in {role.value for role in STAFF} and by_provider_only()
