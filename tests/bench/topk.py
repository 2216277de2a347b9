"""The exact best 20 of 100,000 jobs for each person: beside faiss-cpu, and beside the matrix product alone.

    ./run bench topk [--jobs 100000] [--people 8192] [--rounds 3] [--dimensions 64 128] [--stream 50000]

Each way runs in processes of its own, in turns, round after round, so that what else the machine does falls
on all alike; ratios are taken within a round. `product` is the same tiles, the same threads and no picking:
what any exact search pays. faiss (IndexFlatIP; needs the dev requirements) is given the same threads; it is
also asked with one, since its threads wait for each other by spinning: then it costs less and takes longer.
Its wheel brings a BLAS of its own that may not know a newer processor and fall back to kernels of 2004; so it
is asked as it is installed, and once more with that BLAS told which processor numpy's found (`-told`).

Numbers are Gaussian: nothing in them can be left out, so what is measured is the arithmetic. At last people
stream by in blocks, half as many and then all, to see that memory does not grow.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine import topk
from segue.engine.batch import PeopleBlock, stream_mixes
from segue.engine.blas import single_blas_thread
from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.topk import JobMatrix, top_k
from segue.engine.veto import Terms

K = 20
SINGLES = 300
SEEN = 50  # jobs struck out for each person, where some are
OPEN = 0.8  # the share of jobs that may be shown, where not all
STREAM_ROWS = 8192
NOT_FIGURES = {"digest", "kernels"}
PLACES, WAGES = 2_000, 8_000  # distinct ones among the jobs of the stream

Array = NDArray[np.float32]
CORES = len(os.sched_getaffinity(0))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=8192)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dimensions", type=int, nargs="+", default=[64, 128])
    parser.add_argument("--stream", type=int, default=50_000, help="people of the streamed batch; 0: none")
    parser.add_argument("--child", nargs=2, metavar=("WAY", "DIMENSIONS"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(WAYS[args.child[0]](args, int(args.child[1]))))
        return
    blas = os.environ.get("OPENBLAS_CORETYPE")
    print(f"OPENBLAS_CORETYPE: {f'set to {blas}: unset it for a fair figure' if blas else 'unset'}")
    print(f"{CORES} cores; load before: {load()}")
    for dimensions in args.dimensions:
        compare(args, dimensions)
    if args.stream:
        stream(args, min(args.dimensions))
    print(f"\nload after: {load()}")


def load() -> str:
    return " ".join(f"{average:.1f}" for average in os.getloadavg())


# --- the table ------------------------------------------------------------------------------------


def compare(args: argparse.Namespace, dimensions: int) -> None:
    ways = ["product", "segue", "segue-masked"]
    if importlib.util.find_spec("faiss"):
        ways += ["faiss", "faiss-1-thread", "faiss-told", "faiss-told-1-thread"]
    else:
        print("faiss-cpu is not installed (requirements-dev.lock has it): no comparison with it")
    rounds = [{way: ask(args, way, dimensions) for way in ways} for _ in range(args.rounds)]
    print(f"\n### Best {K} of {args.jobs:,} jobs × {dimensions}, {args.people:,} people\n")
    print("| way | people / CPU-s | people / s | one person p50 ms | p95 ms | peak MB |")
    print("|---|---|---|---|---|---|")
    for way in ways:
        of = {name: median(rounds, way, name) for name in rounds[0][way] if name not in NOT_FIGURES}
        single = f"{of['p50_ms']:.1f} | {of['p95_ms']:.1f}" if "p50_ms" in of else " | "
        print(f"| {way} | {of['per_cpu_s']:,.0f} | {of['per_s']:,.0f} | {single} | {of['peak_mb']:,.0f} |")
    print(f"\nof the bare product, per CPU-second: {ratios(rounds, 'product', '.0%')} (goal: 80 % or more)")
    if "faiss" in ways:
        print(f"× faiss with the same threads: {ratios(rounds, 'faiss', '.1f')} (goal: 3 or more)")
        print(f"× faiss with one thread: {ratios(rounds, 'faiss-1-thread', '.1f')}")
        kernels = {way: rounds[0][way]["kernels"] for way in ("segue", "faiss", "faiss-told")}
        print(f"kernels: {', '.join(f'{way} {told}' for way, told in kernels.items())}")
        print(f"× faiss told the processor, same threads: {ratios(rounds, 'faiss-told', '.1f')}")
        print(f"× faiss told the processor, one thread: {ratios(rounds, 'faiss-told-1-thread', '.1f')}")
        same = rounds[0]["segue"]["digest"] == rounds[0]["faiss"]["digest"]
        print(f"the same jobs as faiss for the first {topk.PEOPLE} people: {'yes' if same else 'NO'}")


def ratios(rounds: list[dict[str, dict[str, Any]]], other: str, style: str) -> str:
    """How many people a CPU-second we do for each of theirs."""
    found = [one["segue"]["per_cpu_s"] / one[other]["per_cpu_s"] for one in rounds]
    listed = ", ".join(f"{one:{style}}" for one in found)
    return f"{statistics.median(found):{style}} (rounds: {listed})"


def median(rounds: list[dict[str, dict[str, Any]]], way: str, name: str) -> float:
    return statistics.median(one[way][name] for one in rounds)


def stream(args: argparse.Namespace, dimensions: int) -> None:
    print(
        f"\n### Streamed in blocks of {STREAM_ROWS}: {SEEN} jobs struck out each, {OPEN:.0%} of jobs open, "
        "people with limits of place and pay\n"
    )
    print("| people | s | CPU-s | people / s | peak MB | 1,000,000 people |\n|---|---|---|---|---|---|")
    for people in (args.stream // 2, args.stream):
        args.people = people
        of = ask(args, "stream", dimensions)
        s, cpu_s = people / of["per_s"], people / of["per_cpu_s"]
        print(
            f"| {people:,} × {args.jobs:,} × {dimensions} | {s:.0f} | {cpu_s:.0f} | {of['per_s']:,.0f} "
            f"| {of['peak_mb']:,.0f} | {s * 1e6 / people / 60:.1f} min, {cpu_s * 1e6 / people:,.0f} CPU-s |"
        )


def ask(args: argparse.Namespace, way: str, dimensions: int) -> dict[str, Any]:
    """Run one way in a process of its own."""
    sizes = ["--jobs", str(args.jobs), "--people", str(args.people)]
    command = [sys.executable, "-m", "tests.bench.topk", *sizes, "--child", way, str(dimensions)]
    environment = dict(os.environ)
    if way.startswith("faiss-told") and (known := kernels("numpy")):
        environment["OPENBLAS_CORETYPE"] = known
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return said


def kernels(package: str) -> str:
    """Which processor's kernels the BLAS of a package (numpy, faiss) chose; "" where it does not say."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return ""
    found = (one for one in threadpool_info() if package in one["filepath"].rpartition("site-packages")[2])
    return next((one["architecture"] for one in found if one.get("architecture")), "")


