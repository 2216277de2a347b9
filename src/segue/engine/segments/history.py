"""What records of work and schooling come to: years in positions, and the highest degree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from segue.engine.folding import fold
from segue.engine.segments.vocabulary import EDUCATION

DAYS_A_YEAR = 365.25
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
# Highest first; the first that is met in a degree's words is its level.
_WORDS = (
    ("doctorate", r"ph\.?\s?d|dphil|doktor|doctor\w*|dr\.|promotion"),
    ("master", r"m\.?sc|m\.?a|m\.?eng|mba|m\.?ed|llm|master\w*|magister|diplom|maitrise|maestria"),
    ("bachelor", r"b\.?sc|b\.?a|b\.?eng|b\.?ed|llb|bachelor\w*|licence|licenciatura|grado|degree"),
    ("vocational", r"vocational|apprentice\w*|ausbildung|geselle|meister|bootcamp|certificate in|cap|bts"),
    ("school", r"school|abitur|baccalaureat|bachillerato|a-levels?|gcse|schulabschluss|realschule"),
)
_LEVELS = [(level, re.compile(rf"(?<![\w.])(?:{words})(?![\w])")) for level, words in _WORDS]
_SCHOOL_LEAVING = re.compile(r"school certificate|school leaving|high school")


def experience(positions: Iterable[Mapping[str, object]]) -> tuple[float | None, date | None]:
    """(years in positions that ended before those still held, when the first of these began).

    Overlapping positions count once; a position without a beginning counts not at all. (None, None) where
    nobody knows when any began. Years in all on a day: the first, and the days since the second.

    >>> experience([{"start": "2010-01", "end": "2014-01-01"}, {"start": "2012", "end": "2015"}])
    (4.999315537303217, None)
    """
    held = [(begin, end) for one in positions if (begin := _day(one, "start", "start_date", "from"))
            for end in [_day(one, "end", "end_date", "to")]]  # fmt: skip
    if not held:
        return None, None
    since = min((begin for begin, end in held if end is None), default=None)
    days, upto = 0, date.min
    for begin, end in sorted((begin, end) for begin, end in held if end is not None):
        last = min(end, since) if since else end
        days += max(0, (last - max(begin, upto)).days)
        upto = max(upto, last)
    return days / DAYS_A_YEAR, since


def _day(record: Mapping[str, object], *names: str) -> date | None:
    for name in names:
        found = _DATE.match(str(record.get(name) or ""))
        if found:
            year, month, day = (int(part) if part else 1 for part in found.groups())
            try:
                return date(year, month, day)
            except ValueError:
                return None
    return None


def education_level(degrees: Iterable[str]) -> int | None:
    """The highest degree's place in EDUCATION, from 1; None where no words tell.

    >>> education_level(["Secondary school certificate", "BSc Physics"]), education_level(["Klavier"])
    (3, None)
    """
    return max((level for text in degrees if (level := _level(fold(text)))), default=None)


def _level(text: str) -> int:
    if _SCHOOL_LEAVING.search(text):
        return 1
    found = next((level for level, words in _LEVELS if words.search(text)), "")
    return EDUCATION.index(found) + 1 if found else 0
