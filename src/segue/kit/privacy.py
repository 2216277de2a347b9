"""The privacy register: every model that holds personal data says so, why, and how it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import models

M = TypeVar("M", bound=type[models.Model])


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
