"""Tables of named columns as blocks of numbers in which people and jobs can be compared.

Works on whatever columns there are. `text` and every other column that reads like prose become words;
`place` becomes the place, its parts, and nothing else; any other text column becomes categories.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.sources.gram import Float32Array, Gram, largest_eigenpairs
from segue.engine.task import Table
from segue.engine.text import Vocabulary, weigh

TEXT, PLACE, MEANING = "text", "place", "meaning"
_MEANINGS = 96
_PARTS = re.compile(r"[,/|]")
_KINDS = re.compile(r";")
_MAX_TERMS = 20_000


@dataclass(frozen=True, eq=False)
class Block:
    """One way to compare: `people` [P, D] (rows zero where nothing is known) and `jobs` [J, D].

    Both csr or both dense, float32. Rows have length 1, so their product is a cosine.
    """

    name: str
    people: sparse.csr_array | Float32Array
    jobs: sparse.csr_array | Float32Array

    @property
    def says_something(self) -> bool:
        values = self.jobs if isinstance(self.jobs, np.ndarray) else self.jobs.data
        return bool(np.any(values))


def blocks_of(people: Table, jobs: Table) -> tuple[Block, ...]:
    """Every block the jobs' columns allow, in a stable order; none where nothing is known of jobs.

    >>> jobs = Table(2, {"text": np.array(["night nurse", "cook"], dtype=object)})
    >>> [block.name for block in blocks_of(Table(1), jobs)]
    ['text']
    """
    job_texts = {name: texts_of(jobs, name) for name in sorted(jobs.columns) if _is_text(jobs, name)}
    blocks = []
    prose = [name for name in job_texts if name == TEXT or (name != PLACE and is_prose(job_texts[name]))]
    if prose:
        blocks += _words(people, [job_texts[name] for name in prose])
    if PLACE in job_texts:
        own = texts_of(people, PLACE) if PLACE in people.columns else [""] * people.size
        blocks.append(_tokens(PLACE, own, job_texts[PLACE], places_of))
    for name, told in job_texts.items():
        if name not in prose and name != PLACE:
            own = texts_of(people, name) if _is_text(people, name) else [""] * people.size
            blocks.append(_tokens(name, own, told, categories_of))
    return tuple(block for block in blocks if block.says_something)


def texts_of(table: Table, name: str) -> list[str]:
    """A column as texts; "" where nothing is known (None, or the NaN of a column that was partly read)."""
    return ["" if one is None or isinstance(one, float) else str(one) for one in table.columns[name]]


def numbers_of(table: Table) -> dict[str, NDArray[np.float64]]:
    """The columns of numbers, NaN where unknown."""
    return {name: table.columns[name] for name in sorted(table.columns) if not _is_text(table, name)}


def _is_text(table: Table, name: str) -> bool:
    return name in table.columns and table.columns[name].dtype.kind not in "fiub"


def is_prose(texts: Sequence[str]) -> bool:
    """Whether a column is written freely: mostly different, and several words long."""
    said = [text for text in texts if text]
    if not said:
        return False
    words = sum(len(text.split()) for text in said) / len(said)
    return words >= 4 and len(set(said)) > len(said) / 2


def _words(people: Table, columns: Sequence[Sequence[str]]) -> list[Block]:
    """Words by tf-idf; and, where there are enough, their meaning: the main directions of the words."""
    jobs = [" ".join(parts) for parts in zip(*columns, strict=True)]
    names = [name for name in sorted(people.columns) if name != PLACE and _is_text(people, name)]
    own = [" ".join(parts) for parts in zip(*(texts_of(people, name) for name in names), strict=True)]
    own = own or [""] * people.size
    vocabulary = Vocabulary.fit(jobs, min_df=2 if len(jobs) > 50 else 1, max_terms=_MAX_TERMS)
    left = sparse.csr_array(weigh(vocabulary.counts(own), vocabulary.idf).astype(np.float32))
    right = sparse.csr_array(weigh(vocabulary.counts(jobs), vocabulary.idf).astype(np.float32))
    words = Block(TEXT, left, right)
    if len(vocabulary) < 4 * _MEANINGS or len(jobs) < 4 * _MEANINGS:
        return [words]
    _, directions = largest_eigenpairs(Gram.of(right).matrix, _MEANINGS)
    return [words, Block(MEANING, unit_rows(left @ directions), unit_rows(right @ directions))]


def _tokens(name: str, people: Sequence[str], jobs: Sequence[str], split: object) -> Block:
    assert callable(split)
    told = [split(text) for text in jobs]
    counts = Counter(token for tokens in told for token in set(tokens))
    column = {token: at for at, token in enumerate(sorted(counts))}
    idf = np.array([np.log((1 + len(jobs)) / (1 + counts[token])) + 1 for token in column])
    return Block(
        name, token_rows([split(text) for text in people], column, idf), token_rows(told, column, idf)
    )


def token_rows(
    told: Iterable[Sequence[str]], column: Mapping[str, int], idf: NDArray[np.float64]
) -> sparse.csr_array:
    """Which known tokens each row holds, by idf, rows of length 1: csr float32[n, tokens]."""
    rows, columns = [], []
    size = 0
    for tokens in told:
        known = sorted({column[token] for token in tokens if token in column})
        rows += [size] * len(known)
        columns += known
        size += 1
    counts = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(size, len(column)))
    return sparse.csr_array(weigh(counts, idf).astype(np.float32))


def places_of(text: str) -> list[str]:
    """A place, and each part of it: "Newark, NJ" is itself, "newark" and "nj"."""
    parts = [part.strip() for part in _PARTS.split(text.casefold()) if part.strip()]
    return [",".join(parts), *(f"={part}" for part in parts)] if parts else []


def categories_of(text: str) -> list[str]:
    """One category, or several split by ";"."""
    return [part.strip() for part in _KINDS.split(text.casefold()) if part.strip()]


def unit_rows(rows: sparse.csr_array | Float32Array) -> sparse.csr_array | Float32Array:
    """Rows of length 1; a row of zeros stays one."""
    if isinstance(rows, np.ndarray):
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(length > 0, length, 1.0), dtype=np.float32)
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.csr_array(sparse.diags_array(1.0 / np.where(length > 0, length, 1.0)) @ rows)
