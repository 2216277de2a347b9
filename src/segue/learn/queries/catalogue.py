"""The published jobs as arrays, held in memory; when one changes, that one is read again."""

from __future__ import annotations

import sys
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet, Subquery
from numpy.typing import NDArray
from scipy import sparse

from segue.catalog.models import Job, JobStatus
from segue.catalog.queries.skills import labels
from segue.engine.columns import JobColumns
from segue.engine.pay import annualise, convert
from segue.engine.place import RemoteMode
from segue.engine.skills import near_skills
from segue.engine.text import weigh
from segue.engine.vectors import centre, mean_vector
from segue.kit import clock
from segue.kit.prepared import fetch
from segue.learn.lexicon import Lexicon
from segue.learn.models import JobFeatures, Model, ModelState
from segue.learn.packing import unpack_counts, unpack_vectors
from segue.learn.queries.lexicon import LEXICON, lexicon_named
from segue.learn.queries.tastes import attributes_of
from segue.learn.rates import rates

MANY = 2_000  # jobs; with more, what changed is read beside the requests, and until then the old serves
CHECK_EVERY_S = 0.5  # a new job is live within this time
REMOTE_CODE = {
    "": RemoteMode.UNKNOWN,
    "onsite": RemoteMode.ON_SITE,
    "hybrid": RemoteMode.HYBRID,
    "remote": RemoteMode.REMOTE,
}


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Every published job with features: rows, their columns, and what centres their vectors.

    Open jobs come first, `on_offer` of them. The others stay in, since a taste is still made of them, but
    nobody is scored against them.
    """

    version: str
    lexicon: Lexicon
    jobs: tuple[Job, ...]
    columns: JobColumns
    row_of: dict[uuid.UUID, int]
    mean_vec: NDArray[np.float32]
    mean_title_vec: NDArray[np.float32]
    near: sparse.csr_array
    licence_column: dict[str, int]
    skill_labels: dict[str, str]
    rates: dict[str, float]
    offered: JobColumns  # the first `on_offer` rows of `columns`, sharing their memory
    read: _Read

    def __len__(self) -> int:
        return len(self.jobs)

    def without_jobs(self) -> Catalogue:
        """What people are read by, letting go of all jobs: lexicon, means and rates."""
        nothing = _nothing(self.lexicon)
        blank = nothing.columns
        return replace(self, jobs=(), row_of={}, columns=blank, offered=blank, read=nothing)

    @property
    def on_offer(self) -> int:
        return len(self.offered)

    @cached_property
    def wished_for(self) -> dict[str, NDArray[np.intp]]:
        """Rows on offer by what a person can wish for."""
        rows: dict[str, list[int]] = {}
        for row, job in enumerate(self.jobs[: self.on_offer]):
            for key in attributes_of(job):
                rows.setdefault(key, []).append(row)
        return {key: np.array(found, dtype=np.intp) for key, found in rows.items()}


_Packed = tuple[bytes | memoryview, bytes | memoryview, bytes | memoryview]  # vector, title vector, terms


@dataclass(frozen=True, eq=False)
class _Read:
    """Jobs as they were read: each one's stamp names row and moment, `columns` are not centred yet."""

    stamps: dict[bytes, int]
    jobs: tuple[Job, ...]
    columns: JobColumns


_held: list[tuple[float, Catalogue]] = []
_building = threading.RLock()  # one thread reads what changed; the others of the process wait for it
_apart: list[threading.Thread] = []


def catalogue(version: str | None = None) -> Catalogue | None:
    """Return the published jobs, or None before the first lexicon.

    Pass the version where a query has just read it (`version_parts`); else it is looked up, twice a
    second at the most.
    """
    at = time.monotonic()
    if version is None:
        if _held and at - _held[0][0] < CHECK_EVERY_S:
            return _held[0][1]
        version = _version()
    if not version:
        return None
    before = _held[0][1] if _held else None
    if before is not None and before.version != version and len(before) > MANY:
        _read_apart()
        return before
    with _building:
        before = _held[0][1] if _held else None
        held = before if before is not None and before.version == version else _build(version, before)
        _held[:] = [(at, held)]
    return held


def _read_apart() -> None:
    """Let a thread of its own read what changed; one at a time is enough."""
    if not any(thread.is_alive() for thread in _apart):
        _apart[:] = [threading.Thread(target=_follow, daemon=True)]
        _apart[0].start()


def _follow() -> None:
    """Hold the catalogue as it stands now, which may be later than when somebody asked."""
    try:
        with _building:
            version = _version()
            if version and _held:
                _held[:] = [(time.monotonic(), _build(version, _held[0][1]))]
    finally:
        connection.close()


def forget_catalogue() -> None:
    """Make the next call look again, for a process that has just changed a job itself."""
    _held.clear()


