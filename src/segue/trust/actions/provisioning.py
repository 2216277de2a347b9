"""What a directory says of colleagues, done here: accounts made, changed, closed; groups and their roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import Conflict, Invalid
from segue.trust.actions.accounts import clean_address
from segue.trust.actions.leaving import close_account
from segue.trust.models import Account
from segue.trust.providers import GRANTABLE
from segue.trust.queries.provisioning import is_last_administrator, provisioners_only, role_by_groups
from segue.trust.queries.roles import LEAST
from segue.trust.sign_in_models import DirectoryGroup, GroupMember, Provisioned

COLLEAGUES = frozenset(role.value for role in STAFF)


@dataclass(frozen=True, slots=True)
class UserSaid:
    """A user as a directory describes one."""

    user_name: str
    external_id: str = ""
    display_name: str = ""
    given_name: str = ""
    family_name: str = ""
    title: str = ""
    department: str = ""
    active: bool = True

    def name(self) -> str:
        """Return the name colleagues and candidates see."""
        return self.display_name or f"{self.given_name} {self.family_name}".strip()


class Taken(Conflict):
    """Somebody else has this name already (RFC 7644: uniqueness)."""

    code = "uniqueness"


def said_of(account: Account) -> UserSaid:
    """Return what the directory has said so far."""
    kept = getattr(account, "provisioned", None) or Provisioned(account=account)
    return UserSaid(
        user_name=account.email,
        external_id=kept.external_id or "",
        display_name=account.name,
        given_name=kept.given_name,
        family_name=kept.family_name,
        title=kept.title,
        department=kept.department,
        active=account.is_active,
    )


@action("trust.provision_user")
def provision_user(said: UserSaid, *, by: Actor) -> Account:
    """Make a colleague's account, with the least role until a group gives another.

    Raises Taken where the address or the directory's id is somebody's, Invalid, NotAllowed.
    """
    provisioners_only(by)
    address = clean_address(said.user_name)
    if Account.objects.filter(email=address).exists():
        raise Taken(_("Somebody signs in with this address already."), field="userName")
    _free_external_id(said.external_id, None)
    account = Account.objects.create_account(address, name=said.name()[:300], role=LEAST.value)
    _keep(account, said)
    if not said.active:
        close_account(account, by=by)
    return account


@action("trust.change_user")
def change_user(account: Account, *, said: UserSaid, by: Actor) -> Account:
    """Take over what a directory says of a colleague. Closing ends their sessions at once.

    Raises Taken, Invalid, NotAllowed; Conflict where the last administrator would be shut out.
    """
    provisioners_only(by)
    held = Account.objects.select_for_update().get(pk=account.pk)
    address = clean_address(said.user_name)
    if Account.objects.filter(email=address).exclude(pk=held.pk).exists():
        raise Taken(_("Somebody signs in with this address already."), field="userName")
    _free_external_id(said.external_id, held)
    held.email, held.name = address, said.name()[:300]
    held.save(update_fields=["email", "name"])
    _keep(held, said)
    if held.is_active and not said.active:
        _not_the_last(held)
        close_account(held, by=by)
    elif said.active and not held.is_active:
        held.is_active = True
        held.save(update_fields=["is_active"])
    return held


@action("trust.retire_user")
def retire_user(account: Account, *, by: Actor) -> Account:
    """Close an account and let the directory's id go: what they decided keeps their name.

    Raises NotAllowed, Conflict for the last administrator.
    """
    provisioners_only(by)
    _not_the_last(account)
    if GroupMember.objects.filter(account=account).delete()[0]:
        _give_roles([account.pk])  # what a group gave does not wait for their return
        account.refresh_from_db()
    Provisioned.objects.filter(account=account).update(external_id=None)
    return close_account(account, by=by)


def _keep(account: Account, said: UserSaid) -> None:
    kept, fresh = Provisioned.objects.get_or_create(account=account)
    kept.external_id = said.external_id[:300] or None
    kept.given_name, kept.family_name = said.given_name[:150], said.family_name[:150]
    kept.title, kept.department = said.title[:200], said.department[:200]
    kept.version += 0 if fresh else 1
    kept.changed_at = clock.now()
    kept.save()


def _free_external_id(external_id: str, account: Account | None) -> None:
    if external_id:
        others = Provisioned.objects.filter(external_id=external_id[:300])
        if (others.exclude(account=account) if account else others).exists():
            raise Taken(_("Somebody has this id already."), field="externalId")


def _not_the_last(account: Account) -> None:
    if is_last_administrator(account):
        raise Conflict(
            _("The last administrator cannot be closed by a directory."),
            field="active",
            remedy=_("Make somebody else an administrator first: segue staff EMAIL --role administrator."),
        )


@dataclass(frozen=True, slots=True)
class GroupSaid:
    """A group as a directory describes one; `members` are ids of accounts."""

    display_name: str
    external_id: str = ""
    members: frozenset[UUID] = frozenset()


@action("trust.provision_group")
def provision_group(said: GroupSaid, *, by: Actor) -> DirectoryGroup:
    """Make a group. One named like a role stands for it; any other until an administrator says.

    Raises Taken, Invalid, NotAllowed.
    """
    provisioners_only(by)
    name = _group_name(said.display_name, None)
    group = DirectoryGroup.objects.create(
        display_name=name, external_id=said.external_id[:300] or None, role=_role_named(name)
    )
    _set_members(group, said.members)
    return group


@action("trust.change_group")
def change_group(group: DirectoryGroup, *, said: GroupSaid, by: Actor) -> DirectoryGroup:
    """Take over a group's name and members; who comes or goes gets the role their groups give now."""
    provisioners_only(by)
    held = DirectoryGroup.objects.select_for_update().get(pk=group.pk)
    held.display_name = _group_name(said.display_name, held)
    held.external_id = said.external_id[:300] or None
    held.version, held.changed_at = held.version + 1, clock.now()
    held.save(update_fields=["display_name", "external_id", "version", "changed_at"])
    _set_members(held, said.members)
    return held


