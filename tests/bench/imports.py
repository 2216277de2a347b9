"""What a large CSV of people costs to import in the background: rows a second, processor time, memory.

    ./run bench imports [--rows 100000]

One process does what workers do: it takes the upload, reads it into waiting rows, tries everything out, and
lets it in a piece a transaction, then brings the same file in again. Peak memory is this process's high-water
mark (without PostgreSQL's) above what it was before the file. No peer does the same: none keeps facts with
their source, holds rows by name, or goes on after a stop. As a floor beneath it the same file is read by
pandas in chunks and copied into one table of text on the same server, in the same run, with no check at all.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

FAULTY = 50  # one row in so many has an address that is none
COLUMNS = ("id", "name", "email", "city", "country", "headline", "skills")


@dataclass(frozen=True)
class Cost:
    """One thing done to all rows: wall and processor time of this process, and memory above the start."""

    what: str
    rows: int
    wall_s: float
    cpu_s: float
    peak_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    args = parser.parse_args()
    from segue.ports.postgres import Cluster

    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder:
        (Path(folder) / "static").mkdir()
        cluster = Cluster(Path(folder))
        environment = {"SEGUE_DATA_DIR": folder, "SEGUE_LOG_LEVEL": "ERROR", "SEGUE_SECRET_KEY": "bench"}
        os.environ |= environment | {
            "SEGUE_DATABASE_URL": cluster.ensure_running(),
            "DJANGO_SETTINGS_MODULE": "segue.settings",
        }
        try:
            path = Path(folder) / "people.csv"
            size_mb = write(path, args.rows)
            show(measure(path, args.rows), args.rows, size_mb)
        finally:
            cluster.stop()


def write(path: Path, rows: int) -> float:
    """Write a file of invented people; return its size in MB."""
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + "\n")
        for number in range(rows):
            email = "at home" if number % FAULTY == 7 else f"p{number}@people.example"
            file.write(f"{number},Person {number},{email},Berlin,DE,Nurse {number % 97},python; sql; care\n")
    return path.stat().st_size / 2**20


def measure(path: Path, rows: int) -> list[Cost]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    start = _high_water()
    costs = [_cost("pandas + COPY, no check (floor)", rows, start, lambda: floor(path))]
    costs += [_cost(what, rows, start, deed) for what, deed in ours(path, rows)]
    return costs


def floor(path: Path) -> None:
    """Copy the cells into one table."""
    import pandas
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_floor ({', '.join(f'{name} text' for name in COLUMNS)})")
        for chunk in pandas.read_csv(path, chunksize=2_000, dtype=str):
            held = io.StringIO()
            chunk.to_csv(held, index=False, header=False)
            with cursor.copy("COPY bench_floor FROM STDIN (FORMAT csv)") as copy:
                copy.write(held.getvalue())


def ours(path: Path, rows: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield the parts of an import, each to be run before the next is asked for."""
    from segue.catalog.actions.staging.checking import check_import, confirm_columns
    from segue.catalog.actions.staging.landing import import_step, start_import
    from segue.catalog.actions.staging.reading import read_import
    from segue.catalog.actions.staging.uploads import take_upload
    from segue.catalog.models import ImportBatch
    from segue.kit.actor import Actor

    by = Actor.machine("bench")

    def send() -> None:
        with path.open("rb") as file:
            batch = take_upload(
                iter(lambda: file.read(1 << 16), b""), name="people.csv", kind="people", by=by
            )
        read_import(str(batch.pk), by=by)

    def try_out() -> None:
        batch = ImportBatch.objects.latest("started_at")
        fills = {"id": "external_id"} | {name: name for name in COLUMNS[1:]}
        confirm_columns(batch, fields=fills, constants={}, by=by)
        check_import(str(batch.pk), by=by)

    def let_in() -> None:
        batch = ImportBatch.objects.latest("started_at")
        start_import(batch, by=by, steps="here")
        batch.refresh_from_db()
        while batch.state == "running":
            import_step(str(batch.pk), after=batch.cursor, by=by, steps="here")
            batch.refresh_from_db()
        sums = batch.created + batch.updated + batch.unchanged + batch.held + batch.rejected
        assert batch.read == rows == sums, batch.errors

    yield "read into waiting rows", send
    yield "tried out", try_out
    yield "let in, 500 a transaction", let_in

    def again() -> None:
        send()
        try_out()
        let_in()
        batch = ImportBatch.objects.latest("started_at")
        assert batch.created == batch.updated == 0

    yield "all of it again: nothing changes", again


def _cost(what: str, rows: int, start_mb: float, deed: Callable[[], None]) -> Cost:
    wall, cpu = time.perf_counter(), time.process_time()
    deed()
    return Cost(what, rows, time.perf_counter() - wall, time.process_time() - cpu, _high_water() - start_mb)


def _high_water() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def show(costs: list[Cost], rows: int, size_mb: float) -> None:
    print(f"\n### {rows:,} rows, {size_mb:.1f} MB\n")
    print("| | rows/s | CPU s | peak MB so far |\n|---|---|---|---|")
    for cost in costs:
        print(f"| {cost.what} | {cost.rows / cost.wall_s:,.0f} | {cost.cpu_s:.1f} | {cost.peak_mb:.0f} |")


if __name__ == "__main__":
    main()
