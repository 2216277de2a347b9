"""What this room wants from whoever reads spreadsheets, and why one may not be read.

`segue.ports.sheets` does the reading, in a process of its own; the settings introduce them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from segue.catalog.actions.importing.problems import MalformedFile

MOST_CSV = 512 * 1024 * 1024
_AS_CSV = gettext_lazy("Save the sheet as CSV (UTF-8), and send that.")
_TROUBLE: dict[str, tuple[Any, Any]] = {
    "broken": (gettext_lazy("This spreadsheet is damaged, locked with a password, or none."), _AS_CSV),
    "macros": (gettext_lazy("This spreadsheet carries a program (a macro)."), _AS_CSV),
    "too_big": (gettext_lazy("This spreadsheet takes more memory than we give one."), _AS_CSV),
    "too_slow": (gettext_lazy("Reading this spreadsheet took too long, so we stopped."), _AS_CSV),
    "empty_file": (
        gettext_lazy("No sheet of it holds anything."),
        gettext_lazy("Look whether it was saved."),
    ),
}


class SheetReader(Protocol):
    """Turns a stranger's spreadsheet into CSV, safely."""

    def as_csv(self, path: Path, into: Path) -> None:
        """Write the first filled sheet as CSV. Raises MalformedFile named as in `unreadable_sheet`."""
        ...


def sheet_reader() -> SheetReader:
    """Return the reader the settings name."""
    reader: SheetReader = import_string(settings.SHEET_READER)()
    return reader


def unreadable_sheet(code: str) -> MalformedFile:
    """Say by name why a spreadsheet cannot be read, and what to do about it."""
    message, remedy = _TROUBLE[code]
    return MalformedFile(code, str(message), remedy=str(remedy))
