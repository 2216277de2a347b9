"""Housekeeping of this room."""

from __future__ import annotations

from segue.kit.queue import every, job
from segue.kit.queue_leases import Lane
from segue.trust.actions.chain import seal_lines
from segue.trust.actions.kept_answers import drop_old_answers
from segue.trust.actions.sign_ins import drop_old_sign_ins

HOUR_S = 3600
SEAL_S = 15
AT_ONCE = 20_000  # a job is one transaction; the rest is for the next slot


@every(HOUR_S)
@job("trust.drop_old_answers", database_only=True, lane=Lane.LONG)
def drop_old_answers_hourly() -> None:
    """Forget answers kept for repeated requests once their day is over."""
    drop_old_answers()


@every(SEAL_S)
@job("trust.seal_lines")
def seal_lines_often() -> None:
    """Seal what was done into the audit's chain. Fifteen seconds and a turn of the queue: that is its lag."""
    seal_lines(limit=AT_ONCE)


@every(24 * HOUR_S)
@job("trust.drop_old_sign_ins", database_only=True, lane=Lane.LONG)
def drop_old_sign_ins_nightly() -> None:
    """Forget devices signed out long ago, and assertions that are too old to be taken again."""
    drop_old_sign_ins()
