"""How far the ledger may be read: up to here nothing can appear any more.

Why this is needed. A signal's id is drawn when it is inserted, and its row is seen when its transaction
commits. The two orders differ: 7 may be seen while 5 is still being written. A reader that moved its cursor
to 7 would never read 5. So a reader may pass an id only once no transaction that could have drawn a lower
one is under way.

How it is found. Whoever inserts through the table `listen_signal` holds a RowExclusiveLock on it, from
before the first id is drawn until after its commit can be seen (PostgreSQL takes a relation's lock while it
parses or revives the statement, so before the executor calls nextval; and at the end of a transaction it
first takes the transaction from the list of the running, then lets its locks go). Therefore:

    1. H := the last id drawn so far.
    2. W := the transactions that hold that lock now. Read after H, in a statement of its own.
    3. Once none of W runs any more, every id <= H has been committed (and whoever takes a snapshot from now
       on sees it) or never will be.

A writer that drew an id <= H held its lock at step 1. At step 2 it either still held it, and is waited for
in step 3, or it had ended, and what it wrote can be seen. One that takes the lock after step 2 draws ids >
H.

Why not the oldest running transaction (pg_snapshot_xmin): then an export, a backup or a forgotten psql
session of anybody would hold up every consumer. Here only writers of the ledger count; one that writes for
an hour does hold them up for that hour, and nothing is skipped.

What it rests on, besides: writers go through the parent table (partitions have locks of their own), ids are
drawn by the insert itself (the column's default), and the sequence hands out one id at a time (CACHE 1). We
do not prepare two-phase commits, which would change a transaction's name under way.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from django.db import connection

# Two statements in one message: they run one after the other, the second after the first has its answer.
# Our own session is left out: what it has written in a transaction of its own it can read there.
_LOOK = """
SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM listen_signal_number;
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'listen_signal'::regclass AND mode = 'RowExclusiveLock' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND pid <> pg_backend_pid()
"""


UNKNOWN = -1  # while everything seen so far still waits for a writer


class Waits:
    """The arithmetic, without a database: heights, and the writers each of them still waits for."""

    def __init__(self) -> None:
        self.safe = UNKNOWN
        self._pending: dict[frozenset[str], int] = {}

    def note(self, last_drawn: int, writing: Iterable[str]) -> int:
        """Take in one look (the last id drawn, then who was writing); return the height that is safe.

        Heights that wait for the same writers are one, the highest: under a writer that takes an hour the
        pending ones do not pile up.
        """
        now_writing = frozenset(writing)
        seen = [*self._pending.items(), (now_writing, last_drawn)]
        self._pending = {}
        for writers, height in seen:
            left = writers & now_writing
            self._pending[left] = max(height, self._pending.get(left, UNKNOWN))
        self.safe = max(self.safe, self._pending.pop(frozenset(), UNKNOWN))
        self._pending = {writers: height for writers, height in self._pending.items() if height > self.safe}
        return self.safe


class Horizon:
    """The highest id that may be read. It is remembered from look to look, as long as the connection lives.

    Not longer: a server that crashed may hand out ids again that it had drawn for transactions nobody
    committed, so what was concluded before the crash is forgotten with the connection.
    """

    def __init__(self) -> None:
        self._waits = Waits()
        self._connection: Any = None

    def look(self) -> int:
        """Look once and return it, or UNKNOWN; it waits for nobody. Costs a third of a millisecond."""
        with connection.cursor() as cursor:
            if self._connection is not connection.connection:
                self._connection, self._waits = connection.connection, Waits()
            cursor.execute(_LOOK)
            last_drawn = int(cursor.fetchone()[0])
            cursor.nextset()
            return self._waits.note(last_drawn, [name for (name,) in cursor.fetchall()])

    def settle(self) -> int:
        """Wait until all that has been drawn by now may be read, and return the horizon then."""
        with connection.cursor() as cursor:
            cursor.execute(_LOOK.partition(";")[0])
            goal = int(cursor.fetchone()[0])
        while (safe := self.look()) < goal:
            time.sleep(0.01)
        return safe
