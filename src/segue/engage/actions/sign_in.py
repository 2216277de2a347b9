"""Signing in by a link in the mail. Who can read the address's mail is the one who owns it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.utils.translation import gettext as _
from sesame.utils import get_token, get_user

from segue.catalog.models import Person
from segue.engage.actions.messages import write_message
from segue.engage.links import sign_in_path
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict
from segue.kit.ratelimit import knock
from segue.kit.tongues import speaking_to
from segue.listen.actions.record import record
from segue.trust.actions.accounts import clean_address, ensure_candidate_account
from segue.trust.models import Account
from segue.trust.queries.access import actor_for
from segue.trust.queries.sign_ins import link_is_closed_to

QUARTER_HOUR_S = 15 * 60
PLAIN_SCOPE = "sign-in"
CONFIRM_MAX_AGE_S = 7 * 24 * 3600  # mail about an application is read later than mail one asked for
MARK_LENGTH = 32  # the hexadecimal id of what a link confirms, written before the token proper


def send_sign_in_link(email: str, *, base_url: str, by: Actor, next_path: str = "", ip: str = "") -> None:
    """Send a link to the address if somebody signs in with it; the caller learns nothing either way.

    Raises Invalid where it is no address, TooMany past 5 an address or 30 an IP in 15 minutes.
    Knocks are counted outside the action, so that a refusal cannot undo its own count.
    """
    address = clean_address(email)
    if ip:
        knock("sign_in.ip", ip, limit=30, per_s=QUARTER_HOUR_S)
    knock("sign_in.address", address, limit=5, per_s=QUARTER_HOUR_S)
    offer_link(address, base_url=base_url, next_path=next_path, by=by)


@action("engage.offer_link")
def offer_link(address: str, *, base_url: str, next_path: str, by: Actor) -> None:
    """Write the sign-in message to the account of this address, making a known candidate's account."""
    account = _account_of(address, by=by)
    if account is None or link_is_closed_to(account):
        return
    link = sign_in_link(account, base_url=base_url, next_path=next_path)
    with speaking_to(account.person.locale if account.person else None):
        write_message(
            to=account.email,
            subject=_("Your link to sign in"),
            text=_(
                "Hello %(name)s,\n\nhere is your link to sign in. It works once, for half an hour:\n\n"
                "%(link)s\n\nIf you did not ask for it, you need not do anything.\n\n%(employer)s"
            )
            % {"name": account.name, "link": link, "employer": settings.EMPLOYER_NAME},
            kind="sign_in",
            person=account.person,
            by=by,
        )


def sign_in_link(
    account: Account, *, base_url: str, next_path: str = "", confirms: uuid.UUID | None = None
) -> str:
    """Return a link that signs this account in once.

    `confirms` is the id of something only the owner of the address can confirm; whoever redeems
    the link confirms it (the signal `person.signed_in` carries it), and a plain link never does.
    """
    scope = _scope(confirms.hex if confirms else "")
    token = (confirms.hex if confirms else "") + get_token(account, scope=scope)
    return base_url.rstrip("/") + sign_in_path(token, next_path=next_path)


def redeem_link(token: str) -> Account | None:
    """Return the account a link signs in, and spend the link; nothing where it is spent, old or forged.

    Two clicks at once spend it once: the account's row is locked before the token is read again.
    The account comes ready for Django's `login`.
    """
    account = _bearer(token)
    return None if account is None else spend_link(account, secret_token=token, by=actor_for(account))


@action("engage.spend_link")
def spend_link(account: Account, *, secret_token: str, by: Actor) -> Account | None:
    """Sign the account in under a lock and tell the ledger."""
    Account.objects.select_for_update().get(pk=account.pk)
    held = _bearer(secret_token)
    if held is None:
        return None
    held.last_login = clock.now()
    held.save(update_fields=["last_login"])
    record("person.signed_in", by=by, person_id=held.person_id, confirms=_mark_of(secret_token))
    return held


def _bearer(token: str) -> Account | None:
    mark = _mark_of(token)
    found: Account | None = get_user(
        token[len(mark) :],
        scope=_scope(mark),
        max_age=CONFIRM_MAX_AGE_S if mark else None,
        update_last_login=False,
    )
    return found


def _mark_of(token: str) -> str:
    """Return the mark before the token proper; a plain token is shorter than mark and token."""
    return token[:MARK_LENGTH] if len(token) > 2 * MARK_LENGTH else ""


def _scope(mark: str) -> str:
    return f"confirm:{mark}" if mark else PLAIN_SCOPE


def _account_of(address: str, *, by: Actor) -> Account | None:
    account = Account.objects.select_related("person__merged_into").filter(email=address).first()
    if account is not None and account.is_active:
        return account
    known = account.person if account else _person_with(address)
    if known is None or (account and known.merged_into is None):
        return None
    person = known.merged_into or known  # an address of a merged record signs the survivor in, by their mail
    try:
        return ensure_candidate_account(person, by=by)
    except Conflict:
        return None


def _person_with(address: str) -> Person | None:
    known = Person.objects.filter(email__iexact=address, erased_at=None)
    return known.select_related("merged_into").first()
