"""Pay, prose, names and covers as pages show them."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from segue.catalog.models import Job
from segue.web.covers import MOTIFS, PALETTES, cover_art
from segue.web.marks import bar, initials, pay, place, prose, signed


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"pay_min": Decimal(50_000), "pay_max": Decimal(60_000)}, "€50,000 – 60,000 a year"),
        ({"pay_min": Decimal(50_000), "pay_max": Decimal(50_000)}, "€50,000 a year"),
        ({"pay_min": Decimal("15.5")}, "from €15.50 a year"),
        ({"pay_max": Decimal(900), "pay_currency": "AED"}, "up to AED 900 a year"),
        ({}, ""),
    ],
)
def test_pay_is_said_with_currency_and_period(fields: dict[str, object], words: str) -> None:
    assert pay(Job(**({"pay_currency": "EUR", "pay_period": "year"} | fields))) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "50\xa0000 – 60\xa0000\xa0€ par an"),
        ("de", "50.000 – 60.000\xa0€ im Jahr"),
        ("es", "50\xa0000 – 60\xa0000\xa0€ al año"),
        ("ar", "\u2066€50,000 – 60,000\u2069 في السنة"),
    ],
)
def test_pay_is_written_as_the_readers_language_writes_figures(language: str, words: str) -> None:
    job = Job(pay_min=Decimal(50_000), pay_max=Decimal(60_000), pay_currency="EUR", pay_period="year")
    with translation.override(language):
        assert pay(job) == words


def test_prose_finds_headings_and_items_and_takes_nothing_for_markup() -> None:
    set_text = prose("What you do\n- Bake\n- <b>Sell</b>\n\nCome & see.\nSoon.")
    assert set_text == (
        '<h3 dir="auto">What you do</h3><ul><li dir="auto">Bake</li>'
        '<li dir="auto">&lt;b&gt;Sell&lt;/b&gt;</li></ul><p dir="auto">Come &amp; see.\nSoon.</p>'
    )


@given(st.text())
def test_prose_never_lets_an_angle_bracket_through(text: str) -> None:
    plain = prose(text)
    for tag in (
        '<p dir="auto">',
        "</p>",
        '<h3 dir="auto">',
        "</h3>",
        "<ul>",
        "</ul>",
        '<li dir="auto">',
        "</li>",
    ):
        plain = plain.replace(tag, "")
    assert "<" not in plain


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Lindqvist", "AL"), ("ليلى الحداد", "لا"), ("Cher", "C"), ("", "?"), ("  ", "?"), ("(x) 李", "李")],
)
def test_initials_work_in_any_alphabet(name: str, letters: str) -> None:
    assert initials(name) == letters


@given(st.uuids(), st.text(max_size=30), st.text(max_size=30))
def test_a_cover_is_drawn_from_its_job_alone_and_is_well_formed(
    key: object, department: str, occupation: str
) -> None:
    art = cover_art(str(key), department, occupation)
    assert art == cover_art.__wrapped__(str(key), department, occupation)
    ElementTree.fromstring(f"<svg>{art}</svg>")
    assert "style=" not in art


def test_departments_and_occupations_spread_over_palettes_and_motifs() -> None:
    grounds = {cover_art("k", f"Department {n}", "x").split("#ground-")[1].split(")")[0] for n in range(80)}
    assert len(grounds) == len(PALETTES)
    arts = {cover_art("k", "d", f"occupation-{n}") for n in range(80)}
    assert len(arts) == len(MOTIFS)


@given(st.floats(-1, 1))
def test_a_bar_stays_within_its_box(share: float) -> None:
    drawn = ElementTree.fromstring(bar(share))[0]
    assert float(drawn.attrib["x"]) >= 0
    assert float(drawn.attrib["x"]) + float(drawn.attrib["width"]) <= 200.05


def test_a_contribution_is_said_with_its_sign() -> None:
    assert [signed(0.1264), signed(-0.02), signed(0.0)] == ["+0.126", "−0.020", "+0.000"]


@pytest.mark.parametrize(("language", "words"), [("en", "London, Jordan"), ("de", "London, Jordanien")])
def test_a_place_names_town_and_country(language: str, words: str) -> None:
    with translation.override(language):
        assert place(Job(city="London", country="JO")) == words
        assert not place(Job())


def test_a_town_in_latin_letters_comes_first_in_arabic_too() -> None:
    with translation.override("ar"):
        assert place(Job(city="London", country="JO")) == "\u200f\u2068London\u2069، \u2068الأردن\u2069"
        assert not place(Job())
