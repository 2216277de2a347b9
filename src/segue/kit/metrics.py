"""Counters that all our processes share, so that one scrape of one web worker tells of them all.

Prometheus' own multi-process files are used, in the data directory. The client decides for them when it
is imported; so everybody imports its classes from here, once settings know the directory.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings


def _prepare() -> Path:
    folder = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(settings.DATA_DIR / "metrics")))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


FOLDER = _prepare()

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest  # noqa: E402 - see above
from prometheus_client.core import GaugeMetricFamily  # noqa: E402 - see above
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402 - see above
from prometheus_client.registry import Collector  # noqa: E402 - see above

__all__ = ["Collector", "Counter", "GaugeMetricFamily", "Histogram", "forget_dead", "page"]


def page(*more: Collector) -> bytes:
    """Return all processes' counters and the figures of `more`, as Prometheus reads them."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(FOLDER))  # type: ignore[no-untyped-call]  # untyped there
    for collector in more:
        registry.register(collector)
    return generate_latest(registry)


def forget_dead() -> bool:
    """Clear the counters of a site that is wholly down; call it where a site starts.

    While any process that counts is alive the files of dead ones stay, for a sum that falls looks like a
    restart to Prometheus and would be counted twice.
    """
    files = list(FOLDER.glob("*_*.db"))
    if any(_is_alive(path) for path in files):
        return False
    for path in files:
        path.unlink(missing_ok=True)
    return True


def _is_alive(path: Path) -> bool:
    pid = path.stem.rpartition("_")[2]
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
