"""Accounts: colleagues with a role, and candidates who want to sign in."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from segue.catalog.models import Job, Person
from segue.kit.action import action
from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.trust.actions.leaving import close_account
from segue.trust.models import Account, JobMember

DUTIES = ("recruiter", "sourcer", "coordinator", "hiring_manager", "interviewer")


@action("trust.add_colleague")
def add_colleague(email: str, *, name: str, role: str, by: Actor) -> Account:
    """Give a colleague an account, or their present one this name and role.

    Raises NotAllowed unless an administrator or our own command asks, Invalid for a bad
    address or role, Conflict where a candidate holds the address.
    """
    _administrators_only(by)
    address = clean_address(email)
    if role not in {one.value for one in STAFF}:
        names = ", ".join(sorted(one.value for one in STAFF))
        raise Invalid(_("No such role."), field="role", remedy=f"Use one of: {names}.")
    known = Account.objects.select_for_update().filter(email=address).first()
    if known is None:
        return Account.objects.create_account(address, name=name.strip(), role=role)
    if known.role == Role.CANDIDATE:
        raise Conflict(
            _("A candidate signs in with this address."),
            field="email",
            remedy=_("Use the colleague's work address."),
        )
    known.name, known.role = name.strip() or known.name, role
    known.save(update_fields=["name", "role"])
    return known


@action("trust.ensure_candidate_account")
def ensure_candidate_account(person: Person, *, by: Actor) -> Account:
    """Return the account this person signs in with, making it where there is none.

    It gives nobody anything: only a link sent to the address opens it. Raises Invalid for a
    person without an address, Conflict where somebody else's account holds it.
    """
    held = Account.objects.filter(person=person).first()
    if held is not None:
        return held
    if not person.email:
        raise Invalid(_("This person has no e-mail address."), field="email", remedy=_("Add one first."))
    address = person.email.strip().lower()
    if Account.objects.filter(email=address).exists():
        raise Conflict(
            _("Another account signs in with this address."),
            field="email",
            remedy=_("Give the person another address."),
        )
    return Account.objects.create_account(address, name=person.name, role=Role.CANDIDATE, person=person)


@action("trust.add_member")
def add_member(job: Job, *, account: Account, duty: str, by: Actor) -> JobMember:
    """Put a colleague on a job's team, which lets them see its applicants; twice changes nothing.

    Raises NotAllowed unless the talent team or our own process asks, Invalid for an unknown duty
    or an account that is no colleague's.
    """
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed(_("Only the talent team chooses who works on a job."), field="job")
    if duty not in DUTIES:
        raise Invalid(_("No such duty."), field="duty", remedy=f"Use one of: {', '.join(DUTIES)}.")
    if Role(account.role) not in STAFF:
        raise Invalid(_("Only colleagues can join a job's team."), field="account")
    member, _made = JobMember.objects.get_or_create(job=job, account=account, duty=duty)
    return member


@action("trust.deactivate_account")
def deactivate_account(account: Account, *, by: Actor) -> Account:
    """Stop an account from signing in and from deciding; what it decided keeps its name.

    Raises NotAllowed unless an administrator or our own command asks.
    """
    _administrators_only(by)
    return close_account(account, by=by)


def clean_address(email: str) -> str:
    """Return the address as we store it. Raises Invalid where it is not one."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid(
            _("This is not an e-mail address."), field="email", remedy=_("Write it like name@example.com.")
        ) from None
    if len(address) > 254:
        raise Invalid(_("This e-mail address is too long."), field="email", remedy=_("Use another one."))
    return address


def _administrators_only(by: Actor) -> None:
    if by.role not in {Role.ADMINISTRATOR, Role.MACHINE}:
        raise NotAllowed(
            _("Only an administrator can change who works here."), remedy=_("Ask an administrator.")
        )


@action("trust.reopen_account")
def reopen_account(account: Account, *, by: Actor) -> Account:
    """Let a colleague in again whose account was closed. Raises NotAllowed."""
    _administrators_only(by)
    account.is_active = True
    account.save(update_fields=["is_active"])
    return account
