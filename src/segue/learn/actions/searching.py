"""The index people are found by: a row for everybody present, made anew when their words change."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from segue.catalog.models import PRESENT, Fact, Person, Resume
from segue.catalog.queries.skills import labels
from segue.engine.query.lexemes import vector_of
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.actions.segments.rows import write_segment_rows
from segue.learn.models import SearchRow
from segue.learn.queries.readable import EMPLOYER, SCHOOL, Profile, profiles_of

BATCH = 1_000
_KEPT = ["source_hash", "words", "head", "skills", "lat", "lon", "stated_at", "changed_at"]
_VERSION = "1"  # one character: of how texts become lexemes; another makes every row anew


@action("learn.index_person")
def index_person(person_id: uuid.UUID, *, by: Actor) -> int:
    """Bring one person's row up to date; whoever is not present any more has none. Returns rows written."""
    return _index([person_id])


@action("learn.index_people")
def index_people(*, by: Actor, anew: bool = False) -> dict[str, int]:
    """Bring the rows of everybody about whom anything was said since up to date, or make all anew."""
    gone, _ = SearchRow.objects.exclude(person__in=Person.objects.filter(PRESENT)).delete()
    people = Person.objects.filter(PRESENT) if anew else _said_something()
    ids = people.order_by("pk").values_list("pk", flat=True)
    written = sum(_index(some, anew=anew) for some in _some_of(ids.iterator(BATCH)))
    if written > BATCH:
        _settle_index()
    return {"written": written, "gone": gone, "people": SearchRow.objects.count()}


def _said_something() -> QuerySet[Person]:
    """People without a row, and those of whom anything is newer than it."""
    newer = Q(stated_at__gt=OuterRef("found_by__changed_at")) | Q(
        superseded_at__gt=OuterRef("found_by__changed_at")
    )
    facts = Fact.objects.filter(newer, person=OuterRef("pk"))
    resumes = Resume.objects.filter(person=OuterRef("pk"), received_at__gt=OuterRef("found_by__changed_at"))
    said = (
        Q(found_by=None)
        | Q(segment_row=None)
        | Q(updated_at__gt=F("found_by__stated_at"))
        | Exists(facts)
        | Exists(resumes)
    )
    return Person.objects.filter(PRESENT).filter(said)


def _some_of(ids: Iterator[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    batch: list[uuid.UUID] = []
    for one in ids:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _settle_index() -> None:
    """Take many new rows from the index's waiting list into the index, and tell the planner of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('search_words')")
        cursor.execute("ANALYZE learn_searchrow, learn_segmentrow, catalog_person")


def _index(ids: Sequence[uuid.UUID], *, anew: bool = False) -> int:
    profiles = profiles_of(ids)
    write_segment_rows(profiles, ids)
    SearchRow.objects.filter(person_id__in={*ids} - {profile.person.pk for profile in profiles}).delete()
    kept = ("source_hash", "stated_at", "changed_at")
    known = {row.pk: row for row in SearchRow.objects.filter(pk__in=ids).only(*kept)}
    names = labels({slug for profile in profiles for slug in profile.skills})
    rows = []
    for profile in profiles:
        digest = f"{_VERSION}{profile.digest}"[:64]
        before = known.get(profile.person.pk)
        if anew or before is None or before.source_hash != digest:
            rows.append(row_of(profile, names, digest))
            if before is not None and before.source_hash[1:] == digest[1:]:
                rows[-1].changed_at = before.changed_at  # made anew, and nothing new in it
        elif before.stated_at != profile.person.updated_at:
            SearchRow.objects.filter(pk=before.pk).update(stated_at=profile.person.updated_at)
    SearchRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person"], update_fields=_KEPT, batch_size=200
    )
    return len(rows)


def row_of(profile: Profile, names: dict[str, str], digest: str) -> SearchRow:
    """Make a person's row of what may be read of them."""
    head, tags = list(_head(profile, names)), list(_tags(profile))
    lat, lon = profile.place
    return SearchRow(
        person_id=profile.person.pk,
        source_hash=digest,
        words=vector_of([*head, (profile.resume, "", "C")], tags),
        head=vector_of(head, tags),
        skills=profile.skills,
        lat=lat,
        lon=lon,
        stated_at=profile.person.updated_at,
        changed_at=clock.now(),
    )


def _head(profile: Profile, names: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Passages (text, field, weight), what says most about somebody first."""
    yield profile.said("name"), "name", "A"
    yield profile.said("headline"), "title", "A"
    yield profile.said("email"), "", "B"
    yield profile.said("city"), "city", "B"
    yield profile.person.source, "source", "D"
    for slug in profile.skills:
        yield names.get(slug, slug), "", "B"
    for records, keys, field in (
        (profile.positions, ("title",), "title"),
        (profile.positions, EMPLOYER, "employer"),
        (profile.education, SCHOOL, "school"),
        (profile.education, ("title", "area"), ""),
    ):
        for text in profile.records(records, *keys):
            yield text, field, "B"


def _tags(profile: Profile) -> Iterator[tuple[str, str]]:
    yield from (("skill", slug) for slug in profile.skills)
    yield from (
        (column, profile.said(column).lower()) for column in ("country", "remote") if profile.said(column)
    )
