"""The funnel in plain SQL: a chain is looked for as its definition is read. Slow, and easy to believe."""

from __future__ import annotations


def plain_sql(
    n_steps: int, window: str, *, events: str = "ev", serves: str = "{e}.steps >> {step} & 1 = 1"
) -> str:
    """One row, a column a step, from events(subject, at, id, …); `serves` says when event e serves a step.

    Understood by PostgreSQL and by DuckDB. `window` is in the units of `at`: a number or an interval.
    """
    is_first = serves.format(e="e1", step=0)
    tried = [f"{is_first} AS reaches_1"]
    for last in range(2, n_steps + 1):
        tried.append(f"{is_first} AND {_chain(2, last, window, events, serves)} AS reaches_{last}")
    counts = [f"count(DISTINCT subject) FILTER (WHERE reaches_{k})" for k in range(1, n_steps + 1)]
    return f"SELECT {', '.join(counts)} FROM (SELECT e1.subject, {', '.join(tried)} FROM {events} e1) tried"


def _chain(step: int, last: int, window: str, events: str, serves: str) -> str:
    """From event e<step − 1> on there is a chain up to the last step, none later than the window after e1."""
    this, before = f"e{step}", f"e{step - 1}"
    further = f" AND {_chain(step + 1, last, window, events, serves)}" if step < last else ""
    return (
        f"EXISTS (SELECT 1 FROM {events} {this} WHERE {this}.subject = e1.subject"
        f" AND ({this}.at > {before}.at OR ({this}.at = {before}.at AND {this}.id > {before}.id))"
        f" AND {this}.at <= e1.at + {window}"
        f" AND {serves.format(e=this, step=step - 1)}{further})"
    )
