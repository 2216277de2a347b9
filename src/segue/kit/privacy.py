"""The privacy register: every model that holds personal data says so, why, and how it goes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import models

M = TypeVar("M", bound=type[models.Model])
SHORT = (
    6  # a word this short is looked for as a whole value only: "42" is somebody's number, and in every text
)


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One model's entry: the path to its person, its purpose, and what erasure does to it."""

    model: type[models.Model]
    person_path: str
    purpose: str
    on_erase: str  # "delete" | "anonymise" | "keep" (keep needs a lawful reason in `purpose`)
    exported: bool = True


_register: dict[str, PersonalData] = {}
_no_personal_data: dict[str, str] = {}


def holds_personal_data(
    *, person: str, purpose: str, on_erase: str = "delete", exported: bool = True
) -> Callable[[M], M]:
    """Register a model whose rows are about a person, reached by the lookup path `person`."""

    def note(model: M) -> M:
        label = model._meta.label
        _register[label] = PersonalData(model, person, purpose, on_erase, exported)
        return model

    return note


def holds_no_personal_data(why: str) -> Callable[[M], M]:
    """Register a model that holds nothing about anybody, saying why that is so."""

    def note(model: M) -> M:
        _no_personal_data[model._meta.label] = why
        return model

    return note


def personal_data() -> tuple[PersonalData, ...]:
    """Return the register, in the order of the models' labels."""
    return tuple(_register[label] for label in sorted(_register))


def is_registered(model: type[models.Model]) -> bool:
    label = model._meta.label
    return label in _register or label in _no_personal_data


@dataclass(frozen=True, slots=True)
class Traces:
    """Whom an erasure is about, and every word that tells of them: addresses, names, numbers, ids."""

    person_id: UUID
    words: frozenset[str]

    def patterns(self) -> list[str]:
        """Return the words as LIKE patterns, as they stand in text and in JSON."""
        forms = {
            json.dumps(word, ensure_ascii=ascii_only)[1:-1]
            for word in self.words
            for ascii_only in (True, False)
        }
        return [f'%"{_like(form)}"%' if len(form) < SHORT else f"%{_like(form)}%" for form in sorted(forms)]


TraceFinder = Callable[[UUID], Iterable[str]]
Forgetter = Callable[[Traces], dict[str, int]]
_finders: list[TraceFinder] = []
_forgetters: list[Forgetter] = []


def finds_traces(finder: TraceFinder) -> TraceFinder:
    """Register a function that returns the words by which a room knows a person."""
    _finders.append(finder)
    return finder


def on_erasure(forgetter: Forgetter) -> Forgetter:
    """Register what a room must forget beyond its rows along the register's paths.

    It runs inside the erasure's transaction, before the register's rows go, and returns how many
    rows of each model it changed.
    """
    _forgetters.append(forgetter)
    return forgetter


def traces_of(person_id: UUID) -> Traces:
    """Ask every room for the words that tell of a person."""
    words = {word.strip() for finder in _finders for word in finder(person_id)}
    return Traces(person_id, frozenset(words - {""}))


def forgetters() -> tuple[Forgetter, ...]:
    return tuple(_forgetters)


def _like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
