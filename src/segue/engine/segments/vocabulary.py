"""What a rule may ask: every kind of condition, its fields with their ranges, and the consent it needs.

There is no other way to say anything, so what is not here cannot be asked. The fields carry what a form needs
to draw them; what they are called in words is their reader's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MOST_WORDS, LONGEST = 20, 200
EDUCATION = ("school", "vocational", "bachelor", "master", "doctorate")  # lowest first; the first is 1
STAGES = ("screen", "interview", "onsite", "offer", "hired")
SIGNALS = (
    "card.clicked",
    "card.saved",
    "card.liked",
    "card.skipped",
    "card.less",
    "card.hidden",
    "job.dwelled",
    "story.opened",
    "story.read",
    "video.finished",
)
PROFILE, BEHAVIOUR, DISCOVERY = "profile", "behaviour", "discovery"


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a condition. `low` and `high` bound a number; `choices` are all a choice can be."""

    name: str
    type: Literal["text", "words", "choice", "number"]
    required: bool = True
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()
    whole: bool = True  # a number without a fraction


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of condition. `needs`: the consent without which neither it nor its opposite holds of anybody.

    `one_of`: at least one of these fields must be said.
    """

    name: str
    fields: tuple[Field, ...]
    needs: str = ""
    one_of: tuple[str, ...] = ()

    @property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}


def _text(name: str) -> Field:
    return Field(name, "text")


def _words(name: str) -> Field:
    return Field(name, "words")


def _choice(name: str, *choices: str) -> Field:
    return Field(name, "choice", choices=choices)


def _number(name: str, low: float, high: float, *, required: bool = False, whole: bool = True) -> Field:
    return Field(name, "number", required=required, low=low, high=high, whole=whole)


_DAYS = _number("days", 1, 3_650)
_LAST = _number("days", 1, 3_650, required=True)
_TIMES = (_number("at_least", 1, 1_000), _number("at_most", 0, 1_000))
_TIMES_SAID = ("at_least", "at_most")

_KINDS = (
    Kind("place", (_text("near"), _number("km", 1, 2_000, required=True, whole=False)), PROFILE),
    Kind("country", (_words("countries"),), PROFILE),
    Kind("language", (_words("languages"),), PROFILE),
    Kind("title", (_words("titles"),), PROFILE),
    Kind("skills", (_choice("which", "all", "any", "none"), _words("skills")), PROFILE),
    Kind("licences", (_choice("which", "all", "any"), _words("licences")), PROFILE),
    Kind("years", (_number("at_least", 0, 60), _number("at_most", 0, 60)), PROFILE, _TIMES_SAID),
    Kind("education", (_choice("level", *EDUCATION),), PROFILE),
    Kind("remote", (_choice("mode", "onsite", "hybrid", "remote"),), PROFILE),
    Kind("wish", (_choice("stance", "for", "against"), _text("what")), PROFILE),
    Kind("fresh", (_LAST,), PROFILE),
    Kind("known", (_LAST,)),
    Kind("source", (_words("sources"),)),
    Kind("consent", (_choice("purpose", "contact", "discovery", "profile", "behaviour"),)),
    Kind("did", (_choice("signal", *SIGNALS), *_TIMES, _DAYS), BEHAVIOUR, _TIMES_SAID),
    Kind("seen", (_LAST,), BEHAVIOUR),
    Kind("applied", (*_TIMES, _DAYS), "", _TIMES_SAID),
    Kind("stage", (_choice("stage", *STAGES), _DAYS)),
    Kind("segment", (_text("segment"),)),
    Kind("text", (_text("query"),), DISCOVERY),
)
VOCABULARY: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}
