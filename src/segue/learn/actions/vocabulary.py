"""Which terms of our own postings and résumés may be skills: counted, set beside what we know, and proposed.

Terms come from the classifications that were brought in and from lists in the texts themselves. Résumés count
only of people who allow their profile to be read; a term must stand in two postings or in the résumés of
three people, and no sentence of anybody's résumé is kept. A person decides (`catalog.actions.skills`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import Q

from segue.catalog.actions.people import read_resume
from segue.catalog.models import (
    GAZETTEER,
    PRESENT,
    Job,
    JobStatus,
    Person,
    ProposalState,
    Resume,
    Skill,
    SkillProposal,
    TaxonomyTerm,
    TermKind,
)
from segue.engine.lexicon import SkillVocabulary, find_skills, slug_of
from segue.engine.skill_lists import listed_terms
from segue.engine.term_index import TermIndex, meanings
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.queries.lexicon import embedder, scale_in_force, scale_of
from segue.learn.queries.readable import readable_resumes
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted_to

NEWEST = 20_000  # postings, and résumés, that are read
LEAST_JOBS, LEAST_PEOPLE = 2, 3
MOST = 2_000  # proposals at a time: nobody looks at more
TOO_COMMON, TOO_COMMON_FROM = 0.25, 20  # of postings: what stands everywhere tells nothing
_BATCH = 500
_AROUND = 120  # characters of a posting on either side of a term
_KNOWN = "="  # in place of a slug: a skill we have


@dataclass(slots=True)
class _Seen:
    """What is known of a term so far: how it is written, and in how many texts."""

    written: Counter[str] = field(default_factory=Counter)
    jobs: int = 0
    people: int = 0
    example: str = ""
    in_example: str = ""

    @property
    def counts(self) -> bool:
        return self.jobs >= LEAST_JOBS or self.people >= LEAST_PEOPLE


@dataclass(frozen=True, eq=False)
class _Backbone:
    """Terms of the classifications by slug, and one vocabulary to spot them and what we have already."""

    terms: dict[str, TaxonomyTerm]
    words: SkillVocabulary
    ours: frozenset[str]  # slugs of every word we have


@action("learn.propose_skills")
def propose_skills(*, by: Actor) -> dict[str, int]:
    """Count anew and bring the proposals up to date; what was decided stays. Returns counts."""
    backbone = _backbone()
    seen: dict[str, _Seen] = defaultdict(_Seen)
    postings = 0
    for text in _postings():
        _count(text, backbone, seen, posting=True)
        postings += 1
    for text in _resumes():
        _count(text, backbone, seen, posting=False)
    common = max(TOO_COMMON_FROM, TOO_COMMON * postings)
    often = sorted(
        (slug for slug, one in seen.items() if one.counts and one.jobs <= common),
        key=lambda slug: (-seen[slug].jobs, -seen[slug].people, slug),
    )[:MOST]
    found = [_proposal(slug, seen[slug], backbone.terms.get(slug)) for slug in often]
    _set_beside(found)
    return _keep(found)


def _backbone() -> _Backbone:
    ours = list(Skill.objects.filter(approved=True).values_list("label", "synonyms"))
    words = [word for label, synonyms in ours for word in (label, *synonyms)]
    known = frozenset(slug_of(word) for word in words)
    terms: dict[str, TaxonomyTerm] = {}
    for term in TaxonomyTerm.objects.filter(kind=TermKind.SKILL).order_by("taxonomy", "code"):
        slug = slug_of(term.label)[:80]
        if slug and slug not in known and len(term.label) <= _longest():
            terms.setdefault(slug, term)
    told = [(_KNOWN, words), *((slug, [term.label, *term.names]) for slug, term in terms.items())]
    return _Backbone(terms, SkillVocabulary(told), known)


def _longest() -> int:
    return int(SkillProposal._meta.get_field("label").max_length or 0)


def _postings() -> Iterator[str]:
    rows = Job.objects.exclude(status=JobStatus.DRAFT).order_by("-pk")[:NEWEST]
    for title, description in rows.values_list("title", "description").iterator(_BATCH):
        yield f"{title}\n{description}"


def _resumes() -> Iterator[str]:
    """The latest résumé of everybody who allows their profile to be read, the newest people first."""
    people = Person.objects.filter(PRESENT, pk__in=Resume.objects.values("person_id")).order_by("-pk")
    ids = people.values_list("pk", flat=True)[:NEWEST].iterator(_BATCH)
    while batch := list(islice(ids, _BATCH)):
        granted = purposes_granted_to(batch)
        willing = [pk for pk in batch if Purpose.PROFILE in granted.get(pk, frozenset())]
        yield from readable_resumes(willing).values()


def _count(text: str, backbone: _Backbone, seen: dict[str, _Seen], *, posting: bool) -> None:
    """Note each term of a text once."""
    found: dict[str, tuple[str, int, int]] = {}
    for slug, start, end in find_skills(text, backbone.words):
        if slug != _KNOWN:
            found.setdefault(slug, (" ".join(text[start:end].split()), start, end))
    for term in listed_terms(text):
        slug = slug_of(term)[:80]
        if slug and slug not in backbone.ours and slug not in found:
            at = text.find(term)
            found[slug] = (term, at, at + len(term))
    for slug, (written, start, end) in found.items():
        one = seen[slug]
        one.written[written] += 1
        one.jobs, one.people = one.jobs + posting, one.people + (not posting)
        if posting and not one.example:
            one.example, one.in_example = _excerpt(text, start, end), " ".join(text[start:end].split())


def _excerpt(text: str, start: int, end: int) -> str:
    """The words around a term, on one line."""
    low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
    before = text[low:start] if low == 0 else text[low:start].partition(" ")[2]
    after = text[end:high] if high == len(text) else text[end:high].rpartition(" ")[0]
    return " ".join(f"{before}{text[start:end]}{after}".split())[:300]


def _proposal(slug: str, seen: _Seen, term: TaxonomyTerm | None) -> SkillProposal:
    told = term is not None and term.taxonomy != GAZETTEER  # a list in small letters does not say how
    label = bare(term.label) if term and told else min(seen.written, key=lambda w: (-seen.written[w], w))
    names = [name for name in (term.names if term else ()) if len(name) <= _longest()]
    return SkillProposal(
        slug=slug,
        label=label,
        names=names,
        taxonomy=term.taxonomy if term else "",
        jobs=seen.jobs,
        people=seen.people,
        example=seen.example,
        written=seen.in_example[:200],
        counted_at=clock.now(),
    )


def bare(label: str) -> str:
    """A label without what a classification adds to tell it from others.

    >>> bare("Ruby (computer programming)"), bare("(R)")
    ('Ruby', '(R)')
    """
    return label.partition(" (")[0] or label


def _set_beside(found: Sequence[SkillProposal]) -> None:
    """Name the nearest skill we have to each."""
    ours = list(Skill.objects.filter(approved=True).order_by("slug"))
    if not (ours and found):
        return
    embed = embedder().embed
    labels, others = [skill.label for skill in ours], [skill.synonyms for skill in ours]
    index = TermIndex.of(labels, meanings(labels, others, embed), others=others)
    terms = [proposal.label for proposal in found]
    scale = scale_in_force() or scale_of(labels, others)
    for proposal, row, nearness in zip(
        found, *index.nearest(terms, embed(terms, personal=True)), strict=True
    ):
        if nearness >= scale.same:  # below that the nearest of ours is none at all
            proposal.near, proposal.nearness = ours[row], round(float(nearness), 4)


def _keep(found: Sequence[SkillProposal]) -> dict[str, int]:
    """Write the counts; a decision stands, and what nobody writes any more is no longer proposed."""
    decided = set(SkillProposal.objects.exclude(state=ProposalState.OPEN).values_list("slug", flat=True))
    counted = [
        "label",
        "names",
        "taxonomy",
        "jobs",
        "people",
        "example",
        "written",
        "near",
        "nearness",
        "counted_at",
    ]
    SkillProposal.objects.bulk_create(
        [proposal for proposal in found if proposal.slug not in decided],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=counted,
    )
    slugs = [proposal.slug for proposal in found]
    gone, _ = SkillProposal.objects.filter(state=ProposalState.OPEN).exclude(slug__in=slugs).delete()
    waiting = SkillProposal.objects.filter(state=ProposalState.OPEN).count()
    return {"waiting": waiting, "gone": gone, "decided": len(decided)}


@action("learn.reread_resumes")
def reread_resumes(*, by: Actor) -> int:
    """Read again every latest résumé that holds a word decided on since; returns how many."""
    decided = list(SkillProposal.objects.select_for_update(of=("self",)).filter(unread=True))
    holds = Q()
    for proposal in decided:
        for word in (proposal.label, *proposal.names):
            holds |= Q(text__icontains=word)
    if not decided:
        return 0
    latest = Resume.objects.order_by("person_id", "-version").distinct("person_id").values("pk")
    rows = Resume.objects.filter(
        holds, pk__in=latest, person__in=Person.objects.filter(PRESENT)
    ).select_related("person")
    count = 0
    for resume in rows.iterator(_BATCH):
        read_resume(resume, by=by)
        count += 1
    SkillProposal.objects.filter(pk__in=[proposal.pk for proposal in decided]).update(unread=False)
    return count
