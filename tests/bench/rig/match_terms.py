"""How often the nearest known skill or occupation to another name of it is the right one; part of `match`.

ESCO: each sampled other name of a skill is left out of the index while asked for. O*NET: each reported job
title is asked for among occupations; other titles that say the same in other signs are left out.
"""

from __future__ import annotations

import csv
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from segue.catalog.actions.importing.taxonomy_files import OCCUPATION, SKILL, ReadTerm, read_esco, read_onet
from segue.engine.term_index import TermIndex, meanings
from segue.learn.embedding import Embedder

SAMPLE, SEED = 4_000, 11  # the weights of `term_index` were chosen on another sample, of seed 7
_INSIDE = re.compile(r"\(.*?\)")


@dataclass(frozen=True)
class Hits:
    """Which share of `asked` terms came first, by spelling, by meaning, and by both."""

    asked: int
    spelling: float
    meaning: float
    both: float
    cpu_s: float


def bench_skills(esco: Path, embedder: Embedder) -> Hits:
    skills = [term for term in read_esco(esco) if term.kind == SKILL]
    pairs = [(name, row) for row, skill in enumerate(skills) for name in skill.names]
    asked = random.Random(SEED).sample(pairs, min(SAMPLE, len(pairs)))
    hidden = {(name.casefold(), row) for name, row in asked}
    return _hits(skills, asked, hidden, embedder, about=None)


def bench_titles(onet: Path, embedder: Embedder) -> Hits:
    occupations = [term for term in read_onet(onet) if term.kind == OCCUPATION]
    row_of = {term.code: row for row, term in enumerate(occupations)}
    asked = [(title, row_of[code]) for code, title in _column(onet, "Sample of Reported Titles.txt", 1)]
    said = dict(_column(onet, "Occupation Data.txt", 2))
    about = [f"{term.label}. {said[term.code]}" for term in occupations]
    return _hits(occupations, asked, {(_plain(name), row) for name, row in asked}, embedder, about=about)


def _column(folder: Path, name: str, at: int) -> list[tuple[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [(row[0], row[at]) for row in rows]


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", _INSIDE.sub("", name.casefold())))


def _hits(
    terms: Sequence[ReadTerm],
    asked: Sequence[tuple[str, int]],
    hidden: set[tuple[str, int]],
    embedder: Embedder,
    about: Sequence[str] | None,
) -> Hits:
    began = time.process_time()
    plain = _plain if about is not None else str.casefold
    others = [
        [name for name in term.names if (plain(name), row) not in hidden] for row, term in enumerate(terms)
    ]
    labels = [term.label for term in terms]
    vectors = meanings(labels, others, embedder.embed)
    described = None if about is None else embedder.embed(about)
    index = TermIndex.of(labels, vectors, others=others, about=described)
    texts, truth = [name for name, _ in asked], np.array([row for _, row in asked])
    found = embedder.embed(texts)
    both = index.nearest(texts, found)[0]
    spent = time.process_time() - began
    spelling = TermIndex.of(labels, np.zeros((len(labels), 1), np.float32), others=others)
    spelt = spelling.nearest(texts, np.zeros((len(texts), 1), np.float32))[0]
    meant = (found @ embedder.embed(labels).T).argmax(axis=1)
    shares = [float((one == truth).mean()) for one in (spelt, meant, both)]
    return Hits(len(asked), *shares, spent)
