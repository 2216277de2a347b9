"""What an upload is, told by its content: a table, JSON, a feed, a zip of résumés, or an ATS export."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.ats.records import system_of
from segue.catalog.actions.importing.ats.shapes import System
from segue.catalog.actions.importing.fields import FIELDS
from segue.catalog.actions.importing.mapping import Mapping, work_out
from segue.catalog.actions.importing.problems import MalformedFile
from segue.catalog.actions.importing.reading import RawRow, Source, is_sheet, open_source
from segue.catalog.actions.importing.resume_folder import files_in
from segue.catalog.actions.staging.ats_rows import open_export
from segue.catalog.actions.staging.opened import Opened, Waiting
from segue.catalog.resume_files import ENDINGS


def open_upload(path: Path, *, kind: str = "", vendor: str = "") -> Opened:
    """Tell what a file is and open it. Raises MalformedFile."""
    if not vendor and is_sheet(path):
        return _open_table(open_source(path), kind)
    system = _system_of(path, vendor)
    if system is not None:
        return open_export(path, system)
    if _is_zip(path) or path.is_dir():
        return _open_resumes(path)
    return _open_table(open_source(path), kind)


def _system_of(path: Path, vendor: str) -> System | None:
    """Say whose export a JSON file, or a folder or zip with JSON in it, is."""
    if vendor or path.is_dir() or _is_zip(path):
        return system_of(path, wanted=vendor)
    with path.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith((b"[", b"{")):
        return None
    try:
        return system_of(path)
    except MalformedFile:
        return None  # the reader of JSON says better where


def _is_zip(path: Path) -> bool:
    return path.is_file() and zipfile.is_zipfile(path)


def _open_table(source: Source, kind: str) -> Opened:
    found = kind or _guess(source)

    def rows() -> Iterator[Waiting]:
        return (Waiting(found, row, None) for row in source.rows())

    return Opened(found, source.form, source.columns, rows)


def _guess(source: Source) -> str:
    """Say whether the rows are people or jobs: by their shape, else by the fields their columns fill."""
    first = next(source.rows(), None)
    if first is not None and first.shape != "table":
        return "jobs" if first.shape == "job_posting" else "people"
    fits = {kind: len(work_out(kind, source.columns).fields) / len(FIELDS[kind]) for kind in FIELDS}
    if {"email", "given_name", "resume_text"} & set(work_out("people", source.columns).fields):
        return "people"
    return max(fits, key=lambda kind: fits[kind])


def _open_resumes(path: Path) -> Opened:
    """A zip of résumés: each file is a row, and its bytes wait with it."""
    files = files_in(path)
    if not any(file.ending in ENDINGS for file in files):
        raise MalformedFile(
            "wrong_type",
            _("There is no résumé in this zip."),
            remedy=_("Send PDF, Word or text files in a zip, or the table itself."),
        )

    def rows() -> Iterator[Waiting]:
        from segue.catalog.actions.resume_imports import content_of

        for line, file in enumerate(files, 1):
            content, problem = content_of(file)
            data = {"file": file.name} | ({"unreadable": problem.error} if problem else {})
            yield Waiting("resumes", RawRow(line, "file", data), b"" if problem else content)

    return Opened("resumes", "zip", ("file",), rows, source="", mapping=Mapping(name="résumés"))
