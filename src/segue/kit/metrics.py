"""Counters that all our processes share, so that one scrape of one web worker tells of them all.

Prometheus' own multi-process files are used, in the data directory. The client decides for them when it
is imported; so everybody imports its classes from here, and nobody from the package itself.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings


def forget_dead(folder: Path) -> bool:
    """Clear the counters of a site that is wholly down; says whether it was.

    While any process that counts is alive the files of dead ones stay: a sum that falls looks like a
    restart to Prometheus, which would then count the rest of it twice.
    """
    files = list(folder.glob("*_*.db"))
    if any(_is_alive(path.stem.rpartition("_")[2]) for path in files):
        return False
    for path in files:
        path.unlink(missing_ok=True)
    return True


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _prepare() -> Path:
    folder = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(settings.DATA_DIR / "metrics")))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    forget_dead(folder)  # whoever of a site is up first finds all others dead
    return folder


FOLDER = _prepare()

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest  # noqa: E402 - see above
from prometheus_client.core import GaugeMetricFamily, Metric  # noqa: E402 - see above
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402 - see above
from prometheus_client.registry import Collector  # noqa: E402 - see above

__all__ = ["Collector", "Counter", "GaugeMetricFamily", "Histogram", "Metric", "forget_dead", "page"]


def page(*more: Collector) -> bytes:
    """Return all processes' counters and the figures of `more`, as Prometheus reads them."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(FOLDER))  # type: ignore[no-untyped-call]  # untyped there
    for collector in more:
        registry.register(collector)
    return generate_latest(registry)
