"""The content score's features: what a profile and an advertisement say about each other.

Every feature is signed evidence in [-1, 1], and 0 wherever either side says nothing: an empty profile
is neutral, never a bad match. So one set of weights serves people with much, little or no history.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.columns import JobColumns, NameArray, PersonColumns
from segue.engine.place import RemoteMode, haversine_km, named_distance_km, place_score
from segue.engine.skills import covered
from segue.engine.vectors import cosines

FloatArray = NDArray[np.float64]

FEATURES = ("text", "title", "words", "skills", "place", "pay", "freshness", "behaviour", "wish")

# Two random texts share about 2 % of their weighted words; 8 % is a strong overlap (1st percentile down).
_WORDS_USUAL, _WORDS_STRONG = 0.02, 0.08
COSINE_STRONG = 0.6  # of centred cosines: as good as equal from here on, unless `scale` measured otherwise
_FRESH_HALF_LIFE_DAYS = 14.0
_WISH_REMOTE_SHARE = 0.3


def content_features(
    people: PersonColumns,
    jobs: JobColumns,
    *,
    today: float,
    behaviour: FloatArray | None = None,
    near: sparse.csr_array | None = None,
    strong: float = COSINE_STRONG,
) -> FloatArray:
    """Every feature of every pair, float64[P, J, F] in [-1, 1], ordered as FEATURES.

    `today`: days since 1970-01-01, the day of showing (never of a later click: that leaks);
    `behaviour`: float64[P, J] from `taste.behaviour_score`, None without consent or history;
    `near`: csr[S, S] from `skills.near_skills`; `strong`: the centred cosine that is as good as equal, from
    `scale.Scale`. Raises ValueError where shapes differ.

    >>> blank = content_features(PersonColumns.blank(["ada"]), JobColumns.blank(["a"]), today=0.0)
    >>> blank.shape, float(abs(blank).max())
    ((1, 1, 9), 0.0)
    """
    shape = (len(people), len(jobs))
    if behaviour is not None and behaviour.shape != shape:
        raise ValueError(f"behaviour is {behaviour.shape}, people × jobs is {shape}")
    columns = lasting_features(people, jobs, near=near, strong=strong) | {
        "freshness": np.broadcast_to(freshness(jobs, today), shape),
        "behaviour": np.zeros(shape) if behaviour is None else behaviour,
    }
    return np.stack([columns[name] for name in FEATURES], axis=-1)


def lasting_features(
    people: PersonColumns,
    jobs: JobColumns,
    *,
    near: sparse.csr_array | None = None,
    strong: float = COSINE_STRONG,
) -> dict[str, FloatArray]:
    """The features that hold until a profile or a job changes, by name, float64[P, J] each.

    What is left of FEATURES moves with the clock and with every act: "freshness" and "behaviour".

    >>> sorted(set(FEATURES) - set(lasting_features(PersonColumns.blank(["ada"]), JobColumns.blank(["a"]))))
    ['behaviour', 'freshness']
    """
    return {
        "text": _strong(cosines(people.vec, jobs.vec), strong),
        "title": _title(people, jobs, strong),
        "words": _words(people, jobs),
        "skills": covered(people.skills, jobs.demand, near),
        "place": _place(people, jobs),
        "pay": _pay(people, jobs),
        "wish": _wish(people, jobs, strong),
    }


@dataclass(frozen=True, eq=False)
class Places:
    """Just enough of n jobs to measure the way to them: float64[n] degrees and names [n]."""

    lat: FloatArray
    lon: FloatArray
    place: NameArray
    region: NameArray


def distances_km(people: PersonColumns, jobs: JobColumns | Places) -> FloatArray:
    """Kilometres from home to workplace, float64[P, J]; by place names where coordinates lack, else NaN."""
    measured = haversine_km(people.lat[:, None], people.lon[:, None], jobs.lat, jobs.lon)
    by_name = named_distance_km(_same(people.place, jobs.place), _same(people.region, jobs.region))
    return np.where(np.isnan(measured), by_name, measured)


def _strong(cosine: FloatArray, strong: float) -> FloatArray:
    return np.asarray(np.clip(cosine / strong, -1.0, 1.0))


def _title(people: PersonColumns, jobs: JobColumns, strong: float) -> FloatArray:
    """A job's title against all of the profile, and against past titles where we know them."""
    titles = jobs.titles
    to_profile = cosines(people.vec, titles.values)
    has_titles = people.has_titles[:, None]
    if not has_titles.any():
        return _strong(to_profile, strong)[:, titles.codes]
    to_titles = cosines(people.title_vec, titles.values)
    both = np.where(has_titles, 0.5 * (to_profile + to_titles), to_profile)
    return _strong(both, strong)[:, titles.codes]


