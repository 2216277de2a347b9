"""Stretches of time, in six languages and however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segue.engine.resume.dates import moments, stretches

WRITTEN = {
    "03/2019 – heute": ("2019-03", "", True),
    "seit 01.03.2019": ("2019-03", "", True),
    "Mai 2019 bis August 2020": ("2019-05", "2020-08", False),
    "depuis mars 2020": ("2020-03", "", True),
    "janv. 2018 – déc. 2019": ("2018-01", "2019-12", False),
    "Sept. 2015 — aujourd’hui": ("2015-09", "", True),
    "du 03/2015 au 04/2016": ("2015-03", "2016-04", False),
    "Mar 2019 - Present": ("2019-03", "", True),
    "September 2018 to June 2020": ("2018-09", "2020-06", False),
    "since 2020": ("2020", "", True),
    "de mayo de 2014 a abril de 2016": ("2014-05", "2016-04", False),
    "desde 2019 hasta la actualidad": ("2019", "", True),
    "desde março de 2020": ("2020-03", "", True),
    "mar/2018 – atual": ("2018-03", "", True),
    "mrt 2017 t/m aug 2019": ("2017-03", "2019-08", False),
    "2018 -\nheden": ("2018", "", True),
    "2019-03 – 2021-11": ("2019-03", "2021-11", False),
    "2015-2018": ("2015", "2018", False),
}


@pytest.mark.parametrize("text", list(WRITTEN))
def test_a_stretch_is_read_as_it_is_meant(text: str) -> None:
    found = stretches(f"Pflege, {text} (Berlin)")
    assert [(s.start, s.end, s.is_current) for s in found] == [WRITTEN[text]]
    assert f"Pflege, {text} (Berlin)"[found[0].start_at : found[0].end_at] == text


@pytest.mark.parametrize(
    "text", ["+49 30 1234567", "tel 2019 3455", "4 % to 1 %", "1/2 day", "room 1204-1207"]
)
def test_other_numbers_are_no_dates(text: str) -> None:
    assert stretches(text) == []


def test_an_end_before_its_start_is_seen() -> None:
    assert stretches("05/2021 - 04/2017")[0].ends_before_start
    assert not stretches("2017 - 04/2017")[0].ends_before_start


def test_single_moments_are_found() -> None:
    assert [m.start for m in moments("Diplom 2014, Abitur im Juni 2008")] == ["2014", "2008-06"]


MONTHS = st.tuples(st.integers(1950, 2099), st.integers(1, 12))
JOINERS = st.sampled_from([" - ", " – ", "–", " — ", " bis ", " to ", " à "])


@settings(deadline=None)  # the first example compiles the expressions
@given(MONTHS, MONTHS, JOINERS, st.sampled_from(["{1:02d}/{0}", "{1:02d}.{0}", "{0}-{1:02d}"]))
def test_any_two_months_come_back_as_written(
    start: tuple[int, int], end: tuple[int, int], joiner: str, form: str
) -> None:
    text = form.format(*start) + joiner + form.format(*end)
    (found,) = stretches(text)
    assert (found.start, found.end) == (f"{start[0]}-{start[1]:02d}", f"{end[0]}-{end[1]:02d}")
    assert found.ends_before_start == (end < start)


@settings(deadline=None)  # the first example compiles the expressions
@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error_and_spans_lie_inside_it(text: str) -> None:
    for found in (*stretches(text), *moments(text)):
        assert 0 <= found.start_at < found.end_at <= len(text)
