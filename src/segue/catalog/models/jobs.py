"""Vacancies."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from segue.catalog.models.choices import PayPeriod, Remote
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data


class EmploymentType(models.TextChoices):
    UNKNOWN = "", _("Not said")
    FULL_TIME = "full_time", _("Full time")
    PART_TIME = "part_time", _("Part time")
    CONTRACT = "contract", _("Contract")
    TEMPORARY = "temporary", _("Temporary")
    INTERNSHIP = "internship", _("Internship")


class JobStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    FILLED = "filled", _("Filled")


@holds_no_personal_data("A vacancy; its team is in the trust room.")
class Job(models.Model):
    """A vacancy, with everything a person must know before applying."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    external_source = models.CharField(max_length=60, default="")
    external_id = models.CharField(max_length=200, default="")
    brand = models.ForeignKey("catalog.Brand", models.PROTECT, null=True, related_name="jobs")
    title = models.CharField(max_length=300)
    department = models.CharField(max_length=200, default="")
    occupation = models.CharField(max_length=120, default="")
    description = models.TextField(default="")
    city = models.CharField(max_length=120, default="")
    country = models.CharField(max_length=2, default="")
    address = models.CharField(max_length=300, default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    remote = models.CharField(max_length=6, choices=Remote, default="")
    pay_min = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    pay_max = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    pay_currency = models.CharField(max_length=3, default="")
    pay_period = models.CharField(max_length=5, choices=PayPeriod, default="")
    employment_type = models.CharField(max_length=10, choices=EmploymentType, default="")
    required_skills = ArrayField(models.CharField(max_length=80), default=list)
    nice_skills = ArrayField(models.CharField(max_length=80), default=list)
    licences = ArrayField(models.CharField(max_length=80), default=list)
    permit_country = models.CharField(max_length=2, default="")
    openings = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=6, choices=JobStatus, default=JobStatus.DRAFT)
    posted_at = models.DateTimeField(null=True)
    valid_through = models.DateTimeField(null=True)
    imported_sha256 = models.CharField(max_length=64, default="")  # of the last row imported
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~models.Q(external_id=""),
                name="job_external_once",
            ),
            models.CheckConstraint(
                condition=models.Q(pay_min__isnull=True)
                | models.Q(pay_max__isnull=True)
                | models.Q(pay_min__lte=models.F("pay_max")),
                name="job_pay_in_order",
            ),
            models.CheckConstraint(
                condition=(models.Q(pay_min__isnull=True) & models.Q(pay_max__isnull=True))
                | (~models.Q(pay_currency="") & ~models.Q(pay_period="")),
                name="job_pay_has_currency_and_period",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-posted_at"], name="job_open_newest"),
            models.Index(fields=["-updated_at"], name="job_last_edited"),  # every page asks what changed
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="job_title_trgm"),
        ]
