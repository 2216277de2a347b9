"""What nobody may be grouped by. These words are refused wherever a rule says them, with their reason.

The names follow the grounds of the EU Charter (Art. 21), the UK Equality Act 2010 (s. 4) and US Title VII,
ADEA and ADA. A word is refused where it is the whole of what is said: "female" is, and "women's health nurse"
is a trade.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from segue.engine.folding import fold

PROTECTED: Mapping[str, tuple[str, ...]] = {
    "age": (
        *(
            "age",
            "aged",
            "birthday",
            "birth date",
            "birth year",
            "born",
            "date of birth",
            "dob",
            "young",
            "old",
        ),
        *("older", "younger", "gen z", "boomer", "geburtsdatum", "geburtstag", "fecha de nacimiento", "edad"),
        *("joven", "date de naissance", "jeune"),
    ),
    "gender": (
        *("gender", "sex", "male", "female", "man", "men", "woman", "women", "masculine", "feminine"),
        *("non-binary", "nonbinary", "geschlecht", "mann", "frau", "männlich", "weiblich", "sexe", "homme"),
        *(
            "femme",
            "sexo",
            "género",
            "hombre",
            "mujer",
            "transgender",
            "trans",
            "cisgender",
            "gender identity",
        ),
    ),
    "sexual orientation": (
        *("sexual orientation", "gay", "lesbian", "bisexual", "homosexual", "heterosexual", "lgbt", "lgbtq"),
        "queer",
    ),
    "ethnic origin": (
        *("race", "ethnicity", "ethnic", "ethnic origin", "skin colour", "skin color", "black", "white"),
        *("asian", "latino", "latina", "hispanic", "caucasian", "arab", "romani", "caste", "herkunft"),
        *("hautfarbe", "origine ethnique", "origen étnico", "native speaker", "mother tongue"),
        *("muttersprachler", "langue maternelle"),
    ),
    "nationality": (
        *("nationality", "citizenship", "immigrant", "migrant", "foreigner", "refugee", "national origin"),
        *("staatsangehörigkeit", "ausländer", "nationalité", "nacionalidad"),
    ),
    "religion or belief": (
        *("religion", "religious", "christian", "catholic", "protestant", "muslim", "islam", "jewish", "jew"),
        *("hindu", "buddhist", "sikh", "atheist", "konfession", "muslima", "musulman", "religión"),
    ),
    "disability or health": (
        *("disability", "disabled", "handicap", "handicapped", "illness", "sick leave", "wheelchair"),
        *("autistic", "behinderung", "behindert", "schwerbehindert", "krankheit", "handicapé"),
        *("discapacidad", "diagnosis"),
    ),
    "pregnancy or family": (
        *("pregnancy", "pregnant", "maternity", "maternity leave", "parental leave", "mother", "father"),
        *("married", "marital status", "divorced", "family status", "schwanger", "schwangerschaft"),
        *("elternzeit", "verheiratet", "enceinte", "embarazada"),
    ),
    "politics or union": (
        *("political opinion", "union member", "union membership", "gewerkschaft", "syndicat", "sindicato"),
    ),
    "genetic or biometric data": ("genetic data", "dna", "biometric", "fingerprint"),
}
# These mean a ground only as the name of an attribute: a search for "health" looks for work in health care.
_AS_NAMES: Mapping[str, tuple[str, ...]] = {
    "age": ("ages", "birth", "generation", "graduation year", "alter"),
    "gender": ("pronoun", "pronouns", "genre"),
    "sexual orientation": ("orientation",),
    "ethnic origin": ("skin", "colour", "color"),
    "nationality": ("citizen", "permit", "permits", "work permit", "visa"),
    "religion or belief": ("belief", "faith", "glaube"),
    "disability or health": ("health", "medical", "sick"),
    "pregnancy or family": ("children", "child", "family", "single", "kinder"),
    "politics or union": ("politics", "political", "party", "trade union", "union"),
    "genetic or biometric data": ("genetic", "genetics", "photo", "face", "picture"),
}


def _folded(text: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in text)
    return " ".join(fold(word) for word in words.split())


_BY_WORD = {_folded(word): ground for ground, words in PROTECTED.items() for word in words}
_BY_NAME = {_folded(word): ground for ground, words in _AS_NAMES.items() for word in words} | _BY_WORD


def protected_by(text: str) -> str:
    """The ground that protects what a word says, "" for none.

    >>> protected_by("Geschlecht"), protected_by("health"), protected_by("women's health nurse")
    ('gender', '', '')
    """
    return _BY_WORD.get(_folded(text), "")


def protected_name(text: str) -> str:
    """The ground that protects the attribute of this name, "" for none.

    >>> protected_name("date_of_birth"), protected_name("health")
    ('age', 'disability or health')
    """
    return _BY_NAME.get(_folded(text), "")


def protected_among(texts: Iterable[str]) -> tuple[str, str]:
    """The first protected word among these and its ground; two empty texts where there is none."""
    return next(((text, ground) for text in texts if (ground := protected_by(text))), ("", ""))
