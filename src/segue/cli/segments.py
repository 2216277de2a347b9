"""`segue segments`: which there are, who is in one, how many a rule holds of; refreshing and refitting."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from segue.cli.deeds import deeds_of
from segue.cli.tables import say_aside, say_json, say_table
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

_EXAMPLE = """
examples:
  segue segments list
  segue segments show "Nurses near Leeds"
  segue segments count rule.json        # - reads standard input
  segue segments refresh
  segue segments rebuild
  segue segments refit                  # communities found in the crowd, anew
  segue segments persona "Nurses near Leeds" > card.md

rule.json:
  {"version": 1, "rule": {"all": [{"kind": "place", "near": "Leeds", "km": 30},
                                  {"kind": "did", "signal": "card.saved", "at_least": 2, "days": 30}]}}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = deeds_of(parser, _EXAMPLE)
    add("list", "every segment in use, with its size and its rule in words")
    show = add("show", "one segment: its rule, its size over time, what may be a proxy, its last members")
    show.add_argument("segment", help="its name or its id")
    show.add_argument("--limit", type=int, default=20, metavar="N", help="members shown (20)")
    count = add("count", "how many people a rule holds of, without keeping it")
    count.add_argument("rule", metavar="RULE_FILE", help="a rule as JSON; - reads standard input")
    add("refresh", "bring who is in which segment up to date now, instead of within the hour")
    rebuild = add("rebuild", "catch up with what rules read of people, and count anew what they did")
    rebuild.add_argument("--all", action="store_true", help="make every row anew, not only what changed")
    refit_ = add(
        "refit", "find communities in the crowd anew, instead of at night; names stay with whom they name"
    )
    refit_.add_argument("--seed", type=int, default=1, metavar="N", help="of the dice (1)")
    persona_ = add("persona", "one segment's persona card: Markdown, or JSON")
    persona_.add_argument("segment", help="its name or its id")


def main(args: argparse.Namespace) -> int:
    by = Actor.machine(f"segue segments ({os.environ.get('USER') or 'console'})")
    deeds = {"list": list_, "show": show, "count": count, "refresh": refresh, "rebuild": rebuild}
    deeds |= {"refit": refit, "persona": persona}
    return deeds[args.deed](args, by)


def list_(args: argparse.Namespace, by: Actor) -> int:
    from segue.learn.queries.segments.listing import segments_visible_to
    from segue.learn.queries.segments.wording import words_of

    rows = [(one, words_of(one)) for one in segments_visible_to(by)]
    if args.json:
        say_json(
            [{"id": str(one.pk), "name": one.name, "size": one.size, "rule": one.rule} for one, _ in rows]
        )
        return 0
    say_table(("segment", "kind", "people", "rule"), [(one.name, one.kind, one.size, w) for one, w in rows])
    return 0


def show(args: argparse.Namespace, by: Actor) -> int:
    from segue.learn.queries.segments.listing import members_of, segment_named, sizes_of
    from segue.learn.queries.segments.wording import leanings_of, words_of

    segment = segment_named(args.segment, by=by)
    sizes = sizes_of([segment], by=by)[segment.pk]
    members = list(members_of(segment, by=by)[: max(1, args.limit)])
    if args.json:
        say_json(
            {
                "id": str(segment.pk),
                "name": segment.name,
                "words": words_of(segment),
                "rule": segment.rule,
                "size": segment.size,
                "sizes": {str(one.day): one.size for one in sizes},
                "members": [str(one.person_id) for one in members],
            }
        )
        return 0
    say_aside(f"{segment.name}: {words_of(segment)}")
    for leaning in leanings_of(segment):
        say_aside(f"may stand in for {leaning.ground}: {leaning.words}. {leaning.reason}")
    say_table(
        ("day", "people", "entered", "left"), [(one.day, one.size, one.entered, one.left) for one in sizes]
    )
    say_table(("person", "since"), [(str(one.person_id), one.entered_at.date()) for one in members])
    return 0


def count(args: argparse.Namespace, by: Actor) -> int:
    from segue.learn.queries.segments.counting import count_rule
    from segue.learn.queries.segments.rules import understand_rule
    from segue.learn.queries.segments.wording import in_words

    rule = understand_rule(_read(args.rule))
    people, words = count_rule(rule, by=by), in_words(rule.tree)
    if args.json:
        say_json({"people": people, "words": words})
        return 0
    say_table(("people", "rule"), [(people, words)])
    return 0


def _read(path: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
        said = json.loads(text)
    except (OSError, ValueError) as error:
        raise Invalid(
            f"{path} cannot be read as JSON: {error}.", field="RULE_FILE", remedy="See `segue segments -h`."
        ) from None
    return said if isinstance(said, dict) else {"version": said}


def refresh(args: argparse.Namespace, by: Actor) -> int:
    from segue.learn.actions.segments.refreshing import refresh_segments

    return _say(args, refresh_segments(by=by))


def rebuild(args: argparse.Namespace, by: Actor) -> int:
    from segue.learn.actions.segments.rebuilding import rebuild_segments

    return _say(args, rebuild_segments(by=by, anew=args.all))


def refit(args: argparse.Namespace, by: Actor) -> int:
    from segue.learn.actions.communities.fitting import refit_communities
    from segue.learn.queries.communities.showing import changes_in_words

    if args.seed < 0:
        raise Invalid("A seed is 0 or more.", field="--seed", remedy="--seed 1")
    card = refit_communities(by=by, seed=args.seed)
    if args.json:
        say_json(card)
    elif "abstained" in card:
        say_aside(f"No communities were made: {card['abstained']} ({card['people']} people with skills).")
    else:
        say_table(tuple(card["people"]), [list(card["people"].values())])
        say_aside(f"{card['communities']} communities, stability {card['stability']['mean']:.2f}.")
        for line in changes_in_words(card["changes"]):
            say_aside(line)
    return 0


def persona(args: argparse.Namespace, by: Actor) -> int:
    from segue.learn.queries.segments.listing import segment_named
    from segue.measure.queries.personas.card import as_dict, as_markdown, persona_of

    card = persona_of(segment_named(args.segment, by=by), by=by)
    if args.json:
        say_json(as_dict(card))
    else:
        print(as_markdown(card))
    return 0


def _say(args: argparse.Namespace, counts: dict[str, int]) -> int:
    if args.json:
        say_json(counts)
    else:
        say_table(tuple(counts), [list(counts.values())])
    return 0
