"""Colleagues' devices: signed in, seen, ended. Ending one ends its session at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password as is_password
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import Invalid, NotAllowed
from segue.kit.ratelimit import knock
from segue.trust.actions.dials import set_dial
from segue.trust.models import Account
from segue.trust.queries.second_factors import SECOND_STEP_ROLES
from segue.trust.queries.sign_ins import BY_PROVIDER_ONLY
from segue.trust.sign_in_models import SignIn, SpentAssertion

QUARTER_HOUR_S = 15 * 60
KEPT = timedelta(days=90)  # devices signed out are remembered so long


@action("trust.start_sign_in")
def start_sign_in(
    account: Account, *, secret_session: str, how: str, second: str, agent: str, by: Actor
) -> SignIn:
    """Write down that a colleague signed in on a device."""
    return SignIn.objects.create(
        account=account, session_key=secret_session, how=how[:60], second=second, agent=agent[:200]
    )


def note_seen(session_key: str) -> None:
    """Write down that a device was used; plumbing, and so without an audit line."""
    SignIn.objects.filter(session_key=session_key, ended_at=None).update(seen_at=clock.now())


@action("trust.end_sign_in")
def end_sign_in(sign_in: SignIn, *, by: Actor) -> None:
    """Sign a device out: one's own, or a colleague's by an administrator. Raises NotAllowed."""
    if by.account_id != sign_in.account_id and by.role not in {Role.ADMINISTRATOR, Role.MACHINE}:
        raise NotAllowed(_("This device is somebody else's."), field="device")
    _end(SignIn.objects.filter(pk=sign_in.pk))


@action("trust.end_sign_ins")
def end_sign_ins(account: Account, *, by: Actor, secret_but: str = "") -> int:
    """Sign a colleague out everywhere, but for the session named; return on how many devices.

    Raises NotAllowed unless they ask themselves, or an administrator does, a directory or our own command.
    """
    may = {Role.ADMINISTRATOR, Role.MACHINE}
    if by.account_id != account.pk and by.role not in may and not by.has_scope("scim"):
        raise NotAllowed(_("These devices are somebody else's."), field="device")
    return _end(SignIn.objects.filter(account=account).exclude(session_key=secret_but or "-"))


def _end(rows: QuerySet[SignIn]) -> int:
    open_rows = rows.filter(ended_at=None)
    keys = list(open_rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return open_rows.update(ended_at=clock.now())


@action("trust.ask_for_second_step")
def ask_for_second_step(roles: list[str], *, by: Actor) -> None:
    """Let these roles in only with a second step; who of them is in without one is signed out now.

    Raises Invalid for a role that is no colleague's, NotAllowed.
    """
    if not set(roles) <= {role.value for role in STAFF}:
        raise Invalid(_("No such role."), field="roles")
    set_dial(SECOND_STEP_ROLES, sorted(set(roles)), by=by)
    without = SignIn.objects.filter(account__role__in=roles, second="")
    _end(without.exclude(account_id=by.account_id) if by.account_id else without)


@action("trust.close_links")
def close_links(only_provider: bool, *, by: Actor) -> None:
    """Let colleagues in by the company's sign-in alone, or by a link too.

    A password stays a way in for administrators: somebody must get in when the provider does not answer.
    Raises Invalid where no administrator could then get in, NotAllowed.
    """
    if only_provider and not _has_break_glass():
        raise Invalid(
            _("Nobody could get in if the provider fails."),
            field="only",
            remedy=_("Give one administrator a password first: segue staff EMAIL --password."),
        )
    set_dial(BY_PROVIDER_ONLY, only_provider, by=by)


def _has_break_glass() -> bool:
    rows = Account.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    return any(account.has_usable_password() for account in rows)


@action("trust.set_password")
def set_password(account: Account, *, secret_password: str, by: Actor) -> None:
    """Give an administrator a password, for the day nothing else opens. Raises Invalid, NotAllowed."""
    if not by.is_machine or account.role != Role.ADMINISTRATOR:
        raise NotAllowed(
            _("Only administrators have passwords, set at the console."),
            field="password",
            remedy=_("Others sign in by a link, a passkey or the company's sign-in."),
        )
    try:
        validate_password(secret_password, account)
    except ValidationError as weak:
        raise Invalid(" ".join(weak.messages), field="password", remedy=_("Choose another.")) from None
    account.set_password(secret_password)
    account.save(update_fields=["password"])
    _end(SignIn.objects.filter(account=account))


def account_by_password(email: str, password: str, *, ip: str) -> Account:
    """Return the administrator whom this address and password open.

    Raises Invalid without a word of which was wrong, TooMany past 5 tries an address or 20 an IP in a
    quarter of an hour.
    """
    if ip:
        knock("password.ip", ip, limit=20, per_s=QUARTER_HOUR_S)
    knock("password.address", email.strip(), limit=5, per_s=QUARTER_HOUR_S)
    rows = Account.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    account = rows.filter(email=email.strip().lower()).first()
    known = account is not None and account.has_usable_password()
    if not known:
        make_password(password)  # takes as long as comparing would: the wait tells nobody who has one
    if account is None or not known or not is_password(password, account.password):
        raise Invalid(
            _("Address and password do not belong together."),
            field="password",
            remedy=_("Passwords are for administrators when nothing else opens. Ask for a link instead."),
        )
    return account


@action("trust.spend_assertion")
def spend_assertion(digest: str, *, secret_until: datetime | None, by: Actor) -> None:
    """Note that an assertion has been taken. Raises Invalid where it was taken before."""
    _row, fresh = SpentAssertion.objects.get_or_create(
        digest=digest, defaults={"until": secret_until or clock.now() + KEPT}
    )
    if not fresh:
        raise Invalid(
            _("This sign-in was used before."),
            field="assertion",
            remedy=_("Begin again at the sign-in page."),
        )


def drop_old_sign_ins() -> None:
    """Forget devices long signed out, and assertions nobody would believe any more; plumbing."""
    SignIn.objects.filter(ended_at__lt=clock.now() - KEPT).delete()
    SignIn.objects.filter(ended_at=None, seen_at__lt=clock.now() - KEPT).delete()
    SpentAssertion.objects.filter(until__lt=clock.now()).delete()
