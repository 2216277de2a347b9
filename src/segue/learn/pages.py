"""What pages would have shown before somebody's last act, with and without a behaviour model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.catalog.models import Person
from segue.engine.estimator import Scene
from segue.engine.hybrid import score_one
from segue.engine.sources.neighbours import SHARES, FloatArray, Learned, mixed, mixes_of
from segue.engine.splits import Split
from segue.engine.stack import GROUPS, group_of
from segue.engine.task import IntArray
from segue.learn.behaviour import BehaviourModel
from segue.learn.queries.behaviour import Acts
from segue.learn.queries.catalogue import Catalogue
from segue.learn.queries.events import as_arrays, events_of
from segue.learn.queries.model_input import person_columns
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted_to

MOST_PAGES = 800  # people whose page is made up again; each is some milliseconds for a thousand jobs
OWN_SHARE_FROM = 40  # people of a group, before it gets weights and a share of its own
AT = 20


@dataclass(frozen=True, eq=False)
class Page:
    """One person just before their last act: a page's scores without the model, and what may be asked for."""

    history: IntArray  # rows of the acts' jobs, the latest first
    base: NDArray[np.float32]  # [on offer]
    open: NDArray[np.bool_]  # [on offer] not yet met, and published by then
    sought: int


@dataclass(frozen=True, eq=False)
class Pages:
    acts: Acts
    catalogue: Catalogue
    pages: tuple[Page, ...]
    day: FloatArray  # of the last act

    def laid_out(self, learned: Learned) -> Learned:
        return BehaviourModel(self.acts.jobs, learned).laid_out(
            self.catalogue.row_of, self.catalogue.on_offer
        )

    def gains_of_model(self, model: BehaviourModel, which: NDArray[np.bool_]) -> FloatArray:
        """nDCG@20 of another model, whose rows are numbered in its own way."""
        laid = model.laid_out(self.catalogue.row_of, self.catalogue.on_offer)
        told = []
        for page in (self.pages[at] for at in np.flatnonzero(which)):
            rows = [model.row_of.get(self.acts.jobs[row]) for row in page.history]
            history = np.array([row for row in rows if row is not None], dtype=np.int64)
            share = laid.share(len(history))
            told.append(_gain(page, (1.0 - share) * page.base + share * laid.feature(history)))
        return np.array(told)


@dataclass(frozen=True, eq=False)
class Chosen:
    """Weights and shares by amount of history, chosen on half of the people and judged on the others."""

    weights: FloatArray
    shares: FloatArray
    gains: FloatArray  # nDCG@20 of everybody's last act with them
    base: FloatArray  # … and without
    apart: NDArray[np.bool_]  # whom nothing was chosen on
    group: IntArray

    @property
    def judged(self) -> int:
        return int(self.apart.sum())

    @property
    def with_it(self) -> float:
        return float(self.gains[self.apart].mean()) if self.judged else 0.0

    @property
    def without(self) -> float:
        return float(self.base[self.apart].mean()) if self.judged else 0.0

    def as_told(self) -> dict[str, Any]:
        """What a model's card says of it, all on people nothing was chosen on."""
        by_group = []
        for at, least in enumerate(GROUPS):
            mine = self.apart & (self.group == at)
            told: dict[str, Any] = {"from_acts": least, "people": int(mine.sum())}
            told |= {"share": float(self.shares[at]), "weights": self.weights[at].tolist()}
            if mine.any():
                told |= {"ndcg@20": round(float(self.gains[mine].mean()), 5)}
                told |= {"ndcg@20_without": round(float(self.base[mine].mean()), 5)}
            by_group.append(told)
        gained = self.gains[self.apart] - self.base[self.apart]
        error = float(gained.std() / np.sqrt(max(1, len(gained))))
        return {
            "people": self.judged,
            "ndcg@20": round(self.with_it, 5),
            "ndcg@20_without": round(self.without, 5),
            "standard_error_of_gain": round(error, 5),
            "groups": by_group,
        }


