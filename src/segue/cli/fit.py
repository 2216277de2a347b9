"""`segue fit`: read what changed, and fit what behaviour says about jobs, now instead of at night."""

from __future__ import annotations

import argparse

from segue.cli.tables import say_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the model's card as JSON")


def main(args: argparse.Namespace) -> int:
    from segue.kit.actor import Actor
    from segue.learn.actions.behaviour import fit_behaviour
    from segue.learn.actions.fitting import refresh_features
    from segue.learn.queries.registry import model_named

    by = Actor.machine("segue fit")
    refresh_features(by=by)
    hash_ = fit_behaviour(by=by)
    if not hash_:
        print("Too few people did something yet: pages go by what jobs and profiles say.")
        return 0
    model = model_named(by, hash_)
    if args.json:
        say_json({"hash": model.pk, "state": model.state, "card": model.card})
        return 0
    card, told = model.card, model.card["evaluation"]
    print(f"{model.kind} {model.pk[:12]} is {model.state}: {card['acts']} acts of {card['people']} people.")
    print(f"nDCG@20 of {told['people']} last acts: {told['ndcg@20']}; {told['ndcg@20_without']} without it.")
    return 0
