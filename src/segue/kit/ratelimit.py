"""Rate limits that hold across processes: one upsert a knock."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

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


def knock(what: str, who: str, *, limit: int, per_s: int) -> None:
    """Count one knock of `who` at `what`; raise TooMany past `limit` in `per_s` seconds."""
    digest = hmac.new(settings.SECRET_KEY.encode(), who.lower().encode(), hashlib.sha256).hexdigest()
    at = clock.now()
    oldest = at - timedelta(seconds=per_s)
    with connection.cursor() as cursor:
        cursor.execute(_KNOCK, [f"{what}:{digest[:40]}", at, oldest, oldest])
        count, window_start = cursor.fetchone()
    if count > limit:
        wait_s = max(1, per_s - int((at - window_start).total_seconds()))
        raise TooMany(
            "That was a little too often.",
            retry_after_s=wait_s,
            remedy=f"Please try again in {wait_s} seconds.",
        )
