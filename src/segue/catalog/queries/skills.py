"""The employer's vocabulary of skills, ready for spotting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db import connection

from segue.catalog.models import Skill
from segue.engine.lexicon import SkillVocabulary
from segue.engine.lexicon_data import STARTER_SKILLS

_FINGERPRINT = """
SELECT coalesce(md5(string_agg(slug || '|' || label || '|' || synonyms::text, E'\\n' ORDER BY slug)), '')
FROM catalog_skill WHERE approved
"""
_Rows = tuple[tuple[str, str, tuple[str, ...]], ...]


def vocabulary() -> SkillVocabulary:
    """Return the approved skills, compiled once a process for each state of the table.

    While the employer has none, the starter skills stand in.
    """
    return _compiled(_fingerprint())


def labels(slugs: Iterable[str]) -> dict[str, str]:
    """Return what people call these skills; a slug we do not know reads as its own words."""
    known = _labels(_fingerprint())
    return {slug: known.get(slug) or slug.replace("-", " ").capitalize() for slug in slugs}


def all_skills() -> Sequence[tuple[str, str]]:
    """Return every approved skill as (slug, label), for pickers and suggestions."""
    return sorted(_labels(_fingerprint()).items(), key=lambda pair: pair[1].casefold())


def _fingerprint() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT)
        return str(cursor.fetchone()[0])


@lru_cache(maxsize=4)
def _rows(fingerprint: str) -> _Rows:
    if not fingerprint:
        return tuple((skill.slug, skill.label, skill.synonyms) for skill in STARTER_SKILLS)
    found = Skill.objects.filter(approved=True).order_by("slug").values_list("slug", "label", "synonyms")
    return tuple((slug, label, tuple(synonyms)) for slug, label, synonyms in found)


@lru_cache(maxsize=4)
def _compiled(fingerprint: str) -> SkillVocabulary:
    return SkillVocabulary([(slug, [label, *synonyms]) for slug, label, synonyms in _rows(fingerprint)])


@lru_cache(maxsize=4)
def _labels(fingerprint: str) -> dict[str, str]:
    return {slug: label for slug, label, _ in _rows(fingerprint)}
