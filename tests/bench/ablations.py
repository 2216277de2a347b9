"""What each part of the recommender is worth, in accepted matches of a simulated two-sided market.

    ./run bench ablations [--seeds 40] [--first 0] [--null-seeds 200] [--processes 1]

The market is `segue.engine.market`; every policy meets the same people, openings and dice. Intervals are
95 % bootstrap intervals over seeds of the paired difference, full less ablation. Policies were settled on
seeds from 2,000 on, which are none of those reported. In the null market, where
people and employers choose by dice and nothing is scarce, every pair of policies is compared by an exact
two-sided McNemar test over people at 1 %, with Bonferroni's correction for all pairs; whoever comes out
ahead in any pair has claimed a win that is not there. At 5 % a sound test would claim in ten of 200 seeds,
give or take three, which is no way to stay under ten; that count is told beside it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from segue.engine.market.nature import Size, draw_nature
from segue.engine.market.policies import make_policies
from segue.engine.market.rounds import Outcome, run_market

FloatArray = NDArray[np.float64]
Told = TypeVar("Told")

LEVEL, RESAMPLES = 0.05, 10_000
CLAIM = 0.01  # a win in one market is claimed at this level only
# No market of dice needs many people to claim nothing; 200 of them should not take all afternoon.
NULL_SIZE = Size(people=300, jobs=40, rounds=5)


def outcomes(seed: int, *, null: bool = False, size: Size | None = None) -> dict[str, Outcome]:
    """What comes of every policy in the market of this seed."""
    nature = draw_nature(seed, size=size, null=null)
    return {name: run_market(nature, policy) for name, policy in make_policies(seed).items()}


def interval(difference: FloatArray) -> tuple[float, float]:
    """The 95 % percentile interval of the mean, resampling seeds."""
    rng = np.random.default_rng(0)
    picked = rng.integers(0, len(difference), (RESAMPLES, len(difference)))
    low, high = np.quantile(difference[picked].mean(axis=1), [LEVEL / 2, 1 - LEVEL / 2])
    return float(low), float(high)


def surest_win(of: dict[str, Outcome]) -> float:
    """The p of the surest difference between any two policies, corrected for the number of pairs."""
    pairs = list(combinations(of, 2))
    return min(1.0, len(pairs) * min(_mcnemar(of[a], of[b]) for a, b in pairs))


def _mcnemar(one: Outcome, other: Outcome) -> float:
    """Exact two-sided p of people being matched as often under either."""
    only_one = int(((one.match >= 0) & (other.match < 0)).sum())
    only_other = int(((one.match < 0) & (other.match >= 0)).sum())
    return float(min(1.0, 2.0 * binom.cdf(min(only_one, only_other), only_one + only_other, 0.5)))


def told_of(seed: int) -> tuple[dict[str, dict[str, int]], float]:
    """Each policy's funnel in the market of this seed, its matches among them, and what it took in CPU-s."""
    began = time.process_time()
    told = {name: one.funnel() | {"accepted": one.matches} for name, one in outcomes(seed).items()}
    return told, time.process_time() - began


def null_of(seed: int) -> tuple[float, dict[str, int], float]:
    """The p of the surest win in the null market of this seed, each policy's matches, and CPU-s."""
    began = time.process_time()
    ends = outcomes(seed, null=True, size=NULL_SIZE)
    matches = {name: outcome.matches for name, outcome in ends.items()}
    return surest_win(ends), matches, time.process_time() - began


def show_ablations(seeds: Iterable[int], processes: int) -> None:
    matches: dict[str, list[int]] = {}
    funnels: dict[str, list[dict[str, int]]] = {}
    spent = []
    for told, cpu_s in _each(told_of, seeds, processes):
        spent.append(cpu_s)
        for name, funnel in told.items():
            matches.setdefault(name, []).append(funnel.pop("accepted"))
            funnels.setdefault(name, []).append(funnel)
    print("| policy | accepted | full − it | 95 % interval | better in | shown → … → hired |")
    print("|---|---|---|---|---|---|")
    for name, counts in matches.items():
        steps = " → ".join(
            f"{np.mean([one[step] for one in funnels[name]]):.0f}" for step in funnels[name][0]
        )
        print(f"| {name} | {np.mean(counts):.1f} | {_against(matches['full'], counts)} | {steps} |")
    print(f"\nCPU-s per seed, all six policies: {np.mean(spent):.2f}")


def _against(full: Sequence[int], other: Sequence[int]) -> str:
    difference = np.array(full, dtype=np.float64) - np.array(other)
    if full is other:
        return " | | "
    low, high = interval(difference)
    ahead = f"{(difference > 0).sum()} of {len(difference)} seeds"
    return f"{difference.mean():+.2f} | {low:+.2f} … {high:+.2f} | {ahead}"


def show_null(count: int, processes: int) -> None:
    sure, matches, spent = list[float](), dict[str, list[int]](), []
    for surest, ends, cpu_s in _each(null_of, range(count), processes):
        spent.append(cpu_s)
        sure.append(surest)
        for name, accepted in ends.items():
            matches.setdefault(name, []).append(accepted)
    wins, loose = (sum(p < level for p in sure) for level in (CLAIM, LEVEL))
    share = wins / max(count, 1)
    print(f"\nnull market: some policy claims a win in {wins} of {count} seeds ({share:.1%}; at most 5 %)")
    print(f"at 5 % instead of 1 % it would be {loose}")
    print("\n| policy | accepted | full − it | 95 % interval | better in |\n|---|---|---|---|---|")
    for name, counts in matches.items():
        print(f"| {name} | {np.mean(counts):.1f} | {_against(matches['full'], counts)} |")
    print(f"CPU-s per null seed: {np.mean(spent):.2f}")


def _each(work: Callable[[int], Told], seeds: Iterable[int], processes: int) -> Iterator[Told]:
    """Seed by seed, in order, in as many processes as are allowed: seeds know nothing of each other."""
    if processes < 2:
        yield from map(work, seeds)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(work, seeds)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--null-seeds", type=int, default=200)
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args(argv)
    if "OPENBLAS_NUM_THREADS" not in os.environ:
        # Matrices are so small that threads only wait for each other; it must be said before numpy loads.
        os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        os.execv(sys.executable, [sys.executable, "-m", "tests.bench.ablations", *sys.argv[1:]])
    if arguments.seeds:
        show_ablations(range(arguments.first, arguments.first + arguments.seeds), arguments.processes)
    if arguments.null_seeds:
        show_null(arguments.null_seeds, arguments.processes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
