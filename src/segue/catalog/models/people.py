"""Who we know, and what is said about them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from segue.catalog.models.choices import PayPeriod, Remote
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_personal_data


class FactKind(models.TextChoices):
    """What a fact can be about; each maps to one column of the person it settles into."""

    NAME = "name", _("Name")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    HEADLINE = "headline", _("Headline")
    CITY = "city", _("City")
    COUNTRY = "country", _("Country")
    LOCATION = "location", _("Coordinates")
    LOCALE = "locale", _("Language")
    TIME_ZONE = "time_zone", _("Time zone")
    SKILL = "skill", _("Skill")
    LICENCE = "licence", _("Licence")
    PERMIT = "permit", _("Work permit")
    PAY_FLOOR = "pay_floor", _("Lowest pay")
    REMOTE = "remote", _("Remote work")
    WILLING_KM = "willing_km", _("Travel distance")
    POSITION = "position", _("Position held")
    EDUCATION = "education", _("Education")


class FactSource(models.TextChoices):
    """Where a fact came from, strongest first: the order is the rule of precedence."""

    CONFIRMED = "confirmed", _("Confirmed by the candidate")
    CANDIDATE = "candidate", _("Typed by the candidate")
    RECRUITER = "recruiter", _("Entered by a recruiter")
    ATS = "ats", _("Imported")
    PARSED = "parsed", _("Read from a résumé")
    INFERRED = "inferred", _("Worked out")


@holds_personal_data(person="pk", purpose="recruiting", on_erase="anonymise")
class Person(models.Model):
    """A human being, once, however many applications. Columns are settled from facts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    external_source = models.CharField(max_length=60, default="")
    external_id = models.CharField(max_length=200, default="")
    email = models.EmailField(max_length=254, null=True)
    name = models.CharField(max_length=300, default="")
    phone = models.CharField(max_length=40, default="")
    headline = models.CharField(max_length=300, default="")
    city = models.CharField(max_length=120, default="")
    country = models.CharField(max_length=2, default="")
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    locale = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    skills = ArrayField(models.CharField(max_length=80), default=list)
    licences = ArrayField(models.CharField(max_length=80), default=list)
    permits = ArrayField(models.CharField(max_length=2), default=list)
    pay_floor = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    pay_currency = models.CharField(max_length=3, default="")
    pay_period = models.CharField(max_length=5, choices=PayPeriod, default="")
    remote = models.CharField(max_length=6, choices=Remote, default="")
    willing_km = models.FloatField(null=True)
    source = models.CharField(max_length=40, default="")
    imported_sha256 = models.CharField(max_length=64, default="")  # of the last row imported
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    erased_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="absorbed", db_index=False
    )  # set: the same human as that person, whose rows these now are

    class Meta:
        constraints = [
            models.UniqueConstraint(Upper("email"), name="person_email_once"),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~models.Q(external_id=""),
                name="person_external_once",
            ),
        ]
        indexes = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="person_name_trgm"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="person_email_trgm"),
            GinIndex(OpClass(Upper("headline"), name="gin_trgm_ops"), name="person_headline_trgm"),
            GinIndex(fields=["skills"], name="person_skills"),
            models.Index(
                fields=["merged_into"], name="person_absorbed", condition=models.Q(merged_into__isnull=False)
            ),
        ]


PRESENT = models.Q(erased_at__isnull=True, merged_into__isnull=True)  # neither forgotten nor somebody else


@holds_personal_data(person="person", purpose="recruiting")
class Resume(models.Model):
    """One version of a person's résumé; versions are never overwritten."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="resumes")
    version = models.PositiveIntegerField(default=1)
    text = models.TextField(default="")
    file_name = models.CharField(max_length=255, default="")
    media_type = models.CharField(max_length=100, default="text/plain")
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=12, choices=FactSource, default=FactSource.ATS)
    received_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "version"], name="resume_version_once"),
            models.UniqueConstraint(fields=["person", "sha256"], name="resume_text_once"),
        ]


@holds_personal_data(person="person", purpose="recruiting")
class Fact(models.Model):
    """One thing said about a person, with its provenance. Superseded, never overwritten."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=20, choices=FactKind)
    value = models.JSONField()
    normalised = models.CharField(max_length=300, default="")
    source = models.CharField(max_length=12, choices=FactSource)
    method = models.CharField(max_length=80, default="")
    confidence = models.FloatField(default=1.0)
    resume = models.ForeignKey(Resume, on_delete=models.SET_NULL, null=True, related_name="facts")
    span_start = models.IntegerField(null=True)
    span_end = models.IntegerField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    purposes = ArrayField(models.CharField(max_length=40), default=list)
    stated_at = models.DateTimeField(default=now)
    stated_by = models.CharField(max_length=300, default="")
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "kind"], name="fact_current", condition=models.Q(superseded_at__isnull=True)
            )
        ]
