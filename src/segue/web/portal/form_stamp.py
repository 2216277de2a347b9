"""What tells a person's form from a program's, without asking anybody else and without puzzles.

A form carries a stamp: the job, a key of its own, and when it was shown, signed. What comes without one, too
soon after it, or with the field filled in that people do not see, is held for a person
(`hire.actions.holding`) and never dropped. Only where very many come from one network, the browser is asked
for a sum; one without JavaScript is not asked, and the link in the mail does instead.
"""

from __future__ import annotations

import hashlib
import secrets
import time
import uuid
from dataclasses import dataclass

from django.core import signing
from django.http import QueryDict

_SALT = "segue.portal.apply"
TRAP = "confirm_code"  # nothing that browsers or password managers fill in by themselves
QUICKEST_S = 2.0  # a saved form and one tap take longer than this; a program's request does not
WORK_BITS = 16  # about 65,000 hashes: a second or two on a phone


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a form was shown, and its key."""

    key: str
    shown_at: float


def new_stamp(job_id: uuid.UUID) -> str:
    """Stamp a form that is shown now."""
    return signing.dumps([str(job_id), secrets.token_urlsafe(18), time.time()], salt=_SALT)


def read_stamp(text: str, job_id: uuid.UUID) -> Stamp | None:
    """Return what a stamp of ours for this job says; None for anything else. A stamp does not go off."""
    try:
        job, key, shown_at = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Stamp(str(key), float(shown_at)) if job == str(job_id) else None


def signs_of_a_program(said: QueryDict, stamp: Stamp | None) -> tuple[str, ...]:
    """Return what in a form looks as if no person had sent it."""
    signs = {
        "trap": bool(said.get(TRAP, "").strip()),
        "no_stamp": stamp is None,
        "fast": stamp is not None and time.time() - stamp.shown_at < QUICKEST_S,
    }
    return tuple(name for name, seen in signs.items() if seen)


def has_worked(stamp_text: str, answer: str) -> bool:
    """Say whether a browser has done the sum: a number that makes the stamp's hash begin with zeros.

    >>> has_worked("a stamp", "not a number")
    False
    """
    if not (answer.isascii() and answer.isdigit() and len(answer) <= 12):
        return False
    digest = hashlib.sha256(f"{stamp_text}:{answer}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - WORK_BITS) == 0
