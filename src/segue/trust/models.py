from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
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
    """Who did what to which row; written by every action in its own transaction."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=now)
    verb = models.CharField(max_length=80)
    actor_role = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=300, default="")
    subject_type = models.CharField(max_length=60, default="")
    subject_id = models.CharField(max_length=64, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_subject")]


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
