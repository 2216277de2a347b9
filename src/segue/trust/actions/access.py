"""Looking at a person leaves a line too."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Model

from segue.catalog.models import Person
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.trust.actions.looks import note_looks
from segue.trust.models import LookedAt


@action("trust.note_access")
def note_access(
    subject: Model,
    *,
    why: str,
    by: Actor,
    what: LookedAt = LookedAt.PERSON,
    job_id: UUID | None = None,
) -> None:
    """Write down that somebody looked at a row about a person, and in what connection.

    The line is for the audit; where the row is a person, they see it among who looked at their data.
    """
    if isinstance(subject, Person):
        note_looks([subject.pk], what=what, job_id=job_id, by=by)


@action("trust.note_export")
def note_export(kind: str, *, count: int, form: str, reason: str, by: Actor) -> None:
    """Write down that rows left for a file: of what, how many, and what for. The line itself is the deed."""
