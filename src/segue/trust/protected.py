"""Protected attributes: what nothing that searches, sorts people or ranks may have a field for.

One list for the whole house. It names attributes by the words a field of them would be called by; the house
test holds every vocabulary of features, segments and search against it. Sources: EU Charter art. 21, the EU
equality directives, US title VII, ADEA, ADA and GINA, UK Equality Act 2010.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PROTECTED: Mapping[str, tuple[str, ...]] = {
    "age": ("age", "aged", "birth", "birthday", "birthdate", "born", "dob", "generation"),
    "sex and gender": ("sex", "gender", "pronoun", "pronouns", "salutation"),
    "origin": ("race", "racial", "ethnic", "ethnicity", "colour", "color", "ancestry", "caste", "tribe"),
    "nationality": ("nationality", "citizenship", "birthplace"),
    "belief": ("religion", "belief", "faith", "creed", "politics", "political", "opinion"),
    "orientation": ("orientation", "sexuality"),
    "health and disability": ("disability", "disabled", "health", "diagnosis", "genetic", "genetics"),
    "family": ("pregnancy", "pregnant", "maternity", "marital", "married", "children", "parental"),
    "membership": ("union", "veteran", "military"),
    "looks": ("photo", "portrait", "picture", "face"),
}
_WORDS = {word: attribute for attribute, words in PROTECTED.items() for word in words}


def protected_in(name: str) -> str:
    """Return the attribute the name of a field speaks of, or "" for none.

    >>> protected_in("birth_year"), protected_in("wish_remote"), protected_in("voltage")
    ('age', '', '')
    """
    return next((_WORDS[word] for word in re.findall(r"[a-z]+", name.lower()) if word in _WORDS), "")