def _words(people: PersonColumns, jobs: JobColumns) -> FloatArray:
    shared = _shared(people.words, jobs.words)
    above = np.clip((shared - _WORDS_USUAL) / (_WORDS_STRONG - _WORDS_USUAL), -1.0, 1.0)
    return np.where(_filled(people.words)[:, None] & _filled(jobs.words), above, 0.0)


def _shared(people: sparse.csr_array, jobs: sparse.csr_array) -> FloatArray:
    """Dot products float64[P, J]; where one side is a single row, without turning the other round."""
    if people.shape[0] == 1:
        return np.asarray(jobs @ people.toarray()[0].astype(jobs.dtype), dtype=np.float64)[None, :]
    if jobs.shape[0] == 1:
        return np.asarray(people @ jobs.toarray()[0].astype(people.dtype), dtype=np.float64)[:, None]
    return np.asarray((people @ jobs.T).toarray(), dtype=np.float64)


def _place(people: PersonColumns, jobs: JobColumns) -> FloatArray:
    both_countries = (people.country != "")[:, None] & (jobs.country != "")
    same_country = np.where(both_countries, people.country[:, None] == jobs.country, np.nan)
    score = place_score(
        distances_km(people, jobs), jobs.remote, same_country, willing_km=people.willing_km[:, None]
    )
    return np.where(_says_where(people)[:, None], 2.0 * score - 1.0, 0.0)


def _pay(people: PersonColumns, jobs: JobColumns) -> FloatArray:
    """How far the middle of the range lies above (or below) the floor, as a share of the floor."""
    ends = np.stack([jobs.pay_min_year, jobs.pay_max_year])
    offered = np.where(np.isnan(ends).all(axis=0), np.nan, np.nansum(ends, axis=0))
    offered = offered / np.maximum((~np.isnan(ends)).sum(axis=0), 1)
    floor = people.pay_floor_year[:, None]
    above = (offered - floor) / np.where(floor > 0, floor, np.nan)
    return np.asarray(np.nan_to_num(np.clip(2.0 * above, -1.0, 1.0), nan=0.0))


def freshness(jobs: JobColumns, today: float) -> FloatArray:
    """How new each job is, float64[J] in [0, 1], half after two weeks; 0 where its date is unknown.

    >>> freshness(JobColumns.blank(["a"]), 0.0).tolist()
    [0.0]
    """
    age_days = np.maximum(today - jobs.posted_day, 0.0)
    return np.nan_to_num(np.exp2(-age_days / _FRESH_HALF_LIFE_DAYS), nan=0.0)


def _wish(people: PersonColumns, jobs: JobColumns, strong: float) -> FloatArray:
    role = np.zeros((len(people), len(jobs)))
    if people.wish_vec.any():
        role = _strong(cosines(people.wish_vec, jobs.titles.values), strong)[:, jobs.titles.codes]
    asked, offered = people.wish_remote[:, None], jobs.remote[None, :]
    known = (asked != RemoteMode.UNKNOWN) & (offered != RemoteMode.UNKNOWN)
    mode = np.where(known, np.where(asked == offered, 1.0, -1.0), 0.0)
    return np.clip(role + _WISH_REMOTE_SHARE * mode, -1.0, 1.0)


def _same(left: NameArray, right: NameArray) -> NDArray[np.bool_]:
    return np.asarray((left[:, None] == right) & (left != "")[:, None])


def _filled(rows: sparse.csr_array) -> NDArray[np.bool_]:
    return np.asarray(np.diff(rows.indptr) > 0)


def _says_where(people: PersonColumns) -> NDArray[np.bool_]:
    """Whether we know anything about where they live; if not, a place can be neither near nor far."""
    named = (people.country != "") | (people.region != "") | (people.place != "")
    return np.asarray(named | ~np.isnan(people.lat))
