"""Everything a model may read of a person, and nothing more: the consent gate on the way in.

What a person has not allowed does not reach an array. Limits they set themselves (pay floor,
travel distance, hidden jobs) are part of the profile and go with that switch; hiding a job is
an order, not data, and always holds.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from scipy import sparse

from segue.catalog.models import PRESENT, Person
from segue.engine.columns import PersonColumns
from segue.engine.text import weigh
from segue.engine.vectors import centre
from segue.kit.errors import NotFound
from segue.kit.memory import Memory
from segue.kit.prepared import Reading
from segue.learn.models import PersonFeatures, Taste
from segue.learn.packing import unpack_counts, unpack_vectors
from segue.learn.queries.behaviour import behaviour_hash
from segue.learn.queries.catalogue import Catalogue, catalogue, version_of, version_parts
from segue.learn.queries.events import Event, applied_jobs, raw_events, weighted
from segue.learn.queries.job_columns import REMOTE_CODE, floats, name_rows, pay_a_year, skill_rows
from segue.trust.models import Consent, Dial, Purpose
from segue.trust.queries.dials import AI_ON

KEPT_PEOPLE = 500  # a process holds the columns of so many
_PACKED = ("vector", "title_vector", "terms")
_STATED = (
    *("skills", "licences", "permits", "lat", "lon", "country", "city", "remote", "willing_km"),
    *("pay_floor", "pay_currency", "pay_period"),
)  # what `person_columns` reads beside the features


@dataclass(frozen=True, eq=False)
class ModelInput:
    """One person as the models see them now."""

    person: Person
    granted: frozenset[str]
    columns: PersonColumns
    events: list[Event]
    wishes: dict[str, float]
    applied: frozenset[uuid.UUID]
    behaviour_model: str = ""  # the hash of the one in force, where their acts may be read
    ai_on: bool = True  # False: the dial is off, and nothing learned may order anything

    @property
    def uses_profile(self) -> bool:
        return Purpose.PROFILE in self.granted

    @property
    def uses_behaviour(self) -> bool:
        return Purpose.BEHAVIOUR in self.granted

    @property
    def personalised(self) -> bool:
        return self.uses_profile or self.uses_behaviour

    def digest(self) -> str:
        """Name the input: two equal digests mean that the model read the same."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        numbers = _numbers_of(self.columns).copy()
        plain: dict[str, Any] = {
            "granted": sorted(self.granted),
            "events": [event.id for event in self.events],
            "wishes": self.wishes,
            "applied": sorted(str(job_id) for job_id in self.applied),
        }
        numbers.update(json.dumps(plain, sort_keys=True).encode())
        return str(numbers.hexdigest())


_digests: WeakKeyDictionary[PersonColumns, Any] = WeakKeyDictionary()


def _numbers_of(columns: PersonColumns) -> Any:
    """The hash of a person's columns, worked out once for the same arrays."""
    numbers = _digests.get(columns)
    if numbers is None:
        numbers = hashlib.sha256()
        for column in fields(columns):
            if column.name != "ids":
                numbers.update(column.name.encode())
                numbers.update(_bytes_of(getattr(columns, column.name)))
        _digests[columns] = numbers
    return numbers


def _bytes_of(column: Any) -> bytes:
    """Name what a column holds; names and permits by their text, numbers by their bits."""
    if isinstance(column, sparse.csr_array):
        parts = (column.indptr, column.indices, column.data)
        return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)
    if isinstance(column, np.ndarray) and column.dtype.kind not in "OU":
        return np.ascontiguousarray(column).tobytes()
    plain = column.tolist() if isinstance(column, np.ndarray) else [sorted(p) if p else p for p in column]
    return json.dumps(plain).encode()


def person_row(person_id: uuid.UUID, *, lock: bool = False) -> Person:
    """Read one person with features, taste and consents in one query; NotFound for nobody."""
    found = (_LOCKED if lock else _ONE).read(person_id=person_id)
    if not found:
        raise NotFound("No such person.", field="person", remedy="Check the address or id.")
    return found[0]


def model_input_for(person_id: uuid.UUID, catalogue: Catalogue) -> ModelInput:
    """Read one person in two queries."""
    return input_from(person_row(person_id), catalogue)


def input_from(row: Person, catalogue: Catalogue) -> ModelInput:
    """Complete a row from `person_row` with what the ledger holds, in one query."""
    granted = granted_to(row)
    raw = raw_events(row.pk, behaviour=Purpose.BEHAVIOUR in granted)
    taste: Taste | None = getattr(row, "taste", None)
    since = taste.behaviour_since if taste else None
    return ModelInput(
        person=row,
        granted=granted,
        columns=_columns_of(row, granted, catalogue),
        events=weighted(raw, since=since) if Purpose.BEHAVIOUR in granted else [],
        wishes=dict(taste.wishes) if taste and Purpose.PROFILE in granted else {},
        applied=applied_jobs(raw),
        behaviour_model=getattr(row, "behaviour_model", None) or "" if Purpose.BEHAVIOUR in granted else "",
        ai_on=_ai_is_on(row),
    )


@dataclass(frozen=True, eq=False)
class _Kept:
    """A person's columns with all that they were made of."""

    made_of: tuple[Any, ...]
    basis: int
    columns: PersonColumns


