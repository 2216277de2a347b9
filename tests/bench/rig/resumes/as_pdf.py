"""A sheet as PDF, set by hand with fpdf2, and the lines as they were set."""

from __future__ import annotations

import io
import logging
import random
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from fpdf import FPDF

from tests.bench.rig.resumes.flow import Piece, Sheet

WIDTH, HEIGHT = 595.0, 842.0
FAMILIES = {
    "Amiri": ("fontpkg_amiri", "Amiri"),
    "Lato": ("fontpkg_lato", "Lato"),
    "Plex": ("fontpkg_ibm_plex_serif", "IBMPlexSerif"),
}
logging.getLogger("fontTools").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Look:
    """How a document is set."""

    family: str
    size: float
    leading: float
    margin: float
    gutter: float
    share: float  # of the width that the narrow column or the date cells take
    centred: bool
    by_rows: (
        bool  # painted from the top down across columns, as many programs do, instead of column by column
    )

    @classmethod
    def draw(cls, rng: random.Random) -> Look:
        return cls(
            family=rng.choice(("Lato", "Lato", "Plex", "Amiri")),
            size=rng.choice((9.0, 9.5, 10.0, 10.5, 11.0)),
            leading=rng.choice((1.2, 1.3, 1.4, 1.5)),
            margin=rng.choice((40.0, 50.0, 60.0, 70.0)),
            gutter=rng.choice((14.0, 18.0, 24.0, 30.0)),
            share=rng.choice((0.3, 0.33, 0.36)),
            centred=rng.random() < 0.3,
            by_rows=rng.random() < 0.6,
        )


@cache
def _font_file(family: str, weight: str) -> Path:
    package, stem = FAMILIES[family]
    return Path(str(files(package))) / "files" / f"{stem}-{weight}.ttf"


