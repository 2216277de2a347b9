"""Second steps: which a colleague has, and whom we ask for one."""

from __future__ import annotations

import hashlib
import uuid

from django.utils.translation import gettext as _

from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import NotFound
from segue.trust.models import Account
from segue.trust.queries.dials import dial
from segue.trust.sign_in_models import FactorKind, RecoveryCode, SecondFactor

SECOND_STEP_ROLES = "sign_in.second_step_roles"


def factors_of(account: Account) -> list[SecondFactor]:
    """Return a colleague's authenticator apps and passkeys, the oldest first."""
    return list(SecondFactor.objects.filter(account=account).order_by("pk"))


def passkeys_of(account: Account) -> list[SecondFactor]:
    """Return a colleague's passkeys."""
    return list(SecondFactor.objects.filter(account=account, kind=FactorKind.PASSKEY).order_by("pk"))


def passkey_by_credential(credential_id: str) -> SecondFactor | None:
    """Return the passkey a browser names, of somebody who may still sign in."""
    rows = SecondFactor.objects.select_related("account")
    return rows.filter(credential_id=credential_id, account__is_active=True).first()


def factor_for(by: Actor, factor_id: uuid.UUID | str) -> SecondFactor:
    """Return one of the asker's own, or any to an administrator. Raises NotFound."""
    rows = SecondFactor.objects.select_related("account").filter(pk=factor_id)
    if by.role not in {Role.ADMINISTRATOR, Role.MACHINE}:
        rows = rows.filter(account=by.account_id)
    found = rows.first()
    if found is None:
        raise NotFound(_("There is no such second step."), field="factor", remedy=_("Load the page again."))
    return found


def codes_left(account: Account) -> int:
    """Return how many recovery codes have not been used."""
    return RecoveryCode.objects.filter(account=account, used_at=None).count()


def recovery_digest(account: Account, code: str) -> str:
    """Return what is kept of a recovery code: 60 random bits are found by digest, and never guessed."""
    plain = "".join(code.split()).replace("-", "").lower()
    return hashlib.sha256(f"recovery:{account.pk}:{plain}".encode("utf-8", "replace")).hexdigest()


def roles_asked() -> frozenset[str]:
    """Return the roles that may not go without a second step."""
    known = {role.value for role in STAFF}
    return frozenset(str(role) for role in dial(SECOND_STEP_ROLES, []) if role in known)


def has_second_step(account: Account) -> bool:
    """Say whether a colleague has any."""
    return SecondFactor.objects.filter(account=account).exists()
