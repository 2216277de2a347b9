"""Who has no history gets what people like them on paper turn to, new jobs and unlike words included."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from segue.engine.sources.described import described
from segue.engine.sources.foretold import foretold_of
from segue.engine.task import Log, Table, Task

TRADES = ("nursing", "cooking", "welding")
WORKPLACES = ("ward clinic care", "soup stove oven", "steel torch yard")  # no word in common with TRADES
PEOPLE, JOBS, NEW = 120, 30, 6


def a_company() -> Task:
    """People and jobs of three trades told in different words; the last jobs and person nobody has met."""
    rng = np.random.default_rng(1)
    trade, kind = np.arange(PEOPLE) % 3, np.arange(JOBS) % 3
    who = np.repeat(np.arange(PEOPLE - 3), 4)
    old = np.arange(JOBS - NEW)
    what = [rng.choice(old[kind[old] == trade[one]]) for one in who]
    log = Log.of(who, what, np.tile(np.arange(4), PEOPLE - 3), people=PEOPLE, jobs=JOBS)
    people = {"degree": np.array([TRADES[t] for t in trade], dtype=object), "years": 3.0 * trade}
    jobs = {"text": np.array([WORKPLACES[k] for k in kind], dtype=object)}
    return Task(log, Table(PEOPLE, people), Table(JOBS, jobs))


def test_what_has_no_word_in_common_is_learnt_to_belong_together() -> None:
    task = a_company()
    (source,) = foretold_of(task.people, task.jobs)
    scores = source.fit(task).score(task, np.arange(PEOPLE - 3, PEOPLE))
    for person, row in zip(range(PEOPLE - 3, PEOPLE), scores, strict=True):
        best = np.argsort(-row)[: JOBS // 3]
        assert (best % 3 == person % 3).all()
        assert (best >= JOBS - NEW).sum() == NEW // 3  # a new job is no worse than an old one like it


def test_of_whom_nothing_is_known_gets_what_many_turn_to() -> None:
    task = a_company()
    nothing = replace(task.people, columns={"degree": np.array([""] * PEOPLE, dtype=object)})
    often = task.log.keep(task.log.job % 3 == 1)
    (source,) = foretold_of(nothing, task.jobs)
    row = source.fit(task.with_log(often)).score(task, np.array([PEOPLE - 1]))[0]
    assert (np.argsort(-row)[: JOBS // 3] % 3 == 1).all()


def test_columns_that_say_nothing_are_no_columns() -> None:
    empty = Table(4, {"text": np.array([""] * 4, dtype=object), "years": np.full(4, np.nan)})
    assert described(empty).shape == (4, 0)
    assert described(Table(4)).shape == (4, 0)
    assert foretold_of(Table(2), empty) == ()


def test_numbers_become_ranges_with_equally_many_rows() -> None:
    rows = described(Table(16, {"years": np.arange(16.0)}))
    assert rows.shape == (16, 8)
    assert (np.diff(rows.indptr) == 1).all()
    assert rows.sum(axis=0).tolist() == [2.0] * 8
