"""Which known thing a term means: nearest by meaning (vectors) and by spelling (parts of words) together.

A thing may have many names; a term is as near in spelling as the nearest of them, and a little as all of them
together. Where names are silent, what is written about a thing may speak too. On the other names of a
public classification's skills, each left out of the index while asked for, spelling alone found .81 of them
first, meaning alone .79, both .87 (`./run bench match`).
Sources: Salton and Buckley 1988 (tf-idf); Cavnar and Trenkle 1994 (parts of words).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion

from segue.engine.vectors import unit_rows

VectorArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

SPELLING, TOGETHER, ABOUT = 1.0, 0.4, 0.5  # what each weighs beside a label's meaning
_SECOND = 0.6  # what the first other name's meaning weighs beside the label's
_PARTS, _WHOLE = 0.8, 0.2  # of spelling: parts of words, and whole words
_BLOCK = 4_000_000  # terms × names in one block
_MOST = 1.0 + SPELLING + TOGETHER


@dataclass(frozen=True, eq=False)
class TermIndex:
    """n things: `vectors` float32[n, D] of their labels, `about` the same of what is written about them or
    None; `names` csr of all names, those of one thing side by side from `start` int64[n] on."""

    vectors: VectorArray
    about: VectorArray | None
    names: sparse.csr_array
    start: IntArray
    spelling: FeatureUnion

    @classmethod
    def of(
        cls,
        labels: Sequence[str],
        vectors: VectorArray,
        *,
        others: Sequence[Sequence[str]] = (),
        about: VectorArray | None = None,
    ) -> TermIndex:
        """Index things by label, other names and, if given, vectors of what is written about them.

        Rows of vectors have length 1. Raises ValueError for lengths that differ, or nothing to index.
        """
        more = others or [()] * len(labels)
        lengths = {len(labels), len(vectors), len(more)} | (set() if about is None else {len(about)})
        if lengths == {0} or len(lengths) > 1:
            raise ValueError(f"there must be as many labels as vectors, and one at least: {sorted(lengths)}")
        named = [[label, *rest] for label, rest in zip(labels, more, strict=True)]
        every = [name for names in named for name in names]
        spelling = _spelling().fit([*every, "abc"])  # a word of our own: names too short for it are no error
        start = np.concatenate([[0], np.cumsum([len(names) for names in named])[:-1]])
        rows = sparse.csr_array(spelling.transform(every))
        return cls(vectors, about, rows, start.astype(np.int64), spelling)

    def nearness(self, terms: Sequence[str], vectors: VectorArray) -> VectorArray:
        """float32[q, n], at most 1: how near each thing is to each term. Raises ValueError for other lengths.

        >>> index = TermIndex.of(["nursing", "welding"], np.eye(2, dtype=np.float32), others=[["nurse"], []])
        >>> near = index.nearness(["nurses"], np.eye(2, dtype=np.float32)[:1])
        >>> near.shape, bool(near[0, 0] > 0.5), float(near[0, 1])
        ((1, 2), True, 0.0)
        """
        if len(terms) != len(vectors):
            raise ValueError(f"{len(terms)} terms, {len(vectors)} vectors")
        near = vectors @ self.vectors.T
        most = _MOST
        if self.about is not None:
            near, most = near + np.float32(ABOUT) * (vectors @ self.about.T), _MOST + ABOUT
        asked = sparse.csr_array(self.spelling.transform(terms)) if len(terms) else self.names[:0]
        rows = max(1, _BLOCK // max(1, self.names.shape[0]))
        each = np.float32(TOGETHER) / np.diff(self.start, append=self.names.shape[0]).astype(np.float32)
        for low in range(0, len(terms), rows):
            block = (asked[low : low + rows] @ self.names.T).toarray()
            near[low : low + rows] += np.float32(SPELLING) * np.maximum.reduceat(block, self.start, axis=1)
            near[low : low + rows] += np.add.reduceat(block, self.start, axis=1) * each
        return np.asarray(near / np.float32(most), dtype=np.float32)

    def nearest(self, terms: Sequence[str], vectors: VectorArray) -> tuple[IntArray, VectorArray]:
        """The nearest thing to each term, int64[q], and how near it is, float32[q]; of equals the first."""
        near = self.nearness(terms, vectors)
        best = near.argmax(axis=1).astype(np.int64)
        return best, near[np.arange(len(best)), best]


def meanings(
    labels: Sequence[str], others: Sequence[Sequence[str]], embed: Callable[[Sequence[str]], VectorArray]
) -> VectorArray:
    """What labels mean, float32[n, D], each bent towards the first other name it has, rows of length 1.

    >>> meanings(["a"], [["b"]], lambda names: np.eye(2, dtype=np.float32)[: len(names)]).shape
    (1, 2)
    """
    second = [next(iter(names), label) for label, names in zip(labels, others, strict=True)]
    return unit_rows(embed(list(labels)) + np.float32(_SECOND) * embed(second))


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name)


def _spelling() -> FeatureUnion:
    """Rows whose products are _PARTS · likeness in parts of words + _WHOLE · likeness in words."""
    plain: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float32, "strip_accents": "unicode"}
    return FeatureUnion(
        [
            ("parts", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), **plain)),
            ("whole", TfidfVectorizer(tokenizer=_words, token_pattern=None, **plain)),
        ],
        transformer_weights={"parts": _PARTS**0.5, "whole": _WHOLE**0.5},
    )
