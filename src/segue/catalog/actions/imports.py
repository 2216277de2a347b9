"""Jobs and people from files: every row accounted for, and a second time changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils.translation import gettext as _

from segue.catalog.actions.importing.drafts import content_hash
from segue.catalog.actions.importing.landing_jobs import JobLanding
from segue.catalog.actions.importing.landing_people import ERASED_PERSON, HELD, PersonLanding
from segue.catalog.actions.importing.mapping import Mapping, choose_mapping, constants_from, save_mapping
from segue.catalog.actions.importing.problems import MalformedFile, Problem
from segue.catalog.actions.importing.reading import RawRow, Source, open_source
from segue.catalog.actions.importing.report import RejectsFile, Report
from segue.catalog.actions.importing.survey import Draft, Survey, draft_of, survey
from segue.catalog.actions.refusals import refusal
from segue.catalog.actions.skills import seed_vocabulary
from segue.catalog.models import HeldRow, ImportBatch, Skill
from segue.catalog.queries.skills import vocabulary
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.bus import announce
from segue.kit.errors import NotAllowed

_BATCH = {"jobs": 1_000, "people": 500}
_DEFAULT_SOURCE = "import"
Progress = Callable[[int, int], None]


class Landing(Protocol):
    """What writes a batch of drafts and says what each came to."""

    def land(self, drafts: Sequence[Any]) -> list[str]: ...


@dataclass(frozen=True)
class Wish:
    """How to import: all that the command line can say."""

    rejects_folder: Path
    mapping: str = "auto"
    save_as: str = ""
    source: str = ""
    constants: Dict[str, str] = field(default_factory=dict)
    rejects: Path | None = None
    dry_run: bool = False
    strict: bool = False
    progress: Progress | None = None


@dataclass(frozen=True)
class Surveyed:
    """A file that was found whole, with its mapping: ready to land."""

    path: Path
    source: Source
    mapping: Mapping
    found: Survey


class _Undo(Exception):
    """Takes a dry run back."""

    def __init__(self, reports: list[Report]) -> None:
        super().__init__()
        self.reports = reports


def preview_file(kind: str, path: Path, wish: Wish) -> Surveyed:
    """Read a file and say what would be made of it; writes nothing. Raises MalformedFile, Invalid."""
    source = open_source(path)
    mapping = choose_mapping(kind, source.columns, wish.mapping)
    mapping = mapping.with_constants(constants_from(kind, wish.constants))
    try:
        return Surveyed(path, source, mapping, survey(kind, source, mapping))
    except MalformedFile as malformed:
        malformed.file_name = path.name
        raise


def import_jobs(paths: Sequence[Path], *, wish: Wish, by: Actor) -> list[Report]:
    """Bring in vacancies. Raises MalformedFile, Invalid, NotAllowed; then nothing was written."""
    return _import("jobs", paths, wish, by)


def import_people(paths: Sequence[Path], *, wish: Wish, by: Actor) -> list[Report]:
    """Bring in people and their résumés. Raises as `import_jobs` does."""
    return _import("people", paths, wish, by)


def _import(kind: str, paths: Sequence[Path], wish: Wish, by: Actor) -> list[Report]:
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed(_("Only the talent team imports."))
    ready = [preview_file(kind, path, wish) for path in paths]
    if wish.strict:
        _refuse_imperfect(ready)
    try:
        return land_files(kind, ready, wish=wish, by=by)
    except _Undo as undone:
        return undone.reports


def _refuse_imperfect(files: Sequence[Surveyed]) -> None:
    for file in files:
        for line, problem in file.found.problems:
            malformed = MalformedFile(
                problem.error, problem.message, line=line, field=problem.field, remedy=problem.remedy
            )
            malformed.file_name = file.path.name
            raise malformed


@action("catalog.import_files")
def land_files(kind: str, files: Sequence[Surveyed], *, wish: Wish, by: Actor) -> list[Report]:
    """Land surveyed files in one transaction, one import at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('segue.catalog.import'))")
    if not Skill.objects.exists():
        seed_vocabulary(by=by)
    reports = [_Run(kind, file, wish, by).report() for file in files]
    if wish.dry_run:
        raise _Undo(reports)
    announce("files.imported")
    return reports


