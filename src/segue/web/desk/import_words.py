"""How an import reads on its page: columns with samples, counts that add up, problems in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.actions.importing.fields import FIELDS
from segue.catalog.actions.importing.landing_people import HELD
from segue.catalog.actions.importing.problems import Problem
from segue.catalog.actions.staging.kinds import row_kind
from segue.catalog.actions.staging.pieces import CONFLICTING, conflicting, mapping_of, read_rows
from segue.catalog.models import ImportBatch, StagedRow

LONGEST_SAMPLE = 60
FIELD_WORDS = {
    "external_id": gettext_lazy("Id"),
    "name": gettext_lazy("Name"),
    "given_name": gettext_lazy("First name"),
    "family_name": gettext_lazy("Last name"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "headline": gettext_lazy("Headline"),
    "city": gettext_lazy("City"),
    "country": gettext_lazy("Country"),
    "place": gettext_lazy("Place"),
    "skills": gettext_lazy("Skills"),
    "licences": gettext_lazy("Licences"),
    "permits": gettext_lazy("Work permits"),
    "resume_text": gettext_lazy("Résumé as text"),
    "summary": gettext_lazy("About them"),
    "employer": gettext_lazy("Employer"),
    "remote": gettext_lazy("Remote work"),
    "locale": gettext_lazy("Language"),
    "title": gettext_lazy("Title"),
    "department": gettext_lazy("Department"),
    "occupation": gettext_lazy("Occupation"),
    "description": gettext_lazy("Description"),
    "address": gettext_lazy("Address"),
    "lat": gettext_lazy("Latitude"),
    "lon": gettext_lazy("Longitude"),
    "pay_min": gettext_lazy("Lowest pay"),
    "pay_max": gettext_lazy("Highest pay"),
    "pay_text": gettext_lazy("Pay in words"),
    "pay_currency": gettext_lazy("Currency of the pay"),
    "pay_period": gettext_lazy("Period of the pay"),
    "employment_type": gettext_lazy("Kind of employment"),
    "required_skills": gettext_lazy("Required skills"),
    "nice_skills": gettext_lazy("Skills that help"),
    "permit_country": gettext_lazy("Permit for"),
    "openings": gettext_lazy("Openings"),
    "posted_at": gettext_lazy("Posted"),
    "valid_through": gettext_lazy("Open until"),
    "status": gettext_lazy("Status"),
    "person": gettext_lazy("Person’s id"),
    "job": gettext_lazy("Job’s id"),
    "stage": gettext_lazy("Stage"),
    "outcome": gettext_lazy("Outcome"),
    "applied_at": gettext_lazy("Applied"),
    "moved_at": gettext_lazy("Last moved"),
    "decided_at": gettext_lazy("Decided"),
    "decided_by": gettext_lazy("Decided by (address)"),
    "reason": gettext_lazy("Reason"),
}
KIND_WORDS = {
    "people": gettext_lazy("People"),
    "jobs": gettext_lazy("Jobs"),
    "resumes": gettext_lazy("Résumés"),
    "ats": gettext_lazy("People, jobs and applications"),
}
_CONSTANTS = {"jobs": ("pay_currency", "pay_period", "country"), "people": ("country",)}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its name in forms, three of its cells, and the field it fills."""

    name: str
    header: str
    cells: list[str]
    chosen: str
    fields: list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Counts:
    """An import in numbers that add up; a trial's where it has not begun."""

    read: int
    created: int
    updated: int
    unchanged: int
    held: int
    rejected: int
    unread: int = 0
    errors: list[tuple[str, int]] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        return self.created + self.updated + self.unchanged

    @property
    def set_aside(self) -> int:
        return self.held + self.rejected


def counts_of(batch: ImportBatch) -> Counts:
    """Return what an import came to, or before it starts what its trial came to."""
    names = ("created", "updated", "unchanged", "held", "rejected")
    found = batch.trial if batch.state == "checked" else {name: getattr(batch, name) for name in names}
    errors = batch.trial.get("errors", {}) if batch.state == "checked" else batch.errors
    numbers = {name: int(found.get(name, 0)) for name in names}
    unread = int(found.get("unread", 0))
    ordered = sorted(errors.items(), key=lambda one: (-one[1], one[0]))
    return Counts(sum(numbers.values()) + unread, **numbers, unread=unread, errors=ordered)


def bars_of(batch: ImportBatch) -> tuple[int, int]:
    """Return rows done and rows in all, for a progress bar."""
    return batch.read, max(batch.total, batch.read, 1)


def columns_of(batch: ImportBatch, samples: Sequence[StagedRow]) -> list[Column]:
    """Return the columns a person can assign; none for exports whose fields are known."""
    if batch.kind not in FIELDS or not batch.columns or (samples and samples[0].shape != "table"):
        return []
    filled = {header: name for name, headers in batch.mapping.get("fields", {}).items() for header in headers}
    choices = [(name, FIELD_WORDS.get(name, name)) for name in FIELDS[batch.kind]]
    return [
        Column(
            name=f"column-{at}",
            header=header,
            cells=[_sample(row.row.get(header, "")) for row in samples],
            chosen=filled.get(header, ""),
            fields=choices,
        )
        for at, header in enumerate(batch.columns)
    ]


def _sample(cell: object) -> str:
    text = " ".join(str(cell or "").split())
    return text if len(text) <= LONGEST_SAMPLE else f"{text[: LONGEST_SAMPLE - 1]}…"


def constants_of(batch: ImportBatch) -> list[tuple[str, Any, str]]:
    """Return what may hold for every row: its name, its title, and what was said."""
    said = batch.mapping.get("constants", {})
    return [(f"all-{name}", FIELD_WORDS[name], said.get(name, "")) for name in _CONSTANTS.get(batch.kind, ())]


def wrong_rows(batch: ImportBatch, rows: Sequence[StagedRow]) -> list[tuple[StagedRow, Problem]]:
    """Return rows that would not be accepted with the reason in words."""
    found: list[tuple[StagedRow, Problem]] = []
    for row in rows:
        draft = read_rows(row_kind(row.kind), [row], mapping_of(batch, row.kind))[0]
        if isinstance(draft, Problem):
            found.append((row, draft))
        elif row.error == CONFLICTING and row.twin_line is not None:
            found.append((row, conflicting(row.external_id, row.twin_line)))
        else:
            found.append((row, HELD.get(row.error) or Problem(row.error, "", _("A person must look at it."))))
    return found
