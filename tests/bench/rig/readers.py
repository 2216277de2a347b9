"""Two readers of the ledger, each a process of its own: our runner, and the loop everybody writes first.

    python -m tests.bench.rig.readers ours|hourglass FILE

Both write one row a signal and note when that was committed, on the machine's monotonic clock. Told to stop,
they write {number: [times]} and what they used of a processor to FILE.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

PEER_POLL_S = 1.0
seen: dict[int, list[float]] = defaultdict(list)


def note(numbers: list[int]) -> None:
    at_s = time.monotonic()
    for number in numbers:
        seen[number].append(at_s)


def read_as_we_do(stopping: threading.Event) -> None:
    from django.db import transaction

    from segue.listen.consuming import Told, consumer
    from segue.listen.runner import Runner

    @consumer("bench.visible", kinds=("event.tracked",))
    def keep(batch: Sequence[Told]) -> None:
        numbers = [int(told.props["number"]) for told in batch]
        _write_rows("bench_ours", numbers)
        transaction.on_commit(lambda: note(numbers))

    runner = Runner()
    threading.Thread(target=lambda: (stopping.wait(), runner.stop()), daemon=True).start()
    print("ready", flush=True)
    runner.run()


def read_once_a_second(stopping: threading.Event) -> None:
    """The peer: everything above the last id, each second, its place kept in the same transaction."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM listen_signal")
        last = cursor.fetchone()[0]
    print("ready", flush=True)
    while not stopping.wait(PEER_POLL_S):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT id, props FROM listen_signal WHERE id > %s ORDER BY id", [last])
            rows = [(row[0], json.loads(row[1])["number"]) for row in cursor.fetchall()]
            _write_rows("bench_peer", [number for _, number in rows])
        note([number for _, number in rows])
        last = rows[-1][0] if rows else last


def _write_rows(table: str, numbers: list[int]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} SELECT unnest(%s::int[])", [numbers])


def main() -> None:
    import django

    django.setup()
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    began_s = time.monotonic()
    {"ours": read_as_we_do, "hourglass": read_once_a_second}[sys.argv[1]](stopping)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = (used.ru_utime + used.ru_stime) / (time.monotonic() - began_s)
    Path(sys.argv[2]).write_text(json.dumps({"seen": seen, "cpu": cpu}))


if __name__ == "__main__":
    main()
