"""`segue mixes`: the best jobs of everybody who allows it, in one Parquet file."""

from __future__ import annotations

import argparse
import json
import time

from segue.kit.actor import Actor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=int, default=20, help="how many jobs each (20)")
    parser.add_argument("--stretch", type=int, default=8192, help="how many people are read at once (8192)")
    parser.add_argument("--afresh", action="store_true", help="do not go on with a run that was broken off")
    parser.add_argument("--as-read", action="store_true", help="do not look for texts nobody has read yet")
    parser.add_argument("--person", metavar="EMAIL", help="print this person's mix from the file instead")
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    from segue.kit.errors import Invalid

    if not 1 <= args.limit <= 200:
        raise Invalid("Ask for 1 to 200 jobs.", field="--limit", remedy="--limit 20")
    if args.stretch < 1:
        raise Invalid("A stretch holds at least one person.", field="--stretch", remedy="--stretch 8192")
    by = Actor.machine("segue mixes")
    return _show(args, by) if args.person else _write(args, by)


def _write(args: argparse.Namespace, by: Actor) -> int:
    from segue.learn.actions.fitting import refresh_features
    from segue.recommend.actions.batch import write_mixes

    if not args.as_read:
        refresh_features(by=by)
    began = time.monotonic()
    done = write_mixes(by=by, k=args.limit, stretch=args.stretch, is_afresh=args.afresh)
    told = {
        "path": str(done.path),
        "people": done.people,
        "model": done.model_hash,
        "seconds": round(time.monotonic() - began, 1),
    }
    if args.json:
        print(json.dumps(told))
    else:
        print(f"{done.people:,} people's mixes are in {done.path} ({told['seconds']} s).")
    return 0


def _show(args: argparse.Namespace, by: Actor) -> int:
    from segue.catalog.queries.people import find_person
    from segue.kit.errors import NotFound
    from segue.recommend.queries.mixes import mix_of

    person = find_person(by, args.person)
    if person is None:
        raise NotFound(f"Nobody is known as {args.person!r}.", field="--person", remedy="Check the address.")
    mix = mix_of(person.pk, by=by)
    if mix is None:
        raise NotFound(
            "There is no mix of theirs.", field="--person", remedy="They may allow none, or: segue mixes"
        )
    if args.json:
        print(json.dumps([{"job": str(job.pk), "title": job.title, "score": score} for job, score in mix]))
        return 0
    for place, (job, score) in enumerate(mix, start=1):
        print(f"{place:>3}. {job.title}  [{score:+.3f}]")
    return 0
