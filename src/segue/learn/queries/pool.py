"""People recruiters may find, as arrays: those who allow discovery, and whoever is named."""

from __future__ import annotations

import sys
import threading
import time
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from django.db import connection

from segue.catalog.models import Person
from segue.engine.columns import PersonColumns
from segue.kit.prepared import fetch
from segue.learn.queries.catalogue import Catalogue
from segue.learn.queries.job_columns import name_rows
from segue.learn.queries.model_input import person_columns
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted_to

LOOK_AGAIN_S = 60.0
BOTH = frozenset({Purpose.PROFILE.value, Purpose.DISCOVERY.value})
MANY = 5_000  # people; more than these are looked through again while the pool of before still serves
MOVED = 1e-3  # length by which the jobs' mean may move before everybody is centred anew
_READ_AT_ONCE = 2_000
_READ_FIELDS = (
    *("skills", "licences", "permits", "lat", "lon", "country", "city", "remote", "willing_km"),
    *("pay_floor", "pay_currency", "pay_period"),
    *("features__model_hash", "features__vector", "features__title_vector", "features__terms"),
)
# One value for all people: 32 bytes each, their id, when their features were made, when they changed.
_STAMPS = """
WITH said AS (
    SELECT DISTINCT ON (person_id, purpose) person_id, granted FROM trust_consent
    WHERE purpose = ANY(%(purposes)s) ORDER BY person_id, purpose, at DESC, id DESC
), willing AS (
    SELECT person_id FROM said WHERE granted GROUP BY person_id HAVING count(*) = %(all)s::int
)
SELECT string_agg(
    uuid_send(p.id) || timestamptz_send(f.made_at) || timestamptz_send(p.updated_at), ''::bytea ORDER BY p.id
)
FROM willing w JOIN catalog_person p ON p.id = w.person_id JOIN learn_personfeatures f ON f.person_id = p.id
WHERE f.model_hash = %(model)s AND p.erased_at IS NULL AND p.merged_into_id IS NULL
"""
_STAMP, _ID = 32, 16


@dataclass(frozen=True, eq=False)
class Pool:
    """P people as columns, with their ids in the same order; licences have the catalogue's columns."""

    version: str
    ids: tuple[uuid.UUID, ...]
    columns: PersonColumns


@dataclass(frozen=True, eq=False)
class _Read:
    """People as they were read, centred by the jobs' means of then."""

    catalogue: Catalogue
    stamps: dict[bytes, int]
    ids: tuple[uuid.UUID, ...]
    licences: tuple[tuple[str, ...], ...]
    columns: PersonColumns
    pools: list[Pool] = field(default_factory=list)  # at most one: as the catalogue of now numbers licences


_held: list[tuple[float, _Read]] = []
_reading = threading.Lock()


def pool(catalogue: Catalogue) -> Pool:
    """Return everyone who allows discovery; some minutes old at most, so check consent before showing."""
    at = time.monotonic()
    held = _held[0] if _held else None
    if held is None or not _serves(held[1], catalogue):
        return _numbered(_look_again(catalogue), catalogue)
    if at - held[0] >= LOOK_AGAIN_S:
        if len(held[1].ids) <= MANY:
            return _numbered(_look_again(catalogue), catalogue)
        _held[:] = [(at, held[1])]  # whoever comes next need not look too
        threading.Thread(target=_look_again_apart, args=[catalogue], daemon=True).start()
    return _numbered(held[1], catalogue)


def forget_pool() -> None:
    """Make the next call look again."""
    _held.clear()


def _serves(read: _Read, catalogue: Catalogue) -> bool:
    """Say whether people centred then can still be compared with the jobs of now."""
    before = read.catalogue
    if before.lexicon is not catalogue.lexicon or before.rates != catalogue.rates:
        return False
    moved = (before.mean_vec - catalogue.mean_vec, before.mean_title_vec - catalogue.mean_title_vec)
    return all(float(np.linalg.norm(by)) <= MOVED for by in moved)


