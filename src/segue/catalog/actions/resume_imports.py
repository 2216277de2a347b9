"""People from a folder or a zip of résumés: a few files at a time, each handful kept as soon as it is read.

A folder may take an hour, so what is done stays done: after a stop the same command goes on, passing over
files it knows by their content. Counts conserve: every file is created, updated, unchanged, held or
rejected.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from django.db import connection, transaction
from django.utils.translation import gettext as _

from segue.catalog.actions.importing.drafts import PersonDraft, content_hash
from segue.catalog.actions.importing.landing_people import HELD, PersonLanding
from segue.catalog.actions.importing.problems import MalformedFile, Problem
from segue.catalog.actions.importing.reading import RawRow
from segue.catalog.actions.importing.report import RejectsFile, Report
from segue.catalog.actions.importing.resume_folder import TABLES, Found, draft_of_file, files_in
from segue.catalog.actions.imports import Wish, import_people
from segue.catalog.actions.skills import seed_vocabulary
from segue.catalog.models import HeldRow, ImportBatch, Person, Skill
from segue.catalog.queries.skills import vocabulary
from segue.catalog.resume_files import ReadFile, resume_reader, unreadable
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.bus import announce
from segue.kit.errors import NotAllowed, SegueError

HANDFUL = 16
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file with its digest, and what reading it came to; neither where it is known already."""

    file: Found
    line: int
    digest: str
    read: ReadFile | None = None
    problem: Problem | None = None


class ResumeImport:
    """One folder's import: handfuls in, outcomes counted."""

    def __init__(self, path: Path, files: Sequence[Found], *, source: str, rejects: Path, by: Actor) -> None:
        self.path, self.files, self.source, self.by = path, files, source, by
        self.rejects_path = rejects
        form = "zip" if path.suffix.lower() == ".zip" else "folder" if path.is_dir() else "file"
        self.counts = Report(path.name, "people", source, form, "", "résumés")
        self.reader = resume_reader()

    def run(self, progress: Progress | None = None, *, keep_rejects: bool = True) -> Report:
        """Read and land everything; return the counts."""
        batch = open_batch(self, by=self.by)
        with (
            RejectsFile(self.rejects_path, ("file",), keep=keep_rejects) as rejects,
            ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool,
        ):
            for handful in _handfuls(self.files):
                opened = list(pool.map(self._open, *zip(*handful, strict=True), self._known(handful)))
                for file, outcome, problem in land_handful(self, batch, opened, by=self.by):
                    self.counts.count(outcome, problem)
                    if problem is not None:
                        rejects.add(RawRow(file.line, "table", {"file": file.file.name}), outcome, problem)
                if progress:
                    progress(self.counts.read, len(self.files))
        self.counts.rejects_file = rejects.written
        return close_batch(self, batch, by=self.by)

    def _known(self, handful: Sequence[tuple[int, Found]]) -> list[tuple[bytes, str, bool, Problem | None]]:
        """Read the bytes of a handful, and say which of them stand for somebody already."""
        contents = [content_of(file) for _line, file in handful]
        digests = [hashlib.sha256(content).hexdigest() for content, _problem in contents]
        known = set(
            Person.objects.filter(external_source=self.source, imported_sha256__in=digests, erased_at=None)
            .values_list("imported_sha256", flat=True)
        )  # fmt: skip
        return [
            (content, digest, digest in known, problem)
            for (content, problem), digest in zip(contents, digests, strict=True)
        ]

    def _open(self, line: int, file: Found, found: tuple[bytes, str, bool, Problem | None]) -> Opened:
        """Read one file in the jail; runs in a thread of its own and asks no database."""
        content, digest, is_known, problem = found
        if is_known or problem:
            return Opened(file, line, digest, problem=problem)
        try:
            return Opened(file, line, digest, read=self.reader.read(content, file.name))
        except SegueError as refused:
            return Opened(file, line, digest, problem=Problem.of(refused))


def _handfuls(files: Sequence[Found]) -> Iterator[list[tuple[int, Found]]]:
    numbered = list(enumerate(files, 1))
    for start in range(0, len(numbered), HANDFUL):
        yield numbered[start : start + HANDFUL]


def content_of(file: Found) -> tuple[bytes, Problem | None]:
    """Return a file's bytes, or in their place its name and why they cannot be had."""
    try:
        return file.content(), None
    except RuntimeError:  # what zipfile says of a password
        return file.name.encode(), Problem.of(unreadable("encrypted"))
    except (zipfile.BadZipFile, EOFError):
        return file.name.encode(), Problem.of(unreadable("truncated"))
    except NotImplementedError:  # a way of packing that zipfile does not know
        return file.name.encode(), Problem.of(unreadable("broken"))
    except OSError:  # rights, or a file that went while we read the others
        return file.name.encode(), Problem.of(unreadable("not_opened"))


