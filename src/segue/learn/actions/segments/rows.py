"""What rules read of people, in one narrow row each; made beside the row they are searched by."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import connection

from segue.engine.segments.history import education_level, experience
from segue.learn.models import SegmentRow, Taste
from segue.learn.queries.readable import Profile

_KEPT = [field.name for field in SegmentRow._meta.fields if field.name not in {"person"}]
_ABOUT = [name for name in _KEPT if name not in {"profile", "behaviour", "discovery", "contact"}]
_DEGREE = ("degree", "title", "studyType", "area")

# As the trigger of migration 0006 does for one: a new row begins with what is granted now.
_GRANTED = """
UPDATE learn_segmentrow r SET
    profile = s.profile, behaviour = s.behaviour, discovery = s.discovery, contact = s.contact
FROM (
    SELECT person.id,
           COALESCE(bool_or(granted) FILTER (WHERE purpose = 'profile'), FALSE) AS profile,
           COALESCE(bool_or(granted) FILTER (WHERE purpose = 'behaviour'), FALSE) AS behaviour,
           COALESCE(bool_or(granted) FILTER (WHERE purpose = 'discovery'), FALSE) AS discovery,
           COALESCE(bool_or(granted) FILTER (WHERE purpose = 'contact'), FALSE) AS contact
    FROM unnest(%s::uuid[]) AS person(id)
    LEFT JOIN (
        SELECT DISTINCT ON (person_id, purpose) person_id, purpose, granted FROM trust_consent
        WHERE person_id = ANY(%s::uuid[]) ORDER BY person_id, purpose, at DESC, id DESC
    ) latest ON latest.person_id = person.id
    GROUP BY person.id
) s
WHERE r.person_id = s.id AND (r.profile, r.behaviour, r.discovery, r.contact)
    IS DISTINCT FROM (s.profile, s.behaviour, s.discovery, s.contact)
"""


def write_segment_rows(profiles: Sequence[Profile], ids: Sequence[uuid.UUID]) -> None:
    """Make the rows of these people anew; of `ids`, whoever has no profile any more loses theirs."""
    known = [profile.person.pk for profile in profiles]
    SegmentRow.objects.filter(person_id__in={*ids} - {*known}).delete()
    wishes = dict(Taste.objects.filter(person_id__in=known).values_list("person_id", "wishes"))
    SegmentRow.objects.bulk_create(
        [_row_of(profile, wishes.get(profile.person.pk) or {}) for profile in profiles],
        update_conflicts=True,
        unique_fields=["person"],
        update_fields=_ABOUT,
        batch_size=500,
    )
    with connection.cursor() as cursor:
        cursor.execute(_GRANTED, [known, known])


def _row_of(profile: Profile, wishes: dict[str, float]) -> SegmentRow:
    person = profile.person
    lat, lon = profile.place
    years, since = experience(profile.positions)
    return SegmentRow(
        person_id=person.pk,
        country=profile.said("country").upper(),
        language=profile.said("locale").partition("-")[0].lower(),
        lat=lat,
        lon=lon,
        remote=profile.said("remote"),
        years=years,
        working_since=since,
        education=education_level(profile.records(profile.education, *_DEGREE)),
        skills=profile.skills,
        licences=profile.licences,
        wishes=sorted(f"{'+' if value > 0 else '-'}{key}"[:140] for key, value in wishes.items() if value),
        source=person.source,
        joined_at=person.created_at,
        stated_at=person.updated_at,
    )
