"""Splink on DuckDB: weights learned without labels, a probability for each pair.

How often a value agrees by chance (u) is measured on random pairs; how often it agrees within one person (m)
is fitted by expectation maximisation within blocks. Seeded, and on one thread unless told otherwise, so that
the same table gives the same answer.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations

import duckdb
import numpy as np
import pyarrow as pa
from splink import DuckDBAPI, Linker
from splink.internals.exceptions import EMTrainingException

from segue.engine.same_person.pairs import LARGEST_BLOCK
from segue.learn.linkage import Schema, Scored, Table
from segue.ports.linkage.settings import blocking, settings_of

SEED = 20
RANDOM_PAIRS = 500_000
FEWEST_RECORDS = 200  # fewer teach nothing about what agrees by chance
FEWEST_SURE = 100  # people known twice; fewer teach expectation maximisation nonsense
LEAST_PRIOR = 1e-7
logging.getLogger("splink").setLevel(logging.ERROR)  # it narrates


class SplinkLinker:
    """Learns from the table it is given, and scores the pairs of its blocks."""

    def __init__(self, *, threads: int = 1, memory: str = "1GB") -> None:
        self.threads = threads
        self.memory = memory

    def score(self, table: Table, schema: Schema, *, at_least: float) -> Scored:
        """Return the pairs at least so likely, the likeliest first; none from a table that is too small."""
        known = _with_something_known(table, schema)
        rows = len(next(iter(table.values()), ()))
        if rows < FEWEST_RECORDS:
            return Scored()
        with _connection(self.threads, self.memory) as connection:
            sure = _sure_pairs(table, known)
            linker = _linker(connection, table, known, _prior(sure, known, rows))
            _learn(linker, known, sure)
            found = linker.inference.predict(threshold_match_probability=at_least)
            columns = found.as_duckdbpyrelation().select("row_l, row_r, match_probability").fetchnumpy()
        pairs = np.stack([columns["row_l"], columns["row_r"]], axis=1).astype(np.int64)
        probability = columns["match_probability"].astype(np.float64)
        order = np.lexsort((pairs[:, 1], pairs[:, 0], -probability))
        return Scored(np.sort(pairs, axis=1)[order], probability[order])


def _with_something_known(table: Table, schema: Schema) -> Schema:
    """Leave out what nobody in this table says: nothing can be learned about it."""
    known = {title for title, values in table.items() if any(value is not None for value in values)}
    return Schema(
        columns=tuple(column for column in schema.columns if column.title in known),
        blocks=tuple(block for block in schema.blocks if known.issuperset(block)),
        training=tuple(block for block in schema.training if known.issuperset(block)),
        sure=tuple(block for block in schema.sure if known.issuperset(block)),
        sure_part=schema.sure_part,
    )


@contextmanager
def _connection(threads: int, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(":memory:", config={"threads": threads, "memory_limit": memory})
    try:
        yield connection
    finally:
        connection.close()


def _linker(connection: duckdb.DuckDBPyConnection, table: Table, schema: Schema, prior: float) -> Linker:
    rows = len(next(iter(table.values())))
    columns = {title: pa.array(values, pa.string()) for title, values in table.items()}
    database = DuckDBAPI(connection)
    registered = database.register(pa.table({"row": pa.array(range(rows), pa.int64()), **columns}))
    return Linker(registered, settings_of(schema, prior=prior), log_level=logging.ERROR)


def _learn(linker: Linker, schema: Schema, sure: int) -> None:
    """Measure what agrees by chance; learn what agrees within one person where there are enough of them."""
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    for columns in schema.training if sure >= FEWEST_SURE else ():
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                blocking(columns), record_sample_proportion=1.0
            )
        except (EMTrainingException, ValueError):  # no pair of this block is one person
            continue


def _sure_pairs(table: Table, schema: Schema) -> int:
    """Count the pairs that are nearly certainly one person."""
    sure: set[tuple[int, int]] = set()
    for columns in schema.sure:
        blocks: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
        for row, values in enumerate(zip(*(table[title] for title in columns), strict=True)):
            if None not in values:
                blocks[values].append(row)
        small = (rows for rows in blocks.values() if len(rows) <= LARGEST_BLOCK)
        sure.update(pair for rows in small for pair in combinations(rows, 2))
    return len(sure)


def _prior(sure: int, schema: Schema, rows: int) -> float:
    """Return how likely two records drawn at random are one person."""
    return min(max(sure / schema.sure_part / (rows * (rows - 1) / 2), LEAST_PRIOR), 0.1)
