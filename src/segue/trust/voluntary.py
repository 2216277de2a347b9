"""What may be asked voluntarily, by country: the categories, and the words around them.

Which questions are lawful, usual or expected differs by country, so the employer says which set is asked
where (the dial `voluntary.by_country`); a country nobody named is asked nothing. Sources: EEO-1 and the
Veterans' VETS-4212 groups and form CC-305 (US); the harmonised standards of the Office for National
Statistics (GB); for `short`, the few that the EU's equality bodies ask in surveys. Origin is not asked in
`short`: several countries forbid it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOT_SAID = "not_said"  # somebody chose not to say: kept, so that "asked and declined" is no "never asked"


@dataclass(frozen=True, slots=True)
class Category:
    """One voluntary question: its key, what is asked, and the answers there are."""

    key: str
    label: str | Promise
    choices: Mapping[str, str | Promise]


_GENDER = Category(
    "gender",
    _("Gender"),
    {"woman": _("Woman"), "man": _("Man"), "other": _("I describe it differently")},
)
_AGE = Category(
    "age",
    _("Age"),
    {
        "under_25": _("Under 25"),
        "25_39": _("25 to 39"),
        "40_54": _("40 to 54"),
        "55_over": _("55 or over"),
    },
)
_DISABILITY = Category(
    "disability",
    _("Disability or long-term illness"),
    {"yes": _("Yes, I have one, or have had one"), "no": _("No")},
)
_US_ORIGIN = Category(
    "origin",
    _("Race and ethnicity"),
    {
        "hispanic": _("Hispanic or Latino"),
        "white": _("White"),
        "black": _("Black or African American"),
        "asian": _("Asian"),
        "pacific": _("Native Hawaiian or other Pacific Islander"),
        "native": _("American Indian or Alaska Native"),
        "several": _("Two or more of these"),
    },
)
_US_VETERAN = Category(
    "veteran",
    _("Protected veteran"),
    {"yes": _("Yes, I am one"), "no": _("No")},
)
_GB_ORIGIN = Category(
    "origin",
    _("Ethnic group"),
    {
        "asian": _("Asian or Asian British"),
        "black": _("Black, Black British, Caribbean or African"),
        "mixed": _("Mixed or multiple ethnic groups"),
        "white": _("White"),
        "other": _("Another ethnic group"),
    },
)
SETS: Mapping[str, tuple[Category, ...]] = {
    "none": (),
    "short": (_GENDER, _AGE, _DISABILITY),
    "us": (_GENDER, _US_ORIGIN, _US_VETERAN, _DISABILITY),
    "gb": (_GENDER, _AGE, _GB_ORIGIN, _DISABILITY),
}
SET_NAMES: Mapping[str, str | Promise] = {
    "none": _("Nothing is asked"),
    "short": _("Gender, age group, disability"),
    "us": _("United States: EEO categories, veterans, disability"),
    "gb": _("United Kingdom: ONS categories, disability"),
}
FIRST_BY_COUNTRY: Mapping[str, str] = {"US": "us", "GB": "gb"}
EVERYWHERE_ELSE = "*"
TEXT_SHOWN = _(
    "These questions are voluntary. Your answers are kept apart from your application, without your name. "
    "Nobody who reads, ranks or decides about your application can see them, and saying nothing changes "
    "nothing. We use them only to count whether we treat groups of people alike. You can change or delete "
    "them at any time."
)


def choices_in(set_name: str) -> dict[str, frozenset[str]]:
    """Return what may be answered to each question of a set.

    >>> sorted(choices_in("short"))
    ['age', 'disability', 'gender']
    """
    return {one.key: frozenset({*one.choices, NOT_SAID}) for one in SETS.get(set_name, ())}
