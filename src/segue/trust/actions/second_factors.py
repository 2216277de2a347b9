"""Second steps: made, used and taken away. Tries are counted outside the deeds."""

from __future__ import annotations

import secrets

from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.ratelimit import knock
from segue.kit.sealing import seal, unseal
from segue.trust.models import Account
from segue.trust.passkeys import NewPasskey
from segue.trust.queries.second_factors import recovery_digest, roles_asked
from segue.trust.sign_in_models import FactorKind, RecoveryCode, SecondFactor
from segue.trust.totp import DIGITS, SEED_BYTES, accepted_step

MOST = 10  # second steps a colleague
CODES = 10
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
CODE_LENGTH = 12
QUARTER_HOUR_S = 15 * 60
TRIES = 6  # codes an account in a quarter of an hour: one in 80,000 to guess six digits in that time
SEALED_FOR = "trust.totp"


def fresh_seed() -> bytes:
    """Return a new seed for an authenticator app."""
    return secrets.token_bytes(SEED_BYTES)


@action("trust.add_totp")
def add_totp(account: Account, *, name: str, secret_seed: bytes, secret_code: str, by: Actor) -> SecondFactor:
    """Keep an authenticator app once it has shown a right code. Raises Invalid, Conflict, NotAllowed."""
    _own_only(account, by)
    _room_for_one(account)
    step = accepted_step(secret_seed, _digits(secret_code), at=clock.now(), after=0)
    if step is None:
        raise Invalid(
            _("This code is not right."),
            field="code",
            remedy=_("Type the six digits the app shows now. If they are refused, check the phone's clock."),
        )
    return SecondFactor.objects.create(
        account=account,
        kind=FactorKind.TOTP,
        name=_named(name, _("Authenticator app")),
        secret=seal(secret_seed, purpose=SEALED_FOR),
        counter=step,
        used_at=clock.now(),
    )


@action("trust.add_passkey")
def add_passkey(account: Account, *, name: str, secret_made: NewPasskey, by: Actor) -> SecondFactor:
    """Keep a passkey a browser has made. Raises Invalid where it is known already, Conflict, NotAllowed."""
    _own_only(account, by)
    _room_for_one(account)
    if SecondFactor.objects.filter(credential_id=secret_made.credential_id).exists():
        raise Invalid(_("This passkey is known already."), field="passkey", remedy=_("Use another one."))
    return SecondFactor.objects.create(
        account=account,
        kind=FactorKind.PASSKEY,
        name=_named(name, _("Passkey")),
        credential_id=secret_made.credential_id,
        secret=secret_made.public,
        counter=secret_made.counter,
        used_at=clock.now(),
    )


@action("trust.make_recovery_codes")
def make_recovery_codes(account: Account, *, by: Actor) -> list[str]:
    """Return ten new spare codes, this once; those before open nothing any more. Raises NotAllowed."""
    _own_only(account, by)
    RecoveryCode.objects.filter(account=account).delete()
    codes = ["".join(secrets.choice(CODE_LETTERS) for _each in range(CODE_LENGTH)) for _code in range(CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, digest=recovery_digest(account, code)) for code in codes
    )
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


@action("trust.remove_factor")
def remove_factor(factor: SecondFactor, *, by: Actor) -> None:
    """Take a second step away: one's own, or a colleague's who has lost it, by an administrator.

    The last one goes only where none is asked for, unless an administrator takes it. With it go the spare
    codes. Raises NotAllowed, Conflict.
    """
    account = factor.account
    is_own = by.account_id == account.pk
    if not is_own and by.role not in {Role.ADMINISTRATOR, Role.MACHINE}:
        raise NotAllowed(_("This second step is somebody else's."), field="factor")
    others = SecondFactor.objects.filter(account=account).exclude(pk=factor.pk)
    if not others.exists():
        if is_own and account.role in roles_asked():
            raise Conflict(
                _("Your role asks for a second step."), field="factor", remedy=_("Add another one first.")
            )
        RecoveryCode.objects.filter(account=account).delete()
    SecondFactor.objects.filter(pk=factor.pk).delete()


