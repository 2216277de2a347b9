"""Jobs from the database as columns: what was read of their words, and what they state."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.catalog.models import Job, JobStatus
from segue.engine.columns import JobColumns
from segue.engine.pay import annualise, convert
from segue.engine.place import RemoteMode
from segue.engine.text import weigh
from segue.learn.lexicon import Lexicon
from segue.learn.models import JobFeatures
from segue.learn.packing import unpack_counts, unpack_vectors

REMOTE_CODE = {
    "": RemoteMode.UNKNOWN,
    "onsite": RemoteMode.ON_SITE,
    "hybrid": RemoteMode.HYBRID,
    "remote": RemoteMode.REMOTE,
}
Packed = tuple[bytes | memoryview, bytes | memoryview, bytes | memoryview]  # vector, title vector, terms


def features_of(job_ids: Sequence[uuid.UUID], lexicon: Lexicon) -> dict[uuid.UUID, Packed]:
    """What a lexicon made of some jobs, as it is stored."""
    rows = JobFeatures.objects.filter(pk__in=job_ids, model_hash=lexicon.hash)
    return {row[0]: row[1:] for row in rows.values_list("job_id", "vector", "title_vector", "terms")}


def slim(job: Job) -> Job:
    """Let jobs share the words they have in common: there are thousands of jobs, and few words."""
    for name in ("department", "occupation", "city", "country", "permit_country"):
        setattr(job, name, sys.intern(getattr(job, name)))
    for name in ("required_skills", "nice_skills", "licences"):
        setattr(job, name, [sys.intern(slug) for slug in getattr(job, name)])
    return job


def columns_of(
    jobs: Sequence[Job],
    features: Mapping[uuid.UUID, Packed],
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
        words=_narrow(weigh(unpack_counts(terms, len(lexicon.vocabulary)), lexicon.vocabulary.idf)),
        required=_narrow(skill_rows([job.required_skills for job in jobs], lexicon)),
        nice=_narrow(skill_rows([job.nice_skills for job in jobs], lexicon)),
        **_conditions(jobs, known),
    )


def _narrow(table: sparse.csr_array) -> sparse.csr_array:
    """The same in single precision with narrow indices: scoring reads all of it for every person."""
    cells = (table.data.astype(np.float32), table.indices.astype(np.int32), table.indptr.astype(np.int32))
    return sparse.csr_array(cells, shape=table.shape)


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
