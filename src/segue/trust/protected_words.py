"""Words by which a question asks for what nobody may be judged by, in the languages the product speaks.

It is a list of words and no more: it misses a question that goes around them, and it stops at an innocent
one ("Are you married to any tool?"). So it only warns, says which word it saw, and says where the question
belongs instead. Sources: as `trust.protected`, and what the equality bodies of these countries name as
questions not to be asked at work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from segue.engine.text import fold

ASKED: Mapping[str, tuple[str, ...]] = {
    "age": (
        "age", "how old", "date of birth", "birth", "birthday", "born",
        "quel age", "ton age", "votre age", "date de naissance", "ne le", "nee le",
        "alter", "wie alt", "geburtsdatum", "geboren", "geburtstag",
        "edad", "cuantos anos tiene", "fecha de nacimiento", "nacio",
        "العمر", "عمرك", "تاريخ الميلاد", "سنك",
    ),
    "sex and gender": (
        "sex", "gender", "pronouns", "man or woman", "maiden name",
        "sexe", "genre", "homme ou femme", "nom de jeune fille",
        "geschlecht", "mann oder frau", "maedchenname", "madchenname",
        "sexo", "genero", "hombre o mujer",
        "الجنس", "الجندر",
    ),
    "origin": (
        "race", "ethnicity", "ethnic", "skin colour", "skin color", "from originally", "mother tongue",
        "native language", "native speaker",
        "origine", "origines", "ethnie", "couleur de peau", "langue maternelle",
        "herkunft", "ethnie", "hautfarbe", "muttersprache", "migrationshintergrund",
        "raza", "etnia", "origen", "color de piel", "lengua materna",
        "العرق", "الأصل", "لون البشرة", "اللغة الأم",
    ),
    "nationality": (
        "nationality", "citizenship", "citizen", "place of birth",
        "nationalite", "citoyennete", "lieu de naissance",
        "staatsangehorigkeit", "nationalitat", "staatsburgerschaft", "geburtsort",
        "nacionalidad", "ciudadania", "lugar de nacimiento",
        "الجنسية", "مكان الميلاد",
    ),
    "belief": (
        "religion", "religious", "church", "faith", "political", "party member",
        "religieux", "religieuse", "eglise", "croyance", "politique",
        "glaube", "konfession", "kirche", "politisch", "parteimitglied",
        "religioso", "religiosa", "iglesia", "creencia", "politica",
        "الدين", "الديانة", "المذهب", "سياسي",
    ),
    "orientation": (
        "sexual orientation", "orientation sexuelle", "sexuelle orientierung", "orientacion sexual",
        "الميل الجنسي",
    ),
    "health and disability": (
        "disability", "disabled", "disabilities", "health", "illness", "medical", "medication", "sick days",
        "handicap", "sante", "maladie", "medicaments",
        "behinderung", "schwerbehindert", "gesundheit", "krankheit", "krank", "medikamente",
        "discapacidad", "salud", "enfermedad", "medicamentos",
        "إعاقة", "الإعاقة", "صحة", "الصحة", "مرض", "صحية",
    ),
    "family": (
        "married", "marital", "children", "kids", "pregnant", "pregnancy", "childcare", "spouse",
        "marie", "mariee", "situation familiale", "enfants", "enceinte", "grossesse", "conjoint",
        "verheiratet", "familienstand", "kinder", "schwanger", "schwangerschaft", "ehepartner",
        "casado", "casada", "estado civil", "hijos", "embarazada", "embarazo", "conyuge",
        "متزوج", "متزوجة", "الحالة الاجتماعية", "أطفال", "حامل", "زوج",
    ),
    "membership": (
        "trade union", "union member", "veteran", "military service",
        "syndicat", "syndique", "service militaire",
        "gewerkschaft", "wehrdienst", "militardienst",
        "sindicato", "servicio militar",
        "نقابة", "الخدمة العسكرية",
    ),
    "looks": (
        "photo", "picture of you", "height", "weight",
        "photographie", "poids",
        "foto", "bewerbungsfoto", "korpergrosse", "gewicht",
        "fotografia", "estatura",
        "صورة", "الطول", "الوزن",
    ),
}  # fmt: skip
_LOOKUP = {fold(word): (word, attribute) for attribute, words in ASKED.items() for word in words}
_SEEN = re.compile(
    r"(?<!\w)(" + "|".join(re.escape(word) for word in sorted(_LOOKUP, key=len, reverse=True)) + r")(?!\w)"
)


def asks_for(text: str) -> list[tuple[str, str]]:
    """Return (word, attribute) for each word of the list in a question, in order, each once.

    >>> asks_for("Are you married, and how old are you?")
    [('married', 'family'), ('how old', 'age')]
    >>> asks_for("Wie ist Ihr Familienstand?")
    [('familienstand', 'family')]
    >>> asks_for("How many years have you worked with SQL?")
    []
    """
    return list(dict.fromkeys(_LOOKUP[found] for found in _SEEN.findall(fold(text))))
