"""Files as people have them: two forms, three delimiters, holes; and what is said when one is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from segue.kit.errors import Invalid
from segue.measure.evaluation.acts import is_person_lines, read_acts
from segue.measure.evaluation.features import table_of
from segue.measure.evaluation.sheets import read_sheet
from tests.measure.evaluation.logs import case, crowd, lines, write


def test_times_are_iso_or_seconds_or_milliseconds_and_mean_the_same(tmp_path: Path) -> None:
    log = write(
        tmp_path / "log.csv",
        ("person_id", "job_id", "at"),
        ("a", "x", "1970-01-02T12:00:00Z"),
        ("a", "x", "1970-01-02 12:00:00"),
        ("a", "x", 129_600),
        ("a", "x", "1970-01-02T14:00:00+02:00"),
        ("a", "x", 1_416_700_800_000),
        ("a", "x", "2014-11-23"),
    )
    assert read_acts(log).day.tolist() == [1.5, 1.5, 1.5, 1.5, 16397.0, 16397.0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_common_delimiter_and_a_mark_at_the_start_are_read(tmp_path: Path, delimiter: str) -> None:
    text = f"person_id{delimiter}job_id\nada{delimiter}weaver\n"
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8-sig")
    assert (read_acts(path).person, read_acts(path).job) == (["ada"], ["weaver"])


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    import datetime as dt

    at = dt.datetime(1970, 1, 2, 12)
    table = pyarrow.table(
        {"person_id": [1, 2], "job_id": [7.0, 8.0], "at": [at, None], "weight": [2.0, None]}
    )
    pyarrow.parquet.write_table(table, tmp_path / "log.parquet")
    acts = read_acts(tmp_path / "log.parquet")
    assert (acts.person, acts.job) == (["1", "2"], ["7", "8"])
    assert (acts.day.tolist(), acts.weight.tolist()) == ([1.5, 1.5], [2.0, 1.0])
    assert "no time" in acts.notes[0]


def test_one_line_a_person_is_told_from_a_table(tmp_path: Path) -> None:
    path = lines(tmp_path / "train.txt", "ada 1 2 3", "", "bob 2", "cem ")
    assert is_person_lines(path)
    acts = read_acts(path)
    assert list(zip(acts.person, acts.job, strict=True)) == [
        ("ada", "1"),
        ("ada", "2"),
        ("ada", "3"),
        ("bob", "2"),
    ]
    assert acts.listed == {"ada", "bob", "cem"}
    assert not acts.timed


def test_what_was_shown_or_refused_is_no_act(tmp_path: Path) -> None:
    heads = ("person_id", "job_id", "kind", "weight")
    rows = [
        ("a", "x", "view", 1),
        ("a", "y", "card.skipped", 1),
        ("a", "z", "Impression", 1),
        ("a", "w", "apply", 0),
    ]
    log = write(tmp_path / "log.csv", heads, *rows)
    assert read_acts(log).job == ["x"]
    assert read_acts(log, kinds=["card.skipped"]).job == ["y"]


WRONG: list[tuple[str, str, str]] = [
    ("", "log.csv", "empty"),
    ("person_id,job_id\n", "log.csv", "act"),
    ("user,item\na,b\n", "column 'person_id'", "first row"),
    ("person_id\na\n", "column 'job_id'", "first row"),
    ("person_id,job_id\na,x\n,y\n", "column 'person_id', row 3", "missing"),
    ("person_id,job_id,at\na,x,1\nb,y,soon\n", "column 'at', row 3", "ISO 8601"),
    ("person_id,job_id,weight\na,x,heavy\n", "column 'weight', row 2", "number"),
    ("person_id,job_id,weight\na,x,inf\n", "column 'weight', row 2", "number"),
    ("person_id,job_id\na,x,y\n", "row 2", "quotes"),
    ("person_id,job_id,job_id\na,x,y\n", "column 'job_id', row 1", "Rename"),
    ('person_id,job_id\na,"x\n', "log.csv", "CSV"),
    ("1 2 3\n1 4\n", "row 2", "one line"),
]


@pytest.mark.parametrize(("text", "where", "remedy"), WRONG)
def test_a_wrong_file_is_named_with_column_row_and_remedy(
    tmp_path: Path, text: str, where: str, remedy: str
) -> None:
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid) as told:
        read_acts(path)
    assert where in told.value.field
    assert "log.csv" in told.value.field
    assert remedy in str(told.value)


def test_what_is_no_text_and_what_is_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(b"person_id,job_id\na,\xff\xfe\n")
    with pytest.raises(Invalid, match="UTF-8"):
        read_acts(tmp_path / "log.csv")
    with pytest.raises(Invalid, match="cannot be read"):
        read_acts(tmp_path / "none.csv")
    (tmp_path / "log.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(Invalid, match="Parquet"):
        read_acts(tmp_path / "log.parquet")


def columns(path: Path, **ids: int) -> dict[str, Any]:
    return {
        name: column.tolist() for name, column in table_of(read_sheet(path), ids, len(ids)).columns.items()
    }


def test_columns_are_numbers_or_words_and_unknown_where_nothing_is_said(tmp_path: Path) -> None:
    heads = ("id", "text", "place", "pay", "level", "empty")
    path = write(
        tmp_path / "jobs.csv", heads, ("x", "1", "Oslo", "5.5", "junior", ""), ("y", "", "", "", "7", "NaN")
    )
    told = columns(path, x=0, y=1, z=2)
    assert told.pop("pay")[0] == 5.5
    assert told == {"text": ["1", "", ""], "place": ["Oslo", "", ""], "level": ["junior", "7", ""]}
    assert np.isnan(table_of(read_sheet(path), {"x": 0, "y": 1, "z": 2}, 3).columns["pay"][1:]).all()


def test_a_table_needs_ids_and_finite_numbers(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="'id'"):
        columns(write(tmp_path / "a.csv", ("name",), ("x",)), x=0)
    with pytest.raises(Invalid, match="'id', row 3"):
        columns(write(tmp_path / "b.csv", ("id", "pay"), ("x", 1), ("", 2)), x=0)
    with pytest.raises(Invalid, match="'pay', row 3"):
        columns(write(tmp_path / "c.csv", ("id", "pay"), ("x", 1), ("y", "inf")), x=0, y=1)


def test_ids_of_one_file_only_are_known_all_the_same(tmp_path: Path) -> None:
    log = crowd(tmp_path / "log.csv", people=5, jobs=6, acts=40)
    jobs = write(
        tmp_path / "jobs.csv", ("id", "text"), ("j0", "Nurse"), ("nobody-saw", "Cook"), ("j0", "again")
    )
    read = case(interactions=log, jobs=jobs)
    seen = {f"j{n}" for n in range(6)}
    assert read.task.jobs.size == len(seen | {"nobody-saw"})
    assert read.task.jobs.columns["text"][:2].tolist() == ["Nurse", "Cook"]
    assert {
        "jobs.csv: 1 rows repeat an id and are left out",
        "jobs.csv: 5 ids of the acts are not in it",
    } <= {*read.notes}
