"""Words: a tokeniser for job and résumé text in any alphabet, and the vocabulary that counts them."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.folding import fold

__all__ = [
    "STOP_WORDS",
    "UNSPACED",
    "FloatArray",
    "Vocabulary",
    "fold",
    "terms_of",
    "tokenise",
    "weigh",
    "word_spans",
]

# Vowel signs and tone marks are not \w in Python, yet belong to the word they sit on.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0900-\u0903\u093a-\u094f\u0980-\u0d7f\u0e31-\u0e4e\u3099\u309a"
)
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
# Only .js and .net glue across a dot: "developer.Responsibilities" is two words, "node.js" is one.
_WORD = re.compile(
    rf"(?<![^\W_])\.net(?![^\W_])|{_LETTER}+(?:\.(?:js|net)(?![^\W_])|\+\+|\#(?!\d))?", re.IGNORECASE
)
# Scripts written without spaces; a run of them is cut into overlapping pairs of characters.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+")

STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and any are as at be been but by can for from has have if in into is it its may not of on or "
        "our shall should such than that the their them then there these they this those to up was we were "
        "which will with within would you your",
    )
)

FloatArray = NDArray[np.float64]


def word_spans(text: str) -> list[tuple[str, int, int]]:
    """Every word, folded, with its start and end (characters, end exclusive) in the original text.

    >>> word_spans("C++ & Node.js")
    [('c++', 0, 3), ('node.js', 6, 13)]
    """
    return [(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)]


def tokenise(text: str) -> list[str]:
    """Cut text into folded words without stop words; c++, c#, .net and node.js stay whole.

    Returns a list of str in reading order. Chinese, Japanese and Thai runs become overlapping
    character pairs (as in Lucene's CJK analyser), as these scripts put no space between words.

    >>> tokenise("Senior .NET/C# Developer, Zürich")
    ['senior', '.net', 'c#', 'developer', 'zurich']
    >>> tokenise("看護師")
    ['看護', '護師']
    """
    words: list[str] = []
    for match in _WORD.finditer(text):
        word = fold(match.group())
        if word in STOP_WORDS:
            continue
        words.extend(_pairs(word) if UNSPACED.fullmatch(word) else (word,))
    return words


def _pairs(run: str) -> list[str]:
    return [run] if len(run) < 3 else [a + b for a, b in pairwise(run)]


def terms_of(text: str, *, bigrams: bool) -> list[str]:
    """The words of a text and, if asked, each pair of neighbours joined by a space.

    >>> terms_of("registered nurse", bigrams=True)
    ['registered', 'nurse', 'registered nurse']
    """
    words = tokenise(text)
    return words + [f"{a} {b}" for a, b in pairwise(words)] if bigrams else words


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The terms a model knows, sorted, with how many documents hold each.

    `terms`: V strings; `df`: int64[V]; `n_documents`: how many documents were read.
    Immutable, and the same documents give the same bytes on every machine.
    """

    terms: tuple[str, ...]
    df: NDArray[np.int64]
    n_documents: int
    bigrams: bool = True
    _column: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.terms) != len(self.df):
            raise ValueError(f"{len(self.terms)} terms but {len(self.df)} document frequencies")
        object.__setattr__(self, "_column", {term: i for i, term in enumerate(self.terms)})

    @classmethod
    def fit(
        cls, documents: Iterable[str], *, min_df: int = 2, max_terms: int = 50_000, bigrams: bool = True
    ) -> Vocabulary:
        """Learn the terms of `documents` found in at least `min_df` of them, the `max_terms` commonest.

        Raises ValueError if `min_df` or `max_terms` is below 1.

        >>> Vocabulary.fit(["night nurse", "nurse", "driver"], min_df=1, max_terms=9).terms
        ('driver', 'night', 'night nurse', 'nurse')
        """
        if min_df < 1 or max_terms < 1:
            raise ValueError("min_df and max_terms start at 1")
        seen: Counter[str] = Counter()
        n_documents = 0
        for document in documents:
            n_documents += 1
            seen.update(set(terms_of(document, bigrams=bigrams)))
        kept = [(-df, term) for term, df in seen.items() if df >= min_df]
        chosen = sorted((term, -df) for df, term in sorted(kept)[:max_terms])
        return cls(
            terms=tuple(term for term, _ in chosen),
            df=np.array([df for _, df in chosen], dtype=np.int64),
            n_documents=n_documents,
            bigrams=bigrams,
        )

    def __len__(self) -> int:
        return len(self.terms)

    @cached_property
    def idf(self) -> FloatArray:
        """Smoothed inverse document frequency, float64[V], ≥ 1: ln((1 + n) / (1 + df)) + 1.

        Source: Spärck Jones 1972, with the smoothing in general use.
        """
        return np.asarray(np.log((1.0 + self.n_documents) / (1.0 + self.df)) + 1.0)

    def counts(self, documents: Sequence[str]) -> sparse.csr_array:
        """How often each term stands in each document: csr float64[n, V]; unknown words count nowhere.

        >>> Vocabulary.fit(["night nurse"], min_df=1).counts(["nurse nurse", ""]).toarray().tolist()
        [[0.0, 0.0, 2.0], [0.0, 0.0, 0.0]]
        """
        indptr, indices, data = [0], [], []
        for document in documents:
            seen = Counter(
                column
                for term in terms_of(document, bigrams=self.bigrams)
                if (column := self._column.get(term)) is not None
            )
            for column in sorted(seen):
                indices.append(column)
                data.append(float(seen[column]))
            indptr.append(len(indices))
        return sparse.csr_array(
            (np.array(data), np.array(indices, dtype=np.int32), np.array(indptr, dtype=np.int32)),
            shape=(len(documents), len(self.terms)),
        )

    def tfidf(self, documents: Sequence[str]) -> sparse.csr_array:
        """Rows of (1 + ln tf) × idf, each of length 1: csr float64[n, V]; an empty text is a zero row.

        >>> round(float(Vocabulary.fit(["a nurse", "a cook"], min_df=1).tfidf(["nurse"]).sum()), 6)
        1.0
        """
        return weigh(self.counts(documents), self.idf)

    def to_bytes(self) -> bytes:
        """One canonical UTF-8 JSON text: equal vocabularies give equal bytes."""
        body = {
            "terms": self.terms,
            "df": self.df.tolist(),
            "n_documents": self.n_documents,
            "bigrams": self.bigrams,
        }
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, blob: bytes) -> Vocabulary:
        """Read what `to_bytes` wrote. Raises ValueError or KeyError on anything else."""
        body = json.loads(blob)
        return cls(
            terms=tuple(body["terms"]),
            df=np.array(body["df"], dtype=np.int64),
            n_documents=int(body["n_documents"]),
            bigrams=bool(body["bigrams"]),
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, hexadecimal."""
        return hashlib.sha256(self.to_bytes()).hexdigest()


def weigh(counts: sparse.csr_array, idf: FloatArray) -> sparse.csr_array:
    """Turn term counts csr[n, V] into l2-normalised (1 + ln tf) × idf rows, csr float64[n, V].

    Raises ValueError where the widths differ.
    """
    if counts.shape[1] != len(idf):
        raise ValueError(f"counts have {counts.shape[1]} terms, idf has {len(idf)}")
    weighted = counts.astype(np.float64)
    weighted.data = (1.0 + np.log(weighted.data)) * idf[weighted.indices]
    length = np.sqrt(weighted.multiply(weighted).sum(axis=1))
    per_entry = np.repeat(np.where(length > 0, length, 1.0), np.diff(weighted.indptr))
    weighted.data = weighted.data / per_entry
    return weighted
