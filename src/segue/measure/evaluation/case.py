"""From files to one question: what is learnt from, and which acts are to be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from segue.engine.splits import Split, given, random_one, temporal
from segue.engine.task import Log, Task
from segue.kit.errors import Invalid
from segue.measure.evaluation.acts import Acts, read_acts
from segue.measure.evaluation.features import table_ids, table_of
from segue.measure.evaluation.guard import check_history, check_overlap, check_table
from segue.measure.evaluation.sheets import Sheet, read_sheet

_SORTED_SHARE, _SORTED_PEOPLE = 0.95, 20


@dataclass(frozen=True)
class Files:
    """What the caller gave: one log to divide, or a history and a test; and how to read them."""

    interactions: Path | None = None
    train: Path | None = None
    test: Path | None = None
    people: Path | None = None
    jobs: Path | None = None
    split: str = ""
    validation: str = ""
    direction: str = "people"
    kinds: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Case:
    """A task to learn from, the held-out acts, and what is to be said about the data."""

    task: Task
    split: Split
    facts: dict[str, Any]
    notes: tuple[str, ...]


def read_case(files: Files) -> Case:
    """Read, divide and guard. Raises Invalid naming file, column, row and remedy; a leak is one of those."""
    _check_files(files)
    flip = files.direction == "jobs"
    acts = [_read(path, files, flip) for path in (files.interactions, files.train, files.test) if path]
    sheets = [read_sheet(path) if path else None for path in (files.people, files.jobs)]
    asked, offered = reversed(sheets) if flip else sheets
    people, notes = _rows(asked, [one.person for one in acts] + [sorted(one.listed) for one in acts])
    jobs, notes_of_jobs = _rows(offered, [one.job for one in acts])
    notes += [*notes_of_jobs, *(note for one in acts for note in one.notes)]
    logs = [_log(one, people, jobs) for one in acts]
    split = _divide(files, acts, logs, list(people), notes)
    tables = table_of(asked, people, len(people)), table_of(offered, jobs, len(jobs))
    whole, rows, ids = _together(logs), (split.person, split.job), (list(people), list(jobs))
    for side, sheet in enumerate((asked, offered)):
        if sheet is not None:
            answer = [ids[1 - side][row] for row in rows[1 - side].tolist()]
            check_table(tables[side], sheet, whole, split, row=rows[side], answer=answer, of_jobs=side == 1)
    facts = _facts(files, split, logs, acts)
    split = replace(split, train=_ordered(split, files, acts[0], list(jobs), notes))
    return Case(Task(split.train, *tables), split, facts, tuple(notes))


def _check_files(files: Files) -> None:
    if files.interactions and (files.train or files.test):
        raise Invalid(
            "a log to divide and a divided one were given.",
            field="--interactions",
            remedy="Give --interactions alone, or --train with --test.",
        )
    if not files.interactions and not (files.train and files.test):
        missing = "--test" if files.train else "--train" if files.test else "--interactions"
        raise Invalid(
            "the file is missing.",
            field=missing,
            remedy="Give --interactions FILE, or --train FILE --test FILE.",
        )


def _read(path: Path, files: Files, flip: bool) -> Acts:
    acts = read_acts(path, kinds=files.kinds)
    return acts.swapped() if flip else acts


def _rows(sheet: Sheet | None, named: Sequence[Sequence[str]]) -> tuple[dict[str, int], list[str]]:
    """Every id's row: those of the table in its order, then those only acts name, by their names.

    Not in the order of the acts: that would put what only the test knows at the end.
    """
    known, notes = table_ids(sheet)
    others = sorted(set().union(*named) - set(known), key=lambda name: (len(name), name))
    if sheet is not None and others:
        notes.append(f"{sheet.path.name}: {len(others)} ids of the acts are not in it")
    return {name: row for row, name in enumerate([*known, *others])}, notes


def _log(acts: Acts, people: dict[str, int], jobs: dict[str, int]) -> Log:
    """Acts as rows; without times they are in the order of the file, and the day is a place in it."""
    day = acts.day if acts.timed else np.arange(len(acts), dtype=np.float64)
    person, job = [people[name] for name in acts.person], [jobs[name] for name in acts.job]
    log = Log.of(person, job, day, people=len(people), jobs=len(jobs), weight=acts.weight)
    return log if acts.timed else _by_place(log)


def _by_place(log: Log) -> Log:
    return replace(log, day=np.arange(len(log), dtype=np.float64) - log.start[log.person])


def _together(logs: list[Log]) -> Log:
    person, job, day, weight = (
        np.concatenate([getattr(log, name) for log in logs]) for name in ("person", "job", "day", "weight")
    )
    return Log.of(person, job, day, people=logs[0].people, jobs=logs[0].jobs, weight=weight)


def _divide(files: Files, acts: list[Acts], logs: list[Log], people: list[str], notes: list[str]) -> Split:
    """Hold out the test acts, and let the guard see that nothing of them stays in the history."""
    file, ties = acts[0].path.name, False
    if files.test:
        timed = all(one.timed for one in acts) and files.split != "random"
        ties = timed and all(one.fine for one in acts)
        dropped = check_overlap(*logs, file=file, people=people, timed=timed)
        if dropped:
            notes.append(f"{dropped} test acts are on jobs of the history and are left out")
        split = given(*logs, timed=timed)
    elif files.split == "random":
        split = random_one(logs[0], np.random.default_rng(files.seed))
        split = replace(split, day=np.full(len(split), np.nan))
    else:
        split = temporal(logs[0])
    if not len(split):
        raise Invalid(
            "there is nothing to test: nobody has an act that could be held out.",
            field=acts[-1].path.name,
            remedy="Each tested person needs two different jobs, or a test act on a job new to them.",
        )
    check_history(split, file=file, people=people, ties_are_leaks=ties)
    return split


def _ordered(split: Split, files: Files, acts: Acts, jobs: list[str], notes: list[str]) -> Log:
    """The history in an order in which "last" means something: shuffled where the file's own says nothing."""
    train = split.train
    why_not = "" if acts.timed else _why_without_order(train, split, jobs)
    if files.validation == "last" or (not files.validation and not why_not):
        if why_not:
            notes.append(f"{why_not}; try --validation random")
        return train
    why = "as asked" if files.validation else why_not
    notes.append(f"settings are chosen on a random act of each history ({why})")
    shuffled = np.random.default_rng([files.seed, 1]).random(len(train))
    log = Log.of(train.person, train.job, shuffled, people=train.people, jobs=train.jobs, weight=train.weight)
    return replace(_by_place(log), ordered=False)


