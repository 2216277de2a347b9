"""How long things usually take here, from what really happened."""

from __future__ import annotations

import math

from django.core.cache import cache
from django.db import connection

HOUR_S = 3600
FEWEST = 10  # below this many finished waits we say nothing rather than guess

# Waits that ended: the time from entering a stage to the entry that followed it, whatever it was.
_MEDIANS = """
SELECT stage, percentile_cont(0.5) WITHIN GROUP (ORDER BY wait_s), count(*)
FROM (
  SELECT stage, extract(epoch FROM lead(at) OVER (PARTITION BY application_id ORDER BY id) - at) AS wait_s
  FROM hire_stageentry
) AS waits
WHERE wait_s > 0
GROUP BY stage
"""


def typical_days(stage: str) -> int | None:
    """Return the median days people wait at a stage, rounded up, or None where too few have waited."""
    found: dict[str, int] | None = cache.get("hire.typical_days")
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(_MEDIANS)
            rows = cursor.fetchall()
        found = {name: max(1, math.ceil(median / 86_400)) for name, median, count in rows if count >= FEWEST}
        cache.set("hire.typical_days", found, HOUR_S)
    return found.get(stage)
