"""The next job by a softmax over all of them: few numbers a job, learnt by choosing the act that came next.

A history stands where the mean of its jobs stands, newer ones weighing more; the next job is drawn by
exp(stand · job + bias). The linear sources ask how often things go together; this one asks which of all jobs
it was, and that is another opinion. It is what sequence models with attention leave when the attention is
left out.

Source: Yi et al. 2019, "Sampling-bias-corrected neural modeling" (the sampled softmax); Klenitskiy and
Vasilev 2023, arXiv 2309.07602 (the loss makes most of the difference); Duchi et al. 2011 (AdaGrad).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from segue.engine.explain import Explanation, Factor
from segue.engine.sources.linear import check_finite
from segue.engine.sources.softmax_fit import Float32Array, Int32Array, stand, step, surprise
from segue.engine.task import IntArray, Log, ScoreArray, Task

Settings = Mapping[str, Any]
RATE = 0.1
SPREAD = 0.1  # of the numbers a job begins with
AS_OFTEN = 0.75  # others are drawn by how often they are seen, to this power
LEFT_OUT = 0.2  # of a history's acts, each time it is looked at
BATCH = 512
_LITTLE = 1e-6
_NEVER = 1e-12


@dataclass(frozen=True, eq=False)
class Places:
    """What was learnt: `past` and `following` float32[J, d], `bias` float32[J, 1]; `spent` is AdaGrad's."""

    past: Float32Array
    following: Float32Array
    bias: Float32Array
    spent: tuple[Float32Array, Float32Array, Float32Array]

    @classmethod
    def at_random(cls, jobs: int, dim: int, rng: np.random.Generator) -> Places:
        past, following = (SPREAD * rng.standard_normal((2, jobs, dim))).astype(np.float32)
        nothing = np.full(jobs, _LITTLE, dtype=np.float32)
        return cls(
            past, following, np.zeros((jobs, 1), np.float32), (nothing, nothing.copy(), nothing.copy())
        )

    def copy(self) -> Places:
        one, two, three = (each.copy() for each in self.spent)
        return Places(self.past.copy(), self.following.copy(), self.bias.copy(), (one, two, three))


