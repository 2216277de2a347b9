"""Whom a provider means: an account it is linked with, or one with an address it has verified."""

from __future__ import annotations

from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import NotAllowed
from segue.trust.actions.accounts import clean_address
from segue.trust.models import Account
from segue.trust.providers import GRANTABLE, Asserted, Provider
from segue.trust.queries.roles import furthest_role
from segue.trust.sign_in_models import LinkedIdentity, Provisioned

COLLEAGUES = frozenset(role.value for role in STAFF)


class Unknown(NotAllowed):
    """The provider knows who it is, and we do not."""

    code = "unknown_colleague"


@action("trust.account_asserted")
def account_asserted(provider: Provider, *, secret_said: Asserted, by: Actor) -> Account:
    """Return the colleague a provider speaks of, linking them where it is the first time.

    The provider's own id decides once it is linked: addresses change hands. Before that, an address links,
    where the provider has verified it and a colleague has it already. Groups may give a role, never an
    administrator's, and take none from an administrator. Raises Unknown.
    """
    said = secret_said
    link = LinkedIdentity.objects.select_related("account").filter(
        provider=provider.key, subject=said.subject
    )
    held = link.select_for_update(of=("self",)).first()
    account = held.account if held is not None else _by_address(provider, said)
    if account is None or not account.is_active or account.role not in COLLEAGUES:
        raise _unknown(provider, said)
    LinkedIdentity.objects.update_or_create(
        provider=provider.key,
        subject=said.subject,
        defaults={"account": account, "email": said.email[:254], "used_at": clock.now()},
    )
    _take_over(provider, account, said)
    return account


def _by_address(provider: Provider, said: Asserted) -> Account | None:
    address = said.email.strip().lower()
    if not is_verified(provider, said):
        return None
    known = Account.objects.select_for_update().filter(email=address).first()
    if known is not None or not provider.makes_accounts:
        return known
    role = role_of(provider, said)
    if not role:
        return None
    return Account.objects.create_account(clean_address(address), name=said.name[:300], role=role)


def is_verified(provider: Provider, said: Asserted) -> bool:
    """Say whether an address is one the provider answers for: verified, or of a domain it owns."""
    domain = said.email.strip().lower().rpartition("@")[2]
    if provider.vouches_for:
        return domain in {owned.lower() for owned in provider.vouches_for}
    return said.email_verified


def role_of(provider: Provider, said: Asserted) -> str:
    """Return the role somebody's groups give them by the file's mapping, the furthest first; "" for none."""
    given = {provider.roles[group] for group in said.groups if group in provider.roles}
    return furthest_role(given & GRANTABLE)


def _take_over(provider: Provider, account: Account, said: Asserted) -> None:
    role = role_of(provider, said)
    if role and account.role not in {role, Role.ADMINISTRATOR.value}:
        account.role = role
        account.save(update_fields=["role"])
    if said.department:
        Provisioned.objects.update_or_create(account=account, defaults={"department": said.department[:200]})


def _unknown(provider: Provider, said: Asserted) -> Unknown:
    return Unknown(
        _("%(title)s knows you as %(email)s, and we do not.")
        % {"title": provider.title, "email": said.email or said.subject},
        field="email",
        remedy=_("Ask an administrator to add you with this address."),
    )
