"""What is true of the invented people, kept where no model may look."""

from __future__ import annotations

import hashlib

import numpy as np

from segue.catalog.models import Person
from segue.engine.world import World
from segue.kit.copying import copy_rows
from segue.measure.models import WorldRun, WorldTruth


def settle_truth(world: World, run: WorldRun, rows: list[Person]) -> None:
    """Store each person's hidden columns beside, never in, the tables models read."""
    truth = world.truth
    made = [
        WorldTruth(
            person=row,
            run=run,
            truth={
                "weights": np.round(truth.weights[i], 6).tolist(),
                "fit": np.round(truth.person_fit[i], 6).tolist(),
                "reservation_usd": round(float(truth.reservation_usd[i]), 2),
                "interest": round(float(truth.interest[i]), 6),
                "acceptance": round(float(truth.acceptance[i]), 6),
            },
        )
        for i, row in enumerate(rows)
    ]
    copy_rows(WorldTruth, made)


def world_digest(world: World) -> str:
    """Name a world by what it holds, so that two runs can be told alike."""
    digest = hashlib.sha256()
    for job in world.visible.jobs:
        digest.update(repr(job).encode())
    for person in world.visible.people:
        digest.update(repr(person).encode())
    digest.update(np.ascontiguousarray(world.truth.weights).tobytes())
    return digest.hexdigest()