def check_code(account: Account, said: str, *, by: Actor) -> str:
    """Return "totp" or "code" for a right code of an app or a spare one, which is spent by it.

    Raises Invalid where it is not right, TooMany past 6 tries in 15 minutes.
    """
    knock("second_step", str(account.pk), limit=TRIES, per_s=QUARTER_HOUR_S)
    digits = _digits(said)
    how = use_totp(account, secret_code=digits, by=by) if len(digits) == DIGITS else ""
    how = how or use_recovery_code(account, secret_code=said, by=by)
    if not how:
        raise Invalid(
            _("This code is not right, or was used before."),
            field="code",
            remedy=_("Type the six digits the app shows now, or one of your recovery codes."),
        )
    return how


@action("trust.use_totp")
def use_totp(account: Account, *, secret_code: str, by: Actor) -> str:
    """Spend an app's code. Two at once spend it once: the row is locked before it is read."""
    rows = SecondFactor.objects.select_for_update().filter(account=account, kind=FactorKind.TOTP)
    for factor in rows.order_by("pk"):
        seed = unseal(bytes(factor.secret), purpose=SEALED_FOR)
        step = accepted_step(seed, secret_code, at=clock.now(), after=factor.counter)
        if step is not None:
            factor.counter, factor.used_at = step, clock.now()
            factor.save(update_fields=["counter", "used_at"])
            return FactorKind.TOTP.value
    return ""


@action("trust.use_recovery_code")
def use_recovery_code(account: Account, *, secret_code: str, by: Actor) -> str:
    """Spend a spare code, once."""
    digest = recovery_digest(account, secret_code)
    spent = RecoveryCode.objects.filter(account=account, digest=digest, used_at=None)
    return "code" if spent.update(used_at=clock.now()) else ""


@action("trust.use_passkey")
def use_passkey(factor: SecondFactor, *, counter: int, by: Actor) -> None:
    """Note that a passkey has proved itself. Raises NotAllowed where its count went back: it was copied.

    Most passkeys count nothing, and say zero.
    """
    held = SecondFactor.objects.select_for_update().get(pk=factor.pk)
    if (counter or held.counter) and counter <= held.counter:
        raise NotAllowed(
            _("This passkey seems to have been copied."),
            field="passkey",
            remedy=_("Use another way, and remove it."),
        )
    held.counter, held.used_at = counter, clock.now()
    held.save(update_fields=["counter", "used_at"])


def _own_only(account: Account, by: Actor) -> None:
    if by.account_id != account.pk or by.role not in STAFF:
        raise NotAllowed(_("Only colleagues have second steps, and each their own."), field="account")


def _room_for_one(account: Account) -> None:
    Account.objects.select_for_update().get(pk=account.pk)
    if SecondFactor.objects.filter(account=account).count() >= MOST:
        raise Conflict(
            _("You have ten second steps."), field="name", remedy=_("Remove one you do not use any more.")
        )


def _digits(said: str) -> str:
    return "".join(letter for letter in said if letter in "0123456789")


def _named(name: str, otherwise: str) -> str:
    return " ".join(name.split())[:80] or otherwise


@action("trust.reset_second_steps")
def reset_second_steps(account: Account, *, by: Actor) -> int:
    """Take all second steps of a colleague away who has lost them; return how many. Raises NotAllowed.

    They sign in by their mail or the company's sign-in again, and are told by who did it: in person.
    """
    if by.role not in {Role.ADMINISTRATOR, Role.MACHINE} or by.account_id == account.pk:
        raise NotAllowed(_("Only another administrator can reset this."), field="account")
    RecoveryCode.objects.filter(account=account).delete()
    return SecondFactor.objects.filter(account=account).delete()[0]
