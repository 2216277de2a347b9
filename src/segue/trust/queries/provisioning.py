"""Colleagues and groups as the employer's directory sees them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import NotAllowed, NotFound
from segue.trust.models import Account
from segue.trust.queries.roles import LEAST, furthest_role
from segue.trust.sign_in_models import DirectoryGroup, GroupMember

SCOPE = "scim"


def provisioners_only(by: Actor) -> None:
    """Raise NotAllowed unless a directory's key asks, or an administrator or our own command."""
    if not (by.has_scope(SCOPE) or by.role in {Role.ADMINISTRATOR, Role.MACHINE}):
        raise NotAllowed(_("This is for the employer's directory."), field=SCOPE)


def users_visible_to(by: Actor) -> QuerySet[Account]:
    """Return every colleague's account, those closed too; candidates are no business of a directory's."""
    provisioners_only(by)
    rows = Account.objects.filter(role__in=[role.value for role in STAFF]).select_related("provisioned")
    return rows.prefetch_related("directory_groups__group").order_by("created_at", "pk")


def groups_visible_to(by: Actor) -> QuerySet[DirectoryGroup]:
    """Return the directory's groups with their members."""
    provisioners_only(by)
    return DirectoryGroup.objects.prefetch_related("members__account").order_by("made_at", "pk")


def user_for(by: Actor, user_id: str) -> Account:
    """Return one colleague's account. Raises NotFound."""
    found = users_visible_to(by).filter(pk=_id(user_id)).first()
    if found is None:
        raise NotFound(_("There is no such user."), field="id")
    return found


def group_for(by: Actor, group_id: str) -> DirectoryGroup:
    """Return one group. Raises NotFound."""
    found = groups_visible_to(by).filter(pk=_id(group_id)).first()
    if found is None:
        raise NotFound(_("There is no such group."), field="id")
    return found


def role_by_groups(account: Account) -> str:
    """Return the role somebody's groups give; the least where none does."""
    groups = GroupMember.objects.filter(account=account).exclude(group__role="")
    return furthest_role(set(groups.values_list("group__role", flat=True))) or LEAST.value


def is_last_administrator(account: Account) -> bool:
    """Say whether nobody could administer any more if this account were closed."""
    others = Account.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=account.pk)
    return account.role == Role.ADMINISTRATOR and not others.exists()


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return uuid.UUID(int=0)
