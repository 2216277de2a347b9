"""Bytes from elsewhere become rows, or are refused whole with the line, the field and the remedy."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.catalog.actions.importing.decoding import repair
from segue.catalog.actions.importing.fields import FIELDS, plain_header
from segue.catalog.actions.importing.mapping import read_mapping, work_out
from segue.catalog.actions.importing.problems import MalformedFile
from segue.catalog.actions.importing.reading import open_source
from segue.catalog.actions.importing.values import (
    plain_text,
    read_amount,
    read_choice,
    read_pay_text,
    read_when,
)
from segue.catalog.places import country_code, locate, read_place
from segue.kit.errors import Invalid
from segue.kit.spreadsheets import defused, runs
from tests.catalog.files import written

relaxed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
cells = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=30)


def rows_of(path: Path) -> list[dict[str, str]]:
    return [row.data for row in open_source(path).rows()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_reads_the_same_however_it_was_saved(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = 'id,title\r\n1,"Café, ""Zoë""\r\nand bar"\r\n\r\n2,Naïve Œuvre\r\n'.replace(",", delimiter)
    source = open_source(written(tmp_path, text.encode(encoding), "export.dat"))
    assert source.columns == ("id", "title")
    rows = list(source.rows())
    assert [row.line for row in rows] == [2, 5]
    assert rows[0].data["title"].replace("\r\n", "\n") == f'Café{delimiter} "Zoë"\nand bar'
    assert rows[1].data["title"] == "Naïve Œuvre"
    assert list(source.rows()) == rows  # it may be walked again


@relaxed
@given(table=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8))
def test_whatever_a_cell_holds_it_comes_back(tmp_path: Path, table: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b", "c"], *table])
    found = rows_of(written(tmp_path, out.getvalue()))
    kept = [row for row in table if any(cell.strip() for cell in row)]
    assert len(found) == len(kept)
    for row, cells_in in zip(found, kept, strict=True):
        for cell, said in zip(row.values(), cells_in, strict=True):
            plain = repair(said).strip()
            assert cell in {plain, plain[1:]}


@relaxed
@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_by_name(tmp_path: Path, content: bytes) -> None:
    refused = _refusal_of(written(tmp_path, content))
    assert refused is None or (refused.line >= 1 and refused.code and refused.remedy)


def _refusal_of(path: Path) -> MalformedFile | None:
    try:
        rows_of(path)
    except MalformedFile as refused:
        return refused
    return None


@pytest.mark.parametrize(
    ("content", "code", "line", "field"),
    [
        (b"", "empty_file", 1, ""),
        (b"  \n\n ", "empty_file", 1, ""),
        (b"id,title\n1,a\x00b\n", "not_text", 2, ""),
        (b"%PDF-1.7 and so on", "not_text", 1, ""),
        (b"id,title\n1,caf\xe9 \x81\n", "bad_encoding", 2, ""),
        (b'id,title,city\n1,Nurse,Ulm\n2,"Cook,Bonn\n3,Driver,Ulm\n', "unterminated_quote", 3, "title"),
        (b'id,title,city\n1,Nurse,"Ulm" am Rhein\n', "unterminated_quote", 2, "city"),
        (b'id,title\n1,"' + b"x" * 1_100_000 + b'"\n', "unterminated_quote", 2, "title"),
        (b"id,title,city\n1,Nurse\n", "ragged_row", 2, "city"),
        (b"id,title,city\n1,Nurse,Ulm\n2,Cook, with care,Bonn\n", "ragged_row", 3, "city"),
        (b'[{"title": "A"},\n {"title": "B" "id": 2}]', "bad_json", 2, "title"),
        (b'[{"title": "A"},\n 7]', "bad_json", 2, "title"),
        (b'[{"title": "A"}', "bad_json", 1, "title"),
        (b'{"title": NaN}', "bad_json", 1, ""),
        (b'{"title": "A"} {"title": "B"}', "bad_json", 1, "title"),
        (b"[" * 100_000, "bad_json", 1, ""),
        (b"<html><p>Nothing here</p></html>", "no_job_posting", 1, ""),
    ],
)
def test_a_malformed_file_is_refused_with_line_and_field(
    tmp_path: Path, content: bytes, code: str, line: int, field: str
) -> None:
    with pytest.raises(MalformedFile) as refused:
        rows_of(written(tmp_path, content))
    assert (refused.value.code, refused.value.line, refused.value.field) == (code, line, field)
    assert refused.value.remedy


def test_a_missing_file_is_refused_kindly(tmp_path: Path) -> None:
    with pytest.raises(MalformedFile, match="No such file"):
        open_source(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("NaÃ¯ve Bayes", "Naïve Bayes"),
        ("New York Cityâ€™s", "New York City’s"),
        ("â\x80¢ Python", "• Python"),
        ("Ã¢â‚¬â„¢", "’"),
        ("ï\x82· point", "• point"),
        ("„Spaß“", "„Spaß“"),
        ("Zoë «à» Łódź 東京 😀", "Zoë «à» Łódź 東京 😀"),
        ("Â½ day Â ", "½ day  "),
    ],
)
def test_mojibake_is_repaired_and_right_text_is_left_alone(broken: str, whole: str) -> None:
    assert repair(broken) == whole


@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=0x17F, blacklist_categories=("Cc",)), max_size=40)
)
def test_repair_undoes_what_a_wrong_decoding_did(text: str) -> None:
    if repair(text) != text:
        return  # text that already looks broken
    broken = text.encode().decode("latin-1")
    assert repair(broken) == text


def test_json_forms_are_told_apart(tmp_path: Path) -> None:
    content = {
        "@graph": [
            {"@type": "JobPosting", "title": "A"},
            {"basics": {"name": "Nora"}},
            {"title": "B", "location": {"city": "Bonn"}, "skills": [{"name": "Web", "keywords": ["CSS"]}]},
        ]
    }
    rows = list(open_source(written(tmp_path, json.dumps(content, indent=1))).rows())
    assert [row.shape for row in rows] == ["job_posting", "json_resume", "table"]
    assert rows[2].data == {"title": "B", "location.city": "Bonn", "skills": "Web\nCSS"}
    assert [row.line for row in rows] == [3, 7, 12]


def test_a_posting_is_found_inside_a_page(tmp_path: Path) -> None:
    page = """<!doctype html><html><head><script>var a = "<b>";</script>
    <script type="application/ld+json">{"@type": "Organization", "name": "Us"}</script>
    <script type="application/ld+json">
    {"@context": "https://schema.org", "@type": "JobPosting", "title": "Nurse"}</script></head></html>"""
    (row,) = open_source(written(tmp_path, page)).rows()
    assert (row.line, row.data["title"]) == (4, "Nurse")


@pytest.mark.parametrize(
    ("cell", "small", "digits"),
    [
        ("52000", False, "52000"),
        ("$45,000.50", False, "45000.50"),
        ("45.000,50", False, "45000.50"),
        ("45.000", False, "45000"),
        ("26.104", True, "26.104"),
        ("17.9000", True, "17.9000"),
        ("€45k", False, "45000.00"),
        ("1 200", False, "1200"),
    ],
)
def test_amounts_are_read_as_people_write_them(cell: str, small: bool, digits: str) -> None:
    assert read_amount("pay_min", cell, small=small) == digits


@pytest.mark.parametrize("cell", ["lots", "10-20", "-5", "", "12 or maybe much more than 12"])
def test_what_is_no_amount_is_refused(cell: str) -> None:
    with pytest.raises(Invalid):
        read_amount("pay_min", cell)


def test_dates_are_read_and_never_guessed() -> None:
    assert str(read_when("posted_at", "2019-02-11T00:00:00.000"))[:10] == "2019-02-11"
    assert str(read_when("posted_at", "2004/01/10 00:00:00")) == "2004-01-10"
    assert str(read_when("posted_at", "31.12.2026")) == "2026-12-31"
    assert str(read_when("posted_at", "12/31/2026")) == "2026-12-31"
    assert str(read_when("posted_at", "2024-07")) == "2024-07-01"
    assert str(read_when("posted_at", "03/04/2026", order="day_first")) == "2026-04-03"
    for cell, code in (("03/04/2026", "ambiguous_date"), ("soon", "bad_date"), ("2026-02-30", "bad_date")):
        with pytest.raises(Invalid) as refused:
            read_when("posted_at", cell)
        assert refused.value.code == code


def test_words_for_periods_and_kinds_of_work() -> None:
    assert [read_choice("pay_period", word) for word in ("Annual", "Hourly", "per month", "DAILY")] == [
        "year", "hour", "month", "day",
    ]  # fmt: skip
    assert [read_choice("employment_type", word) for word in ("F", "FULL_TIME", "Part-time", "Intern")] == [
        "full_time", "full_time", "part_time", "internship",
    ]  # fmt: skip
    with pytest.raises(Invalid, match="not a word"):
        read_choice("pay_period", "fortnightly")


def test_pay_in_words_counts_only_where_all_of_it_is_said() -> None:
    assert read_pay_text("300,000 - 500,000 AMD per month") == {
        "pay_min": "300000", "pay_max": "500000", "pay_currency": "AMD", "pay_period": "month",
    }  # fmt: skip
    for vague in ("Competitive", "$800+", "300,000 AMD", "100000"):
        assert read_pay_text(vague) == {}


def test_places_are_read_and_unknown_ones_are_not_made_up() -> None:
    assert read_place("Yerevan,  Armenia") == ("Yerevan", "AM")
    assert read_place("Newark, NJ") == ("Newark", "US")
    assert read_place("Berlin, DE") == ("Berlin", "DE")
    assert read_place("Dover, DE") == ("Dover", "US")
    assert read_place("Guangzhou, China, ") == ("Guangzhou", "CN")
    assert read_place("Smallville") == ("Smallville", "")
    assert locate("Smallville", "US") is None
    assert (country_code("Deutschland"), country_code("usa"), country_code("Narnia")) == ("DE", "US", "")


def test_markup_leaves_the_lines_and_takes_the_scripts() -> None:
    assert (
        plain_text("<p>We&nbsp;build.</p><ul><li>A</li><li>B</li></ul><script>x()</script>")
        == "We build.\nA\nB"
    )


@given(st.text(max_size=20))
def test_no_cell_leaves_as_a_formula(cell: str) -> None:
    left = defused(cell)
    assert not runs(left)
    assert left in {cell, f"'{cell}"}


@pytest.mark.parametrize("kind", ["jobs", "people"])
def test_every_header_we_know_finds_its_field(kind: str) -> None:
    for name, synonyms in FIELDS[kind].items():
        for header in synonyms.split("|"):
            assert plain_header(header) == header
            assert any(header in headers for headers in work_out(kind, (header,)).fields.values()), (
                name,
                header,
            )


@given(
    columns=st.lists(st.sampled_from([word for text in FIELDS["jobs"].values() for word in text.split("|")]),
                     unique=True, min_size=1, max_size=12)
)  # fmt: skip
def test_a_mapping_survives_being_stored(columns: list[str]) -> None:
    mapping = work_out("jobs", tuple(columns))
    stored = json.loads(json.dumps(mapping.as_json()))
    again = read_mapping("jobs", stored, name="", origin="worked out")
    assert again == mapping
    used = [header for headers in mapping.fields.values() for header in headers]
    assert len(used) == len(set(used)), "no column fills two fields"


@pytest.mark.parametrize(
    "stored",
    [
        [],
        {"fields": {"shoe": "Size"}},
        {"fields": {"title": 7}},
        {"constants": {"shoe": "9"}},
        {"dates": "whenever"},
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(stored: object) -> None:
    with pytest.raises(Invalid):
        read_mapping("jobs", stored, name="x", origin="file")
