"""`segue evaluate`: how well recommenders do on a log in files. It needs no database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from segue.cli.tables import say_aside, say_json, say_table
from segue.kit.errors import Invalid

_SHOWN = ("recall", "ndcg", "mrr", "cpu_s", "error")
_EXAMPLE = """
examples:
  segue evaluate --interactions views.csv --people people.csv --jobs jobs.csv
  segue evaluate --train train.txt --test test.txt --validation last --models segue,popularity
  segue evaluate --interactions views.parquet --direction jobs --k 5,20 --table

The formats of the files are in docs/evaluate.md.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLE
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    for name, text in (
        (
            "interactions",
            "a log to divide: person_id, job_id, at?, kind?, weight?; or `person item item …` lines",
        ),
        ("train", "the history, where the log is divided already; either form"),
        ("test", "the acts to find; either form"),
        ("people", "what is known of people: id, text?, place?, and any further columns"),
        ("jobs", "what is known of jobs: id, text?, place?, and any further columns"),
    ):
        parser.add_argument(f"--{name}", type=Path, metavar="FILE", help=text)
    parser.add_argument(
        "--split", choices=["temporal", "random"], default="", help="how to divide (temporal); with --test: "
        "random says that time played no part"
    )  # fmt: skip
    parser.add_argument(
        "--validation", choices=["last", "random"], default="",
        help="which act of each history settings are chosen on (last; random where items are sorted by id)",
    )  # fmt: skip
    parser.add_argument(
        "--direction",
        choices=["people", "jobs"],
        default="people",
        help="rank jobs for people, or people for jobs",
    )
    parser.add_argument("--models", default="", metavar="A,B", help="which models (all that are here)")
    parser.add_argument("--k", default="10,20", metavar="K,K", help="lengths of lists (10,20)")
    parser.add_argument("--kinds", default="", metavar="A,B", help="only acts of these kinds")
    parser.add_argument("--seed", type=int, default=0, help="of all dice (0)")
    parser.add_argument("--json", action="store_true", help="print JSON (it does so anyway)")
    parser.add_argument("--table", action="store_true", help="print a table instead")


def main(args: argparse.Namespace) -> int:
    """Print the report on standard output alone, progress on standard error; return 1 where a model broke."""
    from segue.measure.evaluation.case import Files
    from segue.measure.evaluation.report import evaluate

    given = {name: getattr(args, name) for name in ("interactions", "train", "test", "people", "jobs")}
    if args.seed < 0:
        raise Invalid("a seed is not below zero.", field="--seed", remedy="--seed 0")
    files = Files(
        **given,
        split=args.split,
        validation=args.validation,
        direction=args.direction,
        kinds=_words(args.kinds),
        seed=args.seed,
    )
    told = evaluate(files, models=_words(args.models), ks=_lengths(args.k), say=say_aside)
    if args.table and not args.json:
        _show(told)
    else:
        say_json(told)
    return 1 if any("error" in row for row in told["models"].values()) else 0


def _words(said: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in said.split(",") if word.strip())


def _lengths(said: str) -> list[int]:
    words = _words(said)
    if not words or not all(word.isdigit() and 1 <= int(word) <= 1000 for word in words):
        raise Invalid(f"{said!r} is no list of lengths.", field="--k", remedy="Write --k 10,20 (1 to 1000).")
    return sorted({int(word) for word in words})


def _show(told: dict[str, Any]) -> None:
    data = told["data"]
    print(f"{data['tested']:,} tested, {data['test_acts']:,} acts to find; {data['split']} split\n")
    names = dict.fromkeys(name for row in told["models"].values() for name in row)
    heads = [name for name in names if name.startswith(_SHOWN) and not name.endswith("_ci")]
    say_table(
        ["model", *heads], [[n, *(row.get(head) for head in heads)] for n, row in told["models"].items()]
    )
    first = f"recall@{data['k'][0]}"
    models = list(told["models"])
    print(f"\n{first} by slice")
    rows = [
        [name, part["tested"], *(part.get(model, {}).get(first) for model in models)]
        for name, part in told["slices"].items()
    ]
    say_table(["slice", "tested", *models], rows)