@action("catalog.open_resume_import")
def open_batch(run: ResumeImport, *, by: Actor) -> ImportBatch:
    """Note that an import has begun; it stays without an end where it is stopped."""
    if not Skill.objects.exists():
        seed_vocabulary(by=by)
    names = content_hash({"files": [file.name for file in run.files]})
    return ImportBatch.objects.create(
        kind="people", source_name=run.source, file_name=run.path.name[:255], sha256=names, by=by.name[:200]
    )


@action("catalog.land_resumes")
def land_handful(
    run: ResumeImport, batch: ImportBatch, opened: Sequence[Opened], *, by: Actor
) -> list[tuple[Opened, str, Problem | None]]:
    """Land a handful of read files in one transaction; return what each came to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('segue.catalog.import'))")
    landing = PersonLanding(
        run.source, vocabulary(), file_name=run.path.name, stated_by=by.name or by.role.value
    )
    results = [_land(landing, file) for file in opened]
    held = [_held(batch, run, file, problem) for file, _outcome, problem in results if problem]
    HeldRow.objects.bulk_create(held, ignore_conflicts=True)
    announce("files.imported")
    return results


def _land(landing: PersonLanding, file: Opened) -> tuple[Opened, str, Problem | None]:
    if file.problem:
        return file, "held", file.problem
    if file.read is None:
        return file, "unchanged", None
    draft: PersonDraft = draft_of_file(file.file, file.digest, file.read)
    try:
        with transaction.atomic():
            outcome = landing.land([draft])[0]
    except SegueError as refused:
        return file, "held", Problem.of(refused)
    return (file, "held", HELD[outcome]) if outcome in HELD else (file, outcome, None)


def _held(batch: ImportBatch, run: ResumeImport, file: Opened, problem: Problem) -> HeldRow:
    """Keep the file's name and what is wrong for a person to look at, once however often it is sent."""
    row = {"file": file.file.name, "sha256": file.digest, "remedy": problem.remedy}
    content = {"kind": "people", "source": run.source, "error": problem.error, "row": row}
    return HeldRow(
        batch=batch,
        line=file.line,
        error=problem.error[:60],
        field=problem.field[:60],
        detail=problem.message,
        row=row,
        sha256=content_hash(content),
    )


@action("catalog.close_resume_import")
def close_batch(run: ResumeImport, batch: ImportBatch, *, by: Actor) -> Report:
    """Settle the accounts."""
    batch.read = run.counts.read
    for name, count in run.counts.outcomes.items():
        setattr(batch, name, count)
    batch.finished_at = clock.now()
    batch.save()
    run.counts.batch_id = str(batch.pk)
    return run.counts


def import_resumes(path: Path, *, wish: Wish, by: Actor) -> list[Report]:
    """Bring in a folder, a zip or one file: its tables as tables, the rest as résumés.

    Raises NotAllowed, and MalformedFile where the path holds nothing that can be opened.
    """
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed(_("Only the talent team imports."))
    files = files_in(path)
    with transaction.atomic() if wish.dry_run else nullcontext():
        reports = list(_tables(path, files, wish, by))
        resumes = [file for file in files if file.ending not in TABLES]
        if resumes or not files:
            rejects = wish.rejects or wish.rejects_folder / f"{path.name}.rejected.csv"
            run = ResumeImport(path, resumes, source=wish.source or "import", rejects=rejects, by=by)
            reports.append(run.run(wish.progress, keep_rejects=wish.rejects is not None or not wish.dry_run))
        if wish.dry_run:
            transaction.set_rollback(True)
    return [replace(report, dry_run=wish.dry_run) for report in reports]


def _tables(path: Path, files: Sequence[Found], wish: Wish, by: Actor) -> Iterator[Report]:
    """Import what is a table or JSON the usual way; one that cannot be read says so and stops nobody."""
    for file in files:
        if file.ending not in TABLES:
            continue
        with _on_disk(file) as place:
            try:
                yield from import_people([place], wish=replace(wish, dry_run=False), by=by)
            except MalformedFile as malformed:
                report = Report(file.name, "people", wish.source or "import", "unread", "", "")
                report.count("rejected", Problem.of(malformed))
                yield report


@contextmanager
def _on_disk(file: Found) -> Iterator[Path]:
    """Give a file a path, where it lies in a zip."""
    if not file.is_zipped:
        yield file.holder / file.name
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / PurePosixPath(file.name).name
        place.write_bytes(file.content())
        yield place
