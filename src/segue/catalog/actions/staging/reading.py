"""From an upload to rows that wait: whatever the file is, in one transaction, a few thousand at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.mapping import choose_mapping
from segue.catalog.actions.importing.problems import MalformedFile
from segue.catalog.actions.staging.opened import Opened, Waiting
from segue.catalog.actions.staging.opening import open_upload
from segue.catalog.actions.staging.uploads import upload_on_disk
from segue.catalog.models import ImportBatch, ImportState, StagedRow, Upload
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.copying import copy_rows

_COPIED = 2_000


def locked_batch(batch_id: str, state: ImportState) -> ImportBatch | None:
    """Lock an import that stands at this point, or return nothing: another has done it, or it was stopped."""
    return ImportBatch.objects.select_for_update().filter(pk=batch_id, state=state).first()


@action("catalog.read_import")
def read_import(batch_id: str, *, by: Actor) -> ImportBatch | None:
    """Read an upload into rows that wait, and let go of its bytes; a second time changes nothing."""
    batch = locked_batch(batch_id, ImportState.READING)
    if batch is None:
        return None
    try:
        with upload_on_disk(batch) as path:
            stage(batch, path)
    except MalformedFile as malformed:
        StagedRow.objects.filter(batch=batch).delete()
        malformed.file_name = batch.file_name
        batch.state, batch.failure = ImportState.FAILED, malformed.as_dict()
        batch.finished_at = clock.now()
    Upload.objects.filter(batch=batch).delete()
    batch.changed_at = clock.now()
    batch.save()
    return batch


def stage(batch: ImportBatch, path: Path, *, vendor: str = "") -> None:
    """Write down every row of a file and what it is. Raises MalformedFile."""
    opened = open_upload(path, kind=batch.kind, vendor=vendor)
    batch.total = _copy(batch, opened)
    if not batch.total:
        raise MalformedFile("empty_file", _("There is not a single row in it."), remedy=_("Export it again."))
    batch.kind, batch.form, batch.columns = opened.kind, opened.form, list(opened.columns)
    batch.source_name = opened.source if opened.kind == "ats" else batch.source_name
    batch.ignored = dict(opened.ignored.most_common(200))
    if opened.mapping is None:
        mapping = choose_mapping(opened.kind, opened.columns, "auto")
        batch.mapping = mapping.as_json() | {"origin": mapping.origin}
        batch.source_name = batch.source_name or mapping.source or "import"
    else:
        batch.mapping = opened.mapping.as_json() | {"origin": "built in"}
        batch.source_name = batch.source_name or "import"
    batch.state = ImportState.READY


def _copy(batch: ImportBatch, opened: Opened) -> int:
    number = 0
    waiting = iter(opened.rows())
    while piece := list(islice(waiting, _COPIED)):
        rows = list(_numbered(batch, piece, number))
        copy_rows(StagedRow, rows)
        number += len(rows)
    return number


def _numbered(batch: ImportBatch, piece: Iterable[Waiting], number: int) -> Iterator[StagedRow]:
    for at, (kind, row, content) in enumerate(piece, number + 1):
        yield StagedRow(
            batch=batch,
            number=at,
            line=row.line,
            kind=kind,
            shape=row.shape,
            row=row.data,
            content=content,
        )