def pages_of(acts: Acts, split: Split, catalogue: Catalogue) -> Pages:
    """Make the pages of a sample of the held-out people up again, by what may be read of them now."""
    rng = np.random.default_rng(0)
    asked = np.sort(rng.permutation(len(split))[:MOST_PAGES])
    ids = [acts.people[split.person[at]] for at in asked]
    people = {row.pk: row for row in Person.objects.filter(pk__in=ids).select_related("features")}
    granted = purposes_granted_to(ids)
    pages, day = [], []
    for at, person_id in zip(asked, ids, strict=True):
        sought = catalogue.row_of.get(acts.jobs[split.job[at]], catalogue.on_offer)
        if sought >= catalogue.on_offer or person_id not in people:
            continue  # what is closed by now cannot be asked for
        mine = split.train.job[split.train.person == split.person[at]][::-1]
        page = _page(
            people[person_id], granted[person_id], float(split.day[at]), catalogue, (acts, mine, sought)
        )
        pages.append(page)
        day.append(float(split.day[at]))
    return Pages(acts, catalogue, tuple(pages), np.array(day))


def _page(
    person: Person,
    granted: frozenset[str],
    day: float,
    catalogue: Catalogue,
    told: tuple[Acts, IntArray, int],
) -> Page:
    acts, history, sought = told
    columns = person_columns([person], [granted], catalogue)
    events = [one for one in events_of(person.pk) if one.at.timestamp() / 86_400 < day]
    scene = Scene(
        columns,
        catalogue.columns,
        (as_arrays(events, catalogue.row_of),),
        day,
        catalogue.near,
        catalogue.strong,
    )
    base = score_one(scene, grows=Purpose.PROFILE not in granted).scores[: catalogue.on_offer]
    asked = ~(catalogue.offered.posted_day > day)
    met = (catalogue.row_of.get(acts.jobs[row], len(asked)) for row in history)
    asked[[row for row in met if row < len(asked)]] = False
    asked[sought] = True
    return Page(history, base.astype(np.float32), asked, sought)


def choose(learned: Learned, pages: Pages) -> Chosen:
    """Choose by the gain of every second person's last act; groups of few take what serves all."""
    laid = pages.laid_out(learned)
    mixes = mixes_of(len(laid.parts))
    table = np.array([_gains(page, laid, mixes) for page in pages.pages])  # [n, mixes, shares]
    table = table.reshape(len(pages.pages), len(mixes), len(SHARES))
    group = group_of(np.array([len(page.history) for page in pages.pages], dtype=np.int64))
    apart = np.arange(len(group)) % 2 == 1
    common = _best(table[~apart & (group > 0)])
    best = [(common[0], 0)]  # without history there is nothing to weigh
    for at in range(1, len(GROUPS)):
        mine = ~apart & (group == at)
        best.append(_best(table[mine]) if mine.sum() >= OWN_SHARE_FROM else common)
    picked = np.array(best)[group] if len(group) else np.empty((0, 2), dtype=np.int64)
    return Chosen(
        weights=np.array([mixes[mix] for mix, _ in best]),
        shares=np.array([SHARES[share] for _, share in best]),
        gains=table[np.arange(len(group)), picked[:, 0], picked[:, 1]],
        base=table[:, 0, 0],
        apart=apart,
        group=group,
    )


def _best(table: FloatArray) -> tuple[int, int]:
    """Which mix and share serve these people best; of equals the smaller share."""
    if not len(table):
        return 0, 0
    mean = table.mean(axis=0)
    share = int(mean.max(axis=0).argmax())
    return int(mean[:, share].argmax()), share


def _gains(page: Page, laid: Learned, mixes: list[FloatArray]) -> FloatArray:
    views = laid.views(page.history)
    told = np.zeros((len(mixes), len(SHARES)))
    for i, weights in enumerate(mixes):
        feature = mixed(views, weights)
        for j, share in enumerate(SHARES):
            told[i, j] = _gain(page, (1.0 - share) * page.base + share * feature)
    return told


def _gain(page: Page, scores: FloatArray) -> float:
    """nDCG@20 of the one sought job, ties shared evenly."""
    own, others = scores[page.sought], scores[page.open]
    place = float((others > own).sum() + ((others == own).sum() - 1) / 2)
    return float(1.0 / np.log2(place + 2.0)) if place < AT else 0.0
