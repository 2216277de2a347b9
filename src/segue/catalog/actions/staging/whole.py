"""An export brought in from the command line: the same steps as in the background, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from segue.catalog.actions.importing.report import OUTCOMES, Report
from segue.catalog.actions.staging.checking import check_import
from segue.catalog.actions.staging.landing import import_step, start_import
from segue.catalog.actions.staging.reading import stage
from segue.catalog.models import ImportBatch, ImportState
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed

Progress = Callable[[int, int], None]


@action("catalog.stage_export")
def stage_export(path: Path, *, system: str, by: Actor) -> ImportBatch:
    """Write down the rows of an export that lies on this machine. Raises MalformedFile, NotAllowed."""
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed(_("Only the talent team imports."))
    batch = ImportBatch.objects.create(
        kind="", state=ImportState.READING, file_name=path.name[:255], sha256="", by=by.name[:200]
    )
    stage(batch, path, vendor=system)
    batch.state = ImportState.CHECKING
    batch.save()
    return batch


def import_export(
    path: Path, *, system: str, by: Actor, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """Bring in an export of "greenhouse", "lever", "ashby" or "workable": a file, a folder, or a zip.

    What came in stays where it is stopped, and the same command goes on. Raises MalformedFile, NotAllowed.
    """
    if dry_run:
        with transaction.atomic():
            batch = stage_export(path, system=system, by=by)
            check_import(str(batch.pk), by=by)
            batch.refresh_from_db()
            transaction.set_rollback(True)
        return _report(batch, Counter(batch.trial), batch.trial["errors"], dry_run=True)
    batch = stage_export(path, system=system, by=by)
    check_import(str(batch.pk), by=by)
    with transaction.atomic():
        start_import(batch, by=by, steps="here")
    batch.refresh_from_db()
    while batch.state == ImportState.RUNNING:
        import_step(str(batch.pk), after=batch.cursor, by=by, steps="here")
        batch.refresh_from_db()
        if progress:
            progress(batch.read, batch.total)
    counts = Counter({name: getattr(batch, name) for name in OUTCOMES})
    return _report(batch, counts, batch.errors)


def _report(
    batch: ImportBatch, counts: Counter[str], errors: dict[str, int], *, dry_run: bool = False
) -> Report:
    report = Report(batch.file_name, "ats", batch.source_name, batch.form, "", "built in", dry_run=dry_run)
    report.outcomes = Counter({name: counts[name] for name in OUTCOMES})
    report.read = report.outcomes.total()
    report.errors = Counter(errors)
    report.ignored = dict(batch.ignored)
    report.batch_id = "" if dry_run else str(batch.pk)
    return report
