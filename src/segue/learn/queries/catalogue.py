"""The published jobs as arrays, held in memory and rebuilt when a job or the lexicon changes."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
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
from segue.learn.lexicon import Lexicon
from segue.learn.models import JobFeatures, Model, ModelState
from segue.learn.packing import unpack_counts, unpack_vectors
from segue.learn.queries.lexicon import LEXICON, lexicon_named
from segue.learn.rates import rates

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

    Closed jobs stay in, vetoed, since a taste is still made of them.
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

    def __len__(self) -> int:
        return len(self.jobs)


_held: list[tuple[float, Catalogue]] = []


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
    held = _held[0][1] if _held and _held[0][1].version == version else _build(version)
    _held[:] = [(at, held)]
    return held


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


def _build(version: str) -> Catalogue:
    lexicon = lexicon_named(version.partition("|")[0])
    rows = list(
        JobFeatures.objects.filter(model_hash=lexicon.hash)
        .exclude(job__status=JobStatus.DRAFT)
        .select_related("job")
        .defer("job__description")
        .order_by("job_id")
    )
    jobs = tuple(row.job for row in rows)
    vec = unpack_vectors([row.vector for row in rows], lexicon.dim)
    title_vec = unpack_vectors([row.title_vector for row in rows], lexicon.dim)
    mean_vec, mean_title_vec = mean_vector(vec), mean_vector(title_vec)
    licences = sorted({name for job in jobs for name in job.licences})
    licence_column = {name: i for i, name in enumerate(licences)}
    counts = unpack_counts([row.terms for row in rows], len(lexicon.vocabulary))
    known = rates()
    blank = JobColumns.blank(
        [str(job.pk) for job in jobs],
        dim=lexicon.dim,
        words=len(lexicon.vocabulary),
        skills=len(lexicon.skill_slugs),
        licences=len(licences),
    )
    columns = replace(
        blank,
        vec=centre(vec, mean_vec),
        title_vec=centre(title_vec, mean_title_vec),
        words=weigh(counts, lexicon.vocabulary.idf),
        required=skill_rows([job.required_skills for job in jobs], lexicon),
        nice=skill_rows([job.nice_skills for job in jobs], lexicon),
        licences=name_rows([job.licences for job in jobs], licence_column),
        **_conditions(jobs, known),
    )
    return Catalogue(
        version=version,
        lexicon=lexicon,
        jobs=jobs,
        columns=columns,
        row_of={job.pk: i for i, job in enumerate(jobs)},
        mean_vec=mean_vec,
        mean_title_vec=mean_title_vec,
        near=near_skills(lexicon.skill_vectors),
        licence_column=licence_column,
        skill_labels=labels(lexicon.skill_slugs),
        rates=known,
    )


def _conditions(jobs: tuple[Job, ...], known: dict[str, float]) -> dict[str, Any]:
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
