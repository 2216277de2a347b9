from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Job, Person
from segue.kit.actor import Role
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data


class Purpose(models.TextChoices):
    """What personal data may be used for; each has its own switch on the consent page."""

    PROFILE = "profile", _("Use my profile and résumé to choose jobs for me")
    BEHAVIOUR = "behaviour", _("Use my behaviour (what I open, save, skip) to choose jobs for me")
    DISCOVERY = "discovery", _("Let recruiters find me for other roles")
    CONTACT = "contact", _("Write to me about jobs and events")


class AccountManager(BaseUserManager["Account"]):
    def create_account(self, email: str, **fields: object) -> Account:
        account = self.model(email=email.strip().lower(), **fields)
        account.set_unusable_password()
        account.save()
        return account


@holds_personal_data(person="person", purpose="signing in")
class Account(AbstractBaseUser):
    """A way to sign in: a candidate's (with `person`) or a colleague's (with a staff role)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=300, default="")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role], default=Role.CANDIDATE)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, null=True, related_name="account")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)
    theme = models.CharField(max_length=5, default="")  # "" follows the device; "light"; "dark"

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "email"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role=Role.CANDIDATE.value) | models.Q(person__isnull=True),
                name="account_staff_is_not_a_candidate",
            )
        ]


@holds_no_personal_data("Which colleague works on which job.")
class JobMember(models.Model):
    """A colleague's place in a job's team: the ground of row-level access."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="members")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    duty = models.CharField(max_length=20)  # "recruiter" | "hiring_manager" | "interviewer"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "account", "duty"], name="job_member_once"),
        ]


@holds_personal_data(person="person", purpose="proof of consent", on_erase="keep", on_merge="stay")
class Consent(models.Model):
    """One yes or no to one purpose, with the exact text shown. The latest one counts."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose)
    granted = models.BooleanField()
    text_shown = models.TextField()
    at = models.DateTimeField(default=now)
    by = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["person", "purpose", "-at"], name="consent_latest")]


@holds_personal_data(person="subject_id", purpose="accountability", on_erase="keep", exported=False)
class AuditLine(models.Model):
    """Who did what to which row; written by every action in its own transaction.

    Sealed into a chain soon after (`trust/actions/chain.py`); from then on a database trigger lets only an
    erasure touch it, and only its words.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=now)
    verb = models.CharField(max_length=80)
    actor_role = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=300, default="")
    subject_type = models.CharField(max_length=60, default="")
    subject_id = models.CharField(max_length=64, default="")
    detail = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True, unique=True)  # in the chain; null until it is sealed
    salt = models.CharField(max_length=32, default="")  # sealed without one: its words were struck
    digest = models.CharField(max_length=64, default="")  # of name and detail, salted
    hash = models.CharField(max_length=64, default="")  # of the line before it and of this one

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject"),
            models.Index(fields=["actor_id", "-id"], name="audit_actor"),
            models.Index(fields=["verb", "-id"], name="audit_verb"),
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["id"], name="audit_unsealed", condition=models.Q(position=None)),
        ]


class LookedAt(models.TextChoices):
    PERSON = "person", _("your profile")
    APPLICATION = "application", _("your application")
    NOTES = "notes", _("notes on your application")
    SEGMENT = "segment", _("why you are in a group of people")
    SEARCH = "search", _("a list of people in which you appear")
    EXPORT = "export", _("a file of people, with you in it")


@holds_personal_data(person="person", purpose="telling people who looked at what is theirs")
class Look(models.Model):
    """Somebody of the employer, or a program of theirs, had a person's data before them. Theirs to read."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField(default=now)
    what = models.CharField(max_length=20, choices=LookedAt)
    actor_role = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=300, default="")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="look_person")]


@holds_personal_data(person="person", purpose="accountability of automated choices")
class Decision(models.Model):
    """One automated choice: what went in, what was chosen, by which policy, with what chance."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=now)
    kind = models.CharField(max_length=40)  # "slate.dealt", "card.dealt", "people.ranked"
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="decisions")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="decisions")
    policy_id = models.CharField(max_length=60)
    model_hash = models.CharField(max_length=64)
    inputs = models.JSONField(default=dict)
    candidates = models.JSONField(default=list)
    chosen = models.JSONField(default=list)
    reason = models.TextField(default="")
    trace = models.JSONField(default=dict)  # what it takes to make the choice again, to the bit

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="decision_person")]


