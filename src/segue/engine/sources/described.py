"""Everything a table says of each row, as one long sparse row: words, parts of places, categories, ranges.

Where `blocks` compares like with like, this needs nothing in common between people and jobs: what goes with
what is learnt (`foretold`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.sources.blocks import PLACE, TEXT, categories_of, is_prose, numbers_of, places_of, texts_of
from segue.engine.sources.blocks import token_rows as rows_of_tokens
from segue.engine.task import Table
from segue.engine.text import Vocabulary, weigh

RANGES = 8  # of a column of numbers
_COMMON = 2  # rows a token stands in at the least: what is said once teaches nothing
_MAX_TERMS = 20_000


def described(table: Table) -> sparse.csr_array:
    """csr float32[rows, tokens]: a row of length 1 for each column, side by side; zeros where it is silent.

    >>> told = Table(3, {"text": np.array(["night nurse", "day nurse", ""], dtype=object),
    ...                  "years": np.array([1.0, 1.0, np.nan])})
    >>> described(told).toarray().tolist()  # "nurse", and the one range of years
    [[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]
    """
    parts = [_words_or_tokens(table, name) for name in sorted(table.columns) if name not in numbers_of(table)]
    parts += [_tokens(_ranges(column)) for column in numbers_of(table).values()]
    if not parts:
        return sparse.csr_array((table.size, 0)).astype(np.float32)
    return sparse.csr_array(sparse.hstack(parts, format="csr")).astype(np.float32)


def _words_or_tokens(table: Table, name: str) -> sparse.csr_array:
    texts = texts_of(table, name)
    if name == PLACE:
        return _tokens([places_of(text) for text in texts])
    if name != TEXT and not is_prose(texts):
        return _tokens([categories_of(text) for text in texts])
    words = Vocabulary.fit(texts, min_df=_COMMON, max_terms=_MAX_TERMS)
    return sparse.csr_array(weigh(words.counts(texts), words.idf).astype(np.float32))


def _tokens(told: Sequence[Sequence[str]]) -> sparse.csr_array:
    counts = Counter(token for tokens in told for token in set(tokens))
    common = sorted(token for token, count in counts.items() if count >= _COMMON)
    idf = np.array([np.log((1 + len(told)) / (1 + counts[token])) + 1 for token in common])
    return rows_of_tokens(told, {token: at for at, token in enumerate(common)}, idf)


def _ranges(column: NDArray[np.float64]) -> list[list[str]]:
    """Which of a few ranges with equally many rows each number falls into; none where it is unknown."""
    known = column[np.isfinite(column)]
    if not len(known):
        return [[] for _ in column]
    edges = np.unique(np.quantile(known, np.arange(1, RANGES) / RANGES))
    place = np.searchsorted(edges, column, side="right")
    return [[str(at)] if np.isfinite(value) else [] for at, value in zip(place, column, strict=True)]
