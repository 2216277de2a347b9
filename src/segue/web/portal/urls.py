from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path


def soon(request: HttpRequest, **names: object) -> HttpResponse:
    return HttpResponse("soon")


app_name = "portal"
urlpatterns = [
    path("", soon, name="home"),
    path("jobs/", soon, name="jobs"),
    path("jobs/<uuid:job_id>/", soon, name="job"),
    path("jobs/<uuid:job_id>/stance/", soon, name="stance"),
    path("jobs/<uuid:job_id>/undo/", soon, name="undo"),
    path("jobs/<uuid:job_id>/apply/", soon, name="apply"),
    path("a/<str:status_key>/", soon, name="status"),
    path("a/<str:status_key>/withdraw/", soon, name="withdraw"),
    path("sign-in/", soon, name="sign_in"),
    path("sign-in/link/", soon, name="redeem"),
    path("sign-out/", soon, name="sign_out"),
    path("outbox/", soon, name="outbox"),
    path("why/<uuid:exposure_id>/", soon, name="why"),
    path("taste/", soon, name="taste"),
    path("taste/reset/", soon, name="taste_reset"),
    path("taste/export/", soon, name="taste_export"),
    path("consent/", soon, name="consent"),
    path("applications/", soon, name="applications"),
    path("saved/", soon, name="saved"),
    path("you/", soon, name="you"),
    path("you/download/", soon, name="download"),
    path("beacon/dwell", soon, name="dwell"),
    path("theme/", soon, name="theme"),
]
