"""Learning where everybody and every job stands, from all who allow it, for those who recommend in bulk."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.points import Points, axes_of, fit_points, told_of
from segue.engine.task import Log
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict
from segue.learn.actions.registry import install_model, register_model
from segue.learn.models import ModelState
from segue.learn.queries.catalogue import Catalogue
from segue.learn.queries.crowd import crowd_after
from segue.learn.queries.registry import was_given_up

POINTS = "points"
STRETCH = 8_192  # people read at once


@dataclass(frozen=True, eq=False)
class Learnt:
    """Points, the hash they are registered under, and what the texts of the catalogue's jobs say there."""

    points: Points
    model_hash: str
    told: NDArray[np.float32]


def learn_points(catalogue: Catalogue, *, by: Actor, stretch: int = STRETCH) -> Learnt:
    """Fit on everybody's acts and texts, register what was learnt and put it in force.

    No transaction is open meanwhile: a million people take minutes. The same acts and texts give the same
    artefact. Raises Conflict where a colleague gave this very one up.
    """
    axes = axes_of(catalogue.columns.vec)
    log, people = _read(catalogue, axes, stretch)
    told = told_of(catalogue.columns.vec, axes)
    points = fit_points(log, people, told, axes)
    card = {
        **points.report,
        "jobs": len(catalogue),
        "people": len(people),
        "lexicon": catalogue.lexicon.hash,
        "data_until": clock.now().isoformat(timespec="seconds"),
    }
    model = register_model(kind=POINTS, blob=points.to_bytes(), card=card, by=by)
    if was_given_up(model.pk):
        raise Conflict(
            f"A colleague gave up {model.pk[:12]}, and nothing has happened since to learn from.",
            field="points",
            remedy="Wait for new acts, or put it in force again: segue models promote.",
        )
    if model.state != ModelState.CHAMPION:
        install_model(model, reason="fitted for the mixes", by=by)
    return Learnt(points, model.pk, told)


def _read(catalogue: Catalogue, axes: NDArray[np.float32], stretch: int) -> tuple[Log, NDArray[np.float32]]:
    """Everybody's acts, and what their texts say: of a person hold on to no more than that."""
    logs: list[Log] = []
    told = [np.zeros((0, axes.shape[1]), dtype=np.float32)]
    last: uuid.UUID | None = None
    while (crowd := crowd_after(last, catalogue, at_most=stretch)) is not None:
        logs.append(crowd.log(catalogue.row_of, len(catalogue)))
        told.append(told_of(crowd.vec, axes))
        last = crowd.last
    return Log.joined(logs, jobs=len(catalogue)), np.concatenate(told)
