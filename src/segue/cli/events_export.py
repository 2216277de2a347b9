"""`segue events export`: events of the hot and the cold side into a file, pseudonymous."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from segue.cli.tables import moment
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

Write = Callable[[Any], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=sorted(FORMATS), default="parquet")
    parser.add_argument(
        "--output", default="", metavar="FILE", help="where to (standard output; not parquet)"
    )
    parser.add_argument("--from", dest="since", default="", metavar="WHEN", help="happened since: 2026-11-22")
    parser.add_argument("--to", dest="until", default="", metavar="WHEN", help="and before")
    parser.add_argument("--kind", action="append", metavar="KIND", help="only this kind; may be repeated")
    parser.add_argument("--source", action="append", metavar="NAME", help="only this source; may be repeated")


def main(args: argparse.Namespace) -> int:
    from segue.kit import clock
    from segue.listen.actions.exporting import begin_export
    from segue.listen.queries.events import Wanted
    from segue.listen.queries.exports import exported
    from segue.listen.queries.sources import source_for

    by = Actor.machine("segue events export")
    if args.format == "parquet" and not args.output:
        raise Invalid("Parquet wants a file.", field="--output", remedy="Name one, or choose another format.")
    wanted = Wanted(
        kinds=tuple(args.kind) if args.kind else None,
        since=moment(args.since, clock.now()) if args.since else None,
        until=moment(args.until, clock.now()) if args.until else None,
        source_ids=tuple(source_for(by, name).pk for name in args.source) if args.source else None,
    )
    begin_export(described=str(wanted.said())[:200], by=by)
    rows = 0
    with _output(args.output) as file, FORMATS[args.format](file) as write:
        for table in exported(wanted):
            write(table)
            rows += table.num_rows
    print(f"{rows} events", file=sys.stderr)
    return 0


@contextmanager
def _output(name: str) -> Iterator[BinaryIO]:
    """Open what nobody else may read; under its name it appears when it is whole."""
    if not name:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    place = Path(name)
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
        draft.replace(place)
    except OSError as wrong:
        raise Invalid(f"{name}: {wrong.strerror}.", field="--output") from wrong
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _parquet(file: BinaryIO) -> Iterator[Write]:
    import pyarrow.parquet as pq

    from segue.listen.queries.exports import EXPORTED

    with pq.ParquetWriter(file, EXPORTED, compression="zstd") as writer:
        yield writer.write_table


@contextmanager
def _csv(file: BinaryIO) -> Iterator[Write]:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow.csv import CSVWriter

    from segue.listen.queries.exports import EXPORTED

    place = EXPORTED.get_field_index("flags")
    flat = EXPORTED.set(place, pa.field("flags", pa.string()))

    def write(table: Any) -> None:
        flags = pc.binary_join(table["flags"].combine_chunks(), " ")
        writer.write_table(table.set_column(place, "flags", flags).cast(flat))

    with CSVWriter(file, flat) as writer:
        yield write


@contextmanager
def _ndjson(file: BinaryIO) -> Iterator[Write]:
    import orjson

    def write(table: Any) -> None:
        for row in table.to_pylist():
            row["props"] = orjson.Fragment(row["props"] or "{}")
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z))

    yield write


FORMATS: dict[str, Callable[[BinaryIO], AbstractContextManager[Write]]] = {
    "parquet": _parquet,
    "csv": _csv,
    "ndjson": _ndjson,
}
