"""How firm communities are, how true, and what a refit leaves as it was; beside two peers in the same run.

    ./run bench communities [--people N] [--seeds N] [--large N] [--json]

The people are the invented company's: they list skills, and each has an occupation the world drew and no
model reads. Five in a hundred come after the first fit. The peers get the same unit rows on the same axes,
and their groups are carried over a refit by the same rule, so what differs is how groups are found.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from segue.engine.communities.carrying import What, carry
from segue.engine.communities.fitting import APART_ON, RESAMPLES, Abstained, Fit, fit_communities, place
from segue.engine.communities.judging import adjusted_rand
from segue.engine.communities.space import SkillSets, main_axes, unit_rows_of
from segue.engine.world.employer import hire_staff
from segue.engine.world.jobs import draw_jobs
from segue.engine.world.people import draw_people

TODAY = date(2026, 11, 22)
FIRST_SEED = 101  # settings were looked at on seeds 11 to 13
NEW = 0.05
Known = dict[str, frozenset[str]]
Labels = NDArray[np.int64]
Find = Callable[[Known, int], "Grouped"]


@dataclass(frozen=True)
class Grouped:
    """Who is where (-1: nowhere) among how many groups, and how it was found again on resamples."""

    label: dict[str, int]
    k: int
    again: float
    fit: Fit | None = None


@dataclass(frozen=True)
class Row:
    """One seed's figures of one way."""

    groups: int
    stability: float
    truth: float
    truth_of_placed: float
    outside: float
    people_kept: float
    names_kept: float
    cpu_s: float


def world(seed: int, people: int) -> tuple[Known, dict[str, int]]:
    """Return the skills people list, and their true occupations; those who list nothing are in neither."""
    drafted = draw_jobs(seed, 200, 260, hire_staff(seed), TODAY)
    draft = draw_people(seed, people, drafted)
    slugs = [f"skill-{column:03d}" for column in range(draft.listed_skills.shape[1])]
    known: Known = {}
    truth: dict[str, int] = {}
    for row, occupation in enumerate(draft.columns.occupation.tolist()):
        held = np.flatnonzero(draft.listed_skills[row])
        if len(held):
            person = f"person-{row:06d}"
            known[person] = frozenset(slugs[column] for column in held.tolist())
            truth[person] = occupation
    return known, truth


# --- ways to find groups ----------------------------------------------------------------------------


def segue(known: Known, seed: int, before: Fit | None = None) -> Grouped:
    fit = fit_communities(SkillSets.of(known), seed=seed, before=before)
    if isinstance(fit, Abstained):
        return Grouped({}, 0, 0.0)
    assert fit.chosen.stability is not None
    placed = place(fit, known)
    label = dict(zip(placed.ids, placed.label.tolist(), strict=True))
    return Grouped(label, len(fit), fit.chosen.stability.mean, fit)


def points_of(known: Known) -> tuple[SkillSets, NDArray[np.float64]]:
    sets = SkillSets.of(known)
    rows = unit_rows_of(sets.held)
    return sets, main_axes(rows).points(rows)


def sklearn_k_means(known: Known, seed: int) -> Grouped:
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    sets, points = points_of(known)
    tried = {}
    for k in [*range(2, 13), *range(14, 31, 2), *range(33, 61, 3)]:
        labels = KMeans(k, n_init="auto", random_state=seed).fit_predict(points)
        tried[k] = silhouette_score(points, labels, sample_size=APART_ON, random_state=seed), labels
    k = max(tried, key=lambda one: tried[one][0])
    label = dict(zip(sets.ids, tried[k][1].tolist(), strict=True))

    def again(some: NDArray[np.float64], dice: int) -> Labels:
        return np.asarray(KMeans(k, n_init="auto", random_state=dice).fit_predict(some))

    return Grouped(label, k, _resampled(sets, tried[k][1], again, seed))


