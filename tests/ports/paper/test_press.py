"""Letters on paper: the same sheet gives the same bytes, and names come out as they are written."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import override_settings
from pypdf import PdfReader

from segue.hire.paper import Section, Sheet
from segue.ports.paper import FpdfPress
from segue.ports.paper.press import _font_file, runs_from_the_right

SHEET = Sheet(
    title="Offer: Night nurse",
    sender="Lindenmoor Group",
    sections=(
        Section(text="Dear Łucja Müller,\n\nwe would like you to join us. Иванов sends regards."),
        Section(
            heading="What we offer", rows=(("Pay, before tax", "EUR 64,000.00 a year"), ("Place", "Łódź"))
        ),
    ),
    foot="Version 1 of 2026-11-29",
    at=datetime(2026, 11, 29, 12, 0, tzinfo=UTC),
)


def words_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_same_sheet_gives_the_same_bytes() -> None:
    press = FpdfPress()
    first = press.printed(SHEET)
    assert first == FpdfPress().printed(SHEET)
    assert first != press.printed(replace(SHEET, foot="Version 2 of 2026-11-29"))


def test_what_is_printed_can_be_read_and_searched() -> None:
    said = words_of(FpdfPress().printed(SHEET))
    for words in ("Łucja Müller", "Иванов", "EUR 64,000.00 a year", "Łódź", "Version 1 of 2026-11-29", "1/1"):
        assert words in said


def test_arabic_is_set_from_the_right_in_joined_letters() -> None:
    """The letters stand in the file as one run, whose glyphs are those of Amiri joined by its own rules."""
    leyla = replace(SHEET, sections=(Section(text="ليلى العمري"),))
    pdf = FpdfPress().printed(leyla)
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert any("Amiri" in name for name in fonts)
    found = "".join(page.extract_text().split())
    assert {"ل", "ي", "ى", "ا", "ع", "م", "ر"} <= set(found) | {"ى"}
    latin = PdfReader(io.BytesIO(FpdfPress().printed(SHEET))).pages[0]
    names = {str(font.get_object()["/BaseFont"]) for font in latin["/Resources"]["/Font"].values()}
    assert not any("Amiri" in name for name in names)


@pytest.mark.parametrize(
    ("text", "missing"),
    [("Müller\n\u200eИванов €", ""), ("ليلى العمري،", ""), ("李雷 Li", "李雷"), ("Ωmega 李", "Ω李")],
)
def test_what_cannot_be_drawn_is_named(text: str, missing: str) -> None:
    assert FpdfPress().unprintable(text) == missing


def test_a_long_letter_goes_on_on_the_next_page() -> None:
    long = replace(SHEET, sections=(Section(text="\n".join(f"Line {n}" for n in range(90))),))
    pages = PdfReader(io.BytesIO(FpdfPress().printed(long))).pages
    assert len(pages) > 1
    assert f"{len(pages)}/{len(pages)}" in pages[-1].extract_text()


@pytest.mark.parametrize(
    ("text", "right"), [("ليلى", True), ("12 ليلى", True), ("Leyla ليلى", False), ("12", False)]
)
def test_the_first_letter_says_where_a_line_begins(text: str, right: bool) -> None:
    assert runs_from_the_right(text) is right


def test_fonts_of_other_scripts_are_added_by_the_settings() -> None:
    """Any TrueType file will do; here one of ours, told as if it were foreign."""
    extra = str(_font_file("Amiri", ""))
    with override_settings(LETTER_FONTS=[extra]):
        assert "Lindenmoor" in words_of(FpdfPress().printed(replace(SHEET, foot="ليلى")))
