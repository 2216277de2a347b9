"""The published jobs as arrays, held in memory; when one changes, that one is read again."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet, Subquery
from numpy.typing import NDArray
from scipy import sparse

from segue.catalog.models import Job
from segue.catalog.queries.skills import labels
from segue.engine.columns import JobColumns
from segue.engine.skills import near_skills
from segue.engine.vectors import centre, mean_vector
from segue.kit import clock
from segue.kit.prepared import fetch
from segue.learn.lexicon import Lexicon
from segue.learn.models import JobFeatures, Model, ModelState
from segue.learn.queries.job_columns import columns_of, features_of, name_rows, slim
from segue.learn.queries.lexicon import LEXICON, lexicon_named
from segue.learn.queries.tastes import attributes_of
from segue.learn.rates import rates

MANY = 2_000  # jobs; with more, what changed is read beside the requests, and until then the old serves
SURE_FROM = 500  # jobs; with fewer a single one moves their mean
MOVED = 0.005  # share of the jobs that may change before all are centred anew: moves a mean by less than that
CHECK_EVERY_S = 0.5  # a new job is live within this time
FOLLOW_EVERY_S = 0.1  # how often the thread that reads beside the requests looks for changes,
SLOWEST_S = 1.0  # and how seldom while they do not end
LATE_S = 2.0  # for so long the old serves; whoever comes later waits for the reading
UNASKED_S = 60.0  # the thread rests when nobody has asked for so long


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
    basis: int  # people read by catalogues of the same basis are read alike
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
    def strong(self) -> float:
        """The centred cosine that is as good as equal, as the lexicon's model was measured."""
        return self.lexicon.scale.strong

    @property
    def on_offer(self) -> int:
        return len(self.offered)

    @cached_property
    def wished_for(self) -> dict[str, NDArray[np.intp]]:
        """Rows on offer by what a person can wish for."""
        rows: dict[str, list[int]] = {}
        for row, job in enumerate(self.jobs[: self.on_offer]):
            for key in dict.fromkeys(attributes_of(job)):
                rows.setdefault(key, []).append(row)
        return {key: np.array(found, dtype=np.intp) for key, found in rows.items()}


@dataclass(frozen=True, eq=False)
class _Read:
    """Jobs as they were read: each one's stamp names row and moment, `columns` are not centred yet."""

    stamps: dict[bytes, int]
    jobs: tuple[Job, ...]
    columns: JobColumns
    came_from: NDArray[np.intp]  # each job's row in the reading before, -1 for what was read now
    moved: int = 0  # jobs that came, went or changed since the means were taken


_held: list[tuple[float, Catalogue]] = []
_bases = itertools.count(1)
_building = threading.RLock()  # one thread reads what changed; the others of the process wait for it
_apart: list[threading.Thread] = []
_asked_at = [0.0]


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
    _asked_at[0] = at
    known_at, before = _held[0] if _held else (0.0, None)
    if before is not None and len(before) > MANY:
        _read_apart()
        if before.version == version or at - known_at < LATE_S:
            return before
    with _building:
        before = _held[0][1] if _held else None
        held = before if before is not None and before.version == version else _build(version, before)
        _held[:] = [(time.monotonic(), held)]
    return held


def _read_apart() -> None:
    """Let a thread of its own read what changes; one is enough."""
    if not any(thread.is_alive() for thread in _apart):
        _apart[:] = [threading.Thread(target=_follow, daemon=True)]
        _apart[0].start()


def _follow() -> None:
    """Hold the catalogue as it stands, while anybody asks for it.

    It looks by itself: if it waited for a request to notice, the first one after a quiet hour would be
    answered with the jobs of an hour ago.
    """
    pause_s = FOLLOW_EVERY_S
    try:
        while _held and time.monotonic() - _asked_at[0] < UNASKED_S:
            with _building:
                if not (_held and (version := _version())):
                    return
                before = _held[0][1]
                held = before if before.version == version else made_ready(_build(version, before))
                _held[:] = [(time.monotonic(), held)]
            pause_s = FOLLOW_EVERY_S if held is before else min(2 * pause_s, SLOWEST_S)
            time.sleep(pause_s)
    finally:
        connection.close()


