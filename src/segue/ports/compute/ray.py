"""A Ray cluster: one that is named, or one on this machine for as long as this process lives.

Ray is an extra (`pip install "segue[ray]"`) and is imported when it is first used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings

from segue.listen.compute import EngineBroken, EngineMissing, Result, Task

RETRIES = 5  # of one task whose worker died
# Read by Ray when it is imported. It would else report usage to its makers.
QUIET = {"RAY_USAGE_STATS_ENABLED": "0"}
# A cluster of one machine listens on the loopback address only (Ray made the switch for other systems).
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}


class RayEngine:
    """Tasks on Ray's worker processes. Ray itself runs a task again when its worker dies."""

    name = "ray"

    def __init__(self, address: str | None = None, workers: int = 0) -> None:
        """`address`: of a running cluster (default: settings.RAY_ADDRESS; empty starts one here).

        `workers`: processes of a cluster started here; 0 takes as many as this process may use cores.
        """
        self.address: str = settings.RAY_ADDRESS if address is None else address
        self.shares_files = not self.address
        self.workers = workers or len(os.sched_getaffinity(0))

    def map(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> list[Result]:
        ray = self._connected()
        remote = ray.remote(max_retries=RETRIES)(function)
        try:
            results: list[Result] = ray.get([remote.remote(task) for task in tasks])
        except ray.exceptions.RayTaskError as raised:
            raise (raised.cause or raised) from raised
        except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError) as died:
            raise EngineBroken(
                f"A worker died {RETRIES + 1} times over the same task.", remedy="Look into Ray's logs."
            ) from died
        return results

    def close(self) -> None:
        if (ray := _ray(needed=False)) is not None:
            ray.shutdown()

    def _connected(self) -> Any:
        os.environ.update(QUIET if self.address else QUIET | LOOPBACK)
        ray = _ray()
        if ray.is_initialized():
            return ray
        try:
            if self.address:
                ray.init(address=self.address, log_to_driver=False, logging_level="ERROR")
            else:
                ray.init(
                    address="local",
                    num_cpus=self.workers,
                    include_dashboard=False,
                    log_to_driver=False,
                    logging_level="ERROR",
                )
        except Exception as error:  # Ray raises plain ones: a machine too busy to start it in 30 s, for one
            ray.shutdown()
            raise EngineMissing(
                f"Ray did not start or answer: {error}",
                field="SEGUE_RAY_ADDRESS",
                remedy="Name a running cluster's address (host:6379), or none to start one here.",
            ) from error
        return ray


def _ray(*, needed: bool = True) -> Any:
    """Import Ray; where it is missing and not needed, None. Raises EngineMissing with the remedy."""
    try:
        import ray
    except ImportError as error:
        if not needed:
            return None
        raise EngineMissing(
            "Ray is not installed.", field="SEGUE_COMPUTE", remedy='pip install "segue[ray]"'
        ) from error
    return ray
