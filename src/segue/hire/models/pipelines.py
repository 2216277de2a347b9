"""The stages of a job, and the templates they come from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Job
from segue.hire.models.applications import FIRST_NAMES, translated_name
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data
from segue.trust.models import Account


class Duty(models.TextChoices):
    """Whose turn it is at a stage: the words of `trust.JobMember.duty`."""

    RECRUITER = "recruiter", _("Recruiter")
    HIRING_MANAGER = "hiring_manager", _("Hiring manager")
    INTERVIEWER = "interviewer", _("Interviewer")


@dataclass(frozen=True, slots=True)
class StageSpec:
    """One stage of a pipeline. `key` stays for good, names may change; no `sla_hours` means no clock."""

    key: str
    name: str
    candidate_name: str
    kind: str
    sla_hours: int | None = None
    duty: str = Duty.RECRUITER

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> StageSpec:
        return cls(**said)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def label(self) -> str:
        """What colleagues read; the names of the first template are translated."""
        return translated_name(self.name, self.kind)

    @property
    def candidate_label(self) -> str:
        """What the person reads on their page."""
        return translated_name(self.candidate_name, self.kind)


FIRST_CLOCKS: dict[str, tuple[int | None, str]] = {
    "applied": (72, Duty.RECRUITER),
    "screen": (120, Duty.RECRUITER),
    "interview": (240, Duty.HIRING_MANAGER),
    "onsite": (240, Duty.HIRING_MANAGER),
    "offer": (120, Duty.RECRUITER),
    "hired": (None, Duty.RECRUITER),
}
FIRST_STAGES = tuple(
    StageSpec(kind, FIRST_NAMES[kind][0], FIRST_NAMES[kind][0], kind, hours, str(duty))
    for kind, (hours, duty) in FIRST_CLOCKS.items()
)


@holds_no_personal_data("Names and clocks of stages, and which colleague set them.")
class Pipeline(models.Model):
    """One version of a template (no job) or of a job's own stages. Versions are never rewritten."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    job = models.ForeignKey(
        Job, on_delete=models.CASCADE, null=True, related_name="pipelines", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    stages = models.JSONField(default=list)
    is_default = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "version"],
                name="pipeline_job_version",
                condition=models.Q(job__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["name", "version"],
                name="pipeline_template_version",
                condition=models.Q(job__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["is_default"], name="pipeline_one_default", condition=models.Q(is_default=True)
            ),
        ]

    @property
    def specs(self) -> list[StageSpec]:
        return [StageSpec.from_json(said) for said in self.stages]
