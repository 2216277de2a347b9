"""People as records to compare, the pairs somebody should look at, and who was merged into whom."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from segue.catalog.models import Merge, PairState, Person, SamePair
from segue.engine.same_person.records import Records
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed, NotFound

# A person is as many records as they have addresses or numbers: the first holds both that are in use.
_PEOPLE = r"""
SELECT p.id, p.name, COALESCE(p.email, ''), p.phone, p.city,
    COALESCE(job.employer, ''), COALESCE(page.handle, ''), COALESCE(more.kind, ''), COALESCE(more.value, '')
FROM catalog_person p
LEFT JOIN LATERAL (
    SELECT COALESCE(f.value ->> 'employer', f.value ->> 'company', f.value ->> 'name') AS employer
    FROM catalog_fact f WHERE f.person_id = p.id AND f.kind = 'position' AND f.superseded_at IS NULL
      AND (f.purposes = '{}' OR 'recruiting' = ANY(f.purposes))
    ORDER BY f.value ->> 'end' DESC NULLS FIRST, f.value ->> 'start' DESC NULLS LAST, f.id DESC LIMIT 1
) job ON true
LEFT JOIN LATERAL (
    SELECT substring(r.text FROM '(?i)linkedin\.com/(?:in|pub)/([\w%%-]+)') AS handle
    FROM catalog_resume r WHERE r.person_id = p.id ORDER BY r.version DESC LIMIT 1
) page ON true
LEFT JOIN LATERAL (
    SELECT DISTINCT f.kind, f.value #>> '{}' AS value FROM catalog_fact f
    WHERE f.person_id = p.id AND f.kind IN ('email', 'phone') AND f.confidence > 0
      AND (f.purposes = '{}' OR 'recruiting' = ANY(f.purposes))
      AND lower(f.value #>> '{}') NOT IN (lower(COALESCE(p.email, '')), lower(p.phone))
    UNION SELECT 'email', t.email FROM catalog_person t WHERE t.merged_into_id = p.id AND t.email IS NOT NULL
) more ON true
WHERE p.erased_at IS NULL AND p.merged_into_id IS NULL
  AND (%(ids)s::uuid[] IS NULL OR p.id = ANY(%(ids)s::uuid[]))
ORDER BY p.id, more.kind NULLS FIRST, more.value
"""


@dataclass(frozen=True, slots=True)
class Comparable:
    """Records, and whose each is: people of several addresses have several."""

    ids: tuple[uuid.UUID, ...]
    records: Records


def people_to_compare(by: Actor, only: Iterable[uuid.UUID] | None = None) -> Comparable:
    """Return everybody present, or those named, as records. Only our own processes and the talent team."""
    if not (by.is_machine or by.is_talent_team):
        raise NotAllowed(_("Only the talent team says who is the same person."))
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"ids": None if only is None else list(only)})
        rows = cursor.fetchall()
    ids: list[uuid.UUID] = []
    columns: list[list[str]] = [[] for _field in range(6)]
    for person_id, name, email, phone, city, employer, handle, kind, value in rows:
        if not ids or ids[-1] != person_id:
            _append(ids, columns, person_id, (name, email, phone, handle, city, employer))
        if kind:
            address, number = (value, "") if kind == "email" else ("", value)
            _append(ids, columns, person_id, (name, address, number, handle, city, employer))
    given, emails, phones, profiles, cities, employers = columns
    empty = [""] * len(ids)
    records = Records(given, empty, emails, phones, profiles, cities, employers, empty)
    return Comparable(tuple(ids), records)


def _append(
    ids: list[uuid.UUID], columns: list[list[str]], person_id: uuid.UUID, values: Sequence[str]
) -> None:
    ids.append(person_id)
    for column, value in zip(columns, values, strict=True):
        column.append(value)


def employers_of(person_ids: Iterable[uuid.UUID], by: Actor) -> dict[uuid.UUID, str]:
    """Return the employer that each of these people is compared by: the one of their latest position."""
    ids = list(person_ids)
    if not ids:
        return {}
    found = people_to_compare(by, ids)
    return dict(zip(found.ids, found.records.employer, strict=True))


def pairs_visible_to(actor: Actor) -> QuerySet[SamePair]:
    """Return the pairs of records that may be one person; the talent team's and our processes' to see."""
    rows = SamePair.objects.select_related("first", "second")
    return rows if actor.is_talent_team or actor.is_machine else rows.none()


def open_pairs(actor: Actor) -> QuerySet[SamePair]:
    """Return the pairs to be looked at now, the likeliest first; what was put off waits its week."""
    due = Q(later_until=None) | Q(later_until__lte=clock.now())
    return pairs_visible_to(actor).filter(due, state=PairState.OPEN).order_by("-probability", "pk")


def pair_for(actor: Actor, pair_id: int) -> SamePair:
    """Return one pair. Raises NotFound where there is none for this actor."""
    found = pairs_visible_to(actor).filter(pk=pair_id).first()
    if found is None:
        raise NotFound(_("There is no such pair."), remedy=_("Load the page again."))
    return found


def merges_visible_to(actor: Actor) -> QuerySet[Merge]:
    """Return merges, the latest first, without their trails."""
    rows = Merge.objects.select_related("survivor", "merged").defer("changes").order_by("-merged_at", "-pk")
    return rows if actor.is_talent_team or actor.is_machine else rows.none()


def standing_merges_into(person: Person, by: Actor) -> list[Merge]:
    """Return who was merged into this person and still is."""
    return list(merges_visible_to(by).filter(survivor=person, undone_at=None))


def merge_for(actor: Actor, merge_id: uuid.UUID) -> Merge:
    """Return one merge. Raises NotFound where there is none for this actor."""
    found = merges_visible_to(actor).filter(pk=merge_id).first()
    if found is None:
        raise NotFound(_("There is no such merge."), remedy=_("Load the page again."))
    return found


def settled_pairs(by: Actor) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return the pairs somebody has decided about, as (smaller id, larger id)."""
    decided = pairs_visible_to(by).exclude(state=PairState.OPEN).annotate(a=F("first_id"), b=F("second_id"))
    return set(decided.values_list("a", "b"))
