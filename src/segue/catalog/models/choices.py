"""Choices that people and jobs share."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Remote(models.TextChoices):
    UNKNOWN = "", _("Not said")
    ONSITE = "onsite", _("On site")
    HYBRID = "hybrid", _("Hybrid")
    REMOTE = "remote", _("Remote")


class PayPeriod(models.TextChoices):
    UNKNOWN = "", _("Not said")
    HOUR = "hour", _("an hour")
    DAY = "day", _("a day")
    WEEK = "week", _("a week")
    MONTH = "month", _("a month")
    YEAR = "year", _("a year")
