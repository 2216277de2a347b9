"""Off-policy estimates against a click rate that was really measured, on the Open Bandit sample.

    ./run bench offpolicy --data PATH        # PATH holds bandit/random/men.csv and bandit/bts/men.csv

A uniform policy and a Thompson policy ran side by side for a week. From the uniform policy's log alone each
estimator says what the Thompson policy's click rate would be; beside it stands what that policy's own log
says. The Thompson policy's chances change from hour to hour, so its distribution a place is a summary, and
there are three of them; see `chances_of`.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segue.engine.offpolicy import BanditLog, Target, Verdict, evaluate

Summary = Literal["mean", "harmonic", "shown"]
SUMMARIES: tuple[Summary, ...] = ("mean", "harmonic", "shown")
ITEMS = 34


@dataclass(frozen=True, eq=False)
class Shown:
    """One policy's file: int64[n] item, int64[n] place from 0, float64[n] click and propensity."""

    item: NDArray[np.int64]
    place: NDArray[np.int64]
    click: NDArray[np.float64]
    propensity: NDArray[np.float64]
    features: NDArray[np.float64]

    @property
    def rate(self) -> float:
        return float(self.click.mean())

    @property
    def rate_se(self) -> float:
        return float(self.click.std(ddof=1) / np.sqrt(len(self.click)))


def read(path: Path) -> Shown:
    """Read a file of the sample; the first user feature's categories become columns."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first = np.array([row["user_feature_0"] for row in rows])
    kinds = np.unique(first)[1:]
    return Shown(
        item=np.array([int(row["item_id"]) for row in rows]),
        place=np.array([int(row["position"]) - 1 for row in rows]),
        click=np.array([float(row["click"]) for row in rows]),
        propensity=np.array([float(row["propensity_score"]) for row in rows]),
        features=(first[:, None] == kinds[None, :]).astype(np.float64),
    )


def chances_of(shown: Shown, summary: Summary = "mean") -> NDArray[np.float64]:
    """The policy's distribution over items at each place, float64[3, 34].

    "mean": published propensities averaged by item and place, normalised. Rows come up in proportion to
    their propensity, so this leans towards an item's good hours. "harmonic" undoes that (the mean of 1/p over
    an item's rows is 1 / its share); "shown" counts how often the item was shown.
    """
    cells = shown.place * ITEMS + shown.item
    count, size = np.bincount(cells, minlength=3 * ITEMS), 3 * ITEMS
    if summary == "mean":
        total = np.bincount(cells, shown.propensity, minlength=size) / np.maximum(count, 1)
    elif summary == "harmonic":
        total = count / np.maximum(np.bincount(cells, 1.0 / shown.propensity, minlength=size), 1e-9)
    else:
        total = count.astype(np.float64)
    chances = total.reshape(3, ITEMS)
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


def estimate(uniform: Shown, thompson: Shown, summary: Summary = "mean") -> Verdict:
    """Say from the uniform log what the Thompson policy's click rate would be."""
    log = BanditLog.of(
        uniform.item,
        uniform.click,
        uniform.propensity,
        actions=ITEMS,
        context=uniform.features,
        position=uniform.place,
    )
    target = Target.of(chances_of(thompson, summary)[uniform.place], log)
    return evaluate(log, target, model="logistic")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with bandit/")
    folder = parser.parse_args().data / "bandit"
    if not folder.exists():
        print(f"There is no {folder}.", file=sys.stderr)
        return 2
    uniform, thompson = (read(folder / name / "men.csv") for name in ("random", "bts"))
    margin = 1.96 * thompson.rate_se
    print(f"uniform policy's own click rate   {uniform.rate:.4%}  ({int(uniform.click.sum())} clicks)")
    print(f"Thompson policy's own click rate  {thompson.rate:.4%} ± {margin:.4%}\n")
    print(f"{'chances':<10}{'estimator':<11}{'value':>9}{'low':>9}{'high':>9}  inside")
    for summary in SUMMARIES:
        verdict = estimate(uniform, thompson, summary)
        for one in verdict.estimates:
            inside = "yes" if one.low - margin <= thompson.rate <= one.high + margin else "NO"
            strictly = " (alone)" if one.low <= thompson.rate <= one.high else ""
            figures = f"{one.value:>9.4%}{one.low:>9.4%}{one.high:>9.4%}"
            print(f"{summary:<10}{one.estimator:<11}{figures}  {inside}{strictly}")
        support = verdict.support
        print(
            f"{'':<10}ess {support.ess:.0f} of {support.rows}, largest weight {support.largest_weight:.2f}, "
            f"uncovered {support.uncovered:.2%}, freedom {verdict.headline.freedom:.0f}; "
            f"{verdict.reason or 'a verdict is given'}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
