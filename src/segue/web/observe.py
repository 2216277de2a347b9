"""Request ids, structured access lines and the timings Prometheus reads."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from segue.kit.metrics import Counter, Histogram

REQUESTS = Counter("segue_requests", "Requests answered.", ["view", "method", "status"])
SECONDS = Histogram(
    "segue_request_seconds",
    "Time inside the server.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.6, 1.2, 2.5, 5),
)
PRIVATE = ("/a/", "/offer/", "/sign-in/")  # their addresses are keys
log = structlog.get_logger("segue.web")


class ObserveMiddleware:
    """Time every request, name it, and log one line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started, worked = time.perf_counter(), time.thread_time()
        request_id = uuid.uuid4().hex[:16]
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self.get_response(request)
            self._note(request, response, time.perf_counter() - started, time.thread_time() - worked)
            response["X-Request-ID"] = request_id
            return response
        finally:
            structlog.contextvars.unbind_contextvars("request_id")

    def _note(self, request: HttpRequest, response: HttpResponse, took_s: float, worked_s: float) -> None:
        match = request.resolver_match
        view = match.view_name if match else "unmatched"
        REQUESTS.labels(view, request.method, response.status_code).inc()
        SECONDS.labels(view).observe(took_s)
        response["Server-Timing"] = f"app;dur={took_s * 1000:.1f}, cpu;dur={worked_s * 1000:.1f}"
        log.info(
            "request",
            method=request.method,
            path="(private link)" if request.path.startswith(PRIVATE) else request.path,
            status=response.status_code,
            took_ms=round(took_s * 1000, 1),
        )
