"""Who takes part: the product's own stack, the built-in baselines, and peers where they are installed."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

from segue.engine.baselines import ItemKNN, Popularity
from segue.engine.task import Recommender
from segue.kit.errors import Invalid
from segue.measure.evaluation import peers

OWN = ("segue", "segue-stage1")
BASELINES = ("popularity", "itemknn")
PEERS = ("implicit-als", "implicit-bpr")
ALL = (*OWN, *BASELINES, *PEERS)
_ALSO = {"stage1": "segue-stage1", "als": "implicit-als", "bpr": "implicit-bpr"}
_STACK = "segue.engine.ranker"


def line_up(asked: Sequence[str], *, seed: int, say: Callable[[str], None]) -> list[Recommender]:
    """The models asked for, or all that are here, in the order of `ALL`.

    Raises Invalid for a name we do not know, and for a model asked for by name that is not here.
    """
    names = [_ALSO.get(name, name) for name in asked]
    unknown = [name for name in names if name not in ALL]
    if unknown:
        raise Invalid(
            f"{unknown[0]!r} is no model.", field="--models", remedy=f"Choose from {', '.join(ALL)}."
        )
    wanted = [name for name in ALL if name in names] or list(ALL)
    absent = {name: why for name in wanted if (why := _why_absent(name))}
    for name, why in absent.items():
        if name in names:
            raise Invalid(
                f"{name} cannot run: {why}.", field="--models", remedy="Install it, or leave it out."
            )
        say(f"{name} is left out: {why}")
    own = _own(seed) if set(OWN) & (set(wanted) - set(absent)) else {}
    return [own[name] if name in own else _other(name, seed) for name in wanted if name not in absent]


def _why_absent(name: str) -> str:
    if name in OWN and not hasattr(_stack(), "models"):
        return f"{_STACK} is not part of this installation"
    if name in PEERS and not peers.is_installed():
        return "the package implicit is not installed"
    return ""


def _stack() -> Any:
    """The product's own stack; None where this installation goes without it."""
    return importlib.import_module(_STACK) if importlib.util.find_spec(_STACK) else None


def _own(seed: int) -> dict[str, Recommender]:
    models: dict[str, Recommender] = _stack().models(seed)
    return models


def _other(name: str, seed: int) -> Recommender:
    match name:
        case "popularity":
            return Popularity()
        case "itemknn":
            return ItemKNN()
        case _:
            return peers.Factorised(name.removeprefix("implicit-"), seed=seed)
