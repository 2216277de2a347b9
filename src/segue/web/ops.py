"""What the machine room asks: alive, ready, how much."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from segue.kit import logs, metrics, queue
from segue.learn.queries.lexicon import embedder
from segue.listen.queries.health import consumer_lag

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
log = logs.get("segue.ops")
_known_good: set[str] = set()


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; it asks nobody else, so that a database restart kills no web worker."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether visitors can be served, and name what is missing."""
    missing = []
    for name, holds in PARTS.items():
        try:
            if not holds():
                missing.append(name)
        except Exception as error:
            log.warning("not_ready", part=name, error=type(error).__name__, exc_info=error)
            missing.append(name)
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)


def metrics_page(request: HttpRequest) -> HttpResponse:
    """Give Prometheus all processes' figures; to this machine, or to whoever holds the token."""
    if not _may_read_metrics(request):
        return HttpResponse("Metrics are for this machine, or with SEGUE_METRICS_TOKEN.\n", status=403)
    return HttpResponse(
        metrics.page(QueueCollector(), ConsumerCollector()), content_type="text/plain; version=0.0.4"
    )


class QueueCollector(metrics.Collector):
    """The queue's gauges, read from the table when asked."""

    def collect(self) -> Iterator[metrics.Metric]:
        try:
            found = queue.figures()
        except Error:  # without a database the counters still tell something
            return
        gauges = {
            "segue_queue_depth": ("Jobs waiting.", found.waiting),
            "segue_queue_oldest_age_seconds": ("How long the oldest due job has waited.", found.oldest_age_s),
            "segue_queue_oldest_long_age_seconds": (
                "How long the oldest due job that may take minutes has waited.",
                found.oldest_long_age_s,
            ),
            "segue_queue_leased": ("Jobs being worked.", found.leased),
            "segue_queue_failed": ("Jobs that gave up and wait for a person.", found.failed),
        }
        for name, (text, value) in gauges.items():
            yield metrics.GaugeMetricFamily(name, text, value=value)


class ConsumerCollector(metrics.Collector):
    """How far each consumer of the ledger is behind."""

    def collect(self) -> Iterator[metrics.Metric]:
        try:
            found = consumer_lag()
        except Error:
            return
        behind = metrics.GaugeMetricFamily(
            "segue_consumer_behind", "Signals not read yet, at most.", labels=["consumer"]
        )
        age = metrics.GaugeMetricFamily(
            "segue_consumer_oldest_age_seconds", "Age of the oldest signal not read.", labels=["consumer"]
        )
        waiting = metrics.GaugeMetricFamily(
            "segue_consumer_parked_signals", "Signals given up, waiting for a person.", labels=["consumer"]
        )
        for lag in found:
            behind.add_metric([lag.name], lag.behind)
            age.add_metric([lag.name], lag.age_s)
            waiting.add_metric([lag.name], lag.parked)
        yield from (behind, age, waiting)


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def embedder_is_wired() -> bool:
    """Its weights are not loaded here: a web process may never need those 250 MB; `segue check` does it."""
    return bool(embedder().model_hash)


def _once(name: str, holds: Callable[[], bool]) -> Callable[[], bool]:
    """Remember a yes for the life of the process; a no is asked again."""

    def asked() -> bool:
        if name not in _known_good and holds():
            _known_good.add(name)
        return name in _known_good

    return asked


PARTS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": _once("migrations", migrations_are_applied),
    "embedder": _once("embedder", embedder_is_wired),
}


def _may_read_metrics(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and constant_time_compare(given, token):
        return True
    return _is_from_this_machine(request)


def _is_from_this_machine(request: HttpRequest) -> bool:
    """Behind a proxy every request seems to come from here, so then only the token counts."""
    if settings.SECURE_PROXY_SSL_HEADER or any(header in request.META for header in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
