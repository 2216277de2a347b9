"""Rate limits that hold across processes: one upsert a knock."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from segue.kit import clock
from segue.kit.errors import TooMany

_KNOCK = """
INSERT INTO kit_ratebucket (key, window_start, count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN kit_ratebucket.window_start < %s THEN 1 ELSE kit_ratebucket.count + 1 END,
  window_start = CASE WHEN kit_ratebucket.window_start < %s THEN EXCLUDED.window_start
                      ELSE kit_ratebucket.window_start END
RETURNING count, window_start
"""

_SO_FAR = "SELECT count FROM kit_ratebucket WHERE key = %s AND window_start >= %s"


class Allowance(NamedTuple):
    """What is left of a limit after a knock: how many more, and in how many seconds it begins anew."""

    limit: int
    left: int
    reset_s: int


def knock(what: str, who: str, *, limit: int, per_s: int) -> Allowance:
    """Count one knock of `who` at `what`; raise TooMany past `limit` in `per_s` seconds."""
    at = clock.now()
    oldest = at - timedelta(seconds=per_s)
    with connection.cursor() as cursor:
        cursor.execute(_KNOCK, [_key(what, who), at, oldest, oldest])
        count, window_start = cursor.fetchone()
    wait_s = max(1, per_s - int((at - window_start).total_seconds()))
    if count > limit:
        raise TooMany(
            "That was a little too often.",
            retry_after_s=wait_s,
            remedy=f"Please try again in {wait_s} seconds.",
        )
    return Allowance(limit, limit - count, wait_s)


def knocks_so_far(what: str, who: str, *, per_s: int) -> int:
    """Return how often `who` has knocked at `what` in this window, without knocking."""
    oldest = clock.now() - timedelta(seconds=per_s)
    with connection.cursor() as cursor:
        cursor.execute(_SO_FAR, [_key(what, who), oldest])
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def _key(what: str, who: str) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), who.lower().encode(), hashlib.sha256).hexdigest()
    return f"{what}:{digest[:40]}"
