"""The bytes somebody sent, kept in the database so that whichever worker comes next can read them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.problems import MalformedFile
from segue.catalog.models import ImportBatch, ImportState, Upload
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed
from segue.kit.queue import enqueue

LARGEST_UPLOAD = 256 * 1024 * 1024
_PIECE = 4 * 1024 * 1024
KINDS = ("people", "jobs")


@action("catalog.take_upload")
def take_upload(
    pieces: Iterable[bytes], *, name: str, by: Actor, kind: str = "", source: str = "", sent_in: bool = False
) -> ImportBatch:
    """Keep a file and promise that it will be read; `kind` is "people", "jobs", or "" to find out.

    Raises NotAllowed for anybody but the talent team, Invalid for an empty file or one over 256 MB.
    """
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed(_("Only the talent team imports."))
    if kind not in ("", *KINDS):
        raise Invalid(_("There is no such kind of import."), field="kind", remedy=_("Choose from the list."))
    if len(source) > 60:
        raise Invalid(_("A source has at most 60 characters."), field="source", remedy=_("Shorten it."))
    batch = ImportBatch.objects.create(
        kind=kind,
        state=ImportState.READING,
        source_name=source.strip(),
        file_name=(PurePosixPath(name).name or "file")[:255],
        sha256="",
        sent_in=sent_in,
        by=by.name[:200],
    )
    batch.sha256 = _keep(batch, pieces)
    batch.save(update_fields=["sha256"])
    enqueue("catalog.read_import", batch_id=str(batch.pk))
    return batch


def _keep(batch: ImportBatch, pieces: Iterable[bytes]) -> str:
    """Write the pieces down, evened out; return the hash of the whole."""
    digest, size, pending = hashlib.sha256(), 0, bytearray()
    for piece in pieces:
        size += len(piece)
        if size > LARGEST_UPLOAD:
            raise Invalid(
                _("This file is over 256 MB."),
                field="file",
                remedy=_("Split it, or bring it in on the server with: segue import."),
            )
        digest.update(piece)
        pending += piece
        if len(pending) >= _PIECE:
            Upload.objects.create(batch=batch, content=bytes(pending))
            pending.clear()
    if pending:
        Upload.objects.create(batch=batch, content=bytes(pending))
    if not size:
        raise Invalid(_("This file is empty."), field="file", remedy=_("Export it again, or choose another."))
    return digest.hexdigest()


@contextmanager
def upload_on_disk(batch: ImportBatch) -> Iterator[Path]:
    """Give an upload a path for as long as it is read. Raises MalformedFile where it was let go."""
    with tempfile.TemporaryDirectory(prefix="segue-import-") as folder:
        ending = PurePosixPath(batch.file_name).suffix.lower()[:10]
        path = Path(folder) / f"upload{ending}"
        keys = list(Upload.objects.filter(batch=batch).order_by("pk").values_list("pk", flat=True))
        if not keys:
            raise MalformedFile(
                "upload_let_go", _("This file is not kept any more."), remedy=_("Send it again.")
            )
        with path.open("wb") as file:
            for key in keys:  # one piece in memory at a time
                file.write(Upload.objects.values_list("content", flat=True).get(pk=key))
        yield path
