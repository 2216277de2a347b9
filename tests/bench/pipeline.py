"""A job with 100,000 applications: how long its board and list take, and deeds on 5,000 of them.

    ./run bench pipeline [--applications 100000] [--many 5000] [--turns 30] [--patience 120] [--data-dir KEEP]

Everything is loaded by the product's own verb (`load_applications`), spread over six stages with clocks, tags
and owners, beside nine other jobs that hold a tenth as many together. Pages are asked of the whole stack in
this process: middleware, session, view, queries, template. "CPU" is this process and its PostgreSQL backend
together; on a machine that others use, only CPU can be judged. A deed on many is its whole verb, signals,
ledger and audit line included; its undo must leave every application as it was to the byte, which is compared
by a digest over all of them, and the ledger of the job must fold to what they are.

Peers, in the same run on the same rows: the page as one would first write it in Django (a Paginator, which
counts and uses OFFSET, and the same columns), and the verb for one application called in a loop.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from segue.ports.postgres import Cluster
from tests.bench.pages import await_quiet

LOADED_AT_ONCE = 5_000
OTHER_JOBS = 9
PEER_MOVES = 200
SHARES = {"applied": 0.45, "screen": 0.25, "interview": 0.15, "onsite": 0.1, "offer": 0.05}
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
DIGEST = (
    "SELECT md5(string_agg(md5(ROW(id, stage, step, outcome, moved_at, due_at, snoozed_until, owner_id, tags)"
    "::text), '' ORDER BY id)) FROM hire_application"
)


@dataclass(slots=True)
class Taken:
    """What one thing took, in seconds, each time it was done."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)

    def row(self, name: str) -> str:
        p95 = sorted(self.wall_s)[max(0, round(0.95 * len(self.wall_s)) - 1)]
        figures = (statistics.median(self.wall_s), p95, statistics.median(self.cpu_s), max(self.cpu_s))
        return (
            f"| {name} | " + " | ".join(f"{1000 * one:,.0f}" for one in figures) + f" | {len(self.wall_s)} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--applications", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=5_000)
    parser.add_argument("--turns", type=int, default=30)
    parser.add_argument("--patience", type=float, default=120, help="seconds to wait for quiet (120)")
    parser.add_argument("--data-dir", type=Path, help="keep the rows here and use them again")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder:
        data_dir = args.data_dir or Path(folder)
        with Cluster(data_dir) as cluster:
            os.environ |= {
                "SEGUE_DATA_DIR": str(data_dir),
                "SEGUE_DATABASE_URL": cluster.ensure_running(),
                "SEGUE_LOG_LEVEL": "ERROR",
                "SEGUE_ALLOWED_HOSTS": "*",
                "DJANGO_SETTINGS_MODULE": "segue.settings",
            }
            import django

            django.setup()
            print(measure(args))
            from django.db import connections

            connections.close_all()


def measure(args: argparse.Namespace) -> str:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    job, rosa, loaded = load(args.applications)
    busy = await_quiet(args.patience)
    pages = ask_pages(job, rosa, args.turns)
    deeds, notes = do_deeds(job, rosa, args.many)
    head = f"{args.applications:,} applications on one job; loaded: {loaded}; others used {busy:.0%}"
    table = "| | p50 ms | p95 ms | CPU p50 ms | CPU max ms | times |\n|---|---:|---:|---:|---:|---:|"
    rows = [taken.row(name) for name, taken in (pages | deeds).items()]
    return "\n".join([head, "", table, *rows, "", *notes])


