"""What an employer asks with an application, what was answered, and what somebody needs to be different."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Job
from segue.hire.models.applications import Application
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data
from segue.trust.models import Account


class QuestionKind(models.TextChoices):
    """What an answer looks like."""

    YES_NO = "yes_no", _("Yes or no")
    ONE_OF = "one_of", _("One of a list")
    MANY_OF = "many_of", _("Several of a list")
    SHORT_TEXT = "short_text", _("A short text")
    LONG_TEXT = "long_text", _("A longer text")
    NUMBER = "number", _("A number")
    DATE = "date", _("A date")


LISTS = frozenset({QuestionKind.ONE_OF, QuestionKind.MANY_OF})
SHORT = frozenset({QuestionKind.YES_NO, QuestionKind.ONE_OF})  # few enough answers to narrow a list by
LANGUAGES = {"en": "English", "fr": "Français", "de": "Deutsch", "es": "Español", "ar": "العربية"}


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `key` stays for good; the wording may change, and each answer keeps what was asked.

    `look_at` names the answers that a person should look at first: "yes" or "no", or options of the list.
    `look_below` and `look_above` do it for numbers. None of them ever turns anybody down.
    `worded` holds the label, the help and the options in other languages.
    """

    key: str
    kind: str
    label: str
    help: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    look_at: tuple[str, ...] = ()
    look_below: float | None = None
    look_above: float | None = None
    look_why: str = ""
    worded: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Question:
        lists = {name: tuple(said.get(name, ())) for name in ("options", "look_at")}
        return cls(**{**said, **lists})

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"options": list(self.options), "look_at": list(self.look_at)}

    def told(self, language: str) -> Question:
        """Return the question as it is worded in a language; what is not worded there stays as it is."""
        words = self.worded.get(language.partition("-")[0], {})
        options = tuple(words.get("options", ()))
        return replace(
            self,
            label=words.get("label") or self.label,
            help=words.get("help") or self.help,
            options=options if len(options) == len(self.options) else self.options,
        )


@holds_no_personal_data("What is asked with an application, and which colleague wrote it.")
class QuestionSet(models.Model):
    """One version of a job's questions, or of a template (no job). Versions are never rewritten."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80, default="")
    job = models.ForeignKey(
        Job, on_delete=models.CASCADE, null=True, related_name="question_sets", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    questions = models.JSONField(default=list)
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "version"],
                name="question_set_job_version",
                condition=models.Q(job__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["name", "version"],
                name="question_set_template_version",
                condition=models.Q(job__isnull=True),
            ),
        ]

    @property
    def specs(self) -> list[Question]:
        return [Question.from_json(said) for said in self.questions]


@holds_personal_data(person="application__person", purpose="recruiting")
class Answer(models.Model):
    """One answer, with the question as it was worded for who answered. Never changed afterwards."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    set = models.ForeignKey(QuestionSet, on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=QuestionKind)
    asked = models.CharField(max_length=300)
    value = models.JSONField()  # in the employer's own words where it is of a list, so that it can be counted
    text = models.TextField(default="")  # as who answered read it
    language = models.CharField(max_length=10, default="")
    place = models.PositiveSmallIntegerField(default=0)
    look_why = models.CharField(
        max_length=300, default=""
    )  # why a person looks at this first; "" for no need
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="answer_once")]
        indexes = [
            models.Index(fields=["application"], name="answer_to_look_at", condition=~models.Q(look_why="")),
        ]


class Need(models.TextChoices):
    """What is often asked to be different; anything else is said in words."""

    MORE_TIME = "more_time", _("More time, or breaks")
    WRITTEN = "written", _("Questions in writing, before or during a talk")
    CAPTIONS = "captions", _("Captions or a sign language interpreter")
    ACCESS = "access", _("A place without steps, or a talk by video")
    FORMAT = "format", _("Documents in another format")
    COMPANION = "companion", _("Somebody with me")
    OTHER = "other", _("Something else")


@holds_personal_data(person="application__person", purpose="accommodation")
class Accommodation(models.Model):
    """What somebody needs to be different, for one named colleague's eyes. Nothing that ranks reads it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="accommodations")
    needs = ArrayField(models.CharField(max_length=10, choices=Need), default=list)
    text = models.TextField(default="")
    contact = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    confirmed = models.BooleanField(default=True)  # no: sent under a known address without signing in
    asked_at = models.DateTimeField(default=now)
    arranged = models.TextField(default="")  # what was arranged, as the person reads it
    arranged_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["contact", "asked_at"],
                name="accommodation_waiting",
                condition=models.Q(arranged_at__isnull=True, withdrawn_at__isnull=True),
            )
        ]


@holds_personal_data(person="application__person", purpose="recruiting", exported=False)
class Hold(models.Model):
    """An application that looks as if a program had sent it: it waits for a person, or for its sender's yes.

    It is never dropped, and nothing but being looked at comes of it.
    """

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, primary_key=True, related_name="hold"
    )
    flags = ArrayField(models.CharField(max_length=20), default=list)
    at = models.DateTimeField(default=now)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    by_mail = models.BooleanField(default=False)  # its sender said yes by the link in the mail

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="hold_waiting", condition=models.Q(released_at__isnull=True))
        ]


@holds_personal_data(person="application__person", purpose="improving how we hire")
class Impression(models.Model):
    """How applying felt, in a person's own words. Who decides about them never reads it by name."""

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, primary_key=True, related_name="impression"
    )
    score = models.PositiveSmallIntegerField()  # 1 poor … 5 very good
    text = models.TextField(default="")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5), name="impression_score_in_range"
            )
        ]
