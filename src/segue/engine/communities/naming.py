"""What to call a community: the occupation it is nearest to, and the skills that tell it from all others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.communities.space import SkillSets

LONGEST = 120
LEAST_SHARE = 0.15  # of a community's people have a skill that may speak for it
NEAR = 0.35  # cosine; an occupation farther off names nobody
SHRINKAGE = 0.05  # the prior weighs as much as this share of everybody: rare skills must show more
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Distinctive:
    """A skill in one community: share of its people, share of everybody, their ratio.

    `z`: log-odds against the others, shrunk towards everybody's, in standard errors.
    """

    slug: str
    share: float
    overall: float
    lift: float
    z: float


def distinctive_skills(sets: SkillSets, label: NDArray[np.int64], k: int) -> list[list[Distinctive]]:
    """Return for each of k communities its telling skills, the surest first.

    `label` int64[n] in the order of `sets`, -1 for nobody's. Log-odds with an informative Dirichlet prior
    made of everybody. Source: Monroe, Colaresi & Quinn 2008, "Fightin' Words".
    """
    counts, sizes = _holders(sets, label, k)
    everybody: Floats = np.asarray(sets.held.sum(axis=0), dtype=np.float64).ravel()
    n = max(len(sets), 1)
    prior: Floats = everybody * SHRINKAGE + 0.01
    return [_told(sets.slugs, counts[one], int(sizes[one]), everybody, n, prior) for one in range(k)]


def nearest_occupations(
    slugs: Sequence[str], mixes: Floats, occupations: Mapping[str, Mapping[str, float]]
) -> list[str]:
    """Return for each community (mixes float64[k, s]: share of its people with each skill) the occupation
    whose skills are most alike, "" where none is near.

    `occupations`: title → skill → share of its jobs that ask for it. Ties go by title.

    >>> asked = {"Tailor": {"sew": 1.0}, "Coder": {"go": 1.0}}
    >>> nearest_occupations(["go", "sew"], np.array([[0.9, 0.0]]), asked)
    ['Coder']
    """
    place = {slug: column for column, slug in enumerate(slugs)}
    titles = sorted(occupations)
    asked = np.zeros((len(titles), len(slugs)))
    for row, title in enumerate(titles):
        for slug, share in occupations[title].items():
            if slug in place:
                asked[row, place[slug]] = share
    if not titles:
        return [""] * len(mixes)
    alike = _unit(mixes) @ _unit(asked).T
    best = alike.argmax(axis=1)
    return [titles[b] if alike[row, b] >= NEAR else "" for row, b in enumerate(best.tolist())]


def name_of(occupation: str, labels: Sequence[str], skills: int = 3) -> str:
    """Put a name together, no longer than LONGEST.

    >>> name_of("Nurse", ["Triage", "Wound care", "Intensive care", "IT"])
    'Nurse: Triage, Wound care, Intensive care'
    """
    words = ", ".join(labels[:skills])
    name = f"{occupation}: {words}" if occupation and words else occupation or words
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip(" ,") + "…"


def settle_names(
    wanted: Sequence[Sequence[str]], held: Mapping[int, str], taken: Collection[str] = ()
) -> list[str]:
    """Give each community one name, no two alike (capitals do not count), none of the names `taken`.

    `held`: names that stay with whom they belong, by place; `wanted`: for the others, the first that is free.
    Two held names that are alike, or one that is taken, get a number behind them. Nothing wanted at all: "?".

    >>> settle_names([["Nurse"], ["Nurse", "Nurse: Triage"], ["x"]], {2: "Ours"})
    ['Nurse', 'Nurse: Triage', 'Ours']
    """
    used = {name.casefold() for name in taken}
    names: dict[int, str] = {}
    for place in sorted(range(len(wanted)), key=lambda one: (one not in held, one)):
        choices = [held[place]] if place in held else [name for name in wanted[place] if name] or ["?"]
        names[place] = next(
            name for name in (*choices, *_numbered(choices[-1], len(used))) if name.casefold() not in used
        )
        used.add(names[place].casefold())
    return [names[place] for place in range(len(wanted))]


def mixes_of(sets: SkillSets, label: NDArray[np.int64], k: int) -> Floats:
    """Return float64[k, s]: the share of each community's people who have each skill."""
    counts, sizes = _holders(sets, label, k)
    return np.asarray(counts / np.maximum(sizes, 1)[:, None])


def _holders(sets: SkillSets, label: NDArray[np.int64], k: int) -> tuple[Floats, NDArray[np.int64]]:
    counts: Floats = np.zeros((k, len(sets.slugs)))
    for one in range(k):
        counts[one] = np.asarray(sets.held[np.flatnonzero(label == one)].sum(axis=0)).ravel()
    return counts, np.bincount(label[label >= 0], minlength=k)


def _told(
    slugs: Sequence[str], held: Floats, size: int, everybody: Floats, n: int, prior: Floats
) -> list[Distinctive]:
    if not size:
        return []
    rest, others = everybody - held, n - size
    ours = np.log((held + prior) / np.maximum(size - held + SHRINKAGE * n - prior, 0.5))
    theirs = np.log((rest + prior) / np.maximum(others - rest + SHRINKAGE * n - prior, 0.5))
    z = (ours - theirs) / np.sqrt(1.0 / (held + prior) + 1.0 / (rest + prior))
    share, overall = held / size, everybody / n
    order = sorted(
        np.flatnonzero((share >= LEAST_SHARE) & (z > 0)).tolist(), key=lambda one: (-z[one], slugs[one])
    )
    return [
        Distinctive(
            slugs[one],
            float(share[one]),
            float(overall[one]),
            float(share[one] / overall[one]),
            float(z[one]),
        )
        for one in order
    ]


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def _numbered(name: str, used: int) -> Iterator[str]:
    """Yield "name (2)", "name (3)" and so on, one more than can be in use."""
    for number in range(2, used + 4):
        tail = f" ({number})"
        yield name[: LONGEST - len(tail)] + tail
