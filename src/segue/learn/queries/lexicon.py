"""The lexicon in force, and the embedder that goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from segue.engine.scale import Scale
from segue.learn.embedding import Embedder
from segue.learn.lexicon import Lexicon
from segue.learn.models import Model, ModelState

LEXICON = "lexicon"
_held: dict[str, Lexicon] = {}


@cache
def embedder() -> Embedder:
    """Return the process's embedder, as wired in settings.EMBEDDER."""
    made: Embedder = import_string(settings.EMBEDDER)()
    return made


def active_hash() -> str:
    """Return the hash of the lexicon in force, or "" before the first fit."""
    return champion_hash(LEXICON)


def champion_hash(kind: str) -> str:
    """Return the hash of a kind's artefact in force, or "" where none is."""
    champion = Model.objects.filter(kind=kind, state=ModelState.CHAMPION)
    return champion.values_list("hash", flat=True).first() or ""


def lexicon_named(model_hash: str) -> Lexicon:
    """Return a lexicon by hash; the last one used stays in memory."""
    if model_hash not in _held:
        blob = Model.objects.values_list("blob", flat=True).get(pk=model_hash)
        _held.clear()
        _held[model_hash] = Lexicon.from_bytes(bytes(blob))
    return _held[model_hash]


def scale_of(labels: Sequence[str], others: Sequence[Sequence[str]]) -> Scale:
    """Measure the wired embedder on skills by label and other names; the last ones are remembered."""
    names = tuple((label, tuple(more)) for label, more in zip(labels, others, strict=True))
    return _measured(embedder().model_hash, names)


@lru_cache(maxsize=4)
def _measured(_model: str, names: tuple[tuple[str, tuple[str, ...]], ...]) -> Scale:
    return Scale.measured([label for label, _ in names], [more for _, more in names], embedder().embed)


def scale_in_force() -> Scale | None:
    """What similarities of the wired embedder mean, as its lexicon was measured; None before there is one."""
    model_hash = active_hash()
    lexicon = lexicon_named(model_hash) if model_hash else None
    return lexicon.scale if lexicon and lexicon.embedder_hash == embedder().model_hash else None