class ReviewState(models.TextChoices):
    OPEN = "open", _("Waiting for a person")
    DONE = "done", _("Done")


@holds_personal_data(person="person", purpose="human review")
class Review(models.Model):
    """A human task: somebody must look, and say who they are when they have."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="reviews")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="reviews")
    note = models.TextField(default="")
    state = models.CharField(max_length=5, choices=ReviewState, default=ReviewState.OPEN)
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")


@holds_no_personal_data("Settings of the machine.")
class Dial(models.Model):
    """A stored setting the product turns at run time: weights, levels, the AI switch."""

    key = models.CharField(max_length=80, primary_key=True)
    value = models.JSONField()
    set_at = models.DateTimeField(default=now)
    set_by = models.CharField(max_length=300, default="")


@holds_no_personal_data("What a program may do here, and who answers for it; of its secret only a digest.")
class ApiKey(models.Model):
    """A program's way in: scopes, a limit, an end. Its secret is shown once and kept as a digest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="api_keys")
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    limit_per_min = models.PositiveIntegerField(default=600)
    hint = models.CharField(max_length=8)  # the secret's last characters, to tell keys apart
    digest = models.CharField(max_length=64, unique=True)
    old_hint = models.CharField(max_length=8, default="")
    old_digest = models.CharField(max_length=64, null=True, unique=True)  # the secret before, for a while
    old_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def is_alive(self) -> bool:
        """Say whether it opens anything now."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now())


@holds_personal_data(person="person", purpose="answering a repeated request as the first", exported=False)
class KeptAnswer(models.Model):
    """The answer to a request that may be sent again: kept a day, and given again word for word."""

    id = models.BigAutoField(primary_key=True)
    caller = models.CharField(max_length=60)  # "key:<id>" or "account:<id>"
    idempotency_key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of method, address and body
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, related_name="+"
    )  # a candidate who asked; whom else the answer is about is found by their words
    kept_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "idempotency_key"], name="kept_answer_once"),
        ]
        indexes = [models.Index(fields=["kept_at"], name="kept_answer_age")]


@holds_no_personal_data("An address of the employer's own programs. Its secrets follow the site's.")
class Endpoint(models.Model):
    """Where events are sent: an address outside, the kinds it wants, and how it does."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    url = models.CharField(max_length=500)
    note = models.CharField(max_length=200, default="")
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="endpoints")
    kinds = ArrayField(models.CharField(max_length=60), default=list)
    secret_version = models.PositiveIntegerField(default=1)
    old_secret_until = models.DateTimeField(null=True)  # until then both secrets sign
    created_at = models.DateTimeField(default=now)
    failing_since = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=200, default="")
    removed_at = models.DateTimeField(null=True)


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Given up")


@holds_personal_data(person="person", purpose="telling the employer's programs", exported=False)
class Delivery(models.Model):
    """One event for one endpoint. Its id goes with every attempt, so a receiver can tell repeats."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    signal_id = models.BigIntegerField(null=True)  # null: a test
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)  # ids and plain props only; the rest is asked for by the API
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_answer = models.CharField(max_length=500, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "signal_id"], name="delivery_once"),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="delivery_latest"),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]


@holds_personal_data(
    person="",
    purpose="counting whether groups are treated alike",
    on_erase="keep",
    exported=False,
    on_merge="stay",
)
class VoluntaryAnswer(models.Model):
    """What somebody said of themselves voluntarily, under a pseudonym that only the site's key can make.

    It has no link to a person, and none is to be added: nobody can join it to an application, at the desk or
    in the database. Erasure, export and merging work by making the pseudonym again (see
    `trust/actions/voluntary.py`), for no path of columns leads here.
    """

    id = models.BigAutoField(primary_key=True)
    pseudonym = models.CharField(max_length=64)
    category = models.CharField(max_length=20)
    value = models.CharField(max_length=20)
    asked_as = models.CharField(max_length=10)  # which set of questions
    text_shown = models.TextField()
    on = models.DateField()  # a day, not a moment: a moment would tell which application it came with

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pseudonym", "category"], name="voluntary_answer_once"),
        ]


import segue.trust.sign_in_models  # noqa: E402, F401 - more tables of this room; they name Account by its name