_kept: Memory[uuid.UUID, _Kept] = Memory(KEPT_PEOPLE)


def _columns_of(row: Person, granted: frozenset[str], catalogue: Catalogue) -> PersonColumns:
    """One person's columns: the very same arrays until something changes that they are made of."""
    made_of = _made_of(row, granted)
    found = _kept.get(row.pk)
    if found is None or found.basis != catalogue.basis or found.made_of != made_of:
        columns = person_columns([row], [granted], catalogue)
        found = _kept.put(row.pk, _Kept(made_of, catalogue.basis, columns))
    return found.columns


def _made_of(row: Person, granted: frozenset[str]) -> tuple[Any, ...]:
    if Purpose.PROFILE not in granted:
        return ()
    features: PersonFeatures | None = getattr(row, "features", None)
    numbers = [bytes(getattr(features, name)) for name in _PACKED] if features else []
    return (features.model_hash if features else "", *numbers, *(repr(getattr(row, n)) for n in _STATED))


def _people() -> QuerySet[Person]:
    """People with features, taste, consents, the AI dial and the catalogue's version, in one query."""
    latest = (
        Consent.objects.filter(person=OuterRef("pk"))
        .order_by()
        .values("person")
        .annotate(all=ArrayAgg(JSONObject(p="purpose", g="granted"), order_by=["at", "id"]))
        .values("all")
    )
    return Person.objects.select_related("features", "taste").annotate(
        consent_log=Subquery(latest),
        ai_dial=Subquery(Dial.objects.filter(pk=AI_ON).values("value")[:1]),
        behaviour_model=behaviour_hash(),
        **version_parts(),
    )


_ONE = Reading(lambda person_id: _people().filter(PRESENT, pk=person_id), person_id=uuid.UUID)
_LOCKED = Reading(
    lambda person_id: _people().filter(PRESENT, pk=person_id).select_for_update(of=("self",)),
    person_id=uuid.UUID,
)


def catalogue_seen_with(row: Person) -> Catalogue | None:
    """Return the catalogue as it stood when `person_row` read this row, without asking again."""
    return catalogue(version_of(vars(row)))


def _ai_is_on(row: Person) -> bool:
    turned = getattr(row, "ai_dial", None)
    return True if turned is None else bool(turned)


def granted_to(row: Person) -> frozenset[str]:
    """Return the purposes granted by a person read with `person_row`."""
    said = {one["p"]: one["g"] for one in getattr(row, "consent_log", None) or []}
    return frozenset(purpose for purpose, granted in said.items() if granted)


def person_columns(
    people: Sequence[Person], granted: Sequence[frozenset[str]], catalogue: Catalogue
) -> PersonColumns:
    """Arrays for people whose `features` are loaded; without the profile switch a row stays blank."""
    lexicon = catalogue.lexicon
    seen = [p if Purpose.PROFILE in g else None for p, g in zip(people, granted, strict=True)]
    features = [_features(person, lexicon.hash) if person else None for person in seen]
    words = unpack_counts([f.terms if f else b"" for f in features], len(lexicon.vocabulary))
    vec = unpack_vectors([f.vector if f else b"" for f in features], lexicon.dim)
    title_vec = unpack_vectors([f.title_vector if f else b"" for f in features], lexicon.dim)
    blank = PersonColumns.blank(
        [str(person.pk) for person in people],
        dim=lexicon.dim,
        words=len(lexicon.vocabulary),
        skills=len(lexicon.skill_slugs),
        licences=len(catalogue.licence_column),
    )
    return replace(
        blank,
        vec=centre(vec, catalogue.mean_vec),
        title_vec=centre(title_vec, catalogue.mean_title_vec),
        words=weigh(words, lexicon.vocabulary.idf),
        skills=skill_rows([p.skills if p else [] for p in seen], lexicon),
        licences=name_rows([p.licences if p else [] for p in seen], catalogue.licence_column),
        licences_known=np.array([bool(p and p.licences) for p in seen], dtype=np.bool_),
        **limits_of(seen, catalogue.rates),
    )


def _features(person: Person, model_hash: str) -> PersonFeatures | None:
    features: PersonFeatures | None = getattr(person, "features", None)
    return features if features is not None and features.model_hash == model_hash else None


def limits_of(seen: Sequence[Person | None], known: dict[str, float]) -> dict[str, Any]:
    """Columns of what people said about place, pay (at the rates the jobs were), permits and remote work."""
    return {
        "permits": tuple(frozenset(p.permits) if p and p.permits else None for p in seen),
        "lat": floats([p.lat if p else None for p in seen]),
        "lon": floats([p.lon if p else None for p in seen]),
        "country": np.array([p.country if p else "" for p in seen], dtype=np.str_),
        "region": np.array([p.country if p else "" for p in seen], dtype=np.str_),
        "place": np.array([p.city.casefold() if p else "" for p in seen], dtype=np.str_),
        "willing_km": floats([p.willing_km if p else None for p in seen]),
        "remote_only": np.array([bool(p and p.remote == "remote") for p in seen], dtype=np.bool_),
        "wish_remote": np.array([REMOTE_CODE[p.remote if p else ""] for p in seen], dtype=np.int8),
        "pay_floor_year": floats(
            [pay_a_year(p.pay_floor, p.pay_period, p.pay_currency, known) if p else None for p in seen]
        ),
    }
