"""Spellings of one word made to meet. Apart from the tokeniser, so that it costs nothing to import."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ACCENTS = re.compile(r"[\u0300-\u036f]")
_LETTERS_WITHOUT_ACCENT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"}
)


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """Fold case, accents and letter variants so that spellings of one word meet.

    Only Latin, Greek and Cyrillic accents are dropped: a Japanese or Indic mark changes the word.

    >>> fold("Ingénieur"), fold("STRASSE") == fold("Straße"), fold("Łódź")
    ('ingenieur', True, 'lodz')
    """
    decomposed = unicodedata.normalize("NFKD", word).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed)).translate(_LETTERS_WITHOUT_ACCENT)
