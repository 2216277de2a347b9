"""How long the pages take while twenty requests a second come in, beside the least a Django page can take.

    ./run bench pages [--people 5000] [--jobs 200] [--rate 20] [--seconds 30] [--workers 2] [--data-dir KEEP]
                      [--pages skip]

Founds a company (a large one by multiplying a smaller one's people, see tests/bench/rig/crowd.py), starts
the product as `./run demo` does (two workers, the queue worker, durable PostgreSQL) and signs candidates and
a recruiter in through their mail. Requests leave on a fixed schedule, whether the last one is back or not.
"Server" is the time inside the application (the Server-Timing header), "CPU" the processor time of the thread
that answered, "wall" what the visitor waits: on a machine that others use, only CPU can be judged. `--pages`
names the pages that are asked for, e.g. `skip` alone; a skip's answer holds the next card. The peer
(tests/bench/rig/peer.py) runs beside it and is asked in between. Memory is that of the processes that serve
pages; the last line is how long after its publishing a job lies on a candidate's home.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg

from segue.ports.postgres import Cluster
from tests.bench.rig.crowd import FOUNDED_AT_MOST
from tests.bench.rig.footprint import Footprint, footprints
from tests.bench.rig.visitor import HOST, Answer, Visitor

CANDIDATES = 25
QUIET, QUIET_TURNS = 0.15, 4
ENOUGH_CARDS = 12  # a few have limits that leave little to skip
PUBLISHED = 5  # jobs published to see how soon they are dealt
PATIENCE_S = 20.0
PEER_EVERY = 10  # one question to the peer for so many to the product
TURN = ("home", "skip", "home", "slate", "people", "home", "skip", "home", "slate", "skip")
GOALS_MS = {"home": 150, "slate": 150, "skip": 100}
TITLES = {
    "home": "candidate's home",
    "skip": "skip a card (POST)",
    "slate": "a job's slate",
    "people": "candidates list",
    "peer": "peer: minimal Django view, 20 rows",
}
Results = dict[str, list[Answer]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--rate", type=float, default=20.0, help="requests a second to the product (20)")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--workers", type=int, default=2, help="processes that serve pages (2)")
    parser.add_argument("--port", type=int, default=18_400)
    parser.add_argument(
        "--patience", type=float, default=120, help="seconds to wait for a quiet machine (120)"
    )
    parser.add_argument("--pages", nargs="+", choices=sorted(set(TURN)), default=TURN, metavar="PAGE")
    parser.add_argument("--data-dir", type=Path, help="keep the company here and use it again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder:
        data_dir = args.data_dir or Path(folder)
        if args.people > FOUNDED_AT_MOST:
            crowd = [sys.executable, "-m", "tests.bench.rig.crowd", str(data_dir)]
            subprocess.run([*crowd, str(args.people), str(args.jobs)], check=True)
        with product(args, data_dir) as pid, Cluster(data_dir) as cluster:
            url = cluster.ensure_running()
            candidates, rosa, jobs = cast(args, url)
            with peer(args.port + 2, url):
                results, late = drive(args, candidates, rosa, jobs)
            live_s = [published_after_s(url, one, rosa) for one in candidates[:PUBLISHED]]
            memory = footprints(pid, serving="granian")
        print(as_markdown(args, results, late))
        print(also(memory, live_s))


@contextmanager
def product(args: argparse.Namespace, data_dir: Path) -> Iterator[int]:
    """Run the demo as anybody would start it, until the block ends."""
    command = [sys.executable, "-m", "segue", "demo", "--data-dir", str(data_dir), "--port", str(args.port)]
    command += ["--people", str(args.people), "--jobs", str(args.jobs), "--workers", str(args.workers)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SEGUE_")}
    with running(command, environment, args.port, "/readyz", within_s=900) as pid:
        yield pid


@contextmanager
def peer(port: int, url: str) -> Iterator[None]:
    """Serve the peer with the same server and as many workers."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    command += ["--no-ws", "--workers", "2", "--blocking-threads", "4", "--backlog", "512"]
    command += ["--no-access-log", "tests.bench.rig.peer:application"]
    with running(command, os.environ | {"SEGUE_DATABASE_URL": url}, port, "/", within_s=60):
        yield


