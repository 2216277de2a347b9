"""What a row can be about: how each kind is read, and what lands it. Rooms above add their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from segue.catalog.actions.importing.job_rows import job_draft
from segue.catalog.actions.importing.landing_jobs import JobLanding
from segue.catalog.actions.importing.landing_people import HELD, PersonLanding
from segue.catalog.actions.importing.mapping import Mapping as Columns
from segue.catalog.actions.importing.person_rows import person_draft
from segue.catalog.actions.importing.problems import Problem
from segue.catalog.actions.importing.reading import RawRow
from segue.catalog.models import ImportBatch
from segue.catalog.queries.skills import vocabulary


class Landing(Protocol):
    """What writes a batch of drafts and says what each came to: an outcome, or the problem it is held for."""

    def land(self, drafts: Sequence[Any]) -> Sequence[str | Problem]: ...


class DraftLike(Protocol):
    """What every draft has: whose row it is, and by which hash it is known as unchanged."""

    @property
    def external_id(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def preferred(self) -> bool: ...


@dataclass(frozen=True)
class RowKind:
    """`read` raises Invalid by name; `held` gives the problems that a landing names by a word."""

    name: str
    read: Callable[[RawRow, Columns], DraftLike]
    landing: Callable[[ImportBatch], Landing]
    held: Mapping[str, Problem] = field(default_factory=dict)
    piece: int = 500  # rows a transaction
    slow: bool = False  # each row is a file, read in a process of its own: not tried out beforehand


_kinds: dict[str, RowKind] = {}


def register_row_kind(kind: RowKind) -> None:
    """Let imports bring in rows of a kind."""
    _kinds[kind.name] = kind


def row_kind(name: str) -> RowKind:
    """Return a registered kind. Raises LookupError for any other name."""
    return _kinds[name]


def settled(kind: RowKind, said: str | Problem) -> tuple[str, Problem | None]:
    """Return an outcome by the name it is counted under, and why, where it is held."""
    if isinstance(said, Problem):
        return "held", said
    problem = kind.held.get(said)
    return ("held", problem) if problem else (said, None)


def people_landing(batch: ImportBatch) -> PersonLanding:
    """Return what lands the people of an import, in the name of whoever began it."""
    return PersonLanding(
        batch.source_name, vocabulary(), file_name=batch.file_name, stated_by=batch.by or "import"
    )


def _jobs_landing(batch: ImportBatch) -> JobLanding:
    return JobLanding(batch.source_name, vocabulary())


register_row_kind(RowKind("people", person_draft, people_landing, HELD))
register_row_kind(RowKind("jobs", job_draft, _jobs_landing, piece=1_000))
