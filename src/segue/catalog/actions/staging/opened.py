"""What every kind of upload is opened as."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from segue.catalog.actions.importing.mapping import Mapping
from segue.catalog.actions.importing.reading import RawRow


class Waiting(NamedTuple):
    """A row, the kind of thing it is about, and the bytes of a résumé."""

    kind: str
    row: RawRow
    content: bytes | None


@dataclass(frozen=True)
class Opened:
    """An upload that is understood; `mapping` is None where a person should look at the columns."""

    kind: str
    form: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Waiting]]
    source: str = ""
    mapping: Mapping | None = None
    ignored: Counter[str] = field(default_factory=Counter)
