from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from segue.engine.columns import JobColumns, PersonColumns
from tests.engine.conftest import make_scene


def test_columns_must_be_equally_long() -> None:
    with pytest.raises(ValueError, match="column lat has 3 rows, ids has 2"):
        replace(JobColumns.blank(["a", "b"]), lat=np.zeros(3))
    with pytest.raises(ValueError, match="column permits"):
        replace(PersonColumns.blank(["a", "b"]), permits=(None,))


def test_picking_keeps_every_column_in_step() -> None:
    jobs = make_scene().jobs
    picked = jobs.pick([4, 1])
    assert picked.ids.tolist() == ["job-4", "job-1"]
    assert (picked.vec == jobs.vec[[4, 1]]).all()
    assert (picked.words.toarray() == jobs.words.toarray()[[4, 1]]).all()
    assert jobs.pick(np.arange(len(jobs)) < 2).ids.tolist() == ["job-0", "job-1"]


def test_picking_people_keeps_their_permits() -> None:
    people = replace(PersonColumns.blank(["a", "b"]), permits=(None, frozenset({"NO"})))
    assert people.pick([1]).permits == (frozenset({"NO"}),)


def test_an_empty_table_is_a_table() -> None:
    assert len(JobColumns.blank([]).pick([])) == 0


def test_names_are_not_cut_to_a_width() -> None:
    jobs = JobColumns.blank(["a"])
    jobs.place[0] = "Llanfairpwllgwyngyll"
    assert jobs.place[0] == "Llanfairpwllgwyngyll"
