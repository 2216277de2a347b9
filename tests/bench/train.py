"""Training on acts by the million, beside `implicit` in the same run.

    ./run bench train [--people 1000000] [--jobs 100000] [--events 10000000] [--dim 64] [--iterations 2]

People and jobs are invented: activity and popularity fall off by a power law, four acts in five stay among
the jobs of a person's own kind. Every trainer gets the same acts, the same weights and ridge, the same number
of iterations and of threads, in a process of its own with BLAS held to one thread a call, and has compiled
and imported what it needs before the clock starts. `implicit` is measured as it comes (three steps of
conjugate gradients a row, an approximation) and with its exact solver; ours is exact. One act of each of some
people is held out; recall@20 on it, all jobs ranked but those the person had, says whether speed was bought
with quality.

Seconds an iteration are the whole fit (transposing and starting included) divided by the iterations.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

KINDS = 300
OWN_SHARE = 0.8
HELD = 5_000  # people of whom one act is held out
WEIGHT, RIDGE = 10.0, 20.0  # of an act beside all that was not seen, as implicit means them
TRAINERS = {
    "segue": "Segue iALS, exact",
    "cg": "implicit ALS, conjugate gradients (its default)",
    "cholesky": "implicit ALS, Cholesky (exact)",
}
HEAD = [
    "| trainer | s an iteration | CPU-s an iteration | peak MB | of it by the fit | recall@20 |",
    "|---|---:|---:|---:|---:|---:|",
]


def main() -> None:
    args = read_arguments()
    if args.trainer:
        print(json.dumps(train(args)))
        return
    with tempfile.TemporaryDirectory(prefix="segue-bench-") as folder:
        args.folder = folder
        acts = write_acts(args)
        print(
            f"{args.people:,} people, {args.jobs:,} jobs, {acts:,} acts; {args.threads} threads.\n",
            flush=True,
        )
        print("\n".join(HEAD), flush=True)
        found = {}
        for name in args.only.split(","):
            found[name] = run_child(name, args)
            print(line(name, found[name]), flush=True)
    if "segue" in found:
        print()
        for name in [name for name in found if name != "segue"]:
            print(ratios(found["segue"], found[name], TRAINERS[name]))


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--iterations", type=int, default=2)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", default=",".join(TRAINERS), help="trainers, by comma")
    parser.add_argument("--trainer", choices=TRAINERS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


def write_acts(args: argparse.Namespace) -> int:
    """Invent acts, hold some out, and leave both as files for the trainers."""
    rng = np.random.default_rng(7)
    cells = np.zeros(0, dtype=np.int64)
    while len(cells) < args.events:
        cells = np.union1d(cells, invent(args, rng, args.events // 2))
    cells = np.sort(rng.choice(cells, args.events, replace=False, shuffle=False))
    person, job = np.divmod(cells, args.jobs)
    counts = np.bincount(person, minlength=args.people)
    able = np.flatnonzero(counts >= 2)
    tested = np.sort(rng.choice(able, min(HELD, len(able)), replace=False))
    out = (np.cumsum(counts) - counts)[tested] + rng.integers(0, counts[tested])
    folder = Path(args.folder)
    np.save(folder / "tested.npy", np.stack([tested, job[out]]))
    kept = np.ones(len(cells), dtype=np.bool_)
    kept[out] = False
    counts[tested] -= 1
    np.save(folder / "indptr.npy", np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))
    np.save(folder / "indices.npy", job[kept].astype(np.int32))
    return int(kept.sum())


def invent(args: argparse.Namespace, rng: np.random.Generator, events: int) -> np.ndarray:
    """Pairs of a person and a job, as person * jobs + job; the same each time for what people are like."""
    lasting = np.random.default_rng(11)
    activity = np.cumsum(lasting.pareto(1.6, args.people) + 0.3)
    kind = lasting.integers(0, KINDS, args.people)
    rank = np.cumsum(np.arange(1, args.jobs + 1) ** -0.7)
    person = np.searchsorted(activity, rng.random(events) * activity[-1])
    job = np.searchsorted(rank, rng.random(events) * rank[-1])
    own = rng.random(events) < OWN_SHARE
    # The jobs of a kind are every KINDS-th: each kind has its share of the popular and the obscure.
    job[own] = (job[own] // KINDS * KINDS + kind[person[own]]) % args.jobs
    return np.unique(person * args.jobs + job)


def run_child(name: str, args: argparse.Namespace) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.train", "--trainer", name, "--folder", args.folder]
    for option in ("people", "jobs", "dim", "iterations", "threads"):
        command += [f"--{option}", str(getattr(args, option))]
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
    done = subprocess.run(
        command, env=environment | {"OPENBLAS_NUM_THREADS": "1"}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{TRAINERS[name]} failed:\n{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def train(args: argparse.Namespace) -> dict[str, float]:
    """One trainer's figures, measured from within its own process."""
    fit = {"segue": fit_segue, "cg": fit_implicit, "cholesky": fit_implicit}[args.trainer]
    rng = np.random.default_rng(1)
    small = sparse.csr_matrix((rng.random((300, 90)) < 0.3).astype(np.float32))
    fit(small, args)  # compiles, imports, wakes threads
    folder = Path(args.folder)
    indptr, indices = np.load(folder / "indptr.npy"), np.load(folder / "indices.npy")
    values = np.ones(len(indices), dtype=np.float32)
    history = sparse.csr_matrix((values, indices, indptr), shape=(args.people, args.jobs))
    before_mb, began_s, cpu_s = memory_mb("VmRSS"), time.perf_counter(), time.process_time()
    people, jobs = fit(history, args)
    took_s, cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_s
    after_mb = memory_mb("VmHWM")
    tested, held = np.load(folder / "tested.npy")
    return {
        "seconds": took_s / args.iterations,
        "cpu_s": cpu_s / args.iterations,
        "peak_mb": after_mb,
        "grown_mb": after_mb - before_mb,
        "recall": recall(people, jobs, history, tested, held),
    }


