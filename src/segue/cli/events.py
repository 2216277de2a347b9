"""`segue events`: what was heard. Each word is a module, which has `add_arguments` and `main`."""

from __future__ import annotations

import argparse
import importlib

WORDS = {
    "count": ("segue.cli.events_count", "how many events a source got in, and how many were refused"),
    "tail": ("segue.cli.events_tail", "the latest events, and those that come"),
    "funnel": ("segue.cli.events_funnel", "how many went through steps in order, within a window"),
    "export": ("segue.cli.events_export", "events into a file, pseudonymous: parquet, csv or ndjson"),
    "compact": ("segue.cli.events_compact", "make closed weeks cold now"),
    "rejected": ("segue.cli.events_rejected", "what was refused, and why"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    words = parser.add_subparsers(dest="word", required=True, metavar="WORD")
    for name, (module, text) in WORDS.items():
        word = words.add_parser(name, help=text, description=text)
        word.add_argument("--data-dir", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        importlib.import_module(module).add_arguments(word)


def main(args: argparse.Namespace) -> int:
    return int(importlib.import_module(WORDS[args.word][0]).main(args))