# --- the ways, each in a child ----------------------------------------------------------------------


def factors(rows: int, dimensions: int, seed: int) -> Array:
    return np.random.default_rng(seed).standard_normal((rows, dimensions), dtype=np.float32)


def product(args: argparse.Namespace, dimensions: int) -> dict[str, Any]:
    people, jobs = factors(args.people, dimensions, 1), factors(args.jobs, dimensions, 2)

    def multiply(start: int) -> None:
        some = people[start : start + topk.PEOPLE]
        buffer = np.empty(len(some) * topk.STRIDE, dtype=np.float32)
        for first in range(0, args.jobs, topk.STRIDE):
            last = min(first + topk.STRIDE, args.jobs)
            out = buffer[: len(some) * (last - first)].reshape(len(some), last - first)
            np.matmul(some, jobs[first:last].T, out=out)

    def run() -> None:
        with single_blas_thread(), ThreadPoolExecutor(CORES) as pool:
            list(pool.map(multiply, range(0, args.people, topk.PEOPLE)))

    multiply(0)
    return timed(run, args.people)


def segue(args: argparse.Namespace, dimensions: int, *, is_masked: bool = False) -> dict[str, Any]:
    people, jobs = factors(args.people, dimensions, 1), JobMatrix.of(factors(args.jobs, dimensions, 2))
    options: dict[str, Any] = {}
    if is_masked:
        eligible = np.random.default_rng(3).random(args.jobs) < OPEN
        options = {"eligible": eligible, "excluded": seen(np.random.default_rng(4), args.people, args.jobs)}
    first = top_k(people[: topk.PEOPLE], jobs, K)  # the compiler's time is not ours
    said = timed(lambda: top_k(people, jobs, K, **options), args.people)
    if is_masked:
        return said
    said |= singles(lambda row: top_k(people[row : row + 1], jobs, K))
    return said | {"digest": digest(first.jobs), "kernels": kernels("numpy")}


def masked(args: argparse.Namespace, dimensions: int) -> dict[str, Any]:
    return segue(args, dimensions, is_masked=True)


