"""People recruiters may find, as arrays: those who allow discovery, and whoever is named."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Subquery

from segue.catalog.models import Person
from segue.engine.columns import PersonColumns
from segue.learn.models import PersonFeatures
from segue.learn.queries.catalogue import Catalogue
from segue.learn.queries.model_input import person_columns
from segue.trust.models import Consent, Purpose
from segue.trust.queries.consent import purposes_granted_to

LOOK_AGAIN_S = 60.0
BOTH = frozenset({Purpose.PROFILE.value, Purpose.DISCOVERY.value})


@dataclass(frozen=True, eq=False)
class Pool:
    """P people as columns, with their ids in the same order."""

    version: str
    ids: tuple[uuid.UUID, ...]
    columns: PersonColumns


_held: list[tuple[float, Pool]] = []


def pool(catalogue: Catalogue) -> Pool:
    """Return everyone who allows discovery; at most a minute old, so check consent before showing."""
    at = time.monotonic()
    if _held and at - _held[0][0] < LOOK_AGAIN_S and _held[0][1].version.startswith(catalogue.lexicon.hash):
        return _held[0][1]
    version = _version(catalogue)
    if not _held or _held[0][1].version != version:
        _held[:] = [(at, _build(catalogue, version))]
    else:
        _held[:] = [(at, _held[0][1])]
    return _held[0][1]


def forget_pool() -> None:
    """Make the next call look again."""
    _held.clear()


def _version(catalogue: Catalogue) -> str:
    newest = Subquery(Consent.objects.order_by("-id").values("id")[:1])
    row = PersonFeatures.objects.aggregate(n=Count("pk"), at=Max("made_at"), consent=Max(newest))
    return f"{catalogue.lexicon.hash}|{catalogue.version}|{row['n']}|{row['at']}|{row['consent']}"


def _build(catalogue: Catalogue, version: str) -> Pool:
    rows = list(
        Person.objects.filter(features__model_hash=catalogue.lexicon.hash, erased_at__isnull=True)
        .select_related("features")
        .order_by("pk")
    )
    granted = purposes_granted_to([row.pk for row in rows])
    willing = [row for row in rows if granted.get(row.pk, frozenset()) >= BOTH]
    columns = person_columns(willing, [granted[row.pk] for row in willing], catalogue)
    return Pool(version, tuple(row.pk for row in willing), columns)


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
