"""Whatever stands in a cell comes back as it was, from CSV and from XLSX, and no spreadsheet runs it."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from segue.kit.spreadsheets import BOM, csv_file, defused, runs, xlsx_file

DANGEROUS = "=+-@\t\r\n＝＋－＠﹢−\u200b\u202a '\x00"
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.builds(
    "".join, st.tuples(st.text(st.sampled_from(DANGEROUS), max_size=3), st.text(max_size=5))
)


def csv_back(cells: list[str]) -> list[str]:
    text = b"".join(csv_file(["head"], [cells])).decode()
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))[1]


@given(st.lists(CELLS, min_size=2, max_size=4))
def test_csv_cells_come_back_and_none_is_a_formula(cells: list[str]) -> None:
    back = csv_back(cells)
    for cell, left in zip(cells, back, strict=True):
        meant = cell.encode("utf-8", "replace").decode().replace("\x00", "")
        assert not runs(left)
        assert left == (f"'{meant}" if runs(meant) else meant)


@given(st.lists(CELLS, min_size=1, max_size=4))
def test_xlsx_cells_come_back_as_text_and_none_is_a_formula(cells: list[str]) -> None:
    book = load_workbook(io.BytesIO(b"".join(xlsx_file(["head"], [cells]))))
    row = next(book.active.iter_rows(min_row=2), ())  # type: ignore[union-attr]  # a book has a sheet
    for cell in row:
        assert cell.data_type in {"s", "n"}
        assert cell.value is None or cell.data_type == "s"
    told = [cell.value or "" for cell in row]
    kept = [_holds(cell) for cell in cells]
    assert [_same_breaks(one) for one in told] == [_same_breaks(one) for one in kept][: len(told)]


def _holds(cell: str) -> str:
    """What XML can hold of it."""
    return "".join(
        char
        for char in cell
        if char in "\t\n\r" or (" " <= char <= "\ud7ff") or ("\ue000" <= char <= "\ufffd") or char > "\uffff"
    )


def _same_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "\n")


@pytest.mark.parametrize(
    "plain", ["+49 30 123456", "-3.5", "12,50", "نور العلي", "Zoë O'Hara", "a=b", "x@y.example"]
)
def test_numbers_names_and_addresses_stay_as_they_are(plain: str) -> None:
    assert defused(plain) == plain
    assert csv_back([plain]) == [plain]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "@SUM(A1)",
        "-2+3+cmd|' /C calc'!A0",
        "+1-202-555",
        "\t=1",
        " =1",
        "\u200b=1",
        "＝1+1",
        "\ufeff=1",
        "-a",
    ],
)
def test_what_a_spreadsheet_would_run_is_text(cell: str) -> None:
    assert csv_back([cell]) == [f"'{cell}"]
    book = load_workbook(io.BytesIO(b"".join(xlsx_file(["head"], [[cell]]))))
    found = book.active["A2"]  # type: ignore[index]  # a book has a sheet
    assert (found.data_type, found.quotePrefix) == ("s", True)


def test_numbers_stay_numbers_in_a_sheet() -> None:
    book = load_workbook(io.BytesIO(b"".join(xlsx_file(["n"], [[-3], [4.5]]))))
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == [-3, 4.5]  # type: ignore[union-attr]  # a book has a sheet


def test_a_hundred_thousand_rows_are_never_in_memory_together() -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        for number in range(100_000):
            yield (number, "نور العلي", "=1+1", "nurse " * 10)

    tracemalloc.start()
    size = sum(len(piece) for piece in csv_file(["n", "name", "formula", "words"], rows()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 8_000_000
    assert peak < 2_000_000