def fit_segue(history: sparse.csr_matrix, args: argparse.Namespace) -> tuple[Any, Any]:
    from segue.engine.sources.ials_fit import IalsSettings, fit_ials

    # implicit means WEIGHT instead of a cell's own weight of one, and aims at 1 there with all of it. That is
    # WEIGHT - 1 on top, aiming at WEIGHT / (WEIGHT - 1): so scaled, both have the same minima.
    history.data[:] = WEIGHT - 1
    wanted = IalsSettings(
        dim=args.dim,
        iterations=args.iterations,
        unobserved=1.0,
        ridge=RIDGE * (WEIGHT - 1) / WEIGHT,
        frequency=0.0,
    )
    found = fit_ials(sparse.csr_array(history), wanted, threads=args.threads)
    return found.people, found.jobs


def fit_implicit(history: sparse.csr_matrix, args: argparse.Namespace) -> tuple[Any, Any]:
    from implicit.cpu.als import AlternatingLeastSquares

    history.data[:] = WEIGHT
    model = AlternatingLeastSquares(
        factors=args.dim,
        regularization=RIDGE,
        iterations=args.iterations,
        num_threads=args.threads,
        use_cg=args.trainer == "cg",
        random_state=3,
    )
    model.fit(history, show_progress=False)
    return model.user_factors, model.item_factors


def recall(people: Any, jobs: Any, history: sparse.csr_matrix, tested: Any, held: Any) -> float:
    """The share of held-out acts among the twenty best, the known left out."""
    hits = 0
    for first in range(0, len(tested), 500):
        rows = tested[first : first + 500]
        scores = people[rows] @ jobs.T
        known = history[rows]
        scores[np.repeat(np.arange(len(rows)), np.diff(known.indptr)), known.indices] = -np.inf
        best = np.argpartition(-scores, 20, axis=1)[:, :20]
        hits += int((best == held[first : first + 500, None]).any(axis=1).sum())
    return hits / len(tested)


def memory_mb(figure: str) -> float:
    """VmRSS or VmHWM of this process. (What getrusage calls the peak may be that of the parent.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{figure}:")[2].split()[0]) / 1024


def line(name: str, of: dict[str, float]) -> str:
    times = f"{of['seconds']:.2f} | {of['cpu_s']:.2f} | {of['peak_mb']:,.0f} | {of['grown_mb']:,.0f}"
    return f"| {TRAINERS[name]} | {times} | {of['recall']:.4f} |"


def ratios(ours: dict[str, float], peer: dict[str, float], name: str) -> str:
    figures = {"time": "seconds", "CPU": "cpu_s", "peak memory": "peak_mb", "recall": "recall"}
    told = ", ".join(f"{word} {ours[figure] / peer[figure]:.2f}" for word, figure in figures.items())
    return f"Ours over {name}: {told}."


if __name__ == "__main__":
    main()
