"""A résumé as somebody hands it in: pasted, or a file."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from segue.catalog.resume_files import ENDINGS, LARGEST_FILE, resume_reader, unreadable
from segue.kit.errors import Invalid

MOST_JSON_BYTES = 1_000_000
ACCEPTED = ".pdf,.docx,.txt,.md,.json,application/pdf,text/plain,application/json"


def read_resume_file(file: UploadedFile[Any]) -> tuple[str, str]:
    """Return the text of an uploaded résumé and its file name. Raises Invalid, naming the remedy."""
    name = name_of(file)
    if PurePath(name).suffix.lower() != ".json":
        return resume_reader().read(content_of(file), name).document.text, name
    if (file.size or 0) > MOST_JSON_BYTES:
        raise _refused(_("This file is larger than 1 MB."))
    try:
        return _flat(file.read().decode("utf-8-sig")), name
    except UnicodeDecodeError:
        raise _refused(_("This file is not plain text.")) from None


def name_of(file: UploadedFile[Any]) -> str:
    return PurePath(str(file.name or "resume.txt")).name


def content_of(file: UploadedFile[Any]) -> bytes:
    """Return the bytes of a file of a kind we read, one more than we take where there are more."""
    if PurePath(name_of(file)).suffix.lower() not in ENDINGS:
        raise unreadable("wrong_type")
    content: bytes = file.read(LARGEST_FILE + 1)
    return content


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
        why, field="resume_file", remedy=_("Paste the text, or use PDF, Word (.docx), text or JSON Resume.")
    )