@contextmanager
def running(
    command: list[str],
    environment: dict[str, str],
    port: int,
    path: str,
    *,
    within_s: float,
    expect: int = http.client.OK,
) -> Iterator[int]:
    process = subprocess.Popen(command, env=environment, stdout=sys.stderr, start_new_session=True)
    try:
        deadline_s = time.monotonic() + within_s
        while not _answers(port, path, expect):
            if process.poll() is not None or time.monotonic() > deadline_s:
                raise SystemExit(f"{command[2]} did not come up.")
            time.sleep(0.3)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _answers(port: int, path: str, expect: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == expect
    except OSError:
        return False
    finally:
        connection.close()


def cast(args: argparse.Namespace, url: str) -> tuple[list[Visitor], Visitor, list[str]]:
    """Sign in candidates who allow everything, and a recruiter; name jobs for her to look at."""
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM kit_ratebucket")  # the run before, on the same company, knocked too
        emails = connection.execute(
            "SELECT p.email FROM catalog_person p JOIN learn_personfeatures f ON f.person_id = p.id"
            " WHERE EXISTS (SELECT 1 FROM trust_consent c WHERE c.person_id = p.id"
            " AND c.purpose = 'behaviour' AND c.granted)"
            " ORDER BY (SELECT count(*) FROM recommend_cardstance s WHERE s.person_id = p.id), p.id LIMIT %s",
            [CANDIDATES],
        ).fetchall()
        (recruiter,) = connection.execute(
            "SELECT email FROM trust_account WHERE role = 'recruiter' ORDER BY id LIMIT 1"
        ).fetchall()
        jobs = connection.execute("SELECT id FROM catalog_job WHERE status = 'open' ORDER BY id").fetchall()
    candidates = [Visitor(args.port) for _ in emails]
    for visitor, (email,) in zip(candidates, emails, strict=True):
        visitor.sign_in(email)
        visitor.look()
    candidates = [visitor for visitor in candidates if len(visitor.cards) >= ENOUGH_CARDS]
    rosa = Visitor(args.port)
    rosa.sign_in(recruiter[0])
    return candidates, rosa, [str(job) for (job,) in jobs]


def drive(
    args: argparse.Namespace, candidates: list[Visitor], rosa: Visitor, jobs: list[str]
) -> tuple[Results, float]:
    """Warm every worker, then send requests on the beat; returns answers a page and the worst lateness."""
    asks = script(args, candidates, rosa, jobs)
    for _ in range(6 * len(TURN)):
        next(asks)[1]()
    args.busy_before = await_quiet(args.patience)
    with ThreadPoolExecutor(32) as pool:
        began_s, gap_s, sent, late_s = time.perf_counter(), 1.0 / args.rate, [], 0.0
        for number in range(int(args.rate * args.seconds)):
            wait_s = began_s + number * gap_s - time.perf_counter()
            late_s = max(late_s, -wait_s)
            time.sleep(max(0.0, wait_s))
            name, ask = next(asks)
            sent.append((name, pool.submit(ask)))
            if number % PEER_EVERY == 0:
                sent.append(("peer", pool.submit(Visitor(args.port + 2).get, "/")))
        results: Results = defaultdict(list)
        for name, answer in sent:
            results[name].append(answer.result())
    return results, late_s


def await_quiet(patience_s: float) -> float:
    """Wait until nobody else uses the machine, for so long at most; returns the share of it they use.

    What starts beside the pages takes its time too, so one quiet moment is not enough.
    """
    deadline_s, quiet = time.monotonic() + patience_s, 0
    while quiet < QUIET_TURNS and time.monotonic() < deadline_s:
        quiet = quiet + 1 if (busy := _busy_share()) <= QUIET else 0
    return busy


def _busy_share(over_s: float = 3.0) -> float:
    def ticks() -> tuple[int, int]:
        numbers = [int(one) for one in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return sum(numbers), numbers[3] + numbers[4]  # all, idle

    all_before, idle_before = ticks()
    time.sleep(over_s)
    all_after, idle_after = ticks()
    return 1.0 - (idle_after - idle_before) / max(all_after - all_before, 1)


def script(
    args: argparse.Namespace, candidates: list[Visitor], rosa: Visitor, jobs: list[str]
) -> Iterator[tuple[str, Callable[[], Answer]]]:
    """Who asks for what, for ever."""
    next_candidate, next_job = itertools.cycle(candidates), itertools.cycle(jobs)

    def held(visitor: Visitor, ask: Callable[[], Answer]) -> Callable[[], Answer]:
        def one_at_a_time() -> Answer:
            with visitor.lock:
                return ask()

        return one_at_a_time

    for name in itertools.cycle([page for page in TURN if page in args.pages]):
        if name in {"home", "skip"}:
            least = 3 if name == "skip" else 0  # whoever has little left lets others skip
            visitor = next(one for one in next_candidate if len(one.cards) >= least)
            yield name, held(visitor, visitor.look if name == "home" else visitor.skip)
        else:
            path = f"/desk/jobs/{next(next_job)}/slate/" if name == "slate" else "/desk/people/"
            colleague = Visitor(args.port, dict(rosa.cookies))
            yield name, lambda who=colleague, where=path: who.get(where)


def published_after_s(url: str, visitor: Visitor, rosa: Visitor) -> float:
    """Draft a twin of a job on somebody's home, let the recruiter open it, wait until it lies there too."""
    visitor.look()
    twin = str(uuid.uuid4())
    with psycopg.connect(url) as connection:
        connection.execute(
            "CREATE TEMP TABLE twin AS SELECT * FROM catalog_job WHERE id = %s", [visitor.cards[0][1]]
        )
        connection.execute(
            "UPDATE twin SET id = %s, status = 'draft', external_id = '', posted_at = NULL",
            [twin],
        )
        connection.execute("INSERT INTO catalog_job SELECT * FROM twin")
    rosa.get("/desk/jobs/")
    began_s = time.perf_counter()
    rosa.post(f"/desk/jobs/{twin}/open", {})
    while (waited_s := time.perf_counter() - began_s) < PATIENCE_S:
        visitor.look()
        if any(job == twin for _, job in visitor.cards):
            return time.perf_counter() - began_s
    return waited_s


def also(memory: list[Footprint], live_s: list[float]) -> str:
    """Say what it took in memory, and how soon a new job was dealt."""
    workers = ", ".join(f"{one.resident:.0f} MB ({one.own:.0f} MB of its own share)" for one in memory)
    soon = ", ".join(f"{one:.2f}" for one in sorted(live_s))
    return f"\nServing processes: {workers}.\nPublished and dealt after: {soon} s."


def as_markdown(args: argparse.Namespace, results: Results, late_s: float) -> str:
    floor = _quantiles([a.server_ms for a in results["peer"]])
    lines = [
        f"{args.people:,} people, {args.jobs} open jobs, {args.rate:g} requests/s for {args.seconds} s,"
        f" {args.workers} workers, {os.cpu_count()} cores, others used {args.busy_before:.0%} just before;"
        f" sent at most {late_s * 1000:.0f} ms late.",
        "",
        "| page | n | not 200 | server p50 ms | p95 ms | goal p95 | × peer | CPU ms | wall p50 | p95 ms |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, title in TITLES.items():
        if not (answers := results[name]):
            continue
        server, wall = _quantiles([a.server_ms for a in answers]), _quantiles([a.wall_ms for a in answers])
        goal = f"< {GOALS_MS[name]}" if name in GOALS_MS else ""
        failed = sum(a.status != http.client.OK for a in answers)
        cells = [title, len(answers), failed, f"{server[0]:.0f}", f"{server[1]:.0f}", goal]
        cpu_ms = statistics.median(a.cpu_ms for a in answers)
        cells += [f"{server[0] / floor[0]:.1f}", f"{cpu_ms:.0f}", f"{wall[0]:.0f}", f"{wall[1]:.0f}"]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def _quantiles(values: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return cuts[9], cuts[18]


if __name__ == "__main__":
    main()
