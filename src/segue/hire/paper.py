"""Paper as this room wants it: a sheet of words in, a PDF out; `ports/paper` prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Section:
    """Words under a heading, or rows of two columns; a section without a heading is plain text."""

    text: str = ""
    heading: str = ""
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be printed. `at` is when the file says it was made: equal sheets give equal bytes."""

    title: str
    sender: str
    sections: tuple[Section, ...]
    foot: str
    at: datetime
    language: str = "en"


class Press(Protocol):
    """Prints sheets in writing systems it has letters for."""

    def printed(self, sheet: Sheet) -> bytes:
        """Return the sheet as PDF; equal sheets give equal bytes."""

    def unprintable(self, text: str) -> str:
        """Return the characters of a text that no font here can draw, each once."""


def press() -> Press:
    """Return the press the settings name."""
    found: Press = import_string(settings.PRESS)()
    return found
