"""Letters of other scripts and accents brought to plain Latin: for comparing, never for showing."""

from __future__ import annotations

import unicodedata

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "iu", "я": "ia", "і": "i", "ї": "i", "є": "ie", "ґ": "g", "ў": "u", "ј": "j", "љ": "lj",
    "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz",
}  # fmt: skip
_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
    "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
    "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh",
    "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z",
    "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ک": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h",
    "ة": "a", "و": "w", "ي": "y", "ی": "y", "ى": "a", "ء": "", "ئ": "y", "ؤ": "w", "پ": "p", "چ": "ch",
    "ژ": "zh", "گ": "g",
}  # fmt: skip
_HEBREW = {
    "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "v", "ז": "z", "ח": "ch", "ט": "t", "י": "y",
    "כ": "k", "ך": "k", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s", "ע": "a", "פ": "p",
    "ף": "p", "צ": "ts", "ץ": "ts", "ק": "k", "ר": "r", "ש": "sh", "ת": "t",
}  # fmt: skip
_LATIN = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "ħ": "h",
    "ŋ": "ng", "ə": "a",
}  # fmt: skip
_PLAIN = str.maketrans(_LATIN | _CYRILLIC | _GREEK | _ARABIC | _HEBREW)


def plain(text: str) -> str:
    """Return lower-case Latin letters, digits and spaces; whatever else stood there is a space.

    Accents go (é → e), other scripts are spelled out. Letters we have no spelling for stay as they are.

    >>> plain("Røsa-María  ŁĘCKA"), plain("Дмитрий"), plain("Γιώργος"), plain("محمد"), plain("O’Neill")
    ('rosa maria lecka', 'dmitrii', 'giorgos', 'mhmd', 'oneill')
    """
    if text.isascii():
        spelled = text.lower()
    else:
        whole = unicodedata.normalize("NFKC", text).casefold()  # a letter drawn otherwise is that letter
        whole = whole.replace("ού", "ου").replace("ου", "ou")  # one sound in Greek
        apart = unicodedata.normalize("NFKD", whole.translate(_PLAIN))
        spelled = "".join(c for c in apart if not unicodedata.combining(c)).casefold().translate(_PLAIN)
    for mark in ("'", "’", "ʼ", "`"):
        spelled = spelled.replace(mark, "")
    return " ".join("".join(c if c.isalnum() else " " for c in spelled).split())


def distance(a: str, b: str, most: int) -> int:
    """Return how many letters were missed, added, mistaken or swapped; `most + 1` for more than `most`.

    The optimal string alignment distance, given up as soon as a whole row is beyond `most`.

    >>> distance("crystal", "crstal", 2), distance("burn", "brun", 2), distance("anna", "boris", 2)
    (1, 1, 3)
    """
    if a == b:
        return 0
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        before, last = last, _next_row(before, last, i, a, b)
        if min(last) > most:
            return most + 1
    return min(last[-1], most + 1)


def _next_row(before: list[int], last: list[int], i: int, a: str, b: str) -> list[int]:
    row = [i]
    x = a[i - 1]
    for j, y in enumerate(b, 1):
        cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
        if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
            cost = min(cost, before[j - 2] + 1)
        row.append(cost)
    return row
