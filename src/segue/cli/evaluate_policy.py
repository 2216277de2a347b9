"""`segue evaluate-policy`: what more or less exploration would have earned, or that the log cannot say."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from segue.cli.tables import iso, say_json
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

if TYPE_CHECKING:
    from segue.engine.offpolicy import Verdict
    from segue.measure.queries.policies import Trial

_NAMED = {"best-only": 0.0, "even": 1.0}
_NOBODY = "Not enough to say: no card was seen long enough ago by two people who allow learning."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--target", default="best-only", help="best-only, even, or a share of exploration: 0.05 (best-only)"
    )
    parser.add_argument(
        "--outcome", default="click", help="click, save, like or apply, within 7 days (click)"
    )
    parser.add_argument("--days", type=int, default=90, help="how far to look back, at most 180 (90)")
    parser.add_argument("--policy", default="", help="whose cards to learn from (the one in force)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def main(args: argparse.Namespace) -> int:
    """Print an answer or the grounds for none; both are answers, and exit with 0."""
    from segue.measure.queries.policies import estimate_policy
    from segue.recommend.ranking import POLICY

    trial = estimate_policy(
        epsilon=_share(args.target),
        outcome=args.outcome,
        policy=args.policy or POLICY,
        days=args.days,
        by=Actor.machine("segue evaluate-policy"),
    )
    if args.json:
        say_json(as_plain(trial))
    else:
        _say(trial)
    return 0


def as_plain(trial: Trial) -> dict[str, Any]:
    """Return a trial for programs; a refused verdict carries its grounds and no estimate."""
    return {
        "policy": trial.policy,
        "outcome": trial.outcome,
        "target_epsilon": trial.epsilon,
        "logged_epsilon": trial.logged_epsilon,
        "since": iso(trial.since),
        "until": iso(trial.until),
        "cards": trial.cards,
        "people": trial.people,
        "cards_without_a_choice": trial.left_out,
        "target": _plain(trial.verdict),
        "gain_over_logged": _plain(trial.difference),
    }


def _plain(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        grounds = ["small_sample"]
        empty: dict[str, Any] = {"ess": 0.0, "ess_needed": _floor(), "estimates": {}}
        return {"refused": True, "reason": _NOBODY, "grounds": grounds} | empty
    support, needed = verdict.support, verdict.ess_needed
    told = () if verdict.is_refused else verdict.estimates
    return {
        "refused": verdict.is_refused,
        "reason": verdict.reason,
        "grounds": [one.why.value for one in verdict.refusals],
        "ess": round(support.ess, 1),
        "ess_needed": round(needed, 1) if needed < float("inf") else None,
        "largest_weight": round(support.largest_weight, 4),
        "uncovered": round(support.uncovered, 6),
        "smallest_propensity": round(support.smallest_propensity, 6),
        "estimates": {
            one.estimator: {"value": one.value, "se": one.se, "low": one.low, "high": one.high}
            for one in told
        },
    }


def _floor() -> float:
    from segue.engine.offpolicy import MIN_ESS

    return MIN_ESS


def _say(trial: Trial) -> None:
    print(f"{trial.cards} cards of {trial.policy} that were a choice, seen by {trial.people} people.")
    print(f"Exploring {trial.epsilon:.0%} instead of {trial.logged_epsilon:.0%}, {trial.outcome} a card:")
    for name, verdict in (("it would earn", trial.verdict), ("more than dealt", trial.difference)):
        if verdict is None or verdict.is_refused:
            print(f"  {name:<16}{verdict.reason if verdict else _NOBODY}")
            continue
        best = verdict.headline
        interval = f"[{best.low:+.4f}, {best.high:+.4f}]"
        print(f"  {name:<16}{best.value:+.4f}  {interval}  ESS {verdict.support.ess:.0f}")


def _share(said: str) -> float:
    try:
        return _NAMED[said] if said in _NAMED else float(said)
    except ValueError:
        raise Invalid(
            f"{said!r} is no policy.", field="--target", remedy="Write best-only, even or a share: 0.05."
        ) from None
