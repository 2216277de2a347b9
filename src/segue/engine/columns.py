"""The tables the engine reads: n jobs or n people as a struct of arrays.

Unknown is NaN for numbers, "" for names, RemoteMode.UNKNOWN for modes, and an all-zero row for vectors.
Start from `blank(n, …)`, where everything is unknown, and `dataclasses.replace` the columns you have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.place import RemoteMode
from segue.engine.skills import Demand

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
NameArray = NDArray[Any]  # text; object or fixed-width dtype
VectorArray = NDArray[np.float32]

PAY_BAND = 1.25  # pay a quarter apart is another band


@dataclass(frozen=True, eq=False)
class Names:
    """A column of names as `codes` intp[n] into the distinct `values`: few names, many rows."""

    values: tuple[str, ...]
    codes: NDArray[np.intp]

    @classmethod
    def of(cls, column: NameArray) -> Names:
        """The same names, each kept once.

        >>> Names.of(np.array(["Bonn", "", "Bonn"])).codes.tolist()
        [1, 0, 1]
        """
        values, codes = np.unique(column, return_inverse=True)
        return cls(tuple(values.tolist()), codes.astype(np.intp))


@dataclass(frozen=True, eq=False)
class Rows:
    """A matrix of few distinct rows: `values` [U, D], and `codes` intp[n] saying which one each row is."""

    values: VectorArray
    codes: NDArray[np.intp]

    @classmethod
    def of(cls, matrix: VectorArray) -> Rows:
        """The same rows, each kept once, in the order they first come.

        >>> Rows.of(np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32)).codes.tolist()
        [0, 1, 0]
        """
        number: dict[bytes, int] = {}
        codes = [number.setdefault(row.tobytes(), len(number)) for row in matrix]
        _, first = np.unique(codes, return_index=True)
        return cls(matrix[first], np.array(codes, dtype=np.intp))


@dataclass(frozen=True, eq=False)
class _Columns:
    """What both tables share: one length, and rows picked by index."""

    ids: NDArray[Any]

    def __post_init__(self) -> None:
        for column in fields(self):
            value = getattr(self, column.name)
            rows = value.shape[0] if hasattr(value, "shape") else len(value)
            if rows != len(self.ids):
                raise ValueError(f"column {column.name} has {rows} rows, ids has {len(self.ids)}")

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def joined(cls, tables: Sequence[Self], rows: NDArray[np.intp]) -> Self:
        """These rows of several tables laid end to end, in that order; widths must agree.

        >>> tables = [JobColumns.blank(["a", "b"]), JobColumns.blank(["c"])]
        >>> JobColumns.joined(tables, np.array([2, 0])).ids.tolist()
        ['c', 'a']
        """
        names = [one.name for one in fields(cls)]
        return cls(**{name: _joined([getattr(table, name) for table in tables], rows) for name in names})


def _picked(value: Any, rows: NDArray[np.intp]) -> Any:
    return tuple(value[i] for i in rows) if isinstance(value, tuple) else value[rows]


def _first(value: Any, n: int) -> Any:
    if not isinstance(value, sparse.csr_array):
        return value[:n]
    end = value.indptr[n]
    kept = (value.data[:end], value.indices[:end], value.indptr[: n + 1])
    return sparse.csr_array(kept, shape=(n, value.shape[1]))


def _joined(values: Sequence[Any], rows: NDArray[np.intp]) -> Any:
    whole = values[0]
    if isinstance(whole, tuple):
        flat = [one for value in values for one in value]
        return tuple(flat[row] for row in rows)
    if isinstance(whole, np.ndarray) and len(values) > 1 and len(whole) and whole.dtype.kind == "f":
        rest = np.concatenate(values[1:])  # without laying all end to end first: the first is the long one
        old = rows < len(whole)
        out = whole[np.where(old, rows, 0)]
        out[~old] = rest[rows[~old] - len(whole)]
        return out
    if len(values) > 1:
        is_sparse = isinstance(whole, sparse.csr_array)
        whole = sparse.vstack(values, format="csr") if is_sparse else np.concatenate(values)
    return whole if np.array_equal(rows, np.arange(whole.shape[0])) else whole[rows]


def _pick_columns(table: Any, rows: Sequence[int] | NDArray[Any]) -> dict[str, Any]:
    index = np.asarray(rows)
    index = np.flatnonzero(index) if index.dtype == np.bool_ else index.astype(np.intp)
    return {column.name: _picked(getattr(table, column.name), index) for column in fields(table)}


@dataclass(frozen=True, eq=False)
class JobColumns(_Columns):
    """J jobs. D vector length, V words, S skills, L licences; pay in the base currency per year."""

    ids: NDArray[Any]  # [J] the caller's keys, of any dtype
    vec: VectorArray  # float32[J, D] what the whole advertisement means, centred, unit rows
    title_vec: VectorArray  # float32[J, D] what the title means, centred, unit rows
    words: sparse.csr_array  # float64[J, V] tf-idf, unit rows
    required: sparse.csr_array  # float64[J, S] importance > 0 of each required skill
    nice: sparse.csr_array  # float64[J, S] importance > 0 of each nice-to-have skill
    licences: BoolArray  # bool[J, L] licences the law or the employer asks for
    permit_country: NameArray  # [J] country whose work permit is needed, "" for none
    lat: FloatArray  # degrees
    lon: FloatArray
    country: NameArray  # ISO 3166 alpha-2
    region: NameArray
    place: NameArray
    remote: NDArray[np.int8]  # RemoteMode
    pay_min_year: FloatArray
    pay_max_year: FloatArray
    posted_day: FloatArray  # days since 1970-01-01
    closes_day: FloatArray  # last day to apply
    is_open: BoolArray

    @classmethod
    def blank(
        cls,
        ids: Sequence[Any] | NDArray[Any],
        *,
        dim: int = 0,
        words: int = 0,
        skills: int = 0,
        licences: int = 0,
    ) -> JobColumns:
        """Open jobs about which nothing else is known.

        >>> len(JobColumns.blank(["a", "b"], dim=4))
        2
        """
        n = len(ids)
        return cls(
            ids=np.asarray(ids),
            **_blank_meaning(n, dim, words),
            required=sparse.csr_array((n, skills)),
            nice=sparse.csr_array((n, skills)),
            licences=np.zeros((n, licences), dtype=np.bool_),
            permit_country=_blank_names(n),
            **_blank_places(n),
            remote=np.full(n, RemoteMode.UNKNOWN, dtype=np.int8),
            pay_min_year=np.full(n, np.nan),
            pay_max_year=np.full(n, np.nan),
            posted_day=np.full(n, np.nan),
            closes_day=np.full(n, np.nan),
            is_open=np.ones(n, dtype=np.bool_),
        )

    def pick(self, rows: Sequence[int] | NDArray[Any]) -> JobColumns:
        """The jobs at these row numbers (or under this boolean mask), in that order.

        >>> JobColumns.blank(["a", "b"]).pick([1]).ids.tolist()
        ['b']
        """
        return replace(self, **_pick_columns(self, rows))

    def first(self, n: int) -> JobColumns:
        """The first `n` jobs, sharing memory with the others.

        >>> JobColumns.blank(["a", "b"]).first(1).ids.tolist()
        ['a']
        """
        return replace(self, **{one.name: _first(getattr(self, one.name), n) for one in fields(self)})

    # What follows from the columns alone is worked out once, as one table is scored for person after person.

    @cached_property
    def demand(self) -> Demand:
        """What these jobs ask for, ready for `skills.covered`."""
        return Demand.of(self.required, self.nice)

    @cached_property
    def titles(self) -> Rows:
        """`title_vec`, each vector kept once: thousands of jobs share some hundreds of titles."""
        return Rows.of(self.title_vec)

    @cached_property
    def pay_bands(self) -> NDArray[np.int32]:
        """Which band a year's pay (the middle of its range) falls into, a quarter wide; -1 where unknown."""
        with np.errstate(divide="ignore", invalid="ignore"):
            middle = np.sqrt(self.pay_min_year * self.pay_max_year)
            band = np.floor(np.log(middle) / np.log(PAY_BAND))
        return np.where(np.isfinite(band) & (middle >= 1.0), band, -1).astype(np.int32)

    @cached_property
    def places(self) -> Names:
        """`place`, each name kept once."""
        return Names.of(self.place)

    @cached_property
    def regions(self) -> Names:
        """`region`, each name kept once."""
        return Names.of(self.region)

    @cached_property
    def permit_countries(self) -> Names:
        """`permit_country`, each name kept once."""
        return Names.of(self.permit_country)