def made_ready(jobs: Catalogue) -> Catalogue:
    """Work out what every page needs of the columns before the first page asks for it."""
    offered = jobs.offered
    for whatever in ("demand", "titles", "places", "regions", "permit_countries", "pay_bands"):
        getattr(offered, whatever)
    jobs.wished_for  # noqa: B018 - read to be there
    return jobs


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
    means, moved = _means(read, before)
    licences = sorted({name for job in read.jobs for name in job.licences})
    licence_column = {name: i for i, name in enumerate(licences)}
    stays = before is not None and means[0] is before.mean_vec and licence_column == before.licence_column
    columns = replace(
        read.columns,
        vec=_centred(vec, means[0], before.columns.vec if before and stays else None, read.came_from),
        title_vec=_centred(
            title_vec, means[1], before.columns.title_vec if before and stays else None, read.came_from
        ),
        licences=name_rows([job.licences for job in read.jobs], licence_column),
    )
    return Catalogue(
        version=version,
        lexicon=lexicon,
        jobs=read.jobs,
        columns=columns,
        row_of={job.id: i for i, job in enumerate(read.jobs)},
        mean_vec=means[0],
        mean_title_vec=means[1],
        basis=before.basis if before and stays else next(_bases),
        near=before.near if before else near_skills(lexicon.skill_vectors, floor=lexicon.scale.near),
        licence_column=licence_column,
        skill_labels=labels(lexicon.skill_slugs),
        rates=known,
        offered=columns.first(on_offer),
        read=replace(read, moved=moved),
    )


def _means(
    read: _Read, before: Catalogue | None
) -> tuple[tuple[NDArray[np.float32], NDArray[np.float32]], int]:
    """What to centre by, as before until so many changed that a cosine could tell; and how many did since."""
    vec, title_vec = read.columns.vec, read.columns.title_vec
    if before is not None and len(read.jobs) > SURE_FROM:
        kept = int((read.came_from >= 0).sum())
        moved = before.read.moved + (len(read.jobs) - kept) + (len(before) - kept)
        if moved <= MOVED * len(read.jobs):
            return (before.mean_vec, before.mean_title_vec), moved
    return (mean_vector(vec), mean_vector(title_vec)), 0


def _centred(
    raw: NDArray[np.float32],
    mean: NDArray[np.float32],
    before: NDArray[np.float32] | None,
    came_from: NDArray[np.intp],
) -> NDArray[np.float32]:
    """Centre what is new; rows that were centred by the same mean are taken over."""
    if before is None:
        return centre(raw, mean)
    fresh = came_from < 0
    out = before[np.maximum(came_from, 0)] if len(before) else np.empty_like(raw)
    out[fresh] = centre(raw[fresh], mean)
    return out


def _nothing(lexicon: Lexicon) -> _Read:
    return _Read({}, (), columns_of((), {}, lexicon, {}), np.empty(0, dtype=np.intp))


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
        tables.append(columns_of(some, features_of(batch, lexicon), lexicon, known))
        jobs += map(slim, some)
    fresh = {job.pk.bytes: row for row, job in enumerate(jobs) if row >= len(before.jobs)}
    rows = [before.stamps.get(stamp, fresh.get(stamp[:_ID], -1)) for stamp in stamps]
    kept = [(stamp, row) for stamp, row in zip(stamps, rows, strict=True) if row >= 0]  # deleted meanwhile
    order = np.array([row for _, row in kept], dtype=np.intp)
    read = _Read(
        stamps={stamp: i for i, (stamp, _) in enumerate(kept)},
        jobs=tuple(jobs[row] for row in order),
        columns=JobColumns.joined(tables, order),
        came_from=np.where(order < len(before.jobs), order, -1),
    )
    return read, min(on_offer, len(kept))
