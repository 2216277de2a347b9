"""Whole résumés as text: what is found, where it says so, and what is doubted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segue.engine.resume.fields import Reading
from segue.engine.resume.layout import Document, Line, Word
from segue.engine.resume.reading import MOST_RECORDS, read_document
from segue.engine.resume.xycut import lines_of_page

GERMAN = """Jürgen Großkopf
Telefon: +49 30 1234567 | j.grosskopf@mail.example | 10115 Berlin

BERUFSERFAHRUNG

03/2019 – heute
Pflegefachkraft (m/w/d)
Klinikum Nordheide
• Einarbeitung neuer Kolleginnen und Pflege mit der ganzen Station

05/2016 – 02/2019
Koch
Hotel Seeblick, Husum

AUSBILDUNG

2010 – 2013
Abitur
Gymnasium am Stadtpark
"""


def read(text: str) -> Reading:
    return read_document(Document.of_text(text))


def test_a_german_resume_is_read_whole() -> None:
    reading = read(GERMAN)
    found = {field.kind: field.value for field in reading.fields}
    assert found["name"] == "Jürgen Großkopf"
    assert found["email"] == "j.grosskopf@mail.example"
    assert found["phone"] == "+49 30 1234567"
    assert found["city"] == "Berlin"
    assert found["locale"] == "de"
    assert [field.value for field in reading.of("position")] == [
        {"title": "Pflegefachkraft (m/w/d)", "employer": "Klinikum Nordheide", "start": "2019-03"},
        {"title": "Koch", "employer": "Hotel Seeblick", "start": "2016-05", "end": "2019-02"},
    ]
    assert [field.value["school"] for field in reading.of("education")] == ["Gymnasium am Stadtpark"]


@pytest.mark.parametrize("title", ["", "Curriculum vitae\n", "Lebenslauf\n\n"])
@pytest.mark.parametrize(
    ("first", "name"),
    [("Nadia Haddad", "Nadia Haddad"), ("Site Engineer", None), ("Acme Holding Ltd", None)],
)
def test_in_pasted_text_the_first_words_are_the_name_unless_they_are_a_trade(
    title: str, first: str, name: str | None
) -> None:
    reading = read(f"{title}{first}\n+33 6 12 34 56 78\n\nExperience\nWe built bridges, 2019 - 2024\n")
    found = {field.kind: field for field in reading.fields}
    assert (found["name"].value if "name" in found else None) == name
    assert name is None or found["name"].confidence > 0.7


@pytest.mark.parametrize(
    ("head", "city"),
    [
        ("Renée Meijer\n5611 AB Eindhoven +31 (0)20 794 6395\nrenee@mail.example", "Eindhoven"),
        ("Curriculum vitae\nRenée Meijer\nrenee@mail.example | +31 20 794 6395", None),
        ("María Ruiz Soler\n41003 a 03\nmaria@mail.example | +34 954 123 456", None),
    ],
)
def test_neither_a_number_nor_a_name_is_taken_for_a_town(head: str, city: str | None) -> None:
    found = {field.kind: field.value for field in read(head).fields}
    assert found.get("city") == city


def test_each_field_stands_where_it_says() -> None:
    for field in read(GERMAN).fields:
        words = GERMAN[slice(*field.span)]
        for part in field.value.values() if isinstance(field.value, dict) else [field.value]:
            assert field.kind == "locale" or part in words or part[:4] in words


def test_who_comes_first_is_learnt_from_all_entries_together() -> None:
    text = (
        "Ada Berg\n\nExperience\n\nBlauwal\nMar 2019 - now\nDispatcher\n\nKranich GmbH\nMay 2014 - Feb 2019\n"
        "Software Engineer\n\nOptimata\nJan 2010 - Apr 2014\nPicker\n"
    )
    assert [field.value["employer"] for field in read(text).of("position")] == [
        "Blauwal",
        "Kranich GmbH",
        "Optimata",
    ]


def test_a_second_title_at_the_same_employer_inherits_it() -> None:
    text = (
        "Ada Berg\n\nExperience\n\nHead Nurse\tMar 2021 - now\nNorth Clinic\n\nNurse\tMay 2014 - Feb 2021\n"
    )
    assert [field.value["employer"] for field in read(text).of("position")] == [
        "North Clinic",
        "North Clinic",
    ]


def test_what_ends_before_it_starts_is_doubted_and_not_sure() -> None:
    reading = read(GERMAN.replace("05/2016", "05/2021"))
    assert "end_before_start" in {doubt.code for doubt in reading.doubts}
    assert reading.of("position")[1].confidence < 0.5


def test_what_is_missing_is_said_by_name() -> None:
    codes = {doubt.code for doubt in read("I have worked with people all my life and liked it.").doubts}
    assert codes == {"no_name", "no_email", "no_positions"}


@pytest.mark.parametrize("name", ["ليلى حداد", "Fatima van 't Hoff", "O'Connor, Zoë", "JEAN-PAUL N'DIAYE"])
def test_names_of_many_kinds(name: str) -> None:
    reading = read(f"{name}\nsomebody@mail.example\n\nExperience\nNurse\tMar 2019 - Present\nNorth Clinic\n")
    assert [str(field.value).casefold() for field in reading.of("name")] == [name.casefold()]


def test_little_evidence_is_little_confidence() -> None:
    sure = read(GERMAN).of("position")[0].confidence
    alone = read("2019 - 2020\nsomething or other happened").of("position")
    assert all(field.confidence < sure for field in alone)


@settings(deadline=None)  # the first example compiles the expressions
@given(st.text(max_size=400))
def test_any_text_is_read_and_every_span_lies_inside_it(text: str) -> None:
    for field in read(text).fields:
        assert 0 <= field.span[0] <= field.span[1] <= len(text)
        assert 0 < field.confidence <= 0.98


@settings(deadline=None)  # the first example compiles the expressions
@given(st.text(alphabet="ab \t\n", max_size=60))
def test_lines_of_plain_text_keep_their_places(text: str) -> None:
    document = Document.of_text(text)
    assert len(document.text) == len(text)
    for index, line in enumerate(document.lines):
        start, end = document.span(index)
        assert document.text[start:end] == line.text
        assert document.line_at(start) == index


def words_at(x: float, top: float, text: str, *, size: float = 10.0, bold: bool = False) -> list[Word]:
    """Set a line of words, five points a letter."""
    placed, at = [], x
    for word in text.split():
        placed.append(Word(at, top, at + 5.0 * len(word), top + size, word, size, bold))
        at += 5.0 * len(word) + 3.0
    return placed


def order(*lines: tuple[float, float, str]) -> list[str]:
    page = [word for x, top, text in lines for word in words_at(x, top, text)]
    return [line.text for line in lines_of_page(page)]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [(20.0, 100.0 + 13 * i, f"left {i} goes on here") for i in range(6)]
    right = [(300.0, 104.0 + 14.5 * i, f"right {i} goes on there") for i in range(6)]
    assert order(*sorted(left + right, key=lambda line: line[1])) == [text for _, _, text in left + right]


def test_a_table_of_dates_is_read_row_by_row() -> None:
    found = order(
        (20, 100, "2019 – 2021"), (150, 100, "Nurse"), (150, 113, "North Clinic"),
        (20, 140, "2015 – 2019"), (150, 140, "Cook"), (150, 153, "Hotel Adler"),
    )  # fmt: skip
    assert found == ["2019 – 2021\tNurse", "North Clinic", "2015 – 2019\tCook", "Hotel Adler"]


def test_dates_at_the_right_edge_stay_with_their_titles() -> None:
    found = order(
        (20, 100, "Nurse"), (400, 100, "2019 – 2021"), (20, 113, "North Clinic"), (20, 126, "nights"),
        (20, 152, "Cook"), (400, 152, "2015 – 2019"), (20, 165, "Hotel Adler"),
    )  # fmt: skip
    assert found[0] == "Nurse\t2019 – 2021"
    assert found[3] == "Cook\t2015 – 2019"


@settings(deadline=None)  # the first example compiles the expressions
@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 800)), max_size=40))
def test_no_word_of_any_page_is_lost_or_doubled(places: list[tuple[float, float]]) -> None:
    page = [Word(x, y, x + 20, y + 10, f"w{i}") for i, (x, y) in enumerate(places)]
    found = [word for line in lines_of_page(page) for word in line.text.split()]
    assert sorted(found) == sorted(word.text for word in page)


def test_a_page_without_words_has_no_lines() -> None:
    assert lines_of_page([]) == []
    assert Document.of([Line("x")]).text == "x"


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "a@" * 50_000,
        "a." * 50_000,
        "2019 - " * 14_000,
        "2019 - 2020\n" * 8_000,
        "x" + " " * 99_999 + "y",
    ],
)
def test_what_is_written_to_tire_a_reader_comes_back_bounded(text: str) -> None:
    assert len(read(text).fields) <= 2 * MOST_RECORDS + 6
