"""What may be asked of applications when people are looked for: status, stage, job, as an actor sees them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from segue.catalog.models import Job, Person
from segue.engine.query import Applied
from segue.engine.query.lexemes import words_at
from segue.hire.models import Application, Outcome, Stage
from segue.hire.queries.access import applications_visible_to
from segue.kit.actor import Actor
from segue.kit.errors import Invalid

ALSO = {"active": Outcome.OPEN, "in progress": Outcome.OPEN, "not this time": Outcome.REJECTED}


class ApplicationsSeen:
    """Applications as search may ask of them, through `applications_visible_to` and through nothing else."""

    def settled(self, asked: Applied) -> Applied:
        """Write a status and a stage as they are kept; a job stays as typed. Raises Invalid."""
        return Applied(_status(asked.status), _stage(asked.stage), asked.job)

    def condition(self, asked: Applied, actor: Actor, person: str) -> tuple[str, list[Any]]:
        """SQL that is true where the person in this column has such an application that the actor may see.

        Theirs are also those kept with a record that was merged into them. Their own are looked up by an
        index, a person at a time; the merged ones are few, and read once for everybody.
        """
        rows, column = _asked(asked, actor), RawSQL(person, ())  # noqa: S611 - of our own statement
        own = rows.filter(person_id=column).annotate(one=Value(1)).values("one")
        merged = rows.filter(person__merged_into__isnull=False).values("person__merged_into_id")
        either, values = [], list[Any]()
        for asks, some in (("EXISTS", own), (f"{person} IN", merged)):
            try:
                sql, some_values = some.query.sql_with_params()
            except EmptyResultSet:
                continue
            either.append(f"{asks} ({sql})")
            values += some_values
        return (f"({' OR '.join(either)})", values) if either else ("FALSE", [])

    def seen(self, asked: Applied, actor: Actor, person_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, str]:
        """Name the latest such application of each of these people that the actor may see."""
        merged = dict(Person.objects.filter(merged_into__in=person_ids).values_list("pk", "merged_into_id"))
        either = [*person_ids, *merged]  # by key, for a join with an OR reads every application there is
        rows = _asked(asked, actor).filter(person_id__in=either).order_by("moved_at", "pk")
        return {merged.get(row.person_id) or row.person_id: _named(row) for row in rows}

    def words(self, asked: Applied) -> str:
        """Say what is asked of one application."""
        said = [_status_words(asked.status)] if asked.status else []
        said += [str(Stage(asked.stage).label)] if asked.stage else []
        said += [_job_words(asked.job)] if asked.job else []
        return _("application: %s") % ", ".join(said)


def _asked(asked: Applied, actor: Actor) -> QuerySet[Application]:
    rows = applications_visible_to(actor)
    if asked.stage:
        rows = rows.filter(stage=asked.stage)
    if asked.status:
        rows = rows.filter(outcome=asked.status)
    elif asked.stage and asked.stage != Stage.HIRED:
        rows = rows.filter(outcome=Outcome.OPEN)  # where they stand now, not where they once stopped
    return rows.filter(job_id__in=jobs_named(asked.job)) if asked.job else rows


def jobs_named(said: str) -> list[uuid.UUID]:
    """Return the jobs somebody means: by id or external id, or with these words side by side in the title."""
    try:
        return [uuid.UUID(said)]
    except ValueError:
        wanted = _words(said)
    rows = Job.objects.values_list("pk", "title", "external_id")
    return [pk for pk, title, external in rows if said == external or _within(wanted, _words(title))]


@lru_cache(maxsize=65_536)
def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word, _at in words_at(text))


def _within(wanted: tuple[str, ...], there: tuple[str, ...]) -> bool:
    size = len(wanted)
    return bool(wanted) and any(there[at : at + size] == wanted for at in range(len(there) - size + 1))


def _status(said: str) -> str:
    kept = said.strip().casefold()
    if said and kept not in Outcome.values and kept not in ALSO:
        raise Invalid(
            _("“%s” is no status of an application.") % said,
            field="q",
            remedy=_("Use %s.") % ", ".join(Outcome.values),
        )
    return str(ALSO.get(kept, kept))


def _stage(said: str) -> str:
    named = {str(stage.label).casefold(): stage.value for stage in Stage}
    kept = named.get(said.strip().casefold(), said.strip().casefold())
    if said and kept not in Stage.values:
        raise Invalid(
            _("“%s” is no stage of an application.") % said,
            field="q",
            remedy=_("Use %s.") % ", ".join(Stage.values),
        )
    return kept


def _status_words(outcome: str) -> str:
    """A status as the team speaks of it; the model's own words speak to the candidate."""
    said = {"open": _("in progress"), "hired": _("hired"), "rejected": _("rejected")}
    return said.get(outcome, _("withdrawn"))


def _job_words(said: str) -> str:
    """The title of a job given by its id, so that a chip can be read."""
    try:
        title = Job.objects.filter(pk=uuid.UUID(said)).values_list("title", flat=True).first()
    except ValueError:
        title = None
    return title or f"“{said}”"


def _named(application: Application) -> str:
    state = _status_words(application.outcome)
    stage = application.get_stage_display()
    said = f"{stage}, {state}" if application.outcome != Outcome.HIRED else state
    return f"{application.job.title}: {said}"
