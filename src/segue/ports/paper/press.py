"""Printing with fpdf2. HarfBuzz shapes the letters, so that Arabic joins and runs from the right.

IBM Plex Serif has Latin and Cyrillic letters, Amiri Arabic ones; both are under the SIL Open Font License and
come from the package index. For other scripts (Greek, Hebrew, Chinese, …) name font files in
SEGUE_LETTER_FONTS. What no font can draw is named by `unprintable`: nobody is sent a letter with boxes.
"""

from __future__ import annotations

import logging
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from segue.hire.paper import Section, Sheet

MARGIN_PT = 64.0
BODY_PT, LINE_PT = 10.5, 15.5
LABEL_WIDTH_PT = 150.0
INK, FAINT = (26, 28, 32), (96, 102, 112)
FAMILIES = {
    "Plex": ("fontpkg_ibm_plex_serif", "IBMPlexSerif"),
    "Amiri": ("fontpkg_amiri", "Amiri"),
}
STYLES = {"": "Regular", "B": "Bold"}
_RIGHT_TO_LEFT = {"R", "AL"}
_NOT_DRAWN = {"Cc", "Cf"}  # line ends, joiners and marks of direction
logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of every table it leaves out


def _families() -> list[str]:
    """The families in the order they are asked: ours, then the files the settings name."""
    return [*FAMILIES, *settings.LETTER_FONTS]


@cache
def _font_file(family: str, style: str) -> Path:
    if family not in FAMILIES:
        return Path(family)  # a file of the settings: one weight for all
    package, stem = FAMILIES[family]
    return Path(str(files(package))) / "files" / f"{stem}-{STYLES[style]}.ttf"


@cache
def _letters(family: str) -> frozenset[int]:
    """The characters that a font can draw."""
    with TTFont(_font_file(family, ""), lazy=True) as font:
        return frozenset(font.getBestCmap())


def _missing(text: str, *families: str) -> str:
    drawn = (one for one in text if unicodedata.category(one) not in _NOT_DRAWN)
    return "".join(
        one for one in dict.fromkeys(drawn) if not any(ord(one) in _letters(each) for each in families)
    )


def runs_from_the_right(text: str) -> bool:
    """Say whether a text's first letter with a direction runs from the right.

    >>> runs_from_the_right("ليلى"), runs_from_the_right("12 Leyla")
    (True, False)
    """
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction == "L" or direction in _RIGHT_TO_LEFT:
            return direction != "L"
    return False


class _Page(FPDF):
    """A page with the same line at its foot."""

    foot = ""

    def footer(self) -> None:
        self.set_y(-44)
        self.set_font("Plex", "", 8)
        self.set_text_color(*FAINT)
        self.cell(0, 12, f"{self.foot}   {self.page_no()}/{{nb}}", align=Align.C)


class FpdfPress:
    """Prints with fpdf2, on A4."""

    def unprintable(self, text: str) -> str:
        return _missing(text, *_families())

    def printed(self, sheet: Sheet) -> bytes:
        page = _blank(sheet)
        page.set_text_color(*FAINT)
        _words(page, sheet.sender, size=9)
        page.ln(10)
        page.set_text_color(*INK)
        _words(page, sheet.title, style="B", size=18, line=24)
        page.ln(8)
        for section in sheet.sections:
            _section(page, section)
        return bytes(page.output())


def _blank(sheet: Sheet) -> _Page:
    page = _Page(unit="pt", format="A4")
    page.foot = sheet.foot
    page.set_creation_date(sheet.at)
    page.set_title(sheet.title)
    page.set_author(sheet.sender)
    page.set_lang(sheet.language)
    families = _families() if _missing(_all_of(sheet), "Plex") else ["Plex"]
    for family in families:  # a font of many letters takes a second to cut down; most letters need one
        for style in STYLES:
            page.add_font(family, style, _font_file(family, style))
    page.set_fallback_fonts(families[1:], exact_match=False)
    page.set_text_shaping(True)
    page.set_margins(MARGIN_PT, MARGIN_PT, MARGIN_PT)
    page.set_auto_page_break(True, margin=MARGIN_PT)
    page.add_page()
    return page


def _all_of(sheet: Sheet) -> str:
    words = [sheet.title, sheet.sender, sheet.foot]
    for section in sheet.sections:
        words += [section.text, section.heading, *(part for row in section.rows for part in row)]
    return "".join(words)


def _section(page: _Page, section: Section) -> None:
    if section.heading:
        page.ln(6)
        _words(page, section.heading, style="B", size=12, line=20)
    for paragraph in section.text.split("\n"):
        _words(page, paragraph) if paragraph.strip() else page.ln(LINE_PT * 0.6)
    for label, value in section.rows:
        _row(page, label, value)
    page.ln(LINE_PT * 0.6)


def _words(page: _Page, text: str, *, style: str = "", size: float = BODY_PT, line: float = LINE_PT) -> None:
    page.set_font("Plex", style, size)
    align = Align.R if runs_from_the_right(text) else Align.L
    page.multi_cell(0, line, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _row(page: _Page, label: str, value: str) -> None:
    page.set_font("Plex", "", BODY_PT)
    page.set_text_color(*FAINT)
    page.multi_cell(LABEL_WIDTH_PT, LINE_PT, label, align=Align.L, new_x=XPos.RIGHT, new_y=YPos.TOP)
    page.set_text_color(*INK)
    page.multi_cell(0, LINE_PT, value, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
