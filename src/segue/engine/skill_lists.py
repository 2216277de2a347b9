"""Skills that a text lists by itself: "Skills: Python, SQL; Docker", in the languages people write in."""

from __future__ import annotations

import re

# What introduces a list of skills, folded; a colon follows it, and the list stands on the same line.
_HEADS = (
    "skills", "key skills", "technical skills", "core skills", "skill set", "technologies", "tools",
    "tech stack", "stack", "kenntnisse", "fachkenntnisse", "edv-kenntnisse", "werkzeuge", "technologien",
    "compétences", "compétences techniques", "outils", "technologies utilisées", "competencias",
    "conocimientos", "habilidades", "herramientas", "tecnologías", "competenze", "strumenti",
    "vaardigheden", "competências", "ferramentas",
)  # fmt: skip
_LINE = re.compile(
    rf"^[ \t*•·–-]*(?:{'|'.join(sorted(map(re.escape, _HEADS), key=len, reverse=True))})[ \t]*:(.+)$",
    re.IGNORECASE | re.MULTILINE,
)
_BREAKS = re.compile(r"[,;|•·]|\s[/–]\s")
_INSIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LONGEST, _MOST_WORDS = 40, 4


def listed_terms(text: str) -> list[str]:
    """The terms of every such list, as written, in order and once each.

    >>> listed_terms("Nurse.\\nSkills: wound care, Triage (ER); SAP R/3.\\nHobbies: chess")
    ['wound care', 'Triage', 'SAP R/3']
    """
    found: dict[str, str] = {}
    for line in _LINE.findall(text):
        for part in _BREAKS.split(_INSIDE.sub(" ", line)):
            term = " ".join(part.split()).strip(" .:-–*&")
            if _is_term(term):
                found.setdefault(term.casefold(), term)
    return list(found.values())


def _is_term(term: str) -> bool:
    letters = sum(character.isalpha() for character in term)
    return 0 < len(term) <= _LONGEST and letters >= 1 and len(term.split()) <= _MOST_WORDS and "@" not in term
