"""What an event costs the collector, beside the same collector written plainly as a Django view.

    ./run bench collect [--seconds 8] [--port 18500] [--patience 120]

Starts an embedded PostgreSQL (durable settings), our collector (one process, as `./run serve` starts it) and
the peer (tests/bench/rig/plain_collector.py: the same server, models and reading of events; ORM, one
transaction a request). Light senders on raw sockets keep requests under way. The cost is processor time of
the collector's processes (user and system, from /proc), neither of the senders' nor of PostgreSQL's. Every
row is counted in the ledger at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from segue.ports.postgres import Cluster
from tests.bench.pages import await_quiet, running

SIZES = (1, 20, 100)
CONNECTIONS = {1: 64, 20: 32, 100: 16}
GOAL_PER_CORE_S = {1: 6_000, 20: 23_000, 100: 23_000}
WARM_REQUESTS = 400
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass
class Result:
    """One run of the senders against one server."""

    name: str
    events: int  # a request
    requests: int
    took_s: float
    cpu_s: float
    latencies_ms: list[float]

    @property
    def per_core_s(self) -> float:
        return self.requests * self.events / self.cpu_s

    @property
    def row(self) -> list[str]:
        cuts = statistics.quantiles(self.latencies_ms, n=100, method="inclusive")
        total = self.requests * self.events
        cost = f"{self.cpu_s / total * 1e6:,.0f}"
        speed = [f"{total:,}", f"{total / self.took_s:,.0f}", cost, f"{self.per_core_s:,.0f}"]
        return [*speed, f"{cuts[49]:.0f}", f"{cuts[98]:.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=8.0, help="of each run, about (8)")
    parser.add_argument("--port", type=int, default=18_500)
    parser.add_argument("--patience", type=float, default=120, help="seconds to wait for a quiet machine")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder, Cluster(Path(folder)) as cluster:
        url = cluster.ensure_running()
        environment = _environment(folder, url)
        key = _found(environment)
        with ours(args.port, environment) as pid, peer(args.port + 1, environment) as peer_pid:
            busy = await_quiet(args.patience)
            results = []
            for events in SIZES:
                for name, port, server in (
                    ("Segue", args.port, pid),
                    ("plain Django view", args.port + 1, peer_pid),
                ):
                    results.append(measure(name, port, server, key, events, args.seconds))
        _count(url, results)
    print(as_markdown(results, busy))


def _environment(folder: str, url: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SEGUE_")}
    return kept | {
        "SEGUE_DATA_DIR": folder,
        "SEGUE_DATABASE_URL": url,
        "SEGUE_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "segue.settings",
        "PYTHONPATH": os.pathsep.join(["src", "."]),
    }


def _found(environment: dict[str, str]) -> str:
    """Bring the schema up and make a source that may send as much as it likes; returns its key."""
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from segue.kit.actor import Actor\n"
        "from segue.listen.actions.sources import create_source\n"
        "call_command('migrate', verbosity=0)\n"
        "by = Actor.machine('bench')\n"
        "print(create_source(name='bench', kind='server', limit_per_s=1_000_000, by=by)[1])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.split()[-1]


@contextmanager
def ours(port: int, environment: dict[str, str]) -> Iterator[int]:
    command = [sys.executable, "-m", "segue", "collect", "--port", str(port), "--workers", "1"]
    with running(command, environment, port, "/readyz", within_s=60):
        yield _listener(port)


@contextmanager
def peer(port: int, environment: dict[str, str]) -> Iterator[int]:
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--no-ws", "--workers", "1", "--blocking-threads", "4", "--backlog", "512", "--no-access-log"]
    command += ["--log-level", "warning", "tests.bench.rig.plain_collector:application"]
    with running(command, environment, port, "/v1/none", within_s=60, expect=404):
        yield _listener(port)


def _listener(port: int) -> int:
    """Return the process whose workers serve this port."""
    inodes = {
        f"socket:[{row[9]}]"
        for row in map(str.split, Path("/proc/net/tcp").read_text().splitlines()[1:])
        if row[1].endswith(f":{port:04X}") and row[3] == "0A"
    }
    holders = [
        int(folder.parent.name) for folder in Path("/proc").glob("[0-9]*/fd") if _holds(folder, inodes)
    ]
    return min(holders)


def _holds(folder: Path, inodes: set[str]) -> bool:
    try:
        return any(os.readlink(link) in inodes for link in folder.iterdir())
    except OSError:
        return False


def _cpu_s(server: int) -> float:
    """Return user and system time of a process and its children, its threads included."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(status.parent.name) == server or int(fields[1]) == server:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS_PER_S


def measure(name: str, port: int, server: int, key: str, events: int, seconds: float) -> Result:
    """Warm up, guess how many requests fill the time, and send them."""
    warm = send(port, key, events, WARM_REQUESTS if events == 1 else WARM_REQUESTS // 8)
    rate = len(warm["latencies_ms"]) / warm["took_s"]
    before_s = _cpu_s(server)
    requests = max(200, int(rate * seconds))
    sent = send(port, key, events, requests)
    cpu_s = _cpu_s(server) - before_s
    if sent["good"] != requests:
        raise SystemExit(f"{name}: {requests - sent['good']} of {requests} requests were not answered 200.")
    print(
        f"{name}, {events} a request: {requests * events / cpu_s:,.0f} events a core-second", file=sys.stderr
    )
    return Result(name, events, requests, sent["took_s"], cpu_s, sent["latencies_ms"])


def send(port: int, key: str, events: int, requests: int) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.bench.rig.sender", "--port", str(port), "--key", key]
    command += [
        "--events",
        str(events),
        "--connections",
        str(CONNECTIONS[events]),
        "--requests",
        str(requests),
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def _count(url: str, results: list[Result]) -> None:
    """Say whether every event that was answered is in the ledger."""
    with psycopg.connect(url) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM listen_signal").fetchone()
        (digests,) = connection.execute("SELECT count(*) FROM listen_heard").fetchone()
    sent = sum(result.requests * result.events for result in results)
    print(
        f"{sent:,} events measured; {rows:,} rows (with those of warming up), {digests:,} digests",
        file=sys.stderr,
    )
    if rows != digests or rows < sent:
        raise SystemExit("Rows and answers differ.")


def as_markdown(results: list[Result], busy: float) -> str:
    lines = [
        f"One process each, PostgreSQL on the same {os.cpu_count()} cores; others used {busy:.0%} before.",
        "",
        "| events a request | server | events | events/s | µs CPU an event | events a core-second | goal |"
        " p50 ms | p99 ms | × peer |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    floors = {result.events: result.per_core_s for result in results if result.name != "Segue"}
    for result in results:
        total, rate, cost, per_core, p50, p99 = result.row
        is_ours = result.name == "Segue"
        goal = f"{GOAL_PER_CORE_S[result.events]:,}" if is_ours else ""
        ratio = f"{result.per_core_s / floors[result.events]:.1f}" if is_ours else "1.0"
        cells = [str(result.events), result.name, total, rate, cost, per_core, goal, p50, p99, ratio]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
