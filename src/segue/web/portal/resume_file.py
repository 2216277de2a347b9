"""A résumé as somebody hands it in: pasted, or a file of text."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from segue.kit.errors import Invalid

TEXT_ENDINGS = frozenset({".txt", ".md", ".text", ".json"})
MOST_BYTES = 1_000_000


def read_resume_file(file: UploadedFile[Any]) -> tuple[str, str]:
    """Return the text of an uploaded résumé and its file name. Raises Invalid, naming the remedy."""
    name = PurePath(str(file.name or "resume.txt")).name
    ending = PurePath(name).suffix.lower()
    if ending not in TEXT_ENDINGS:
        raise _refused(_("We cannot read files of this kind yet."))
    if (file.size or 0) > MOST_BYTES:
        raise _refused(_("This file is larger than 1 MB."))
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(_("This file is not plain text.")) from None
    return (_flat(text) if ending == ".json" else text), name


def _flat(text: str) -> str:
    """Write a JSON Resume out as lines of text, so that people and programs can read it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _refused(_("This file is not valid JSON.")) from None
    try:
        return "\n".join(_lines(found))
    except RecursionError:
        raise _refused(_("This file is nested too deeply.")) from None


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [
            line for key, part in value.items() if key not in {"$schema", "meta"} for line in _lines(part)
        ]
    if isinstance(value, list):
        return [line for part in value for line in _lines(part)]
    return [str(value)] if isinstance(value, str) and value.strip() else []


def _refused(why: str) -> Invalid:
    return Invalid(
        why, field="resume_file", remedy=_("Paste the text, or use a .txt, .md or JSON Resume (.json) file.")
    )
