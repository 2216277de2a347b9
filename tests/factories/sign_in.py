"""Ways to prove who one is, as a phone or a key would."""

from __future__ import annotations

from segue.kit import clock
from segue.kit.sealing import seal
from segue.trust.actions.second_factors import SEALED_FOR
from segue.trust.models import Account
from segue.trust.sign_in_models import FactorKind, SecondFactor
from segue.trust.totp import code_at, step_at

SEED = b"twenty bytes of seed"


def make_totp(account: Account, seed: bytes = SEED) -> SecondFactor:
    """Give a colleague an authenticator app."""
    secret = seal(seed, purpose=SEALED_FOR)
    return SecondFactor.objects.create(account=account, kind=FactorKind.TOTP, name="Phone", secret=secret)


def code_now(seed: bytes = SEED, *, ahead: int = 0) -> str:
    """Return what the app shows now, or so many steps later."""
    return code_at(seed, step_at(clock.now()) + ahead)
