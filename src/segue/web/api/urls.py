"""The API under /api/v1/."""

from __future__ import annotations

from django.urls import path

from segue.web.api.routes import api

urlpatterns = [path("", api.urls)]
