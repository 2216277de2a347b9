"""What a résumé says, as things said: each with how it was read, how sure that is, and where it stands."""

from __future__ import annotations

from collections.abc import Collection

from segue.catalog.actions.settling import Said
from segue.catalog.models import FactKind
from segue.catalog.places import Gazetteer
from segue.engine.lexicon import SkillVocabulary, find_skills
from segue.engine.resume.fields import Field, Reading
from segue.engine.resume.layout import Document
from segue.engine.resume.reading import read_document

SPOTTED = "skills:lexicon"
SPOTTED_CONFIDENCE = 0.8
READ = "resume:layout"
METHODS = (SPOTTED, READ)
PURPOSES = ["recruiting"]
# Less sure than this is not said: the candidate is asked instead.
LEAST_CONFIDENCE = 0.5


def read(document: Document) -> Reading:
    """Read a document with the places we know."""
    return read_document(document, Gazetteer())


def spotted(text: str, words: SkillVocabulary) -> list[Said]:
    """Return the first mention of each skill in a text."""
    first: dict[str, Said] = {}
    for slug, start, end in find_skills(text, words):
        first.setdefault(slug, Said(FactKind.SKILL, slug, SPOTTED_CONFIDENCE, SPOTTED, (start, end)))
    return list(first.values())


def said_in(
    document: Document,
    words: SkillVocabulary,
    *,
    without: Collection[str] = (),
    reading: Reading | None = None,
) -> list[Said]:
    """Return what a document says, but for kinds in `without`; what is too unsure is left out."""
    reading = reading or read(document)
    fields = [
        field
        for field in reading.fields
        if field.confidence >= LEAST_CONFIDENCE and field.kind not in without
    ]
    return [_said(field) for field in fields] + spotted(document.text, words)


def _said(field: Field) -> Said:
    value = field.value if isinstance(field.value, dict) else str(field.value)[:300]
    return Said(field.kind, value, field.confidence, READ, field.span)
