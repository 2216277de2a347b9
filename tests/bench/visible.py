"""From an event's 200 to the commit of a consumer that read it.

    ./run bench visible [--rate 1000] [--seconds 30] [--collectors 1]

A sender keeps to a schedule of single-event requests to the real collector; the real runner reads beside it,
and so does a peer: the loop everybody writes first, `WHERE id > last ORDER BY id` once a second. Both readers
write one row a signal; counted is from the arrival of the 200 to the reader's commit. It also says what each
lost or read twice. All processes share this machine, and the database is durable.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HOST = "127.0.0.1"
CONNECTIONS = 32
SETTLE_S = 5  # what is not visible by then is lost
READERS = {"ours": "our runner", "hourglass": "plain loop, once a second (peer)"}


@dataclass(frozen=True)
class Figures:
    """What one reader made of it."""

    waits_ms: list[float]
    lost: int
    twice: int
    cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=int, default=1_000, help="events a second (1000)")
    parser.add_argument("--seconds", type=int, default=30, help="how long (30)")
    parser.add_argument("--collectors", type=int, default=1, help="processes that collect (1)")
    parser.add_argument("--port", type=int, default=8533, help="for the collector (8533)")
    args = parser.parse_args()
    from segue.ports.postgres import Cluster

    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder, ExitStack() as stack:
        (Path(folder) / "static").mkdir()
        cluster = Cluster(Path(folder))
        environment = {"SEGUE_DATA_DIR": folder, "SEGUE_LOG_LEVEL": "ERROR", "SEGUE_SECRET_KEY": "bench"}
        os.environ |= environment | {
            "SEGUE_DATABASE_URL": cluster.ensure_running(),
            "DJANGO_SETTINGS_MODULE": "segue.settings",
        }
        stack.callback(cluster.stop)
        key = prepare()
        measure(args, key, Path(folder), stack)


def prepare() -> str:
    """Migrate, make the readers' tables and a source; return its key."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections

    from segue.kit.actor import Actor
    from segue.listen.actions.sources import create_source
    from segue.listen.models import SourceKind

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_ours (number int); CREATE TABLE bench_peer (number int)")
    _, key = create_source(name="bench", kind=SourceKind.SERVER, by=Actor.machine("bench"))
    connections.close_all()
    return key


def measure(args: argparse.Namespace, key: str, folder: Path, stack: ExitStack) -> None:
    collector = [sys.executable, "-m", "segue", "collect", "--port", str(args.port)]
    collector += ["--workers", str(args.collectors)]
    start(collector, "Segue collects", stack)
    readers = {
        name: start(
            [sys.executable, "-m", "tests.bench.rig.readers", name, str(folder / name)], "ready", stack
        )
        for name in READERS
    }
    time.sleep(2)  # both have found their place at the present
    sender = Sender(args.rate, args.seconds, key, args.port)
    asyncio.run(sender.run())
    time.sleep(SETTLE_S)
    found = {}
    for name, process in readers.items():
        process.terminate()
        process.wait(timeout=30)
        found[name] = figures(sender.answered, json.loads((folder / name).read_text()))
    print(table(found, sender))


def start(command: list[str], word: str, stack: ExitStack) -> subprocess.Popen[str]:
    """Start a process and wait for its word; at the end it is stopped."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    stack.callback(lambda: (process.terminate(), process.wait(timeout=30)))
    assert process.stdout is not None
    while word not in (line := process.stdout.readline()):
        if not line:
            raise SystemExit(f"{' '.join(command)} did not start.")
    return process


class Sender:
    """Sends by the clock, not when the last answer came: a slow answer does not thin out the rest."""

    def __init__(self, rate: int, seconds: int, key: str, port: int) -> None:
        self.rate, self.total, self.port = rate, rate * seconds, port
        self.login = b64encode(f"{key}:".encode()).decode()
        self.answered: dict[int, float] = {}
        self.took_s = 0.0
        self._next = 0

    async def run(self) -> None:
        began_s = time.monotonic()
        await asyncio.gather(*(self._send_in_turn(began_s) for _ in range(CONNECTIONS)))
        self.took_s = time.monotonic() - began_s

    async def _send_in_turn(self, began_s: float) -> None:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        while self._next < self.total:
            number, self._next = self._next, self._next + 1
            await asyncio.sleep(max(0.0, began_s + number / self.rate - time.monotonic()))
            writer.write(self._request(number))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            await reader.readexactly(length)
            if head.startswith(b"HTTP/1.1 200"):
                self.answered[number] = time.monotonic()
        writer.close()

    def _request(self, number: int) -> bytes:
        at = datetime.now(UTC).isoformat()
        said = {
            "type": "track",
            "event": "Job Viewed",
            "messageId": f"visible-{number}",
            "anonymousId": f"a-{number % 1000}",
            "timestamp": at,
            "sentAt": at,
            "properties": {"number": number, "title": "Nurse, night shifts", "pay": 41_500},
            "context": {"consent": {"categoryPreferences": {"analytics": True}}, "locale": "en-GB"},
        }
        body = json.dumps(said).encode()
        head = f"POST /v1/track HTTP/1.1\r\nhost: {HOST}\r\nauthorization: Basic {self.login}\r\n"
        head += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        return head.encode() + body


def figures(answered: dict[int, float], found: dict[str, object]) -> Figures:
    seen: dict[str, list[float]] = found["seen"]  # type: ignore[assignment]  # as the reader wrote it
    times = {number: seen.get(str(number), []) for number in answered}
    # A reader may be quicker than the answer on its way to the sender: that is no time at all.
    waits_ms = [max(0.0, (many[0] - answered[number]) * 1000) for number, many in times.items() if many]
    lost = sum(not many for many in times.values())
    twice = sum(len(many) > 1 for many in times.values())
    return Figures(waits_ms, lost, twice, float(found["cpu"]))  # type: ignore[arg-type]  # as above


def table(found: dict[str, Figures], sender: Sender) -> str:
    lines = [
        f"{len(sender.answered):,} of {sender.total:,} events answered 200 in {sender.took_s:.1f} s.",
        "",
        "| from 200 to a consumer's commit | p50 ms | p95 ms | p99 ms | max ms | lost | twice | of a core |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    p95 = {}
    for name, of in found.items():
        cuts = statistics.quantiles(of.waits_ms, n=100)
        p95[name] = cuts[94]
        times = f"{cuts[49]:,.0f} | {cuts[94]:,.0f} | {cuts[98]:,.0f} | {max(of.waits_ms):,.0f}"
        lines.append(f"| {READERS[name]} | {times} | {of.lost} | {of.twice} | {of.cpu:.2f} |")
    lines += ["", f"At p95 the peer takes {p95['hourglass'] / p95['ours']:.1f} times as long."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