def hdbscan(known: Known, seed: int) -> Grouped:
    from sklearn.cluster import HDBSCAN

    sets, points = points_of(known)

    def find(some: NDArray[np.float64], _dice: int) -> Labels:
        return np.asarray(HDBSCAN(min_cluster_size=max(10, len(some) // 200), copy=True).fit_predict(some))

    labels = find(points, seed)
    label = dict(zip(sets.ids, labels.tolist(), strict=True))
    return Grouped(label, int(labels.max()) + 1, _resampled(sets, labels, find, seed))


def _resampled(
    sets: SkillSets, labels: Labels, find: Callable[[NDArray[np.float64], int], Labels], seed: int
) -> float:
    found = []
    for draw in range(RESAMPLES):
        drawn = np.sort(np.random.default_rng([seed, 2, draw]).integers(0, len(sets), len(sets)))
        rows = unit_rows_of(sets.held[drawn])
        again = find(main_axes(rows).points(rows), seed + draw + 1)
        common, first = np.unique(drawn, return_index=True)
        found.append(adjusted_rand(labels[common], again[first]))
    return float(np.mean(found))


# --- measuring ---------------------------------------------------------------------------------------


def measure(find: Find, refind: Callable[[Known, int, Grouped], Grouped], seed: int, people: int) -> Row:
    known, truth = world(seed, people)
    order = np.random.default_rng([seed, 9]).permutation(len(known))
    ids = sorted(known)
    first = {ids[place]: known[ids[place]] for place in order[round(len(ids) * NEW / (1 + NEW)) :].tolist()}
    find(dict(list(first.items())[:400]), seed)  # the imports are nobody's work
    begun = time.process_time()
    before = find(first, seed)
    cpu_s = time.process_time() - begun
    after = refind(known, seed + 1, before)
    people_kept, names_kept = kept(before, after)
    placed = [one for one in before.label if before.label[one] >= 0]
    return Row(
        groups=before.k,
        stability=before.again,
        truth=agreement(before.label, truth, list(before.label)),
        truth_of_placed=agreement(before.label, truth, placed),
        outside=1 - len(placed) / len(first),
        people_kept=people_kept,
        names_kept=names_kept,
        cpu_s=cpu_s,
    )


def agreement(label: Mapping[str, int], truth: Mapping[str, int], ids: list[str]) -> float:
    if not ids:
        return 0.0
    return adjusted_rand(np.array([label[one] for one in ids]), np.array([truth[one] for one in ids]))


def kept(before: Grouped, after: Grouped) -> tuple[float, float]:
    """Share of people in both whose community is called as before, and of names that are still there."""
    old = {one: str(label) for one, label in before.label.items() if label >= 0}
    new = {one: label for one, label in after.label.items() if label >= 0}
    changes = carry(old, new, after.k)
    key = {one.label: one.key for one in changes if one.what is What.KEPT}
    same = [key.get(new.get(one, -1)) == name for one, name in old.items()]
    return float(np.mean(same)) if same else 0.0, len(key) / max(before.k, 1)


WAYS: dict[str, tuple[Find, Callable[[Known, int, Grouped], Grouped]]] = {
    "**Segue communities**": (segue, lambda known, seed, before: segue(known, seed, before.fit)),
    "… refitted without looking at the fit before": (segue, lambda known, seed, _before: segue(known, seed)),
    "scikit-learn KMeans, k of the best silhouette": (
        sklearn_k_means,
        lambda known, seed, _before: sklearn_k_means(known, seed),
    ),
    "scikit-learn HDBSCAN": (hdbscan, lambda known, seed, _before: hdbscan(known, seed)),
}


def spread(values: list[float]) -> str:
    """Mean ± the half width of its 95 % interval over seeds."""
    mean = float(np.mean(values))
    n = len(values)
    half = float(stdtrit(n - 1, 0.975) * np.std(values, ddof=1)) / math.sqrt(n) if n > 1 else math.nan
    return f"{mean:.3f} ± {half:.3f}"


def large(people: int) -> dict[str, float]:
    known, truth = world(FIRST_SEED - 1, people)
    begun = time.process_time()
    fit = fit_communities(SkillSets.of(known), seed=1)
    fitted = time.process_time() - begun
    if isinstance(fit, Abstained):
        return {"people": len(known), "fit_cpu_s": fitted, "communities": 0}
    begun = time.process_time()
    placed = place(fit, known)
    label = dict(zip(placed.ids, placed.label.tolist(), strict=True))
    placing = time.process_time() - begun
    tracemalloc.start()
    place(fit, known)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {
        "people": len(known),
        "communities": len(fit),
        "fit_cpu_s": round(fitted, 1),
        "place_cpu_s": round(placing, 1),
        "place_peak_mb": round(peak / 1e6),
        "ari_truth": round(agreement(label, truth, list(label)), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench communities", description=__doc__)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--large", type=int, default=100_000, help="people of the timed large fit; 0: none")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found: dict[str, list[Row]] = {name: [] for name in WAYS}
    for seed in range(FIRST_SEED, FIRST_SEED + args.seeds):
        for name, (find, refind) in WAYS.items():
            found[name].append(measure(find, refind, seed, args.people))
            print(f"seed {seed} {name}: {found[name][-1]}", file=sys.stderr)
    table = {
        name: {column: spread([getattr(row, column) for row in rows]) for column in Row.__annotations__}
        for name, rows in found.items()
    }
    timed = large(args.large) if args.large else {}
    if args.json:
        print(json.dumps({"ways": table, "large": timed}))
        return
    columns = list(Row.__annotations__)
    print(f"| way | {' | '.join(column.replace('_', ' ') for column in columns)} |")
    print("|---|" + "---|" * len(columns))
    for name, row in table.items():
        print(f"| {name} | {' | '.join(row[column] for column in columns)} |")
    print("\n", timed)


if __name__ == "__main__":
    main()
