"""A press that prints the words alone: for walks that send hundreds of offers and look at none."""

from __future__ import annotations

from segue.hire.paper import Sheet


class PlainPress:
    """Equal sheets give equal bytes, and any letter can be printed."""

    def printed(self, sheet: Sheet) -> bytes:
        return repr(sheet).encode()

    def unprintable(self, text: str) -> str:
        return ""
