"""A sheet as Word would keep it: tab stops, tables, headers and footers."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import Any

import docx
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Pt

from tests.bench.rig.resumes.flow import Piece, Sheet

Add = Callable[[], Any]


def as_docx(sheet: Sheet, rng: random.Random) -> tuple[bytes, list[list[str]]]:
    """Return the file, and the paragraphs of each flow in the order they are to be read."""
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(rng.choice((10, 11)))
    styled = rng.random() < 0.5
    flows: list[list[str]] = [[]]
    _write(sheet.top, document, flows[0], styled)
    if len(sheet.columns) == 1:
        _write(sheet.columns[0], document, flows[0], styled)
    else:
        cells = document.add_table(rows=1, cols=2).rows[0].cells
        for cell, column in zip(cells, sheet.columns, strict=True):
            flows.append([])
            _write(column, cell, flows[-1], styled)
    if sheet.header:
        document.sections[0].header.paragraphs[0].text = sheet.header
    if sheet.footer:
        document.sections[0].footer.paragraphs[0].text = sheet.footer.replace("#", "1").replace("%", "2")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue(), [flow for flow in flows if flow]


def _write(pieces: list[Piece], holder: Any, flow: list[str], styled: bool) -> None:
    table: Any = None
    for piece in pieces:
        if piece.kind != "row":
            table = None
            _paragraph(piece, holder.add_paragraph(), flow, styled)
            continue
        if table is None:
            table = holder.add_table(rows=0, cols=2)
        cells = table.add_row().cells
        _paragraph(Piece("text", piece.text), cells[0].paragraphs[0], flow, styled)
        for number, part in enumerate(piece.beside):
            beside = cells[1].paragraphs[0] if number == 0 else cells[1].add_paragraph()
            _paragraph(part, beside, flow, styled)


def _paragraph(piece: Piece, paragraph: Any, flow: list[str], styled: bool) -> None:
    if piece.kind == "heading" and styled:
        paragraph.style = "Heading 1"
    is_list = piece.kind == "bullet" and styled
    if is_list:
        paragraph.style = "List Bullet"
    text = piece.text[2:] if is_list else piece.text
    run = paragraph.add_run(text)
    run.bold = piece.bold or None
    flow.append(piece.text)
    if piece.kind == "name":
        run.font.size = Pt(20)
    if piece.space:
        paragraph.paragraph_format.space_before = Pt(8)
    if piece.right:
        paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(430), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run(f"\t{piece.right}")
        flow.append(piece.right)
