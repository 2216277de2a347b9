"""`segue erasures`: who was erased, by id, to keep beside the backups."""

from __future__ import annotations

import argparse

from segue.kit.actor import Actor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "segue erasures > erasures.jsonl; later: segue restore BACKUP --erasures erasures.jsonl"


def main(args: argparse.Namespace) -> int:
    from segue.catalog.erasure_list import erasure_line
    from segue.catalog.queries.erased import erased_people

    for person_id, at in erased_people(Actor.machine("segue erasures")):
        print(erasure_line(person_id, at))
    return 0