@dataclass(frozen=True, eq=False)
class NextSoftmax:
    """The act that comes next, of all there are. `decay`: how much less each older act of a history weighs;
    `reach`: how many of them count; `others`: how many jobs an act is told from at a time."""

    decay: float = 0.6
    dim: int = 64
    reach: int = 10
    others: int = 128
    epochs: int = 6
    seed: int = 0
    name: ClassVar[str] = "softmax"
    refits: ClassVar[tuple[Settings, ...]] = ({},)
    tunes: ClassVar[tuple[Settings, ...]] = ({},)
    places: Places | None = None
    known: Float32Array | None = None  # the bias as it is read: a job nobody was seen to choose comes last

    def fit(self, task: Task) -> NextSoftmax:
        """Learn from nothing but the task. Raises ValueError for NaN."""
        rng = np.random.default_rng(self.seed)
        return self._fit(task, Places.at_random(task.log.jobs, self.dim, rng), self.epochs, rng)

    def refit(self, task: Task, *, epochs: int = 2) -> NextSoftmax:
        """Learn on from where it stands, with the same table of jobs. Raises RuntimeError before `fit`."""
        rng = np.random.default_rng(self.seed + 1)
        return self._fit(task, self._learnt().copy(), epochs, rng)

    def _fit(self, task: Task, places: Places, epochs: int, rng: np.random.Generator) -> NextSoftmax:
        check_finite(task)
        log = task.log
        target = np.flatnonzero(np.arange(len(log)) > log.start[log.person])
        history, job = self._before(log, target), log.job[target].astype(np.int32)
        often = np.bincount(log.job, minlength=log.jobs) ** AS_OFTEN
        chance = often / max(float(often.sum()), _NEVER)
        log_chance = np.log(np.maximum(chance, _NEVER)).astype(np.float32)
        ends = np.cumsum(chance)
        for _ in range(epochs):
            order = rng.permutation(len(target))
            for low in range(0, len(order), BATCH):
                acts = order[low : low + BATCH]
                drawn = np.minimum(np.searchsorted(ends, rng.random(self.others)), log.jobs - 1)
                share = self._shares(history[acts], rng)
                _learn(places, history[acts], share, job[acts], drawn.astype(np.int32), log_chance)
        seen = often > 0
        known = np.where(seen, places.bias[:, 0], places.bias[seen].min(initial=0.0)).astype(np.float32)
        following = np.where(seen[:, None], places.following, np.float32(0.0))
        return replace(self, places=replace(places, following=following), known=known)

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[n, jobs]; without history, how often each comes next. Raises RuntimeError before `fit`."""
        places = self._learnt()
        history = self._history(task.log, people)
        share = self._shares(history)
        standing = np.zeros((len(people), places.past.shape[1]), np.float32)
        stand(places.past, history, share, standing)
        assert self.known is not None
        scores = standing @ places.following.T
        scores += self.known
        return np.asarray(scores, dtype=np.float32)

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        """What each job of the history adds, "because:" and its row, and how often it comes next anyway."""
        places = self._learnt()
        assert self.known is not None
        history = self._history(task.log, np.array([person]))
        share = self._shares(history)[0]
        much: dict[int, float] = {}
        for row, part in zip(history[0].tolist(), share.tolist(), strict=True):
            if row >= 0:
                much[row] = much.get(row, 0.0) + part
        there = places.following[job].astype(np.float64)
        pulls = {row: float(places.past[row].astype(np.float64) @ there) for row in much}
        factors = [
            Factor(f"because:{row}", pulls[row], part, pulls[row] * part) for row, part in much.items()
        ]
        factors.append(Factor("often", float(self.known[job]), 1.0, float(self.known[job])))
        factors.sort(key=lambda factor: -abs(factor.contribution))
        told = max(factors, key=lambda factor: factor.contribution)
        because = told.contribution > 0 and told.name != "often"
        args = {"job": int(told.name.partition(":")[2])} if because else {}
        total = math.fsum(factor.contribution for factor in factors)
        return Explanation(total, tuple(factors), "because" if because else "general", args)

    def _shares(self, history: Int32Array, rng: np.random.Generator | None = None) -> Float32Array:
        """What each act of a history weighs, float32[n, reach]: rows sum to 1, or are empty.

        While learning some acts are left out, by chance; the newest stays where nothing else would.
        """
        fading = (self.decay ** np.arange(self.reach)).astype(np.float32)
        weight = np.where(history >= 0, fading, np.float32(0.0))
        if rng is not None:
            kept = weight * (rng.random(history.shape, dtype=np.float32) >= LEFT_OUT)
            kept[:, 0] += np.where(kept.any(axis=1), np.float32(0.0), weight[:, 0])
            weight = kept
        return np.asarray(weight / np.maximum(weight.sum(axis=1, keepdims=True), _LITTLE), dtype=np.float32)

    def _history(self, log: Log, people: IntArray) -> Int32Array:
        """Whole histories, newest first, -1 beyond their beginning: int32[n, reach]."""
        last = log.start[1:][people][:, None] - 1 - np.arange(self.reach)
        return _jobs_at(log, last, log.start[:-1][people])

    def _before(self, log: Log, acts: IntArray) -> Int32Array:
        """What came before each act, newest first: int32[m, reach]."""
        return _jobs_at(log, acts[:, None] - 1 - np.arange(self.reach), log.start[log.person[acts]])

    def _learnt(self) -> Places:
        if self.places is None:
            raise RuntimeError("fit the source first")
        return self.places


def _learn(
    places: Places,
    history: Int32Array,
    share: Float32Array,
    target: Int32Array,
    drawn: Int32Array,
    log_chance: Float32Array,
) -> None:
    """Take one batch of acts: which of the target and the drawn jobs came next? `places` moves in place."""
    standing = np.zeros((len(target), places.past.shape[1]), np.float32)
    stand(places.past, history, share, standing)
    others, own = places.following[drawn], places.following[target]
    pull = standing @ others.T
    bias = places.bias[:, 0] - log_chance
    mine = np.einsum("md,md->m", standing, own) + bias[target]
    surprise(pull, mine, target, drawn, bias[drawn] - np.float32(math.log(len(drawn))))
    move = pull @ others + mine[:, None] * own
    ones = np.ones((len(drawn), 1), np.float32)
    spent_past, spent_following, spent_bias = places.spent
    step(places.following, spent_following, target, mine, standing, RATE)
    step(places.following, spent_following, drawn, ones[:, 0], pull.T @ standing, RATE)
    step(places.bias, spent_bias, target, mine, np.ones((len(target), 1), np.float32), RATE)
    step(places.bias, spent_bias, drawn, pull.sum(axis=0), ones, RATE)
    reach = history.shape[1]
    for back in range(reach):
        step(places.past, spent_past, history[:, back], share[:, back], move, RATE)


def _jobs_at(log: Log, at: IntArray, first: IntArray) -> Int32Array:
    if not len(log):
        return np.full(at.shape, -1, dtype=np.int32)
    return np.where(at >= first[:, None], log.job[np.maximum(at, 0)], -1).astype(np.int32)
