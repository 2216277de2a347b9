"""Everybody who may be recommended to, some thousands at a time: the consent gate for those who work in bulk.

What holds for one person in `model_input` holds here for many: what somebody has not allowed is not in any
array. Only what a product of points needs is read, so a million people cost no more memory than a block.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from segue.catalog.models import PRESENT, Person
from segue.engine.columns import PersonColumns
from segue.engine.task import Log
from segue.engine.vectors import centre
from segue.learn.models import Taste
from segue.learn.packing import unpack_vectors
from segue.learn.queries.catalogue import Catalogue
from segue.learn.queries.events import Event, applied_jobs, raw_events_of, weighted
from segue.learn.queries.job_columns import name_rows
from segue.learn.queries.model_input import limits_of
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted_to

USABLE = frozenset({Purpose.PROFILE.value, Purpose.BEHAVIOUR.value})
_FIELDS = (
    *("licences", "permits", "lat", "lon", "country", "city", "remote", "willing_km"),
    *("pay_floor", "pay_currency", "pay_period"),
    *("features__model_hash", "features__vector", "taste__behaviour_since"),
)


@dataclass(frozen=True, eq=False)
class Crowd:
    """P people in the order of their ids: those of a stretch of all people who allow anything to be used.

    `vec` float32[P, D], zeros without the profile switch; `limits`: what they will not do, in the catalogue's
    columns; `events`: what they did, none without the behaviour switch; `applied`: jobs they stand for.
    `last` is the id the stretch ends with, also where its people allow nothing.
    """

    last: uuid.UUID
    ids: tuple[uuid.UUID, ...]
    vec: NDArray[np.float32]
    limits: PersonColumns
    events: tuple[list[Event], ...]
    applied: tuple[frozenset[uuid.UUID], ...]

    def __len__(self) -> int:
        return len(self.ids)

    def log(self, row_of: dict[uuid.UUID, int], jobs: int) -> Log:
        """What speaks for a job, by rows of the crowd and of the jobs; skips and the like do not."""
        told = [
            (person, row_of[event.job_id], event.at.timestamp() / 86_400)
            for person, events in enumerate(self.events)
            for event in events
            if event.weight > 0 and event.job_id in row_of
        ]
        person, job, day = zip(*told, strict=True) if told else ((), (), ())
        return Log.of(person, job, day, people=len(self), jobs=jobs)


def crowd_after(last: uuid.UUID | None, catalogue: Catalogue, *, at_most: int) -> Crowd | None:
    """Return the next stretch of so many people by id, those among them who allow anything; None at the end.

    Five queries a stretch, however many people are in it.
    """
    rows = Person.objects.filter(PRESENT)
    if last is not None:
        rows = rows.filter(pk__gt=last)
    people = list(rows.select_related("features", "taste").only(*_FIELDS).order_by("pk")[:at_most])
    if not people:
        return None
    granted = purposes_granted_to([person.pk for person in people])
    asked = [one for one in people if granted.get(one.pk, frozenset()) & USABLE]
    behaviour = {one.pk for one in asked if Purpose.BEHAVIOUR in granted[one.pk]}
    raw = raw_events_of([one.pk for one in asked], behaviour=behaviour)
    shown = [one if Purpose.PROFILE in granted[one.pk] else None for one in asked]
    return Crowd(
        last=people[-1].pk,
        ids=tuple(one.pk for one in asked),
        vec=_vectors(shown, catalogue),
        limits=_limits(asked, shown, catalogue),
        events=tuple(
            weighted(raw[one.pk], since=_since(one)) if one.pk in behaviour else [] for one in asked
        ),
        applied=tuple(applied_jobs(raw[one.pk]) for one in asked),
    )


def still_allowing(person_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Return who of these people is not erased and allows their profile or behaviour to be used, now."""
    granted = purposes_granted_to(person_ids)
    willing = [one for one, said in granted.items() if said & USABLE]
    return set(Person.objects.filter(PRESENT, pk__in=willing).values_list("pk", flat=True))


def _vectors(shown: Sequence[Person | None], catalogue: Catalogue) -> NDArray[np.float32]:
    features = [getattr(person, "features", None) if person else None for person in shown]
    read = [f.vector if f and f.model_hash == catalogue.lexicon.hash else b"" for f in features]
    return centre(unpack_vectors(read, catalogue.lexicon.dim), catalogue.mean_vec).astype(np.float32)


def _limits(people: Sequence[Person], shown: Sequence[Person | None], catalogue: Catalogue) -> PersonColumns:
    return replace(
        PersonColumns.blank(np.arange(len(people)), licences=len(catalogue.licence_column)),
        licences=name_rows([p.licences if p else [] for p in shown], catalogue.licence_column),
        licences_known=np.array([bool(p and p.licences) for p in shown], dtype=np.bool_),
        **limits_of(shown, catalogue.rates),
    )


def _since(person: Person) -> datetime | None:
    taste: Taste | None = getattr(person, "taste", None)
    return taste.behaviour_since if taste else None