class Setter:
    """Sets pieces on pages, and keeps what it set: one flow for each column of each page."""

    def __init__(self, sheet: Sheet, look: Look) -> None:
        self.sheet, self.look = sheet, look
        self.pdf = FPDF(unit="pt", format="A4")
        self.pdf.set_auto_page_break(False)
        for family in {look.family, "Amiri"}:
            self.pdf.add_font(family, "", _font_file(family, "Regular"))
            self.pdf.add_font(family, "B", _font_file(family, "Bold"))
        self.flows: list[list[str]] = []
        self.painted: list[tuple[int, float, float, str, tuple[str, str, float], bool]] = []
        self.pages = 0
        self.y = 0.0

    def save(self) -> tuple[bytes, list[list[str]]]:
        self._page(1)
        self._column(
            self.sheet.top, self.look.margin, WIDTH - 2 * self.look.margin, centred=self.look.centred
        )
        start = self.y + (self.look.size if self.sheet.top else 0)
        last = self.flows.pop() if len(self.sheet.columns) == 1 else None
        for number, column in enumerate(self.sheet.columns):
            self.pdf.page = 1
            self.y = start
            x, width = self._place(number)
            if last is None or number:
                self.flows.append([])
            else:
                self.flows.append(last)
            self._column(column, x, width, fresh=False)
        self._paint()
        self._furniture()
        out = io.BytesIO()
        self.pdf.output(out)
        return out.getvalue(), [flow for flow in self.flows if flow]

    def _place(self, number: int) -> tuple[float, float]:
        margin, whole = self.look.margin, WIDTH - 2 * self.look.margin
        if len(self.sheet.columns) == 1:
            return margin, whole
        narrow = whole * self.look.share
        widths = [narrow, whole - narrow - self.look.gutter]
        if self.sheet.layout == "sidebar_right":
            widths.reverse()
        return (margin, widths[0]) if number == 0 else (margin + widths[0] + self.look.gutter, widths[1])

    def _page(self, number: int) -> None:
        """Go on to a page, making it where there is none yet."""
        if number > self.pages:
            self.pdf.add_page()
            self.pages = number
        self.pdf.page = number
        self.y = self.look.margin

    def _column(
        self, pieces: list[Piece], x: float, width: float, *, centred: bool = False, fresh: bool = True
    ) -> None:
        if fresh:
            self.flows.append([])
        for piece in pieces:
            if piece.space:
                self.y += self.look.size * 0.7
            if piece.kind == "row":
                self._row(piece, x, width)
            else:
                self._set(piece, x, width, centred)

    def _row(self, piece: Piece, x: float, width: float) -> None:
        cell = width * self.look.share * 0.9
        if self.y + 4 * self._step(piece) > HEIGHT - self.look.margin - 20:
            self._turn()
        top, page = self.y, self.pdf.page
        self._set(Piece("text", piece.text), x, cell - 12, False)
        below = self.y if self.pdf.page == page else 0.0
        self.pdf.page, self.y = page, top
        for part in piece.beside:
            self._set(part, x + cell, width - cell, False)
        self.y = max(self.y, below)

    def _set(self, piece: Piece, x: float, width: float, centred: bool) -> None:
        size = {"name": 1.9, "heading": 1.25}.get(piece.kind, 1.0) * self.look.size
        arabic = any("\u0600" <= letter <= "\u06ff" for letter in piece.text)
        self.pdf.set_font("Amiri" if arabic else self.look.family, "B" if piece.bold else "", size)
        self.pdf.set_text_shaping(arabic)
        hang = self.pdf.get_string_width(piece.text[:2]) if piece.kind == "bullet" else 0.0
        room = width - (self.pdf.get_string_width(piece.right) + 20 if piece.right else 0)
        for number, line in enumerate(self._wrapped(piece.text, room, hang)):
            if self.y + self._step(piece) > HEIGHT - self.look.margin - 20:
                self._turn()
                self.pdf.set_font("Amiri" if arabic else self.look.family, "B" if piece.bold else "", size)
            shift = (width - self.pdf.get_string_width(line)) / 2 if centred else hang if number else 0.0
            self._print(line, x + shift)
            if piece.right and number == 0:
                self._print(piece.right, x + width - self.pdf.get_string_width(piece.right))
            self.y += self._step(piece)

    def _step(self, piece: Piece) -> float:
        return self.look.size * self.look.leading * {"name": 1.9, "heading": 1.3}.get(piece.kind, 1.0)

    def _print(self, text: str, x: float) -> None:
        font = (self.pdf.font_family, self.pdf.font_style, self.pdf.font_size_pt)
        self.painted.append((self.pdf.page, self.y, x, text, font, bool(self.pdf.text_shaping)))
        self.flows[-1].append(text)

    def _paint(self) -> None:
        """Put everything on its page, in the order this program would."""
        order = sorted(self.painted) if self.look.by_rows else self.painted
        for page, y, x, text, font, shaped in order:
            self.pdf.page = page
            self.pdf.set_font(*font)
            self.pdf.set_text_shaping(shaped)
            self.pdf.set_xy(x - self.pdf.c_margin, y)
            self.pdf.cell(text=text)

    def _turn(self) -> None:
        self._page(self.pdf.page + 1)
        if len(self.sheet.columns) > 1:
            self.flows.append([])

    def _wrapped(self, text: str, width: float, hang: float) -> list[str]:
        lines, line = [], ""
        for word in text.split(" "):
            longer = f"{line} {word}".strip()
            if line and self.pdf.get_string_width(longer) > width - (hang if lines else 0):
                lines.append(line)
                line = word
            else:
                line = longer
        return [*lines, line]

    def _furniture(self) -> None:
        if not (self.sheet.header or self.sheet.footer):
            return
        for number in range(1, self.pages + 1):
            self.pdf.page = number
            self.pdf.set_font(self.look.family, "", 8)
            self.pdf.set_text_shaping(False)
            if self.sheet.header and number > 1 and self.sheet.header.isascii():
                self.pdf.set_xy(self.look.margin, self.look.margin - 22)
                self.pdf.cell(text=self.sheet.header)
            self.pdf.set_xy(WIDTH / 2 - 20, HEIGHT - 30)
            self.pdf.cell(text=self.sheet.footer.replace("#", str(number)).replace("%", str(self.pages)))


def as_pdf(sheet: Sheet, rng: random.Random) -> tuple[bytes, list[list[str]]]:
    """Return the file, and the lines of each flow in the order they are to be read."""
    return Setter(sheet, Look.draw(rng)).save()
