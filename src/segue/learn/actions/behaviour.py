"""Fitting what behaviour says about jobs: every night on the acts of those who allow it, and on demand.

    acts → each person's last one is held out → settings, weights and shares are chosen on half of these
         → judged on the other half, beside the pages without it and beside the champion → fitted on all acts

A new model comes into force only where it is at least as good on those last acts.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from segue.engine.mixing import FAR, gains_of
from segue.engine.sources.linear import Ease, NextItem
from segue.engine.sources.neighbours import Learned, Neighbours
from segue.engine.stack import last_acts, masked
from segue.engine.task import Log, Task
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.actions.registry import install_model, register_model
from segue.learn.behaviour import BEHAVIOUR, BehaviourModel
from segue.learn.models import Model, ModelState
from segue.learn.pages import Chosen, Pages, choose, pages_of
from segue.learn.queries.behaviour import Acts, consented_acts
from segue.learn.queries.catalogue import catalogue
from segue.learn.queries.registry import blob_of, was_given_up

LEAST_ACTS, LEAST_PEOPLE = 500, 100  # before so many there is nothing to learn that the pages do not know
LEAST_LATER = 50  # last acts that neither model has seen, before the two are compared
REFIT_AT_GROWTH = 1.5  # until the acts have grown so much, the champion's settings are taken over
SEED = 1
SOURCES = (Ease(), NextItem())


@action("learn.fit_behaviour")
def fit_behaviour(*, by: Actor) -> str:
    """Fit the behaviour model anew and put it in force where it is at least as good; returns its hash.

    Returns "" where too few acted, or nothing is on offer. The same acts give the same model. One that is
    worse, or that a colleague gave up before, waits as candidate.
    """
    acts, jobs = consented_acts(), catalogue()
    if len(acts) < LEAST_ACTS or len(acts.people) < LEAST_PEOPLE or jobs is None or not jobs.on_offer:
        return ""
    champion = Model.objects.filter(kind=BEHAVIOUR, state=ModelState.CHAMPION).defer("blob").first()
    log = Log.of(acts.person, acts.job, acts.day, people=len(acts.people), jobs=len(acts.jobs))
    task = Task.bare(log)
    split = last_acts(task, SEED)
    inner = task.with_log(split.train)
    sources, chosen_at = _settled(champion.card if champion else {}, inner, split, len(acts))
    pages = pages_of(acts, split, jobs)
    tried = _served(sources, inner)
    chosen = choose(tried, pages)
    model = BehaviourModel(
        acts.jobs, replace(_served(sources, task), weights=chosen.weights, shares=chosen.shares)
    )
    later = _beside(champion, chosen, pages) if champion else {}
    card = _card(acts, sources, chosen, later, chosen_at=chosen_at)
    row = register_model(
        kind=BEHAVIOUR,
        blob=model.to_bytes(),
        card=card,
        owner="learn",
        parent=champion.pk if champion else "",
        by=by,
    )
    if row.state != ModelState.CHAMPION and card["at_least_as_good"] and not was_given_up(row.pk):
        install_model(row, by=by, reason=f"At least as good on the last acts of {chosen.judged} people.")
    return row.pk


def _settled(card: Mapping[str, Any], inner: Task, split: Any, acts: int) -> tuple[list[Any], int]:
    """The sources with their settings, not fitted: the champion's, or the best on the last acts.

    Also returns how many acts there were when the settings were chosen.
    """
    if card and acts <= float(card["acts_at_choice"]) * REFIT_AT_GROWTH:
        return [replace(one, **card["settings"][one.name]) for one in SOURCES], int(card["acts_at_choice"])
    return [_best_of(source, inner, split) for source in SOURCES], acts


def _best_of(source: Any, inner: Task, split: Any) -> Any:
    best: tuple[float, Any] | None = None
    for refit in source.refits:
        fitted = replace(source, **refit).fit(inner)
        for tune in source.tunes:
            scores = masked(replace(fitted, **tune).score(inner, split.person), inner, split.person)
            worth = float(gains_of(scores, split.job, FAR).mean()) if len(split) else 0.0
            if best is None or worth > best[0]:
                best = worth, replace(source, **refit, **tune)
    assert best is not None
    return best[1]


def _served(sources: list[Any], task: Task) -> Learned:
    acted_on = np.unique(task.log.job)
    fitted = (source.fit(task) for source in sources)
    parts = tuple(Neighbours.of(one, acted_on, task.log.jobs) for one in fitted)
    return Learned(parts, np.ones((0, len(parts))), np.zeros(0))


def _beside(champion: Model, chosen: Chosen, pages: Pages) -> dict[str, Any]:
    """Both models on the last acts that came after the champion's data: neither has seen those."""
    until = datetime.datetime.fromisoformat(champion.card["data_until"]).timestamp() / 86_400
    apart = chosen.apart & (pages.day > until)
    if apart.sum() < LEAST_LATER:
        return {"later_acts": int(apart.sum())}
    old = BehaviourModel.from_bytes(blob_of(champion.pk))
    before = pages.gains_of_model(old, apart)
    return {
        "later_acts": int(apart.sum()),
        "champion": round(float(before.mean()), 5),
        "this": round(float(chosen.gains[apart].mean()), 5),
    }


def _card(
    acts: Acts, sources: list[Any], chosen: Chosen, later: dict[str, Any], *, chosen_at: int
) -> dict[str, Any]:
    settings = {one.name: {key: getattr(one, key) for key in ("decay", "l2")} for one in sources}
    as_good = chosen.with_it >= chosen.without and later.get("this", 0.0) >= later.get("champion", 0.0)
    return {
        "data_until": clock.now().isoformat(timespec="seconds"),
        "people": len(acts.people),
        "jobs": len(acts.jobs),
        "acts": len(acts),
        "acts_at_choice": chosen_at,
        "settings": settings,
        "evaluation": chosen.as_told(),
        "beside_champion": later,
        "at_least_as_good": bool(as_good),
    }
