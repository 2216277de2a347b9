"""Applications of an ATS export: their stages by name, their outcomes only as far as people decided them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from segue.catalog.actions.importing.drafts import content_hash
from segue.catalog.actions.importing.mapping import Mapping
from segue.catalog.actions.importing.problems import Problem
from segue.catalog.actions.importing.reading import RawRow
from segue.catalog.actions.importing.values import read_when
from segue.catalog.actions.refusals import refusal
from segue.catalog.actions.staging.kinds import RowKind, register_row_kind
from segue.catalog.models import ImportBatch, Job, Person
from segue.hire.actions.loading import DECIDERS, LoadedApplication, LoadedEntry, load_applications
from segue.hire.actions.moving_imported import Standing, bring_up_to_date
from segue.hire.models import Application, Outcome, Stage
from segue.kit.actor import Actor
from segue.trust.models import Account

PIECE = 500
# What stages are called elsewhere; the first that fits the words of a name, from the last stage to the first.
_STAGES: tuple[tuple[str, str], ...] = (
    (Stage.HIRED, r"\bhired\b|\bstarted\b|\bonboard"),
    (Stage.OFFER, r"\boffer|\bcontract\b|\breference check"),
    (Stage.ONSITE, r"\bonsite|\bon site|\bface to face|\bfinal|\bpanel\b|\bexecutive"),
    (
        Stage.INTERVIEW,
        r"interview|\btake home|\bassessment|\btest\b|\bassignment|\bassess|\bexercise|\bdemo\b",
    ),
    (Stage.SCREEN, r"screen|\bphone\b|\breview|\bshortlist|\bcontacted|\bresponded|\brecruiter call|\bintro"),
    (Stage.APPLIED, r"\bappli|\bsourced|\bnew\b|\blead\b|\bapplicant|\binbox|\breached out|\bprospect"),
)
_SCREENING = re.compile(r"(phone|recruiter|screening|first|intro\w*) (interview|call)")


@dataclass(frozen=True, slots=True)
class ApplicationDraft:
    """An application as its row states it."""

    external_id: str
    sha256: str
    person: str
    job: str
    stage: str
    outcome: str
    applied_at: datetime
    moved_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str
    preferred: bool = False


def stage_named(name: str) -> str:
    """Return our stage for what another system calls it. Raises Invalid `unknown_stage`."""
    words = " ".join(re.findall(r"[a-z]+", name.lower()))
    if not words:
        return Stage.APPLIED.value
    if words in Stage.values:
        return words
    if _SCREENING.search(words):
        return Stage.SCREEN.value
    found = next((stage for stage, pattern in _STAGES if re.search(pattern, words)), "")
    if not found:
        raise refusal(
            "unknown_stage",
            "stage",
            _("We have no stage called “%s”.") % name[:60],
            _("Write one of ours: %s.") % ", ".join(Stage.values),
        )
    return str(found)


def application_draft(row: RawRow, mapping: Mapping) -> ApplicationDraft:
    """Read one row. Raises Invalid with the name of what is wrong."""
    said = {key: str(value).strip() for key, value in row.data.items()}
    for name in ("external_id", "person", "job"):
        if not said.get(name):
            raise refusal("no_identity", name, _("This application does not say its %s.") % name, "")
    outcome = said.get("outcome", "open")
    if outcome not in Outcome.values:
        known = ", ".join(Outcome.values)
        raise refusal("unknown_outcome", "outcome", _("“%s” is no outcome.") % outcome[:60], known)
    applied = _moment("applied_at", said.get("applied_at", ""))
    if applied is None:
        raise refusal(
            "no_date", "applied_at", _("It does not say when."), _("Write the day, such as 2026-11-30.")
        )
    decided = _moment("decided_at", said.get("decided_at", ""))
    if decided is not None and decided < applied:
        raise refusal(
            "end_before_start",
            "decided_at",
            _("It was decided before it was sent."),
            _("Correct one of the two dates."),
        )
    stage = Stage.HIRED.value if outcome == Outcome.HIRED else stage_named(said.get("stage", ""))
    if stage == Stage.HIRED and outcome == Outcome.OPEN:
        outcome = Outcome.HIRED.value
    moved = _moment("moved_at", said.get("moved_at", "")) or applied
    return ApplicationDraft(
        external_id=said["external_id"][:200],
        sha256=content_hash(said),
        person=said["person"],
        job=said["job"],
        stage=stage,
        outcome=outcome,
        applied_at=applied,
        moved_at=max(moved, applied),
        decided_at=decided or (None if outcome == Outcome.OPEN else max(moved, applied)),
        decided_by=said.get("decided_by", ""),
        reason=said.get("reason", ""),
    )


def _moment(name: str, cell: str) -> datetime | None:
    if not cell:
        return None
    found = read_when(name, cell)
    if not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day, 12)  # noqa: DTZ001 - made aware below
    return found if timezone.is_aware(found) else timezone.make_aware(found)


class ApplicationLanding:
    """Lands the applications of one source; `land` answers with what each came to."""

    def __init__(self, batch: ImportBatch) -> None:
        self.source = batch.source_name
        self.by = Actor.machine("import")

    def land(self, drafts: Sequence[ApplicationDraft]) -> list[str | Problem]:
        """Store new applications with their ledgers, and bring those up to date that moved on there."""
        people = self._people(draft.person for draft in drafts)
        jobs = self._jobs(draft.job for draft in drafts)
        colleagues = _colleagues()
        known = self._known(drafts)
        outcomes: list[str | Problem] = []
        fresh: list[LoadedApplication] = []
        taken: set[tuple[Any, Any]] = set()
        for draft in drafts:
            held = _missing(draft, people, jobs) or _undecided(draft, colleagues)
            if held is not None:
                outcomes.append(held)
                continue
            decider = colleagues.get(draft.decided_by.casefold())
            row = known.get((draft.external_id, jobs[draft.job].pk))
            if row is not None:
                outcomes.append(self._again(row, draft, decider))
                continue
            loaded = self._loaded(draft, people[draft.person], jobs[draft.job], decider)
            problem = _open_already(loaded, taken)
            outcomes.append(problem or "created")
            if problem is None:
                fresh.append(loaded)
        load_applications(fresh, by=self.by)
        return outcomes

    def _people(self, ids: Iterable[str]) -> dict[str, Person]:
        rows = Person.objects.filter(
            external_source=self.source, external_id__in=set(ids), erased_at=None
        ).select_related("merged_into")
        return {row.external_id: row.merged_into or row for row in rows}

    def _jobs(self, ids: Iterable[str]) -> dict[str, Job]:
        rows = Job.objects.filter(external_source=self.source, external_id__in=set(ids))
        return {row.external_id: row for row in rows}

    def _known(self, drafts: Sequence[ApplicationDraft]) -> dict[tuple[str, Any], Application]:
        rows = Application.objects.select_for_update(of=("self",)).filter(
            source=self.source[:40], external_id__in=[draft.external_id for draft in drafts]
        )
        return {(row.external_id, row.job_id): row for row in rows}

    def _again(self, row: Application, draft: ApplicationDraft, decider: Account | None) -> str | Problem:
        standing = Standing(
            draft.stage, draft.outcome, draft.decided_at or draft.moved_at, decider, draft.reason
        )
        return bring_up_to_date(row, standing, by=self.by)

    def _loaded(
        self, draft: ApplicationDraft, person: Person, job: Job, decider: Account | None
    ) -> LoadedApplication:
        entries = (
            [LoadedEntry(draft.stage, min(draft.moved_at, draft.decided_at or draft.moved_at))]
            if draft.stage not in (Stage.APPLIED, Stage.HIRED)
            else []
        )
        return LoadedApplication(
            external_id=draft.external_id,
            person=person,
            job=job,
            source=self.source,
            applied_at=draft.applied_at,
            outcome=draft.outcome,
            decided_at=draft.decided_at,
            decided_by=decider,
            reason=draft.reason,
            entries=entries,
        )


def _colleagues() -> dict[str, Account]:
    """Return who may decide, by address and, where it is theirs alone, by name."""
    found: dict[str, Account] = {}
    names: dict[str, list[Account]] = {}
    for account in Account.objects.filter(is_active=True, role__in=[role.value for role in DECIDERS]):
        found[account.email.casefold()] = account
        names.setdefault(account.name.casefold(), []).append(account)
    return {name: accounts[0] for name, accounts in names.items() if len(accounts) == 1 and name} | found


def _missing(draft: ApplicationDraft, people: dict[str, Person], jobs: dict[str, Job]) -> Problem | None:
    if draft.person not in people:
        return Problem(
            "unknown_person", "person", _("The person who applied did not come in."),
            _("Look at their row first, then try this again."),
        )  # fmt: skip
    if draft.job not in jobs:
        return Problem(
            "unknown_job", "job", _("The job did not come in."), _("Import the jobs, then try this again.")
        )
    return None


def _undecided(draft: ApplicationDraft, colleagues: dict[str, Account]) -> Problem | None:
    """A rejection that no person stands behind is nobody's to store: somebody settles it here."""
    if draft.outcome != Outcome.REJECTED:
        return None
    if not draft.decided_by or not draft.reason:
        field = "reason" if draft.decided_by else "decided_by"
        return Problem(
            "rejection_without_a_human", field, _("The export does not say who turned this down, and why."),
            _("Give the address of the colleague who decided, and their reason; or set the outcome to open."),
        )  # fmt: skip
    if draft.decided_by.casefold() not in colleagues:
        return Problem(
            "unknown_colleague", "decided_by",
            _("Nobody here who may decide is called “%s”.") % draft.decided_by[:80],
            _("Give the address of an active colleague of the talent team, or of a hiring manager."),
        )  # fmt: skip
    return None


def _open_already(loaded: LoadedApplication, taken: set[tuple[Any, Any]]) -> Problem | None:
    """A person has one open application for a job, whoever sent it."""
    if loaded.outcome != Outcome.OPEN:
        return None
    key = (loaded.person.pk, loaded.job.pk)
    stands = Application.objects.filter(person=loaded.person, job=loaded.job, outcome=Outcome.OPEN)
    if key in taken or stands.exists():
        return Problem(
            "open_already", "job", _("This person has an open application for this job."),
            _("Leave it out, or settle the other one first."),
        )  # fmt: skip
    taken.add(key)
    return None


register_row_kind(RowKind("applications", application_draft, ApplicationLanding, piece=PIECE))