def _look_again_apart(catalogue: Catalogue) -> None:
    try:
        _look_again(catalogue)
    finally:
        connection.close()


def _look_again(catalogue: Catalogue) -> _Read:
    with _reading:
        before = _held[0][1] if _held else None
        if before is None or not _serves(before, catalogue):
            before = _Read(catalogue.without_jobs(), {}, (), (), _columns([], catalogue))
        read = _read(before)
        _held[:] = [(time.monotonic(), read)]
        return read


def _read(before: _Read) -> _Read:
    """Take over who has kept their stamp and read the others, some at a time, so that memory stays small."""
    values = {"purposes": sorted(BOTH), "all": len(BOTH), "model": before.catalogue.lexicon.hash}
    ((told,),) = fetch(_STAMPS, values, binary=True)
    told = bytes(told or b"")
    stamps = [told[at : at + _STAMP] for at in range(0, len(told), _STAMP)]
    if len(stamps) == len(before.stamps) and all(map(before.stamps.__contains__, stamps)):
        return before
    news = [uuid.UUID(bytes=stamp[:_ID]) for stamp in stamps if stamp not in before.stamps]
    ids, licences, tables = list(before.ids), list(before.licences), [before.columns]
    for low in range(0, len(news), _READ_AT_ONCE):
        rows = Person.objects.filter(pk__in=news[low : low + _READ_AT_ONCE]).select_related("features")
        some = list(rows.only(*_READ_FIELDS))
        ids += [person.pk for person in some]
        licences += [tuple(map(sys.intern, person.licences)) for person in some]
        tables.append(_columns(some, before.catalogue))
    fresh = {person_id.bytes: row for row, person_id in enumerate(ids) if row >= len(before.ids)}
    places = [before.stamps.get(stamp, fresh.get(stamp[:_ID], -1)) for stamp in stamps]
    kept = [(stamp, row) for stamp, row in zip(stamps, places, strict=True) if row >= 0]  # erased meanwhile
    order = np.array([row for _, row in kept], dtype=np.intp)
    return _Read(
        catalogue=before.catalogue,
        stamps={stamp: i for i, (stamp, _) in enumerate(kept)},
        ids=tuple(ids[row] for row in order),
        licences=tuple(licences[row] for row in order),
        columns=PersonColumns.joined(tables, order),
    )


def _columns(people: Sequence[Person], catalogue: Catalogue) -> PersonColumns:
    """A lean table: nobody's wish is read here, and words need no more than single precision."""
    columns = person_columns(people, [BOTH] * len(people), catalogue)
    return replace(
        columns,
        wish_vec=np.zeros((len(people), 0), dtype=np.float32),
        words=columns.words.astype(np.float32),
        licences=np.zeros((len(people), 0), dtype=np.bool_),
    )


def _numbered(read: _Read, catalogue: Catalogue) -> Pool:
    """Lay the licences out in the columns that the jobs of now have; they come and go with jobs."""
    if not read.pools or read.pools[0].version != catalogue.version:
        licences = name_rows([list(names) for names in read.licences], catalogue.licence_column)
        columns = replace(read.columns, licences=licences)
        read.pools[:] = [Pool(catalogue.version, read.ids, columns)]
    return read.pools[0]


def applicants_pool(
    person_ids: Collection[uuid.UUID],
    catalogue: Catalogue,
    *,
    granted: Mapping[uuid.UUID, frozenset[str]] | None = None,
) -> Pool:
    """Return named applicants who allow their profile to be read; they asked to be considered.

    Pass `granted` where the caller already read the consents.
    """
    granted = purposes_granted_to(person_ids) if granted is None else granted
    readable = [pk for pk in person_ids if Purpose.PROFILE in granted.get(pk, frozenset())]
    rows = list(
        Person.objects.filter(pk__in=readable, features__model_hash=catalogue.lexicon.hash)
        .select_related("features")
        .order_by("pk")
    )
    columns = person_columns(rows, [granted[row.pk] for row in rows], catalogue)
    return Pool("", tuple(row.pk for row in rows), columns)
