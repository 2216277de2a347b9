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

_UUID_NOT_OURS = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?(?!7)[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.I)
_RANDOM = re.compile(r"(?=[^0-9]*[0-9])(?=.*[G-Zg-z])[A-Za-z0-9_-]{16,}")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One model's entry: the path to its person, its purpose, and what erasure does to it."""

    model: type[models.Model]
    person_path: str
    purpose: str
    on_erase: str  # "delete" | "anonymise" | "keep" (keep needs a lawful reason in `purpose`)
    exported: bool = True
    on_merge: str = "move"  # "move" to the survivor | "stay": proofs, and what can be worked out anew


_register: dict[str, PersonalData] = {}
_no_personal_data: dict[str, str] = {}


def holds_personal_data(
    *, person: str, purpose: str, on_erase: str = "delete", exported: bool = True, on_merge: str = "move"
) -> Callable[[M], M]:
    """Register a model whose rows are about a person, reached by the lookup path `person`."""

    def note(model: M) -> M:
        label = model._meta.label
        _register[label] = PersonalData(model, person, purpose, on_erase, exported, on_merge)
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
        forms = {form for word in self.words for form in forms_in_text(word)}
        return [f'%"{_like(form)}"%' if len(form) < SHORT else f"%{_like(form)}%" for form in sorted(forms)]


def forms_in_text(word: str) -> set[str]:
    """Return how a word stands in JSON, with and without its letters beyond ASCII escaped."""
    return {json.dumps(word, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}


def pair_patterns(key: str, word: str) -> list[str]:
    """Return the LIKE patterns of exactly this pair in JSON: nothing else that holds the word is meant."""
    forms = sorted(forms_in_text(word))
    return [f'%"{_like(key)}":{space}"{_like(form)}"%' for form in forms for space in ("", " ")]


def is_unmistakable(word: str) -> bool:
    """Say whether an id somebody else chose can be looked for in any text without finding other people's.

    A UUID can, and so can a long mix of letters and digits. "2026-11" or "recruiter" stands in every text,
    and whoever sent it as their own id would take all of that along when they are erased. So would the
    number of a job, which is in its address: our rows have UUIDs of version 7, so neither these nor other
    hexadecimals, which may be a piece of one, are looked for.
    """
    return bool(_UUID_NOT_OURS.fullmatch(word) or _RANDOM.fullmatch(word))


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
