"""Structured interviews: what to ask and how to rate it, who asks, what they found, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Job
from segue.hire.models.applications import Application
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data
from segue.trust.models import Account

NOT_SEEN = 0  # an honest answer: the interview did not show it
EXTREMES = (1, 4)  # what only evidence in words may say


class Rating(models.IntegerChoices):
    """How far what was seen goes, without a middle to hide in. What each means is in the kit's anchors."""

    FAR = 1, _("Far from it")
    SHORT = 2, _("Falls short")
    MEETS = 3, _("Meets it")
    BEYOND = 4, _("Goes beyond")


class Recommendation(models.TextChoices):
    """What one interviewer would do. It is never added up."""

    STRONG_YES = "strong_yes", _("Strong yes")
    YES = "yes", _("Yes")
    NO = "no", _("No")
    STRONG_NO = "strong_no", _("Strong no")


class DebriefOutcome(models.TextChoices):
    ADVANCE = "advance", _("Goes on")
    HOLD = "hold", _("On hold")
    REJECT = "reject", _("Not this time")


@dataclass(frozen=True, slots=True)
class Competency:
    """One thing an interview looks for. `anchors` say what 1, 2, 3 and 4 look like; `key` stays for good."""

    key: str
    name: str
    guidance: str = ""
    anchors: tuple[str, str, str, str] = ("", "", "", "")

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Competency:
        first, second, third, fourth = said["anchors"]
        return cls(said["key"], said["name"], said["guidance"], (first, second, third, fourth))

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"anchors": list(self.anchors)}

    @property
    def levels(self) -> list[tuple[int, str, str]]:
        """Return (rating, its word, what it looks like here), the lowest first."""
        return [(each.value, str(each.label), self.anchors[each.value - 1]) for each in Rating]


@holds_no_personal_data("What to ask at a stage and how to rate it, and which colleague wrote that.")
class Kit(models.Model):
    """One version of the interview kit of a job's stage, or of a template's. Versions are never rewritten.

    Submitted scorecards keep the version they were filled in against. A retired version says that the stage
    has no kit any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="kits", db_index=False)
    template = models.CharField(max_length=80, default="")  # the name of the template of stages, or ""
    step = models.CharField(max_length=40)  # the key of the stage
    version = models.PositiveIntegerField(default=1)
    purpose = models.TextField(default="")
    questions = models.JSONField(default=list)
    competencies = models.JSONField(default=list)
    due_hours = models.PositiveIntegerField(default=48)  # to fill in a card, from when somebody is asked
    decide_hours = models.PositiveIntegerField(default=48)  # to decide, from when the last card is in
    is_retired = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "step", "version"],
                name="kit_job_version",
                condition=models.Q(job__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["template", "step", "version"],
                name="kit_template_version",
                condition=models.Q(job__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(job__isnull=False, template="")
                | (models.Q(job__isnull=True) & ~models.Q(template="")),
                name="kit_of_a_job_or_a_template",
            ),
        ]

    @property
    def looked_for(self) -> list[Competency]:
        return [Competency.from_json(said) for said in self.competencies]


@holds_personal_data(person="application__person", purpose="recruiting")
class Panelist(models.Model):
    """A colleague asked to interview somebody at a stage and to fill in a card."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="panel")
    step = models.CharField(max_length=40)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField(default=now)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    nudged_for = models.DateTimeField(null=True)  # the due date that was already reminded of

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "step", "account"], name="panelist_once")
        ]
        indexes = [
            models.Index(
                fields=["account", "application"],
                name="panelist_asked",
                condition=models.Q(removed_at__isnull=True),
            )
        ]


@holds_personal_data(person="application__person", purpose="recruiting")
class Scorecard(models.Model):
    """What one interviewer found. A submitted card is never changed; an amendment is a card of its own.

    `ratings` holds for each competency's key its rating (0: not seen) and the evidence in words.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="scorecards")
    step = models.CharField(max_length=40)
    kit = models.ForeignKey(Kit, on_delete=models.RESTRICT, null=True, related_name="+")
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    ratings = models.JSONField(default=dict)
    recommendation = models.CharField(max_length=10, choices=Recommendation, default="")
    summary = models.TextField(default="")
    revision = models.PositiveIntegerField(default=0)  # counts saves, so that no window overwrites another
    begun_at = models.DateTimeField(default=now)
    saved_at = models.DateTimeField(default=now)
    submitted_at = models.DateTimeField(null=True)
    amends = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="amendments")
    reason = models.TextField(default="")  # why it amends an earlier one

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "step", "author"],
                name="scorecard_one_draft",
                condition=models.Q(submitted_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["application", "step", "author"],
                name="scorecard_one_original",
                condition=models.Q(amends__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["amends"], name="scorecard_amended_once", condition=models.Q(amends__isnull=False)
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at__isnull=True) | ~models.Q(recommendation=""),
                name="scorecard_says_what_it_recommends",
            ),
            models.CheckConstraint(
                condition=models.Q(amends__isnull=True) | ~models.Q(reason=""),
                name="scorecard_amendment_has_a_reason",
            ),
        ]

    def rating_of(self, key: str) -> int | None:
        """Return the rating of a competency, 0 for one that was not seen, nothing for one left open."""
        found: int | None = self.ratings.get(key, {}).get("rating")
        return found

    def notes_on(self, key: str) -> str:
        return str(self.ratings.get(key, {}).get("notes", ""))


@holds_personal_data(person="application__person", purpose="recruiting")
class Debrief(models.Model):
    """What the panel's cards led to at one stage, and the clock from the last card to the decision."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="debriefs", db_index=False
    )
    step = models.CharField(max_length=40)
    discussion = models.TextField(default="")
    ready_at = models.DateTimeField(null=True)  # when the last card came in; none while one is missing
    due_at = models.DateTimeField(null=True)  # when the decision is due; moved on by a hold
    outcome = models.CharField(max_length=8, choices=DebriefOutcome, default="")
    reason = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    nudged_for = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "step"], name="debrief_once")]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="debrief_due",
                condition=models.Q(due_at__isnull=False, decided_at__isnull=True),
            )
        ]