def version_parts() -> dict[str, Subquery]:
    """Subqueries that tell the version, for a query that goes to the database anyway."""
    return {
        "lexicon_hash": Subquery(_in_force().values("hash")[:1]),
        "features_at": Subquery(JobFeatures.objects.order_by("-made_at").values("made_at")[:1]),
        "edited_at": Subquery(Job.objects.order_by("-updated_at").values("updated_at")[:1]),
    }


def version_of(parts: Mapping[str, Any]) -> str:
    """Name the lexicon, the newest features, the newest edit and the day; "" before the first lexicon."""
    if not parts["lexicon_hash"]:
        return ""
    return f"{parts['lexicon_hash']}|{parts['features_at']}|{parts['edited_at']}|{clock.now():%Y-%m-%d}"


def _in_force() -> QuerySet[Model]:
    return Model.objects.filter(kind=LEXICON, state=ModelState.CHAMPION)


def _version() -> str:
    row = _in_force().annotate(**version_parts()).values(*version_parts()).first()
    return version_of(row) if row else ""


# One value for all jobs, as receiving a row each would take far longer. 32 bytes a job: its id, when its
# features were made, when it was edited. Open jobs come first.
_STAMPS = """
SELECT string_agg(
    uuid_send(f.job_id) || timestamptz_send(f.made_at) || timestamptz_send(j.updated_at), ''::bytea
    ORDER BY j.status <> 'open', f.job_id
), count(*) FILTER (WHERE j.status = 'open')
FROM learn_jobfeatures f JOIN catalog_job j ON j.id = f.job_id
WHERE f.model_hash = %s AND j.status <> 'draft'
"""
_STAMP, _ID = 32, 16
_READ_AT_ONCE = 2_000


def _build(version: str, before: Catalogue | None) -> Catalogue:
    """Read what is not as it was `before`; the outcome is the same as if everything had been read."""
    lexicon = lexicon_named(version.partition("|")[0])
    known = rates()
    if before is not None and (before.lexicon is not lexicon or before.rates != known):
        before = None
    read, on_offer = _read(lexicon, known, before.read if before else _nothing(lexicon))
    if before is not None and read is before.read:
        return replace(before, version=version, skill_labels=labels(lexicon.skill_slugs))
    vec, title_vec = read.columns.vec, read.columns.title_vec
    mean_vec, mean_title_vec = mean_vector(vec), mean_vector(title_vec)
    licences = sorted({name for job in read.jobs for name in job.licences})
    licence_column = {name: i for i, name in enumerate(licences)}
    columns = replace(
        read.columns,
        vec=centre(vec, mean_vec),
        title_vec=centre(title_vec, mean_title_vec),
        licences=name_rows([job.licences for job in read.jobs], licence_column),
    )
    return Catalogue(
        version=version,
        lexicon=lexicon,
        jobs=read.jobs,
        columns=columns,
        row_of={job.pk: i for i, job in enumerate(read.jobs)},
        mean_vec=mean_vec,
        mean_title_vec=mean_title_vec,
        near=before.near if before else near_skills(lexicon.skill_vectors),
        licence_column=licence_column,
        skill_labels=labels(lexicon.skill_slugs),
        rates=known,
        offered=columns.first(on_offer),
        read=read,
    )


def _nothing(lexicon: Lexicon) -> _Read:
    return _Read({}, (), _columns((), {}, lexicon, {}))


def _read(lexicon: Lexicon, known: dict[str, float], before: _Read) -> tuple[_Read, int]:
    """Take over what has kept its stamp and read the rest; also returns how many jobs are open."""
    ((told, on_offer),) = fetch(_STAMPS, [lexicon.hash], binary=True)
    told = bytes(told or b"")
    stamps = [told[at : at + _STAMP] for at in range(0, len(told), _STAMP)]
    if len(stamps) == len(before.stamps) and all(map(before.stamps.__contains__, stamps)):
        return before, on_offer
    news = [uuid.UUID(bytes=stamp[:_ID]) for stamp in stamps if stamp not in before.stamps]
    jobs, tables = list(before.jobs), [before.columns]
    for low in range(0, len(news), _READ_AT_ONCE):
        batch = news[low : low + _READ_AT_ONCE]
        some = list(Job.objects.filter(pk__in=batch).defer("description"))
        tables.append(_columns(some, _features(batch, lexicon), lexicon, known))
        jobs += map(_slim, some)
    fresh = {job.pk.bytes: row for row, job in enumerate(jobs) if row >= len(before.jobs)}
    rows = [before.stamps.get(stamp, fresh.get(stamp[:_ID], -1)) for stamp in stamps]
    kept = [(stamp, row) for stamp, row in zip(stamps, rows, strict=True) if row >= 0]  # deleted meanwhile
    order = np.array([row for _, row in kept], dtype=np.intp)
    read = _Read(
        stamps={stamp: i for i, (stamp, _) in enumerate(kept)},
        jobs=tuple(jobs[row] for row in order),
        columns=JobColumns.joined(tables, order),
    )
    return read, min(on_offer, len(kept))


