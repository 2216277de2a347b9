"""Addresses: candidates at the root, the desk under /desk/, integrators under /api/v1/."""

from __future__ import annotations

from django.urls import include, path

from segue.web.ops import healthz, metrics_page, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
    path("api/v1/", include("segue.web.api.urls")),
    path("desk/", include("segue.web.desk.urls")),
    path("", include("segue.web.portal.urls")),
]

handler404 = "segue.web.errors.page_not_found"
handler500 = "segue.web.errors.server_error"
