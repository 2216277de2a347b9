"""The employer's vocabulary of skills, ready for spotting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db import connection
from django.db.models import Count, QuerySet

from segue.catalog.models import ProposalState, Skill, SkillProposal
from segue.engine.lexicon import SkillVocabulary
from segue.engine.lexicon_data import STARTER_SKILLS
from segue.engine.query.lexemes import met
from segue.kit.actor import Actor

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
    """Return what people call these skills; a slug we do not know reads as its own words.

    Words that were never a slug ("SQL", as a résumé has it) stay as they were written.
    """
    known = _labels(_fingerprint())
    return {slug: known.get(slug) or _own_words(slug) for slug in slugs}


def _own_words(slug: str) -> str:
    return slug if slug != slug.lower() else slug.replace("-", " ").capitalize()


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


def proposals_for(actor: Actor, state: str = ProposalState.OPEN) -> QuerySet[SkillProposal]:
    """Return terms that may be skills, what most postings ask for first; nobody's but the talent team's."""
    found = SkillProposal.objects.filter(state=state).select_related("near", "joined")
    if not (actor.is_talent_team or actor.is_machine):
        return found.none()
    if state != ProposalState.OPEN:
        return found.order_by("-decided_at", "slug")
    return found.order_by("-jobs", "-people", "slug")


def skill_called(label: str) -> str:
    """Return the slug of the approved skill called so: label, synonym or slug, in any case; "" for none."""
    wanted = label.strip().casefold()
    for slug, name, synonyms in _rows(_fingerprint()):
        if wanted in {slug, name.casefold(), *(synonym.casefold() for synonym in synonyms)}:
            return slug
    return ""


def skills_by_name() -> dict[str, str]:
    """Return the slug of every approved skill by each of its names, folded: slug, label and synonyms.

    Where two skills share a name, the one called so by its label has it.
    """
    return _by_name(_fingerprint())


@lru_cache(maxsize=4)
def _by_name(fingerprint: str) -> dict[str, str]:
    rows = _rows(fingerprint)
    named: dict[str, str] = {}
    for names in (
        [(slug, label) for slug, label, _ in rows],
        [(slug, slug) for slug, _, _ in rows],
        [(slug, synonym) for slug, _, synonyms in rows for synonym in synonyms],
    ):
        for slug, name in names:
            named.setdefault(" ".join(met(word) for word in name.replace("-", " ").split()), slug)
    return named


def proposal_counts(actor: Actor) -> dict[str, int]:
    """Return how many proposals there are in each state, of those this actor may see."""
    if not (actor.is_talent_team or actor.is_machine):
        return {}
    return dict(SkillProposal.objects.values_list("state").annotate(Count("pk")))
