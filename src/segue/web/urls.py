"""Addresses: candidates at the root, the desk under /desk/, integrators under /api/v1/."""

from __future__ import annotations

from django.urls import include, path

from segue.web.api.harvest import harvest
from segue.web.api.scim.routes import scim
from segue.web.mail_in import mail_in
from segue.web.ops import healthz, metrics_page, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics_page, name="metrics"),
    path("mail/in", mail_in, name="mail_in"),
    path("api/v1/", include("segue.web.api.urls")),
    path("harvest/v1/", harvest.urls),
    path("scim/v2/", scim.urls),
    path("desk/", include("segue.web.desk.urls")),
    path("", include("segue.web.portal.urls")),
]

handler404 = "segue.web.errors.page_not_found"
handler500 = "segue.web.errors.server_error"
