"""The lexicon in force, and the embedder that goes with it."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

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
