"""Stretches of time as résumés write them: "03/2019 – heute", "depuis mars 2020", "2015-2018"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from segue.engine.folding import fold
from segue.engine.resume.tongues import FROM, PRESENT, SINCE, TO, months

_DASH = "[-–—―−~→]|->"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when: "2019-03" or "2019", in ISO; `end` is "" where it goes on (`is_current`).

    `start_at` and `end_at` are where the text says so. `is_exact`: both ends name a month.
    """

    start: str
    end: str
    is_current: bool
    start_at: int
    end_at: int

    @property
    def ends_before_start(self) -> bool:
        """Say whether the end lies before the start, as far as both are known.

        >>> Stretch("2020-05", "2019", False, 0, 9).ends_before_start
        True
        """
        shared = min(len(self.start), len(self.end))
        return bool(self.end) and self.end[:shared] < self.start[:shared]

    @property
    def is_exact(self) -> bool:
        return len(self.start) > 4 and (self.is_current or len(self.end) > 4)


def stretches(text: str) -> list[Stretch]:
    """Find the stretches of time in a text, in order.

    >>> [(s.start, s.end, s.is_current) for s in stretches("03/2019 – heute; depuis mars 2020; 2015-2018")]
    [('2019-03', '', True), ('2020-03', '', True), ('2015', '2018', False)]
    """
    folded = _folded(text)
    found = [_stretch(match) for match in _stretch_pattern().finditer(folded)]
    return [stretch for stretch in found if stretch is not None]


def moments(text: str) -> list[Stretch]:
    """Find single points in time (a graduation), as stretches whose start and end are the same.

    >>> [(s.start, s.end) for s in moments("Diplom, Juni 2014")]
    [('2014-06', '2014-06')]
    """
    found = []
    for match in _moment_pattern().finditer(_folded(text)):
        when = _when(match, "a")
        if when:
            found.append(Stretch(when, when, False, match.start(), match.end()))
    return found


def _folded(text: str) -> str:
    """Fold letter by letter, so that positions stay what they were."""
    return "".join(part if len(part := fold(letter)) == 1 else letter.lower() for letter in text)


def _stretch(match: re.Match[str]) -> Stretch | None:
    start = _when(match, "a")
    is_current = bool(match["now"] or match["since"])
    end = "" if is_current else _when(match, "b", century=start[:2])
    if not start or not (end or is_current):
        return None
    return Stretch(start, end, is_current, match.start(), match.end())


def _when(match: re.Match[str], side: str, century: str = "") -> str:
    """Return "2019-03" or "2019" from the named parts of one side, "" where that is no date."""
    year = match[f"{side}y1"] or match[f"{side}y2"] or match[f"{side}y3"] or match[f"{side}y4"] or ""
    short = match[f"{side}s"] if f"{side}s" in match.re.groupindex else None
    if short and not year:
        year = (century or "20") + short
    name, number = match[f"{side}name"], match[f"{side}m1"] or match[f"{side}m2"]
    month = months()[name] if name else int(number) if number else 0
    if not year or not 1950 <= int(year) <= 2100 or month > 12:
        return ""
    return f"{year}-{month:02d}" if month else year


def _date(side: str) -> str:
    names = "|".join(sorted(map(re.escape, months()), key=len, reverse=True))
    year = r"(?:19|20)\d\d"
    day = r"(?:\d{1,2}(?:er|st|nd|rd|th|\.)?\s*[./-]?\s*(?:de\s+)?)?"
    named = (
        rf"{day}(?P<{side}name>{names})\b\.?,?\s*(?:de[l]?\s+|\d{{1,2}},\s*)?[/'’-]?\s*(?P<{side}y1>{year})"
    )
    numbered = rf"(?:\d{{1,2}}[./-])?(?P<{side}m1>0?[1-9]|1[0-2])\s?[./-]\s?(?P<{side}y2>{year})"
    iso = rf"(?P<{side}y3>{year})[-/.](?P<{side}m2>0[1-9]|1[0-2])(?:[-/.]\d\d)?(?!\d)"
    return rf"(?:{named}|{numbered}|{iso}|(?P<{side}y4>{year})(?!\d))"


def _one_of(packed: str) -> str:
    parts = sorted((_folded(part) for part in packed.split("|")), key=len, reverse=True)
    return "|".join(re.escape(part).replace(r"\ ", r"\s+") for part in parts)


@cache
def _stretch_pattern() -> re.Pattern[str]:
    """Two dates, or a date and now, with a dash or a word between; or one date after "since"."""
    between = rf"\s*(?:{_DASH}|(?<=\s)(?:{_one_of(TO)})(?=\s))\s*(?:(?:{_one_of(TO)})\s+)?"
    whole = (
        rf"(?<![\w/.])(?:(?P<since>(?:{_one_of(SINCE)}))\s+(?={_date('x')}(?!{between}(?:{_date('z')}|{_one_of(PRESENT)})))"
        rf"|(?:(?:{_one_of(FROM)})\s+)?){_date('a')}"
        rf"(?(since)|{between}(?:(?P<now>{_one_of(PRESENT)})\b|{_date('b')}))"
    )
    return re.compile(whole)


@cache
def _moment_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/.-]){_date('a')}(?![\w/-])")