def _why_without_order(train: Log, split: Split, jobs: list[str]) -> str:
    """Why the order of a log without times says nothing of what was held out; "" where it may.

    How many acts a person are to be found tells how they were held out, and nothing of which they are.
    """
    if _is_sorted(train, jobs):
        return "items are sorted by id: their order says nothing"
    wanted = np.bincount(split.person)
    if (wanted[wanted > 0] > 1).mean() > 0.5:
        return "most people have several acts to be found: these were not their last ones"
    return ""


def _is_sorted(train: Log, jobs: list[str]) -> bool:
    """Whether nearly everybody's items ascend by id, as in sets made for random splits."""
    if not all(name.isdigit() for name in jobs):
        return False
    number = np.array([int(name) for name in jobs], dtype=np.float64)[train.job]
    same = train.person[1:] == train.person[:-1]
    falls = np.bincount(train.person[1:][same & (np.diff(number) < 0)], minlength=train.people)
    long = np.bincount(train.person, minlength=train.people) >= 4
    return bool(long.sum() >= _SORTED_PEOPLE and (falls[long] == 0).mean() >= _SORTED_SHARE)


def _facts(files: Files, split: Split, logs: list[Log], acts: list[Acts]) -> dict[str, Any]:
    train = split.train
    cold = np.bincount(train.job, minlength=train.jobs) == 0
    if files.direction == "jobs":
        names = {"people": train.jobs, "jobs": train.people}
    else:
        names = {"people": train.people, "jobs": train.jobs}
    return {
        **names,
        "acts": sum(len(log) for log in logs),
        "train_acts": len(train),
        "test_acts": len(split),
        "tested": len(np.unique(split.person)),
        "test_acts_on_unseen": int(cold[split.job].sum()),
        "split": "given" if files.test else files.split or "temporal",
        "direction": files.direction,
        "timed": all(acts_.timed for acts_ in acts),
        "seed": files.seed,
    }