def load(count: int) -> tuple[Any, Any, str]:
    """Bring everything in, unless it is there; returns the large job, its recruiter and what loading took."""
    from segue.hire.models import Application
    from segue.trust.models import Account
    from tests import factories

    if Application.objects.filter(job__title="The large one").count() >= count:
        found = Application.objects.filter(job__title="The large one").select_related("job").first()
        assert found is not None
        return found.job, Account.objects.get(name="Rosa Feld"), "before"
    rosa = factories.rosa()
    large = factories.make_job(title="The large one", required_skills=["python", "sql"], openings=20)
    others = [factories.make_job() for _ in range(OTHER_JOBS)]
    with timed() as taken:
        load_into([large], count, rosa)
        load_into(others, count // 10, rosa)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return large, rosa, f"{taken.wall_s[0]:.0f} s, {taken.cpu_s[0]:.0f} s CPU"


def load_into(jobs: list[Any], count: int, rosa: Any) -> None:
    from segue.catalog.models import Person
    from segue.hire.actions.loading import load_applications
    from segue.hire.models import Application
    from segue.kit import clock
    from segue.kit.actor import Actor

    at, steps = clock.now(), weighted(count)
    for begin in range(0, count, LOADED_AT_ONCE):
        numbers = range(begin, min(count, begin + LOADED_AT_ONCE))
        people = Person.objects.bulk_create(
            [
                Person(
                    name=f"Nia Okoro {n}",
                    email=f"n{n}@{jobs[0].pk}.example",
                    headline="Night nurse, twelve years",
                )
                for n in numbers
            ]
        )
        rows = [
            past(
                f"{jobs[0].pk}-{n}",
                person,
                jobs[n % len(jobs)],
                steps[n],
                at - timedelta(minutes=37 * (n % 900)),
                rosa,
            )
            for n, person in zip(numbers, people, strict=True)
        ]
        loaded = load_applications(rows, by=Actor.machine("bench"))
        few = [row.pk for row in loaded[::20]]
        Application.objects.filter(pk__in=few).update(owner=rosa, tags=["night", "second look"])


def weighted(count: int) -> list[str]:
    """Return a stage for each application: as many of each as its share, mixed."""
    stages = [name for name, share in SHARES.items() for _ in range(round(share * 100))]
    return [stages[(n * 37) % len(stages)] for n in range(count)]


def past(key: str, person: Any, job: Any, stage: str, at: Any, rosa: Any) -> Any:
    from segue.hire.actions.loading import LoadedApplication, LoadedEntry

    ladder = list(SHARES)
    entries = [
        LoadedEntry(name, at + timedelta(minutes=number), by=rosa)
        for number, name in enumerate(ladder[: ladder.index(stage) + 1])
    ]
    return LoadedApplication(key, person, job, "board", at, entries=entries)


def ask_pages(job: Any, rosa: Any, turns: int) -> dict[str, Taken]:
    from django.test import Client
    from django.urls import reverse

    from segue.hire.models import Application

    client = Client()
    client.force_login(rosa)
    listed = Application.objects.filter(job=job, outcome="open").order_by("-moved_at", "-pk")
    deep = listed[listed.count() // 2]
    after = f"{deep.moved_at.isoformat()}|{deep.pk}"
    page, board = reverse("desk:job", args=[job.pk]), reverse("desk:job_board", args=[job.pk])
    asked: dict[str, Callable[[], object]] = {
        "board, first paint": lambda: ok(client.get(board)),
        "list, first paint": lambda: ok(client.get(page)),
        "list, one stage": lambda: ok(client.get(page, {"stage": "applied"})),
        "list, from the middle on": lambda: ok(client.get(page, {"after": after})),
        "board, more of a column": lambda: ok(client.get(board, {"column": "applied", "after": after})),
        "list, narrowed to a tag": lambda: ok(client.get(page, {"tag": "night"})),
        "list, narrowed to a name": lambda: ok(client.get(page, {"text": "okoro 4711"})),
        "list, overdue": lambda: ok(client.get(page, {"overdue": "1"})),
        "my applications": lambda: ok(client.get(reverse("desk:mine"))),
        "peer: Paginator, page 1": lambda: peer_page(job, 1),
        "peer: Paginator, page 1,000": lambda: peer_page(job, min(1_000, listed.count() // 50)),
        "peer: board, all rows in memory": lambda: peer_board(job),
    }
    taken = {name: Taken() for name in asked}
    for turn in range(turns + 1):
        for name, ask in asked.items():
            if name.startswith("peer: board") and turn > 3:
                continue
            with timed(taken[name] if turn else Taken()):
                ask()
    return taken


def ok(answer: Any) -> None:
    assert answer.status_code == 200, answer.status_code


PEER = """<table>{% for row in page %}<tr><th>{{ row.person.name }}</th><td>{{ row.person.headline }}</td>
<td>{{ row.applied_at }}</td><td>{{ row.get_stage_display }}</td><td>{{ row.moved_at }}</td></tr>{% endfor %}
</table>{{ page.paginator.count }}"""


def peer_page(job: Any, number: int) -> str:
    from django.core.paginator import Paginator
    from django.template import Context, Template

    from segue.hire.models import Application

    rows = Application.objects.filter(job=job, outcome="open").select_related("person").order_by("-moved_at")
    return Template(PEER).render(Context({"page": Paginator(rows, 50).page(number)}))


def peer_board(job: Any) -> str:
    """Make the board by grouping all rows in Python, as small tools do."""
    from django.template import Context, Template

    from segue.hire.models import Application

    columns: dict[str, list[Any]] = {}
    for row in Application.objects.filter(job=job, outcome="open").select_related("person"):
        columns.setdefault(row.stage, []).append(row)
    shown = "".join(Template(PEER).render(Context({"page": rows[:20]})) for rows in columns.values())
    return shown + str({name: len(rows) for name, rows in columns.items()})


def do_deeds(job: Any, rosa: Any, many: int) -> tuple[dict[str, Taken], list[str]]:
    from segue.hire.actions.bulk import Selection, assign_many, move_many, snooze_many, tag_many, undo_bulk
    from segue.hire.models import Application
    from segue.hire.queries.ledger import ledger_faults
    from segue.hire.queries.listing import tomorrow_morning
    from segue.trust.queries.access import actor_for

    by = actor_for(rosa)
    keys = list(Application.objects.filter(job=job, step="applied").values_list("pk", flat=True)[:many])
    chosen = Selection(ids=keys)
    verbs: dict[str, Callable[[], Any]] = {
        "move": lambda: move_many(chosen, stage="interview", by=by),
        "tag": lambda: tag_many(chosen, tag="autumn", by=by),
        "snooze": lambda: snooze_many(chosen, until=tomorrow_morning(3), by=by),
        "give to a colleague": lambda: assign_many(chosen, owner=rosa, by=by),
    }
    taken: dict[str, Taken] = {}
    notes = []
    before = digest()
    for name, verb in verbs.items():
        with timed(taken.setdefault(f"{name} {len(keys):,}", Taken())):
            bulk = verb()
        changed = digest() != before
        with timed(taken.setdefault(f"{name} {len(keys):,}: undo", Taken())):
            came_to = undo_bulk(bulk, by=by)
        exact = digest() == before
        notes.append(f"{name}: changed {changed}, undone {came_to.restored:,}, exactly as before: {exact}")
    notes.append(f"faults in the job's ledger: {len(ledger_faults(job_id=job.pk))}")
    taken[f"peer: the single verb, {PEER_MOVES} times"] = peer_moves(job, by)
    return taken, notes


def peer_moves(job: Any, by: Any) -> Taken:
    """Move one at a time with the verb for one; taken back with the transaction."""
    from django.db import transaction

    from segue.hire.actions.applications import move_application
    from segue.hire.models import Application

    taken = Taken()
    with transaction.atomic():
        rows = list(Application.objects.filter(job=job, step="applied")[:PEER_MOVES])
        with timed(taken):
            for row in rows:
                move_application(row, stage="interview", by=by)
        transaction.set_rollback(True)
    return taken


def digest() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(DIGEST)
        return str(cursor.fetchone()[0])


@contextmanager
def timed(taken: Taken | None = None) -> Iterator[Taken]:
    """Note the wall time of the block, and the processor time of this process and of its backend."""
    into = taken or Taken()
    backend = backend_pid()
    wall_s, cpu_s = time.perf_counter(), time.process_time() + backend_cpu_s(backend)
    yield into
    into.cpu_s.append(time.process_time() + backend_cpu_s(backend) - cpu_s)
    into.wall_s.append(time.perf_counter() - wall_s)


def backend_pid() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def backend_cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK_S


if __name__ == "__main__":
    main()