class _Run:
    """One file's landing: batches in, outcomes counted."""

    def __init__(self, kind: str, file: Surveyed, wish: Wish, by: Actor) -> None:
        self.kind, self.file, self.wish, self.by = kind, file, wish, by
        self.source = wish.source or file.mapping.source or _DEFAULT_SOURCE
        if len(self.source) > 60:
            raise refusal("too_long", "--source", _("A source has at most 60 characters."), _("Shorten it."))
        self.batch = self._open_batch()
        mapping = f"{file.mapping.name} ({file.mapping.origin})" if file.mapping.name else file.mapping.origin
        text = file.source.text
        self.counts = Report(file.path.name, kind, self.source, file.source.form, text.encoding, mapping)
        self.landing = self._landing()
        self.held: list[HeldRow] = []

    def _open_batch(self) -> ImportBatch:
        return ImportBatch.objects.create(
            kind=self.kind,
            source_name=self.source,
            file_name=self.file.path.name[:255],
            sha256=self.file.source.text.sha256,
            mapping=self.file.mapping.as_json(),
            by=self.by.name[:200],
        )

    def _landing(self) -> Landing:
        if self.kind == "jobs":
            return JobLanding(self.source, vocabulary())
        return PersonLanding(
            self.source,
            vocabulary(),
            file_name=self.file.path.name,
            stated_by=self.by.name or self.by.role.value,
        )

    def report(self) -> Report:
        """Land everything and settle the accounts."""
        stem = f"{self.file.path.name}.rejected.csv"
        path = self.wish.rejects or self.wish.rejects_folder / stem
        keep = self.wish.rejects is not None or not self.wish.dry_run
        with RejectsFile(path, self.file.source.columns, keep=keep) as self.rejects:
            rows = self.file.source.rows()
            while chunk := list(islice(rows, _BATCH[self.kind])):
                self._land(chunk)
                if self.wish.progress:
                    self.wish.progress(self.counts.read, self.file.found.rows)
        self.counts.rejects_file = self.rejects.written
        return self._close()

    def _land(self, chunk: Sequence[RawRow]) -> None:
        landable: list[tuple[RawRow, Draft]] = []
        for row in chunk:
            draft = draft_of(self.kind, row, self.file.mapping)
            if isinstance(draft, Problem):
                self._set_aside(row, "rejected", draft)
            elif (winner := self.file.found.winners[draft.external_id]).line == row.line:
                landable.append((row, draft))
            elif winner.sha256 == draft.sha256:
                self.counts.count("unchanged")
                self.counts.merged += 1
            else:
                self._set_aside(row, "held", _conflicting(draft, winner.line))
        outcomes = self.landing.land([draft for _row, draft in landable])
        for (row, _draft), outcome in zip(landable, outcomes, strict=True):
            if outcome in HELD:
                self._set_aside(row, "held", HELD[outcome])
            else:
                self.counts.count(outcome)
        HeldRow.objects.bulk_create(self.held, ignore_conflicts=True)
        self.held.clear()

    def _set_aside(self, row: RawRow, outcome: str, problem: Problem) -> None:
        self.counts.count(outcome, problem)
        if problem.error == ERASED_PERSON:  # nothing of them is written down anew
            self._hold(row._replace(data={"line": row.line}), problem)
            return
        self.rejects.add(row, outcome, problem)
        if outcome == "held":
            self._hold(row, problem)

    def _hold(self, row: RawRow, problem: Problem) -> None:
        """Keep the row for a person to look at, once however often it is sent."""
        content = {"kind": self.kind, "source": self.source, "error": problem.error, "row": row.data}
        held = HeldRow(
            batch=self.batch,
            line=row.line,
            error=problem.error[:60],
            field=problem.field[:60],
            detail=problem.message,
            row=row.data,
            sha256=content_hash(content),
        )
        self.held.append(held)

    def _close(self) -> Report:
        self.batch.read = self.counts.read
        for name, count in self.counts.outcomes.items():
            setattr(self.batch, name, count)
        self.batch.finished_at = clock.now()
        self.batch.save()
        self.counts.batch_id = str(self.batch.pk)
        self.counts.dry_run = self.wish.dry_run
        return self.counts


def _conflicting(draft: Draft, line: int) -> Problem:
    return Problem(
        "conflicting_duplicate",
        "external_id",
        _("“%(id)s” stands in line %(line)d too, and says something else.")
        % {"id": draft.external_id, "line": line},
        _("Keep one of the two rows, or correct the one below."),
    )


def remember_mapping(kind: str, file: Surveyed, name: str) -> None:
    """Save the mapping of a surveyed file for files with the same headers."""
    with transaction.atomic():
        save_mapping(kind, name, file.source.columns, file.mapping)


def rows_of(file: Surveyed, limit: int) -> Iterator[RawRow]:
    """Yield the first rows of a surveyed file, to look at."""
    return islice(file.source.rows(), limit)
