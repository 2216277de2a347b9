"""The peer: the least a Django page can do on this stack, twenty rows by a primary key in a template.

The same server, driver, database and Python; no session, no account, no translation, no policy headers.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from segue.settings import database_from

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": database_from(os.environ["SEGUE_DATABASE_URL"])},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[],
    MIDDLEWARE=["tests.bench.rig.peer.timed"],
    ROOT_URLCONF="tests.bench.rig.peer",
    SECRET_KEY="only-for-benchmarks",
    USE_TZ=True,
)
django.setup()

PAGE = Engine().from_string(
    "<!doctype html><title>People</title><ul>"
    "{% for row in rows %}<li>{{ row.name }}, {{ row.headline }}, {{ row.city }}</li>{% endfor %}</ul>"
)


class Row(models.Model):
    """The product's own table of people, read as it lies there."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    headline = models.TextField()
    city = models.TextField()

    class Meta:
        app_label = "peer"
        managed = False
        db_table = "catalog_person"


def timed(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say the time inside the server as the product does."""

    def answer(request: HttpRequest) -> HttpResponse:
        began_s = time.perf_counter()
        response = get_response(request)
        response["Server-Timing"] = f"app;dur={(time.perf_counter() - began_s) * 1000:.1f}"
        return response

    return answer


def rows(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render(Context({"rows": Row.objects.order_by("pk")[:20]})))


urlpatterns = [path("", rows)]
application = get_wsgi_application()