@action("trust.retire_group")
def retire_group(group: DirectoryGroup, *, by: Actor) -> None:
    """Take a group away; its members get the role their other groups give."""
    provisioners_only(by)
    members = list(GroupMember.objects.filter(group=group).values_list("account_id", flat=True))
    DirectoryGroup.objects.filter(pk=group.pk).delete()
    _give_roles(members)


@action("trust.map_group")
def map_group(group: DirectoryGroup, *, role: str, by: Actor) -> DirectoryGroup:
    """Say which role a group stands for; "" says none. Never an administrator's: nobody outside makes one."""
    provisioners_only(by)
    if by.role not in {Role.ADMINISTRATOR, Role.MACHINE} or (role and role not in GRANTABLE):
        raise Invalid(_("A group cannot stand for this role."), field="role")
    DirectoryGroup.objects.filter(pk=group.pk).update(role=role)
    _give_roles(GroupMember.objects.filter(group=group).values_list("account_id", flat=True))
    group.role = role
    return group


def _group_name(display_name: str, held: DirectoryGroup | None) -> str:
    name = " ".join(display_name.split())
    if not 1 <= len(name) <= 256:
        raise Invalid(_("A group needs a name."), field="displayName")
    others = DirectoryGroup.objects.filter(display_name=name)
    if (others.exclude(pk=held.pk) if held else others).exists():
        raise Taken(_("There is a group of this name already."), field="displayName")
    return name


def _role_named(name: str) -> str:
    role = name.strip().lower().replace(" ", "_").replace("-", "_")
    return role if role in GRANTABLE else ""


def _set_members(group: DirectoryGroup, members: Iterable[UUID]) -> None:
    wanted = set(members)
    known = set(Account.objects.filter(pk__in=wanted, role__in=COLLEAGUES).values_list("pk", flat=True))
    if wanted - known:
        raise Invalid(_("A member is no user here."), field="members")
    had = set(GroupMember.objects.filter(group=group).values_list("account_id", flat=True))
    GroupMember.objects.filter(group=group, account_id__in=had - wanted).delete()
    GroupMember.objects.bulk_create(GroupMember(group=group, account_id=pk) for pk in sorted(wanted - had))
    _give_roles(had ^ wanted)


def _give_roles(account_ids: Iterable[UUID]) -> None:
    """Set the role that groups give; an administrator's is given and taken by people alone."""
    rows = Account.objects.filter(pk__in=list(account_ids)).exclude(role=Role.ADMINISTRATOR)
    for account in rows:
        role = role_by_groups(account)
        if role != account.role:
            Account.objects.filter(pk=account.pk).update(role=role)
    Provisioned.objects.filter(account_id__in=[row.pk for row in rows]).update(version=F("version") + 1)
