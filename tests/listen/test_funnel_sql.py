"""The engine's funnel counts what plain SQL counts, in PostgreSQL and in DuckDB."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.engine.funnel import ordered_funnel
from tests.listen.funnel_oracle import plain_sql

N_STEPS = 3
Row = tuple[int, int, int]  # subject, at, the steps it serves

rows_strategy = st.lists(
    st.tuples(st.sampled_from([-9, 4, 2**62]), st.integers(0, 9), st.integers(0, 2**N_STEPS - 1)), max_size=18
)


def engine_says(rows: list[Row], ids: list[int], window: int) -> list[int]:
    subject, at, steps = (np.array([row[i] for row in rows], dtype=np.int64) for i in range(3))
    order = np.array(ids, dtype=np.int64)
    return ordered_funnel(subject, steps.astype(np.uint8), at, order, N_STEPS, window).tolist()


def postgres_says(rows: list[Row], ids: list[int], window: int) -> list[int]:
    columns = [[row[i] for row in rows] for i in range(3)]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH ev AS MATERIALIZED (SELECT * FROM"
            " unnest(%s::bigint[], %s::bigint[], %s::int[], %s::bigint[]) AS said (subject, at, steps, id))"
            f" {plain_sql(N_STEPS, str(window))}",
            [*columns, ids],
        )
        return list(cursor.fetchone())


def duckdb_says(rows: list[Row], ids: list[int], window: int) -> list[int]:
    columns = {name: [row[i] for row in rows] for i, name in enumerate(("subject", "at", "steps"))}
    types = {"subject": pa.int64(), "at": pa.int64(), "steps": pa.int32(), "id": pa.int64()}
    with duckdb.connect() as other:
        other.register("ev", pa.table({**columns, "id": ids}, schema=pa.schema(types)))
        found = other.execute(plain_sql(N_STEPS, str(window))).fetchone()
    assert found is not None
    return list(found)


@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the database stays as it is: nothing is written
@given(st.data(), rows_strategy, st.integers(0, 10))
def test_three_witnesses_agree(db: None, data: st.DataObject, rows: list[Row], window: int) -> None:
    ids = data.draw(st.permutations(range(len(rows))))
    said = engine_says(rows, list(ids), window)
    assert said == postgres_says(rows, list(ids), window)
    assert said == duckdb_says(rows, list(ids), window)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "window", "counts"),
    [
        ([], 5, [0, 0, 0]),
        ([(1, 0, 1), (1, 0, 2), (1, 0, 4)], 0, [1, 1, 1]),
        ([(1, 0, 4), (1, 0, 2), (1, 0, 1)], 0, [1, 0, 0]),
        ([(1, 0, 7)], 5, [1, 0, 0]),
        ([(1, 0, 7), (1, 0, 7), (1, 0, 7)], 0, [1, 1, 1]),
        ([(1, 0, 1), (1, 3, 2), (1, 5, 4)], 5, [1, 1, 1]),
        ([(1, 0, 1), (1, 3, 2), (1, 6, 4)], 5, [1, 1, 0]),
        ([(1, 0, 1), (2, 1, 2)], 5, [1, 0, 0]),
    ],
    ids=[
        "nobody",
        "ties",
        "ties backwards",
        "one for all",
        "thrice the same",
        "edge",
        "over it",
        "two people",
    ],
)
def test_cases_one_might_argue_about(rows: list[Row], window: int, counts: list[int]) -> None:
    ids = list(range(len(rows)))
    assert engine_says(rows, ids, window) == counts
    assert postgres_says(rows, ids, window) == counts
    assert duckdb_says(rows, ids, window) == counts