@dataclass(frozen=True, eq=False)
class PersonColumns(_Columns):
    """P people. D, V, S, L as for the jobs they are scored against."""

    ids: NDArray[Any]  # [P] the caller's keys, of any dtype
    vec: VectorArray  # float32[P, D] what the profile means, centred, unit rows
    title_vec: VectorArray  # float32[P, D] what their past job titles mean
    wish_vec: VectorArray  # float32[P, D] what the roles they ask for mean
    words: sparse.csr_array  # float64[P, V] tf-idf, unit rows
    skills: sparse.csr_array  # float64[P, S] confidence in (0, 1] that they have the skill
    licences: BoolArray  # bool[P, L]
    licences_known: BoolArray  # False: they were never asked, so nothing follows from a gap
    permits: tuple[frozenset[str] | None, ...]  # countries they may work in; None: never asked
    lat: FloatArray
    lon: FloatArray
    country: NameArray
    region: NameArray
    place: NameArray
    willing_km: FloatArray  # the farthest commute they accept
    remote_only: BoolArray
    wish_remote: NDArray[np.int8]  # RemoteMode they would like
    pay_floor_year: FloatArray

    @classmethod
    def blank(
        cls,
        ids: Sequence[Any] | NDArray[Any],
        *,
        dim: int = 0,
        words: int = 0,
        skills: int = 0,
        licences: int = 0,
    ) -> PersonColumns:
        """People about whom nothing is known.

        >>> PersonColumns.blank([7]).permits
        (None,)
        """
        n = len(ids)
        return cls(
            ids=np.asarray(ids),
            **_blank_meaning(n, dim, words),
            wish_vec=np.zeros((n, dim), dtype=np.float32),
            skills=sparse.csr_array((n, skills)),
            licences=np.zeros((n, licences), dtype=np.bool_),
            licences_known=np.zeros(n, dtype=np.bool_),
            permits=(None,) * n,
            **_blank_places(n),
            willing_km=np.full(n, np.nan),
            remote_only=np.zeros(n, dtype=np.bool_),
            wish_remote=np.full(n, RemoteMode.UNKNOWN, dtype=np.int8),
            pay_floor_year=np.full(n, np.nan),
        )

    def pick(self, rows: Sequence[int] | NDArray[Any]) -> PersonColumns:
        """The people at these row numbers (or under this boolean mask), in that order."""
        return replace(self, **_pick_columns(self, rows))

    @cached_property
    def has_titles(self) -> BoolArray:
        """Whether we know past titles of theirs, bool[P]."""
        return np.asarray(self.title_vec.any(axis=1))


def _blank_names(n: int) -> NameArray:
    # Objects, as a fixed-width column would cut longer names that are put in later.
    return np.full(n, "", dtype=object)


def _blank_meaning(n: int, dim: int, words: int) -> dict[str, Any]:
    return {
        "vec": np.zeros((n, dim), dtype=np.float32),
        "title_vec": np.zeros((n, dim), dtype=np.float32),
        "words": sparse.csr_array((n, words)),
    }


def _blank_places(n: int) -> dict[str, Any]:
    names: dict[str, Any] = {name: _blank_names(n) for name in ("country", "region", "place")}
    return {"lat": np.full(n, np.nan), "lon": np.full(n, np.nan), **names}
