"""What the benches of matching share: rows of a table, a clock of CPU time, texts turned into columns."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.lexicon import SkillVocabulary, skills_in
from segue.engine.lexicon_data import STARTER_SKILLS
from segue.engine.scale import Scale
from segue.engine.text import Vocabulary
from segue.engine.vectors import centre, document_vectors, mean_vector, mix
from segue.learn.embedding import Embedder

Rows = list[dict[str, str]]
Scores = NDArray[np.float64]

WORD_SHARE = 0.5
MAX_TERMS = 8_000


@dataclass
class Row:
    """One line of the result table."""

    section: str
    method: str
    figures: dict[str, str]
    cpu_s: float


@contextmanager
def cpu_clock() -> Iterator[Callable[[], float]]:
    start = time.process_time()
    yield lambda: time.process_time() - start


def read(path: Path) -> Rows:
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Meaning:
    """Everything that turns text into the engine's columns: one per set, fitted on both sides' texts."""

    def __init__(self, texts: Sequence[str], embedder: Embedder) -> None:
        self.embedder = embedder
        self.skills = SkillVocabulary([(skill.slug, skill.labels) for skill in STARTER_SKILLS])
        self.column = {slug: i for i, slug in enumerate(self.skills.slugs)}
        self.words = Vocabulary.fit(texts, min_df=2, max_terms=MAX_TERMS)
        self.skill_vectors = embedder.embed([skill.label for skill in STARTER_SKILLS])
        others = [skill.labels[1:] for skill in STARTER_SKILLS]
        self.scale = Scale.measured([skill.label for skill in STARTER_SKILLS], others, embedder.embed)
        self.word_vectors = embedder.embed(self.words.terms)
        counts = self.skill_counts(texts)
        df = np.diff(counts.tocsc().indptr)
        self.skill_idf = np.log((1.0 + len(texts)) / (1.0 + df)) + 1.0
        self.skill_mean = np.zeros(embedder.dim, dtype=np.float32)
        self.skill_mean = mean_vector(self.bags(texts, counts))

    def skill_counts(self, texts: Sequence[str]) -> sparse.csr_array:
        rows = [skills_in(text, self.skills) for text in texts]
        matrix = sparse.lil_array((len(texts), len(self.column)))
        for i, found in enumerate(rows):
            for slug, count in found.items():
                matrix[i, self.column[slug]] = count
        return matrix.tocsr()

    def bags(self, texts: Sequence[str], counts: sparse.csr_array) -> NDArray[np.float32]:
        by_skill = document_vectors(counts, self.skill_vectors, self.skill_idf)
        by_word = document_vectors(self.words.counts(texts), self.word_vectors, self.words.idf)
        return mix([by_skill, by_word], [1.0, WORD_SHARE])

    def documents(
        self, texts: Sequence[str]
    ) -> tuple[NDArray[np.float32], sparse.csr_array, sparse.csr_array]:
        """(centred bags, tf-idf, skill counts)."""
        counts = self.skill_counts(texts)
        return centre(self.bags(texts, counts), self.skill_mean), self.words.tfidf(texts), counts

    def titles(self, titles: Sequence[str]) -> NDArray[np.float32]:
        distinct = sorted(set(titles))
        vectors = self.embedder.embed(distinct)
        mean = mean_vector(vectors)
        position = {title: i for i, title in enumerate(distinct)}
        return centre(vectors, mean)[[position[title] for title in titles]]
