from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data


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


@holds_no_personal_data("A word of the employer's vocabulary.")
class Skill(models.Model):
    """A skill of this employer's vocabulary, with the other words for it."""

    slug = models.CharField(max_length=80, primary_key=True)
    label = models.CharField(max_length=120)
    synonyms = ArrayField(models.CharField(max_length=120), default=list)
    approved = models.BooleanField(default=True)


@holds_no_personal_data("A vacancy; its team is in the trust room.")
class Job(models.Model):
    """A vacancy, with everything a person must know before applying."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    external_source = models.CharField(max_length=60, default="")
    external_id = models.CharField(max_length=200, default="")
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


@holds_no_personal_data("Counts and the file's name.")
class ImportBatch(models.Model):
    """One import, with counts that conserve: read = accepted + held + rejected."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10)  # "jobs" | "people"
    source_name = models.CharField(max_length=60)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=300, default="")
    started_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True)
                | models.Q(
                    read=models.F("created")
                    + models.F("updated")
                    + models.F("unchanged")
                    + models.F("held")
                    + models.F("rejected")
                ),
                name="import_counts_conserve",
            )
        ]


@holds_no_personal_data("Header names only.")
class ImportMapping(models.Model):
    """A remembered mapping from a file's headers to our fields."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    header_fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField()  # fields, constants, and which of two equal ids to prefer
    saved_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="mapping_name_once")]


@holds_personal_data(person="", purpose="import under review", exported=False)
class HeldRow(models.Model):
    """A row that needs a human's eye before it may become a person or a job."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="held_rows")
    line = models.PositiveIntegerField()
    error = models.CharField(max_length=60)
    field = models.CharField(max_length=60, default="")
    detail = models.TextField(default="")
    row = models.JSONField()
    sha256 = models.CharField(
        max_length=64, default=""
    )  # of kind, source, error and row: held once, however often sent
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=models.Q(settled_at__isnull=True) & ~models.Q(sha256=""),
                name="held_row_once",
            )
        ]


@holds_personal_data(person="survivor", purpose="recruiting", on_merge="stay")
class Merge(models.Model):
    """Two records found to be one person: why, by whom, and the way back as long as it is open.

    `changes` is the trail of `kit.merging`; it is let go of when the merge is settled.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survivor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="merged_by")
    rule = models.CharField(max_length=20)  # of engine.same_person.rules, or "person": somebody decided
    evidence = models.JSONField(default=list)  # [{"field": "phone", "how": "same"}, ...]
    by = models.CharField(max_length=300, default="")
    merged_at = models.DateTimeField(default=now)
    reversible_until = models.DateTimeField()
    changes = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=300, default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at__isnull=True), name="merge_standing_once"
            )
        ]
        indexes = [models.Index(fields=["-merged_at"], name="merge_newest")]


class PairState(models.TextChoices):
    OPEN = "open", _("To be looked at")
    MERGED = "merged", _("The same person")
    DIFFERENT = "different", _("Not the same person")


@holds_personal_data(person="first", purpose="recruiting", exported=False, on_merge="stay")
class SamePair(models.Model):
    """Two records that may be one person, for somebody to look at. A no is remembered and not asked again."""

    id = models.BigAutoField(primary_key=True)
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField(default=0.0)
    reason = models.CharField(max_length=20, default="")  # why a person must decide: "unsure", "consent", …
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=PairState, default=PairState.OPEN)
    later_until = models.DateTimeField(null=True)
    found_at = models.DateTimeField(default=now)
    state_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="same_pair_once")]
        indexes = [
            models.Index(
                fields=["-probability", "id"], name="same_pair_open", condition=models.Q(state="open")
            ),
        ]


@holds_personal_data(person="", purpose="keeping a no to being sourced", on_erase="keep", exported=False)
class ErasedMark(models.Model):
    """A keyed digest of an address or id of somebody erased: it recognises, and tells nothing."""

    digest = models.CharField(max_length=64, primary_key=True)
    erased_on = models.DateField()
