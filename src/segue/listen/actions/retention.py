"""Forgetting what has been kept long enough: by purpose, week by week, and in small bites."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.listen.cold.aside import own_connection
from segue.listen.cold.storage import storage
from segue.listen.models import ColdFile
from segue.listen.weeks import week_of

HEARD_DAYS = 30  # the memory by which a repeat is known
ORPHAN_AGE = timedelta(days=1)  # a compaction under way is never so old
BITE = 20_000  # rows a statement
BITES = 25  # statements a run; what is left waits for the next
_HEARD = (
    "DELETE FROM listen_heard WHERE digest IN (SELECT digest FROM listen_heard WHERE heard_on < %s LIMIT %s)"
)
_REJECTED = (
    "DELETE FROM listen_rejected WHERE id IN (SELECT id FROM listen_rejected WHERE received_at < %s LIMIT %s)"
)
_TOUCHED = (
    "SELECT relname FROM pg_stat_user_tables WHERE relname LIKE 'listen\\_%' AND n_dead_tup > 0 ORDER BY 1"
)
_HOT = """
DELETE FROM listen_signal USING (
  SELECT id, received_at FROM listen_signal WHERE received_at < %s AND purpose = 'behaviour' LIMIT %s
) old WHERE listen_signal.id = old.id AND listen_signal.received_at = old.received_at
"""


def behaviour_kept_since() -> datetime:
    """Return the Monday from which behaviour is kept: whole weeks go, so that a file goes as a whole."""
    monday = week_of(clock.now() - timedelta(days=settings.BEHAVIOUR_DAYS))
    return datetime(monday.year, monday.month, monday.day, tzinfo=clock.now().tzinfo)


@action("listen.forget_behaviour")
def forget_behaviour(*, by: Actor) -> int:
    """Let behaviour older than SEGUE_BEHAVIOUR_DAYS go, cold or hot; return how many files went.

    Signals of service stay: they belong to what somebody asked for, and go with it.
    """
    since = behaviour_kept_since()
    old = ColdFile.objects.filter(purpose="behaviour", week__lt=since.date())
    paths = list(old.values_list("path", flat=True))
    old.delete()
    for path in paths:
        transaction.on_commit(partial(storage().delete, path))
    _in_bites(_HOT, since)
    return len(paths)


@action("listen.forget_input")
def forget_input(*, by: Actor) -> bool:
    """Let old refusals and the memory of message ids go; return whether there is more than one run takes."""
    at = clock.now()
    refused = _in_bites(_REJECTED, at - timedelta(days=settings.REJECTED_DAYS))
    heard = _in_bites(_HEARD, (at - timedelta(days=HEARD_DAYS)).date())
    return not (refused and heard)


def sweep_orphans() -> int:
    """Delete stored files that are not on the list, a day after they were written; return how many."""
    place, gone = storage(), 0
    listed = list(place.listed())
    known = set(
        ColdFile.objects.values_list("path", flat=True)
    )  # read after: what is listed may just have got on
    for file in listed:
        if file.path not in known and file.changed_at < clock.now() - ORPHAN_AGE:
            place.delete(file.path)
            gone += 1
    return gone


def _in_bites(statement: str, before: date) -> bool:
    """Delete bite by bite; say whether all is gone."""
    with connection.cursor() as cursor:
        for _ in range(BITES):
            cursor.execute(statement, [before, BITE])
            if cursor.rowcount < BITE:
                return True
    return False


def vacuum_touched() -> list[str]:
    """Let the database reuse what deleted and detached rows took; return the tables swept.

    Left to itself it would not: one person's rows are too few in a week of millions to set off its own
    vacuum. It cannot run inside a transaction, and so has a connection of its own.
    """
    with own_connection() as aside:
        tables = [str(name) for (name,) in aside.execute(_TOUCHED).fetchall()]
        for table in tables:
            aside.execute(f"VACUUM (SKIP_LOCKED) {table}".encode())
    return tables
