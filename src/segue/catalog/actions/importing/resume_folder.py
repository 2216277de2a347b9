"""A folder or a zip of résumés: what lies in it, one file at a time, and what a read file becomes."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.drafts import PersonDraft
from segue.catalog.actions.importing.problems import MalformedFile
from segue.catalog.actions.resume_facts import LEAST_CONFIDENCE, read
from segue.catalog.resume_files import ENDINGS, LARGEST_FILE, ReadFile
from segue.engine.resume.fields import Field

TABLES = frozenset({".csv", ".tsv", ".json", ".jsonl", ".ndjson"})
MOST_FILES = 100_000
_SURE_OF_ADDRESS = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a folder or a zip; its content is read when asked for."""

    name: str
    holder: Path
    is_zipped: bool

    @property
    def ending(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    def content(self) -> bytes:
        """Return the bytes, one more than the largest file we read where there are more."""
        if not self.is_zipped:
            with (self.holder / self.name).open("rb") as file:
                return file.read(LARGEST_FILE + 1)
        with zipfile.ZipFile(self.holder) as package, package.open(self.name) as file:
            return file.read(LARGEST_FILE + 1)


def is_resume_source(path: Path) -> bool:
    """Say whether a path is for the reader of résumés: a folder, a zip, or one PDF or Word file."""
    return path.is_dir() or path.suffix.lower() in {".zip", ".pdf", ".docx", ".docm", ".doc"}


def files_in(path: Path) -> list[Found]:
    """List what a path holds, by name. Raises MalformedFile for a zip that is none, or holds too much."""
    if path.is_dir():
        inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
        found = [Found(p.relative_to(path).as_posix(), path, False) for p in inside]
    elif path.suffix.lower() == ".zip":
        found = [Found(name, path, True) for name in sorted(_names_in_zip(path))]
    elif path.is_file():
        found = [Found(path.name, path.parent, False)]
    else:
        raise MalformedFile("missing_file", _("There is no such file."), remedy=_("Look at the path."))
    found = [file for file in found if not _is_hidden(file.name)]
    if len(found) > MOST_FILES:
        raise MalformedFile("too_large", _("There are over 100,000 files here."), remedy=_("Split it."))
    return found


def _names_in_zip(path: Path) -> Iterator[str]:
    try:
        with zipfile.ZipFile(path) as package:
            yield from (entry.filename for entry in package.infolist() if not entry.is_dir())
    except (zipfile.BadZipFile, OSError):
        raise MalformedFile("truncated", _("This zip is not whole."), remedy=_("Make it again.")) from None


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX", "~$")) for part in PurePosixPath(name).parts)


def is_resume(file: Found) -> bool:
    return file.ending in ENDINGS


def draft_of_file(file: Found, digest: str, read_file: ReadFile) -> PersonDraft:
    """File a résumé under its address, or, where it names none for sure, under its very text."""
    fields = read(read_file.document).fields
    email = _sure(fields, "email", _SURE_OF_ADDRESS).lower()
    name = _sure(fields, "name", LEAST_CONFIDENCE)
    text = read_file.document.text
    of_text = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return PersonDraft(
        external_id=(email or of_text)[:200],
        sha256=digest,
        email=email,
        placeholder=name or email or _("Imported résumé %s") % of_text[:6],
        resume_text=text,
        file_name=PurePosixPath(file.name).name[:255],
        media_type=read_file.media_type,
        document=read_file.document,
    )


def _sure(fields: Sequence[Field], kind: str, least: float) -> str:
    return next((str(f.value) for f in fields if f.kind == kind and f.confidence >= least), "")
