"""Where an application stands, in plain words: what is behind, what is now, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from segue.hire.models import Application, Outcome, Stage, StageEntry, StageSpec
from segue.hire.models.applications import FIRST_NAMES
from segue.hire.queries.pipelines import place_of, spec_named
from segue.hire.queries.tempo import typical_days


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    state: str  # "done" | "now" | "later"
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The status in words."""

    headline: str
    text: str
    tempo: str
    steps: list[Step]
    can_withdraw: bool


def progress_of(
    application: Application, entries: Sequence[StageEntry], stages: Sequence[StageSpec]
) -> Progress:
    """Say where an application stands, from its row, its ledger and its job's stages."""
    headline, text = _words(application)
    spec = spec_named(stages, application.step or application.stage)
    if (
        application.outcome == Outcome.OPEN
        and spec is not None
        and spec.candidate_name not in FIRST_NAMES[spec.kind]
    ):
        headline = spec.candidate_label
    if application.outcome == Outcome.OPEN and application.next_step:
        text = _("Next: %s.") % application.next_step.rstrip(".")
    is_open = application.outcome == Outcome.OPEN
    return Progress(
        headline=headline,
        text=text,
        tempo=_tempo(application) if is_open else "",
        steps=_steps(application, entries, stages),
        can_withdraw=is_open,
    )


def _words(application: Application) -> tuple[str, str]:
    if application.outcome == Outcome.OPEN:
        return {
            Stage.APPLIED: (_("We have your application"), _("A person here will read it next.")),
            Stage.SCREEN: (_("We are reading your application"), _("Next, we may ask you for a first talk.")),
            Stage.INTERVIEW: (
                _("You are in interviews"),
                _("Next, the team decides about final interviews."),
            ),
            Stage.ONSITE: (_("You are in the final interviews"), _("Next, the team decides about an offer.")),
            Stage.OFFER: (_("There is an offer for you"), _("Your contact will go through it with you.")),
            Stage.HIRED: (_("You are hired"), _("Welcome!")),
        }[Stage(application.stage)]
    return {
        Outcome.HIRED: (
            _("You are hired"),
            _("Welcome! Your contact tells you what happens before day one."),
        ),
        Outcome.REJECTED: (
            _("Not this time"),
            _("A person here has read it and decided to go on without you. Thank you for your time."),
        ),
        Outcome.WITHDRAWN: (
            _("You withdrew this application"),
            _("Nothing more will happen with it. You are welcome to apply again."),
        ),
    }[Outcome(application.outcome)]


def _tempo(application: Application) -> str:
    days = typical_days(application.stage)
    if days is None:
        return _("We will write to you as soon as there is news.")
    return ngettext(
        "This step usually takes about %(days)d day.", "This step usually takes about %(days)d days.", days
    ) % {"days": days}


def _steps(
    application: Application, entries: Sequence[StageEntry], stages: Sequence[StageSpec]
) -> list[Step]:
    reached = {entry.step or entry.stage: entry.at for entry in entries if entry.outcome == Outcome.OPEN}
    reached.setdefault(stages[0].key, application.applied_at)
    here = spec_named(stages, application.step or application.stage)
    current = place_of(stages, here.key) if here else 0
    is_open = application.outcome == Outcome.OPEN
    steps = []
    for i, spec in enumerate(stages[:-1]):
        is_now = i == current and is_open
        if not is_open and spec.key not in reached:
            continue
        state = "now" if is_now else "done" if i <= current else "later"
        steps.append(Step(spec.candidate_label, state, reached.get(spec.key) if i <= current else None))
    if not is_open:
        steps.append(Step(str(Outcome(application.outcome).label), "now", application.decided_at))
    return steps
