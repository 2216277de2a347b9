"""PDF: every character with its box from pdfium, made into words, put in order by our own cut."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator

import pypdfium2.raw as pdfium

from segue.engine.resume.layout import Line, Word
from segue.engine.resume.xycut import lines_of_page
from segue.ports.resumes.refused import Refused

MOST_PAGES = 100
MOST_CHARACTERS = 400_000
_LEAST_LETTERS = 20
_PASSWORD = 4
_TAIL = 2048
_NEWLINES = frozenset("\r\n")


def read_pdf(content: bytes) -> list[list[Line]]:
    """Return the lines of each page in reading order. Raises Refused."""
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        if pdfium.FPDF_GetLastError() == _PASSWORD:
            raise Refused("encrypted")
        raise Refused("broken" if b"%%EOF" in content[-_TAIL:] else "truncated")
    if b"%%EOF" not in content[-_TAIL:]:
        raise Refused("truncated")  # pdfium would mend it, and give us half a life
    count = pdfium.FPDF_GetPageCount(document)
    if count > MOST_PAGES:
        raise Refused("too_many_pages")
    return _pages(document, count)


def _pages(document: object, count: int) -> list[list[Line]]:
    pages: list[list[Line]] = []
    left, block = MOST_CHARACTERS, 0
    for number in range(count):
        words, read = _words_of_page(document, number, left)
        left -= read
        pages.append(lines_of_page(words, first_block=block))
        block = max((line.block for line in pages[-1]), default=block) + 1
    if sum(c.isalpha() for page in pages for line in page for c in line.text) < _LEAST_LETTERS:
        raise Refused("no_text_layer")
    return pages


def _words_of_page(document: object, number: int, most: int) -> tuple[list[Word], int]:
    page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        return [], 0
    text = pdfium.FPDFText_LoadPage(page)
    count = pdfium.FPDFText_CountChars(text) if text else 0
    if count > most:
        raise Refused("too_much_text")
    height = pdfium.FPDF_GetPageHeightF(page)
    words = list(_words(text, max(count, 0), height))
    pdfium.FPDFText_ClosePage(text)
    pdfium.FPDF_ClosePage(page)
    return words, max(count, 0)


class _Glyph:
    """A character and its box, y growing downwards."""

    __slots__ = ("bottom", "index", "text", "top", "x0", "x1")

    def __init__(self, text: str, index: int, box: tuple[float, float, float, float]) -> None:
        self.text, self.index = text, index
        self.x0, self.top, self.x1, self.bottom = box


def _words(text: object, count: int, height: float) -> Iterator[Word]:
    """Gather characters into words, in the file's own order."""
    gathered: list[_Glyph] = []
    for glyph in _glyphs(text, count, height):
        if gathered and (glyph is None or _parts(gathered[-1], glyph)):
            yield _word(text, gathered)
            gathered = []
        if glyph is not None:
            gathered.append(glyph)
    if gathered:
        yield _word(text, gathered)


def _glyphs(text: object, count: int, height: float) -> Iterator[_Glyph | None]:
    """Yield every printed character, and None where white parts words."""
    box = pdfium.FS_RECTF()
    at = ctypes.byref(box)
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text, index)
        letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if not letter or letter.isspace() or letter in _NEWLINES or code in {0xFFFE, 0xFFFF}:
            yield None
        elif pdfium.FPDFText_GetLooseCharBox(text, index, at):
            yield _Glyph(letter, index, (box.left, height - box.top, box.right, height - box.bottom))


def _parts(last: _Glyph, glyph: _Glyph) -> bool:
    """Say whether two characters belong to different words: another row, or white between them."""
    tall = max(last.bottom - last.top, 1.0)
    if abs((glyph.top + glyph.bottom) - (last.top + last.bottom)) > tall:
        return True
    return max(glyph.x0 - last.x1, last.x0 - glyph.x1) > 0.2 * tall


def _word(text: object, glyphs: list[_Glyph]) -> Word:
    top, bottom = min(g.top for g in glyphs), max(g.bottom for g in glyphs)
    letters = unicodedata.normalize("NFKC" if any("\ufb00" <= g.text <= "\ufefc" for g in glyphs) else "NFC",
                                    "".join(g.text for g in glyphs))  # fmt: skip
    return Word(
        round(min(g.x0 for g in glyphs), 2),
        round(top, 2),
        round(max(g.x1 for g in glyphs), 2),
        round(bottom, 2),
        letters,
        round((bottom - top) / 1.2, 1),
        _is_bold(text, glyphs[0].index),
    )


def _is_bold(text: object, index: int) -> bool:
    name = ctypes.create_string_buffer(96)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, 96, ctypes.byref(flags))
    words = name.value.lower()
    return b"bold" in words or b"black" in words or b"heavy" in words