def with_faiss(args: argparse.Namespace, dimensions: int, threads: int = CORES) -> dict[str, Any]:
    import faiss

    faiss.omp_set_num_threads(threads)
    people, jobs = factors(args.people, dimensions, 1), factors(args.jobs, dimensions, 2)
    index = faiss.IndexFlatIP(dimensions)
    index.add(jobs)
    _, first = index.search(people[: topk.PEOPLE], K)
    said = timed(lambda: index.search(people, K), args.people)
    said |= singles(lambda row: index.search(people[row : row + 1], K))
    return said | {"digest": digest(first), "kernels": kernels("faiss")}


def streamed(args: argparse.Namespace, dimensions: int) -> dict[str, Any]:
    jobs = JobMatrix.of(factors(args.jobs, dimensions, 2))
    eligible = np.random.default_rng(3).random(args.jobs) < OPEN
    terms = Terms.of(terms_of(args.jobs))
    warm = top_k(factors(1, dimensions, 1), jobs, K, barred=np.zeros((1, args.jobs), dtype=np.bool_))
    assert warm.jobs.shape == (1, K)
    mixes = stream_mixes(coming(args, dimensions), jobs, K, eligible=eligible, terms=terms)
    return timed(lambda: exhaust(mixes), args.people)


def terms_of(jobs: int) -> JobColumns:
    """What jobs ask: places, pay, presence."""
    rng = np.random.default_rng(6)
    lat, lon = somewhere(rng, jobs)
    pay = rng.integers(0, WAGES, jobs) * 25.0
    remote = rng.integers(0, 4, jobs).astype(np.int8)
    return replace(JobColumns.blank(np.arange(jobs)), lat=lat, lon=lon, pay_max_year=pay, remote=remote)


def limits_of(rng: np.random.Generator, people: int) -> PersonColumns:
    """What people will not do: half have said how far they go, half what they must earn."""
    lat, lon = somewhere(rng, people)
    far = rng.choice([np.nan, np.nan, 50.0, 1000.0], people)
    floor = rng.choice([np.nan, np.nan, 40_000.0, 80_000.0], people)
    blank = PersonColumns.blank(np.arange(people))
    return replace(blank, lat=lat, lon=lon, willing_km=far, pay_floor_year=floor)


def somewhere(rng: np.random.Generator, rows: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    places = np.random.default_rng(5).uniform((35.0, -10.0), (60.0, 30.0), (PLACES, 2))
    found = places[rng.integers(0, PLACES, rows)]
    return found[:, 0], found[:, 1]


def coming(args: argparse.Namespace, dimensions: int) -> Iterator[PeopleBlock]:
    """People who are nowhere before they are asked for, as from a database or a file."""
    for start in range(0, args.people, STREAM_ROWS):
        rows = np.arange(start, min(start + STREAM_ROWS, args.people))
        rng = np.random.default_rng(start + 1)
        excluded = seen(rng, len(rows), args.jobs)
        yield PeopleBlock(rows, factors(len(rows), dimensions, start), excluded, limits_of(rng, len(rows)))


def exhaust(stream: Iterator[Any]) -> None:
    for _ in stream:
        pass


def seen(rng: np.random.Generator, people: int, jobs: int) -> sparse.csr_array[Any]:
    column = np.sort(rng.integers(0, jobs, (people, SEEN)), axis=1).ravel()
    starts = np.arange(0, people * SEEN + 1, SEEN)
    return sparse.csr_array((np.ones(people * SEEN, dtype=np.bool_), column, starts), shape=(people, jobs))


WAYS: dict[str, Callable[[argparse.Namespace, int], dict[str, Any]]] = {
    "product": product,
    "segue": segue,
    "segue-masked": masked,
    "faiss": with_faiss,
    "faiss-1-thread": lambda args, dimensions: with_faiss(args, dimensions, threads=1),
    "faiss-told": with_faiss,
    "faiss-told-1-thread": lambda args, dimensions: with_faiss(args, dimensions, threads=1),
    "stream": streamed,
}


def timed(work: Callable[[], Any], people: int) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"per_s": people / wall, "per_cpu_s": people / cpu, "peak_mb": peak_mb()}


def singles(one: Callable[[int], Any]) -> dict[str, float]:
    took: list[float] = []
    for row in range(SINGLES):
        started = time.perf_counter()
        one(row)
        took.append((time.perf_counter() - started) * 1000)
    return {"p50_ms": statistics.median(took), "p95_ms": statistics.quantiles(took, n=20)[-1]}


def peak_mb() -> float:
    """Of this process since it began; what getrusage says may be its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def digest(jobs: NDArray[np.int64]) -> int:
    """Whom the first people get, in whatever order: rounding may swap neighbours."""
    return int(np.sort(jobs, axis=1).astype(np.int64).ravel() @ np.arange(jobs.size) % 2**31)


if __name__ == "__main__":
    main()
