"""From files to a question: whose last act is asked for, and what the guard refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segue.kit.errors import Invalid
from segue.measure.evaluation.guard import LeakFound
from tests.measure.evaluation.logs import case, crowd, lines, write

HEADS = ("person_id", "job_id", "at")


def test_the_last_item_of_a_line_is_asked_and_the_one_before_ends_the_history(tmp_path: Path) -> None:
    read = case(interactions=lines(tmp_path / "log.txt", "ada 3 1 2", "bob 5"))
    assert read.split.person.tolist() == [0]
    assert read.task.log.job[read.task.log.person == 0].tolist() == [
        2,
        0,
    ]  # rows in the order of ids: 1 2 3 5
    assert read.split.job.tolist() == [1]
    assert read.task.log.day.tolist() == [0.0, 1.0, 0.0]


def test_a_divided_log_is_taken_as_it_is(tmp_path: Path) -> None:
    train = lines(tmp_path / "train.txt", "0 1 2", "1 2 3")
    test = lines(tmp_path / "test.txt", "0 3 4 1", "1", "7 4 2")
    read = case(train=train, test=test, validation="last")
    assert read.facts["people"] == 3
    assert read.split.person.tolist() == [0, 0, 2, 2]
    assert "1 test acts are on jobs of the history and are left out" in read.notes
    assert read.facts["test_acts_on_unseen"] == 2


def test_a_table_and_lines_may_be_mixed(tmp_path: Path) -> None:
    train = write(tmp_path / "train.csv", HEADS, ("0", "1", "2026-01-01"), ("0", "2", "2026-01-02"))
    read = case(train=train, test=lines(tmp_path / "test.txt", "0 3"))
    assert (len(read.task.log), len(read.split)) == (2, 1)


def test_for_jobs_the_tables_change_places(tmp_path: Path) -> None:
    log = write(tmp_path / "log.csv", HEADS, ("a", "x", 1), ("b", "x", 2), ("c", "y", 3))
    people = write(tmp_path / "people.csv", ("id", "text"), ("c", "Cook"), ("a", "Nurse"))
    read = case(interactions=log, people=people, direction="jobs")
    assert (read.task.people.size, read.task.jobs.size) == (2, 3)
    assert read.task.jobs.columns["text"].tolist() == ["Cook", "Nurse", ""]
    assert (read.split.person.tolist(), read.split.job.tolist()) == ([0], [2])
    assert (read.facts["people"], read.facts["jobs"]) == (3, 2)


def test_settings_are_chosen_at_random_where_the_order_says_nothing(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    rows = [" ".join(map(str, [p, *sorted(rng.choice(60, 8, replace=False))])) for p in range(40)]
    train, test = lines(tmp_path / "a.txt", *rows), lines(tmp_path / "b.txt", *(f"{p} 77" for p in range(40)))
    first, again = (case(train=train, test=test) for _ in range(2))
    as_told = case(train=train, test=test, validation="last")
    assert "settings are chosen on a random act" in first.notes[-1]
    assert "sorted by id" in as_told.notes[-1]
    assert first.task.log.job.tolist() == again.task.log.job.tolist() != as_told.task.log.job.tolist()


def test_several_acts_to_be_found_were_not_the_last_ones(tmp_path: Path) -> None:
    train = lines(tmp_path / "a.txt", *(f"{p} 9 3 7 1 {p % 5 + 20}" for p in range(30)))
    several = lines(tmp_path / "b.txt", *(f"{p} 40 30 50" for p in range(30)))
    one = lines(tmp_path / "c.txt", *(f"{p} 40" for p in range(30)))
    as_told = case(train=train, test=several, validation="last")
    assert "several acts to be found" in case(train=train, test=several).notes[-1]
    assert "try --validation random" in as_told.notes[-1]
    assert not case(train=train, test=one).notes
    assert case(train=train, test=one).task.log.job.tolist() == as_told.task.log.job.tolist()


def test_a_random_split_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    log = crowd(tmp_path / "log.csv")
    first, again, other = (case(interactions=log, split="random", seed=s).split.job for s in (1, 1, 2))
    assert first.tolist() == again.tolist() != other.tolist()


@pytest.mark.parametrize(
    ("given", "where"),
    [({}, "--interactions"), ({"train": "a"}, "--test"), ({"test": "a"}, "--train")],
)
def test_files_that_do_not_make_a_question_are_named(given: dict[str, str], where: str) -> None:
    with pytest.raises(Invalid, match=where):
        case(**{name: Path(value) for name, value in given.items()})
    with pytest.raises(Invalid, match="--interactions"):
        case(interactions=Path("a"), train=Path("b"))


def test_nothing_to_ask_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="two different jobs"):
        case(interactions=write(tmp_path / "log.csv", HEADS, ("a", "x", 1), ("b", "x", 2), ("a", "x", 3)))


def divided(folder: Path, *, late: str, test: str = "2026-01-05T10:00Z") -> dict[str, Any]:
    train = write(
        folder / "train.csv", HEADS, ("ada", "x", "2026-01-01T09:00Z"), ("ada", "y", late), ("bob", "z", test)
    )
    return {"train": train, "test": write(folder / "test.csv", HEADS, ("ada", "z", test))}


@pytest.mark.parametrize("late", ["2026-01-05T10:00Z", "2026-01-09T10:00Z"])
def test_an_act_at_or_after_the_test_act_stops_everything(tmp_path: Path, late: str) -> None:
    files = divided(tmp_path, late=late)
    with pytest.raises(LeakFound, match="held out") as told:
        case(**files)
    assert "train.csv" in told.value.field
    assert "'ada'" in told.value.field
    assert "--split random" in told.value.remedy
    assert len(case(**files, split="random").split) == 1


def test_dates_without_hours_may_tie(tmp_path: Path) -> None:
    train = write(tmp_path / "train.csv", HEADS, ("a", "x", "2026-01-01"), ("a", "y", "2026-01-05"))
    test = write(tmp_path / "test.csv", HEADS, ("a", "z", "2026-01-05"))
    assert len(case(train=train, test=test).split) == 1


def test_the_test_act_itself_in_the_history_stops_everything(tmp_path: Path) -> None:
    train = write(tmp_path / "train.csv", HEADS, ("a", "x", "2026-01-01"), ("a", "z", "2026-01-05"))
    test = write(tmp_path / "test.csv", HEADS, ("a", "z", "2026-01-05"))
    with pytest.raises(LeakFound, match="in the history"):
        case(train=train, test=test)


def counted(folder: Path, *, with_test: bool) -> dict[str, Any]:
    """A log, and jobs with the number of their views, with or without the views to be found."""
    log = crowd(folder / "log.csv")
    read = case(interactions=log)
    views = np.bincount(read.task.log.job, minlength=read.task.log.jobs)
    if with_test:
        views += np.bincount(read.split.job, minlength=read.task.log.jobs)
    ids = sorted(
        {row.split(",")[1] for row in log.read_text().splitlines()[1:]}, key=lambda name: (len(name), name)
    )
    rows = [(name, 100 + n % 7, count) for n, (name, count) in enumerate(zip(ids, views, strict=True))]
    return {"interactions": log, "jobs": write(folder / "jobs.csv", ("id", "pay", "views"), *rows)}


def test_a_column_that_counted_the_test_acts_stops_everything(tmp_path: Path) -> None:
    with pytest.raises(LeakFound, match="counts acts that are held out") as told:
        case(**counted(tmp_path, with_test=True))
    assert "jobs.csv, column 'views', row" in told.value.field
    assert len(case(**counted(tmp_path, with_test=False)).split) > 10


def test_a_column_that_names_the_test_acts_stops_everything(tmp_path: Path) -> None:
    log = write(
        tmp_path / "log.csv", HEADS, *((p, j, n) for p in "abc" for n, j in enumerate((f"x{p}", f"y{p}")))
    )
    people = write(tmp_path / "people.csv", ("id", "last"), ("a", "ya"), ("b", "yb; xb"), ("c", "yc"))
    with pytest.raises(LeakFound, match="column 'last', row 2"):
        case(interactions=log, people=people)
