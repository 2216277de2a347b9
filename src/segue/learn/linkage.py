"""The interface this room wants from whatever weighs how likely two records are one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

WORTH_ASKING = 0.02  # less likely pairs are rarely one person, and somebody's time is worth more
Kind = Literal["name", "word", "exact", "digits"]
Table = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class Column:
    """A thing to compare. `name` reads the columns name, given and family; `word` forgives a slip.

    `rare` lets a rare value weigh more than a common one.
    """

    title: str
    kind: Kind
    rare: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """What is compared, which records are worth comparing, and from which of them the weights are learned.

    `blocks` and `training` are lists of columns that must all be equal; `sure` are those whose equality
    nearly always means one person, with the part of all true pairs they are thought to find.
    """

    columns: tuple[Column, ...]
    blocks: tuple[tuple[str, ...], ...]
    training: tuple[tuple[str, ...], ...]
    sure: tuple[tuple[str, ...], ...]
    sure_part: float = 0.6


PEOPLE = Schema(
    columns=(
        Column("name", "name"),
        Column("email", "exact"),
        Column("local_part", "word", rare=True),
        Column("phone", "digits"),
        Column("profile", "exact"),
        Column("city", "word", rare=True),
        Column("employer", "word", rare=True),
        Column("born", "digits"),
    ),
    blocks=(
        ("email",),
        ("phone",),
        ("profile",),
        ("name",),
        ("given", "city"),
        ("family", "city"),
        ("given", "employer"),
        ("family", "employer"),
        ("local_part",),
    ),
    training=(("email",), ("phone",), ("name", "city")),
    sure=(("email", "name"), ("phone", "name"), ("profile",)),
)


@dataclass(frozen=True)
class Scored:
    """Pairs of rows with the probability that they are one person; the likeliest first."""

    pairs: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), np.int64))
    probability: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))


class Linker(Protocol):
    """Weighs pairs of records; it learns its weights from the table itself, without labels."""

    def score(self, table: Table, schema: Schema, *, at_least: float) -> Scored:
        """Return the pairs at least so likely. A table too small to learn from may give none."""
        ...