def _features(job_ids: Sequence[uuid.UUID], lexicon: Lexicon) -> dict[uuid.UUID, _Packed]:
    rows = JobFeatures.objects.filter(pk__in=job_ids, model_hash=lexicon.hash)
    return {row[0]: row[1:] for row in rows.values_list("job_id", "vector", "title_vector", "terms")}


def _slim(job: Job) -> Job:
    """Let jobs share the words they have in common: there are thousands of jobs, and few words."""
    for name in ("department", "occupation", "city", "country", "permit_country"):
        setattr(job, name, sys.intern(getattr(job, name)))
    for name in ("required_skills", "nice_skills", "licences"):
        setattr(job, name, [sys.intern(slug) for slug in getattr(job, name)])
    return job


def _columns(
    jobs: Sequence[Job],
    features: Mapping[uuid.UUID, _Packed],
    lexicon: Lexicon,
    known: dict[str, float],
) -> JobColumns:
    """Columns of some jobs, vectors as they were packed; licences are numbered when all are known."""
    packed = [features.get(job.pk, (b"", b"", b"")) for job in jobs]
    vectors, titles, terms = ([one[part] for one in packed] for part in range(3))
    blank = JobColumns.blank([str(job.pk) for job in jobs])
    return replace(
        blank,
        vec=unpack_vectors(vectors, lexicon.dim),
        title_vec=unpack_vectors(titles, lexicon.dim),
        words=weigh(unpack_counts(terms, len(lexicon.vocabulary)), lexicon.vocabulary.idf),
        required=skill_rows([job.required_skills for job in jobs], lexicon),
        nice=skill_rows([job.nice_skills for job in jobs], lexicon),
        **_conditions(jobs, known),
    )


def _conditions(jobs: Sequence[Job], known: dict[str, float]) -> dict[str, Any]:
    """Place, pay and dates of the jobs; unknown is NaN or ""."""
    return {
        "permit_country": np.array([job.permit_country for job in jobs], dtype=np.str_),
        "lat": floats([job.lat for job in jobs]),
        "lon": floats([job.lon for job in jobs]),
        "country": np.array([job.country for job in jobs], dtype=np.str_),
        "place": np.array([job.city.casefold() for job in jobs], dtype=np.str_),
        "remote": np.array([REMOTE_CODE[job.remote] for job in jobs], dtype=np.int8),
        "pay_min_year": floats([pay_a_year(j.pay_min, j.pay_period, j.pay_currency, known) for j in jobs]),
        "pay_max_year": floats([pay_a_year(j.pay_max, j.pay_period, j.pay_currency, known) for j in jobs]),
        "posted_day": floats([_day(job.posted_at) for job in jobs]),
        "closes_day": floats([_day(job.valid_through) for job in jobs]),
        "is_open": np.array([job.status == JobStatus.OPEN for job in jobs], dtype=np.bool_),
        "region": np.array([job.country for job in jobs], dtype=np.str_),
    }


def _day(at: object) -> float | None:
    return at.timestamp() / 86_400 if hasattr(at, "timestamp") else None


def floats(values: list[float | None]) -> NDArray[np.float64]:
    """Numbers with NaN for what is not known."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def pay_a_year(amount: object, period: str, currency: str, known: dict[str, float]) -> float | None:
    """An amount a year in the base currency, or None where any part of it is unknown."""
    if amount is None or not period or not currency:
        return None
    return float(convert(annualise(float(str(amount)), period), currency, known))


def skill_rows(slugs: list[list[str]], lexicon: Lexicon) -> sparse.csr_array:
    """csr float64[n, S] with 1 where a row names a skill the lexicon knows."""
    pairs = [
        (i, lexicon.skill_column[slug])
        for i, names in enumerate(slugs)
        for slug in dict.fromkeys(names)
        if slug in lexicon.skill_column
    ]
    shape = (len(slugs), len(lexicon.skill_slugs))
    if not pairs:
        return sparse.csr_array(shape)
    rows, columns = zip(*pairs, strict=True)
    return sparse.csr_array((np.ones(len(pairs)), (rows, columns)), shape=shape)


def name_rows(names: list[list[str]], column: dict[str, int]) -> NDArray[np.bool_]:
    """bool[n, L] with True where a row holds a name that has a column."""
    table = np.zeros((len(names), len(column)), dtype=np.bool_)
    for i, several in enumerate(names):
        for name in several:
            if name in column:
                table[i, column[name]] = True
    return table
