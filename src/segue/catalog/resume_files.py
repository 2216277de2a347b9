"""What this room wants from whoever reads résumé files, and why one may not be read.

`segue.ports.resumes` does the reading, in a process of its own; the settings introduce them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from segue.engine.resume.layout import Document
from segue.kit.errors import Invalid

LARGEST_FILE = 20 * 1024 * 1024
ENDINGS = frozenset({".pdf", ".docx", ".docm", ".doc", ".txt", ".text", ".md"})

_EXPORT = gettext_lazy("Export it as PDF from the program it was written in, and send that.")
_TROUBLE: dict[str, tuple[Any, Any]] = {
    "no_text_layer": (
        gettext_lazy("There is no text in this file, only a picture of it."),
        gettext_lazy("Send the file you wrote it in (Word or PDF), or paste the text."),
    ),
    "encrypted": (
        gettext_lazy("This file is locked with a password."),
        gettext_lazy("Save it without a password, and send it again."),
    ),
    "truncated": (
        gettext_lazy("The end of this file is missing."),
        gettext_lazy("It was probably cut off on the way: send it again."),
    ),
    "empty_file": (
        gettext_lazy("This file is empty."),
        gettext_lazy("Look whether it was saved, and send it again."),
    ),
    "wrong_type": (
        gettext_lazy("This file is not what its name says, or of a kind we do not read."),
        gettext_lazy("Use PDF, Word (.docx) or plain text, each under its own ending."),
    ),
    "old_word": (
        gettext_lazy("This is a file of Word from before 2007."),
        gettext_lazy("Save it as .docx or PDF, and send that."),
    ),
    "too_many_pages": (
        gettext_lazy("This has more than 100 pages."),
        gettext_lazy("Send the pages about you."),
    ),
    "too_big": (gettext_lazy("This file takes more memory than we give a résumé."), _EXPORT),
    "too_much_text": (gettext_lazy("This is more text than a résumé has."), gettext_lazy("Shorten it.")),
    "too_slow": (gettext_lazy("Reading this file took longer than ten seconds, so we stopped."), _EXPORT),
    "macros": (
        gettext_lazy("This file carries a program (a macro)."),
        gettext_lazy("Save it as .docx or PDF, which carry none."),
    ),
    "not_opened": (
        gettext_lazy("This file cannot be opened."),
        gettext_lazy("Look whether it is still there and may be read, and import it again."),
    ),
    "broken": (gettext_lazy("This file is damaged."), _EXPORT),
}


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file's text in reading order, and what it was."""

    document: Document
    media_type: str


class ResumeReader(Protocol):
    """Turns a stranger's file into lines of text, safely."""

    def read(self, content: bytes, name: str) -> ReadFile:
        """Return the lines in reading order. Raises Invalid named as in `unreadable`."""
        ...


def resume_reader() -> ResumeReader:
    """Return the reader the settings name."""
    reader: ResumeReader = import_string(settings.RESUME_READER)()
    return reader


def unreadable(code: str) -> Invalid:
    """Say by name why a file cannot be read, and what to do about it."""
    known = code if code in _TROUBLE else "broken"
    message, remedy = _TROUBLE[known]
    error = Invalid(str(message), field="resume_file", remedy=str(remedy))
    error.code = known
    return error
