"""What a mix's variety follows: departments, places and levels, as a code for each job of the catalogue."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segue.catalog.models import Job
from segue.engine.taste import KIND_WEIGHTS, EventKind
from segue.engine.variety import CodeArray, Facet, facet
from segue.learn.queries.catalogue import Catalogue
from segue.recommend.ranking import Ranking

LEVELS = (
    ("trainee", "intern", "apprentice", "auszubildende", "praktikant", "stagiaire", "student"),
    ("junior", "entry", "graduate", "assistant", "einsteiger", "débutant"),
    ("senior", "expert", "staff", "experienced", "erfahrene"),
    ("lead", "leading", "principal", "head", "chief", "director", "manager", "leitung", "leiter"),
)
_PLAIN_LEVEL = len(LEVELS)
MOST_KINDS = 200
_held: list[tuple[str, tuple[CodeArray, ...]]] = []


def facets_of(ranking: Ranking, offered: NDArray[np.bool_]) -> tuple[Facet, ...]:
    """Return the shares a mix should follow; none for somebody who has gone for nothing yet."""
    events = ranking.scene.events[0]
    weights = np.array([KIND_WEIGHTS[EventKind(int(kind))] for kind in events.kind], dtype=np.float64)
    liked = weights > 0
    if not liked.any():
        return ()
    return tuple(
        facet(codes, events.job[liked], weights[liked], offered) for codes in _codes(ranking.catalogue)
    )


def _codes(catalogue: Catalogue) -> tuple[CodeArray, ...]:
    """Department, place and level of every job; worked out once for each state of the catalogue."""
    if not _held or _held[0][0] != catalogue.version:
        jobs = catalogue.jobs
        kinds = (
            _coded([job.department for job in jobs]),
            _coded([job.city.casefold() or job.country for job in jobs]),
            np.array([_level(job) for job in jobs], dtype=np.int32),
        )
        _held[:] = [(catalogue.version, kinds)]
    return _held[0][1]


def _coded(names: list[str]) -> CodeArray:
    """The commonest names as 0, 1, 2, …; rare ones share a code, and what is not said is -1."""
    said, place, count = np.unique(np.array(names, dtype=np.str_), return_inverse=True, return_counts=True)
    by_size = np.argsort(-count, kind="stable")
    rank = np.empty(len(said), dtype=np.int32)
    rank[by_size] = np.minimum(np.arange(len(said)), MOST_KINDS - 1)
    rank[said == ""] = -1
    return rank[place]


def _level(job: Job) -> int:
    words = set(job.title.casefold().replace("/", " ").replace("-", " ").split())
    return next((i for i, marks in enumerate(LEVELS) if words.intersection(marks)), _PLAIN_LEVEL)
