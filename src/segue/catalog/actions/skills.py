"""The employer's vocabulary of skills: how it starts."""

from __future__ import annotations

from segue.catalog.models import Skill
from segue.engine.lexicon_data import STARTER_SKILLS
from segue.kit.action import action
from segue.kit.actor import Actor


@action("catalog.seed_vocabulary")
def seed_vocabulary(*, by: Actor) -> int:
    """Fill in the starter skills that are not there yet; return how many were new."""
    known = set(Skill.objects.values_list("slug", flat=True))
    fresh = [
        Skill(slug=skill.slug, label=skill.label, synonyms=list(skill.synonyms))
        for skill in STARTER_SKILLS
        if skill.slug not in known
    ]
    Skill.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
