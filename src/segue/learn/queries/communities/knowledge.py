"""What people may be grouped by: the skills of those who allow their profile to be read, and nothing else.

Not their names, places, schools, years or pay: what is not here cannot tell anybody apart. A skill whose
every fact is kept for another purpose than recruiting is not here either.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db import connection
from django.db.models import Count, Q

from segue.catalog.models import PRESENT, Fact, FactKind, Job, Person
from segue.learn.queries.readable import ALLOWED
from segue.trust.models import Purpose

MOST_OCCUPATIONS = 500
_WILLING = """
SELECT person_id FROM (
    SELECT DISTINCT ON (person_id) person_id, granted FROM trust_consent
    WHERE purpose = %(purpose)s AND (%(only)s::uuid[] IS NULL OR person_id = ANY(%(only)s::uuid[]))
    ORDER BY person_id, at DESC, id DESC
) latest WHERE granted
"""


def skills_known(only: Collection[uuid.UUID] | None = None) -> dict[str, frozenset[str]]:
    """Return the readable skills of everybody present who allows their profile to be read, by id.

    Four queries for a hundred thousand people; `only` looks at some of them.
    """
    some = Q() if only is None else Q(pk__in=list(only))
    willing = people_allowing(Purpose.PROFILE, only)
    hidden = kept_back(FactKind.SKILL, only)
    rows = Person.objects.filter(PRESENT & some).exclude(skills=[]).values_list("pk", "skills")
    return {
        str(pk): frozenset(skills) - hidden.get(pk, frozenset())
        for pk, skills in rows.iterator(5_000)
        if pk in willing
    }


def digest_of(known: Mapping[str, frozenset[str]], seed: int) -> str:
    """Name what a fit reads: two equal digests would be fitted alike."""
    told = hashlib.sha256(str(seed).encode())
    for person in sorted(known):
        told.update(f"{person}:{','.join(sorted(known[person]))};".encode())
    return told.hexdigest()


def present_ids() -> set[uuid.UUID]:
    """Return everybody there is, for the count of those who are in no community too."""
    return set(Person.objects.filter(PRESENT).values_list("pk", flat=True).iterator(5_000))


def people_allowing(purpose: Purpose, only: Collection[uuid.UUID] | None = None) -> set[uuid.UUID]:
    """Return everybody, or those of some, whose latest answer to a purpose is yes."""
    some = None if only is None else list(only)
    with connection.cursor() as cursor:
        cursor.execute(_WILLING, {"purpose": purpose.value, "only": some})
        return {row[0] for row in cursor.fetchall()}


def occupations() -> dict[str, dict[str, float]]:
    """Return our own jobs' occupations with the share of each one's jobs that ask for a skill, by title."""
    jobs = Job.objects.exclude(occupation="")
    rows = jobs.values_list("occupation", "required_skills", "nice_skills")
    spelt = _spelt_large(jobs.values_list("title", flat=True).distinct())
    counts: dict[str, int] = defaultdict(int)
    asked: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for occupation, required, nice in rows.iterator(5_000):
        title = title_of(occupation, spelt)
        counts[title] += 1
        for slug in {*required, *nice}:
            asked[title][slug] += 1
    most = sorted(counts, key=lambda title: (-counts[title], title))[:MOST_OCCUPATIONS]
    return {title: {slug: n / counts[title] for slug, n in sorted(asked[title].items())} for title in most}


def title_of(occupation: str, spelt: Mapping[str, str]) -> str:
    """Return an occupation as people read it, with the words that titles spell in capitals.

    >>> title_of("registered-nurse", {}), title_of("ux-designer", {"ux": "UX"})
    ('Registered nurse', 'UX designer')
    """
    words = " ".join(spelt.get(word, word) for word in occupation.replace("-", " ").split())
    return words[:1].upper() + words[1:]


def _spelt_large(titles: Iterable[str]) -> dict[str, str]:
    """Return the words that only ever stand in capitals: "UX", and not the "NURSE" of one loud posting."""
    words = {word for title in titles for word in title.split()}
    large = {word.casefold(): word for word in words if len(word) > 1 and word.isalpha() and word.isupper()}
    small = {word.casefold() for word in words if not word.isupper()}
    return {word: shown for word, shown in large.items() if word not in small}


def kept_back(kind: FactKind, only: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, frozenset[str]]:
    """Return what people say of one kind that is only kept for other purposes than recruiting, casefolded."""
    facts = Fact.objects.filter(kind=kind, superseded_at=None)
    if only is not None:
        facts = facts.filter(person_id__in=list(only))
    hidden = facts.exclude(ALLOWED).values("person_id")
    told = (
        facts.filter(person_id__in=hidden)
        .values_list("person_id", "normalised")
        .annotate(allowed=Count("pk", filter=ALLOWED))
    )
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for person_id, value, allowed in told:
        if not allowed:
            found[person_id].add(value.casefold())
    return {person_id: frozenset(values) for person_id, values in found.items()}
