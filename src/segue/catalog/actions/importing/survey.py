"""The first walk over a file: is it whole, what is wrong with which rows, which of two equal ids stands.

Nothing is written here; a malformed file is refused before anything could be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.drafts import JobDraft, PersonDraft
from segue.catalog.actions.importing.job_rows import job_draft
from segue.catalog.actions.importing.mapping import Mapping
from segue.catalog.actions.importing.person_rows import person_draft
from segue.catalog.actions.importing.problems import MalformedFile, Problem
from segue.catalog.actions.importing.reading import RawRow, Source
from segue.kit.errors import Invalid

Draft: TypeAlias = JobDraft | PersonDraft
READERS: dict[str, Callable[[RawRow, Mapping], Draft]] = {"jobs": job_draft, "people": person_draft}
_NEEDED = {"jobs": ("title",), "people": ("external_id", "email", "resume_text", "name", "given_name")}
_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Winner:
    """The row that stands for an external id in this file."""

    line: int
    sha256: str
    preferred: bool


@dataclass
class Survey:
    """What the first walk found: rows in all, the row that stands for each id, and a few to look at."""

    rows: int = 0
    winners: dict[str, Winner] = field(default_factory=dict)
    samples: list[Draft] = field(default_factory=list)
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    rejected: int = 0


def survey(kind: str, source: Source, mapping: Mapping) -> Survey:
    """Walk the file once. Raises MalformedFile."""
    _refuse_unmapped(kind, source, mapping)
    found = Survey()
    for row in source.rows():
        found.rows += 1
        draft = draft_of(kind, row, mapping)
        if isinstance(draft, Problem):
            found.rejected += 1
            if len(found.problems) < _SAMPLES:
                found.problems.append((row.line, draft))
            continue
        if len(found.samples) < _SAMPLES:
            found.samples.append(draft)
        stands = found.winners.get(draft.external_id)
        if stands is None or (draft.preferred and not stands.preferred):
            found.winners[draft.external_id] = Winner(row.line, draft.sha256, draft.preferred)
    return found


def draft_of(kind: str, row: RawRow, mapping: Mapping) -> Draft | Problem:
    """Read one row into a draft, or say by name why not."""
    try:
        return READERS[kind](row, mapping)
    except Invalid as refused:
        return Problem.of(refused)


def _refuse_unmapped(kind: str, source: Source, mapping: Mapping) -> None:
    """A table without the one column that matters is refused once, not row by row."""
    wanted = {header for headers in mapping.fields.values() for header in headers} | set(mapping.prefer)
    missing = sorted(wanted - set(source.columns))
    if missing and mapping.origin != "worked out" and source.form == "csv":
        raise MalformedFile(
            "missing_column",
            _("The mapping “%(name)s” names a column that is not here.") % {"name": mapping.name},
            field=missing[0],
            remedy=_("Correct the mapping, or use --map auto."),
        )
    if source.form != "csv" or any(
        name in mapping.fields or name in mapping.constants for name in _NEEDED[kind]
    ):
        return
    raise MalformedFile(
        "missing_column",
        _("No column here is one of: %s.") % ", ".join(_NEEDED[kind]),
        field=_NEEDED[kind][0],
        remedy=_("Name it in the header, or map it with --map FILE.json."),
    )
