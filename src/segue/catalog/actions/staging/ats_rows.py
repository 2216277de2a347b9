"""An ATS export as rows that wait: jobs first, then people, then what people applied for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from segue.catalog.actions.importing.ats.records import parts_of
from segue.catalog.actions.importing.ats.shapes import Ignored, Row, System
from segue.catalog.actions.importing.mapping import Mapping
from segue.catalog.actions.importing.reading import RawRow, clean_value
from segue.catalog.actions.staging.opened import Opened, Waiting

ORDER = ("jobs", "people", "applications")
_SHAPES = {"jobs": "table", "people": "profile", "applications": "application"}


def open_export(path: Path, system: System) -> Opened:
    """Open an export; its own ids and dates are kept, and what we keep no place for is counted by name."""
    ignored = Ignored()

    def rows() -> Iterator[Waiting]:
        line = 0
        for kind in ORDER:
            for row in _rows(path, system, ignored if kind == ORDER[0] else Ignored()):
                if row.kind == kind:
                    line += 1
                    yield Waiting(kind, RawRow(line, _SHAPES[kind], clean_value(row.data)), None)

    return Opened("ats", system.name, (), rows, system.name, Mapping(name=system.name), ignored.counts)


def _rows(path: Path, system: System, ignored: Ignored) -> Iterator[Row]:
    """Yield what every object of every file comes to."""
    for part in parts_of(path):
        for _number, record in part.records():
            if system.kind_of(record):
                yield from system.rows(record, ignored)
            else:
                ignored.add("objects of another kind")
