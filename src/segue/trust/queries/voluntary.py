"""Voluntary answers: one's own, and counts. There is no third way to read them.

Nobody's answers can be asked for by a colleague; whoever counts hands in groups of people and gets back how
many of each answered what, and no group smaller than five.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings

from segue.catalog.models import Person
from segue.kit.actor import Actor, Role
from segue.trust.models import VoluntaryAnswer
from segue.trust.voluntary import NOT_SAID

FEWEST = 5  # a smaller count would point at people
NEVER_SAID = "never_said"
_SALT = b"segue.trust.voluntary:"


def pseudonyms_of(person_id: UUID) -> list[str]:
    """Return the person's pseudonym under the key in force, then those under keys before it."""
    keys = [settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", [])]
    said = _SALT + str(person_id).encode()
    return [hmac.new(key.encode(), said, hashlib.sha256).hexdigest() for key in keys]


def all_pseudonyms_of(person_id: UUID) -> list[str]:
    """Return every pseudonym of a person, those of the records that became theirs too."""
    records = [person_id, *Person.objects.filter(merged_into=person_id).values_list("pk", flat=True)]
    return [mark for record in records for mark in pseudonyms_of(record)]


def own_voluntary(person_id: UUID, by: Actor) -> dict[str, str]:
    """Return what a person said of themselves, to them signed in and to nobody else."""
    if by.person_id is None or by.person_id != person_id:
        return {}
    rows = VoluntaryAnswer.objects.filter(pseudonym__in=all_pseudonyms_of(person_id)).order_by("pk")
    return dict(rows.values_list("category", "value"))


def voluntary_counts(
    category: str, groups: Mapping[str, Iterable[UUID]], *, by: Actor
) -> dict[str, dict[str, int]]:
    """Count, for each group of people, who answered what to one question; for `measure`, and nobody else.

    Whoever never answered counts as never_said. Where an answer has fewer than five in a group it is folded
    into not_said there, and where that leaves fewer than five it is said of nobody. Analysts, auditors,
    administrators and our own processes may count; for others it is empty.
    """
    if by.role not in {Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR, Role.MACHINE}:
        return {}
    found: dict[str, dict[str, int]] = {}
    for group, people in groups.items():
        mine = _marks(set(people))
        rows = VoluntaryAnswer.objects.filter(category=category, pseudonym__in=list(mine))
        said = {mine[mark]: value for mark, value in rows.values_list("pseudonym", "value")}
        total = len(set(mine.values()))
        counts = Counter(said.values())
        counts[NEVER_SAID] = total - len(said)
        found[group] = _folded(counts)
    return found


def _marks(people: set[UUID]) -> dict[str, UUID]:
    """Return whose each pseudonym is; of two records that are one person, the one that stayed."""
    absorbed = Person.objects.filter(merged_into__in=people).values_list("pk", "merged_into")
    owner = {person: person for person in people} | {key: survivor for key, survivor in absorbed if survivor}
    return {mark: survivor for record, survivor in owner.items() for mark in pseudonyms_of(record)}


def _folded(counts: Counter[str]) -> dict[str, int]:
    few = [name for name, n in counts.items() if n < FEWEST and name not in {NOT_SAID, NEVER_SAID}]
    kept = {name: n for name, n in counts.items() if name not in few and n}
    kept[NOT_SAID] = counts[NOT_SAID] + sum(counts[name] for name in few)
    return {name: n for name, n in sorted(kept.items()) if n >= FEWEST}
