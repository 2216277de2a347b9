"""Yes and no to each purpose, with the words that were shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from segue.catalog.actions.staging.landing import when_landed
from segue.catalog.actions.staging.pieces import Landed, when_rows_land
from segue.catalog.models import PRESENT, ImportBatch, Person
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.bus import announce
from segue.kit.errors import Invalid, NotAllowed
from segue.trust.models import Consent, Purpose
from segue.trust.queries.consent import IMPORTED_TEXT, answers_of


@action("trust.set_consent")
def set_consent(person: Person, *, purpose: str, granted: bool, by: Actor, text_shown: str = "") -> Consent:
    """Record a choice; only the person concerned (or an import of their own answer) may make it."""
    if purpose not in Purpose.values:
        raise Invalid("No such purpose.", field="purpose", remedy=f"Use one of {', '.join(Purpose.values)}.")
    if by.person_id != person.pk and not by.is_machine:
        raise NotAllowed("Only the person concerned can give or withdraw consent.", field="person")
    announce("consent.changed", person_id=person.pk)
    return Consent.objects.create(
        person=person,
        purpose=purpose,
        granted=granted,
        text_shown=text_shown or str(Purpose(purpose).label),
        at=clock.now(),
        by=by.name,
    )


@action("trust.take_imported_as_sent_in")
def take_imported_as_sent_in(external_source: str, *, by: Actor, since: datetime | None = None) -> int:
    """Let imported people be matched on the profile they sent in to be considered; return how many.

    With `since` only those who came in from then on.

    Nobody who ever answered the question is asked again by a file, and nothing else is allowed:
    not their behaviour, not discovery, not being written to. Only the talent team and our own
    processes import.
    """
    if not (by.is_talent_team or by.is_machine):
        raise NotAllowed("Only the talent team imports.", field="person")
    silent = Person.objects.filter(PRESENT, external_source=external_source).exclude(
        consents__purpose=Purpose.PROFILE
    )
    if since is not None:
        silent = silent.filter(created_at__gte=since)
    rows = [
        Consent(
            person_id=person_id,
            purpose=Purpose.PROFILE,
            granted=True,
            text_shown=IMPORTED_TEXT,
            by=by.name[:300],
        )
        for person_id in silent.values_list("pk", flat=True)
    ]
    Consent.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


@when_landed
def take_sent_in(batch: ImportBatch, by: Actor) -> None:
    """Keep what whoever sent a file said of its people: that they sent in their profiles to be considered."""
    if batch.sent_in:
        take_imported_as_sent_in(batch.source_name, by=by, since=batch.started_at)


@when_rows_land
def keep_refusals(batch: ImportBatch, landed: Sequence[Landed]) -> None:
    """Somebody whom another system must not write to is not written to here either."""
    ids = [
        one.row.external_id
        for one in landed
        if one.row.kind == "people" and one.problem is None and one.row.row.get("do_not_contact")
    ]
    rows = Person.objects.filter(external_source=batch.source_name, external_id__in=ids, erased_at=None)
    for person in {(row.merged_into or row) for row in rows.select_related("merged_into")}:
        if answers_of([person.pk]).get(person.pk, {}).get(Purpose.CONTACT) is not False:
            said = f"Not to be contacted, says {batch.source_name}"
            set_consent(
                person,
                purpose=Purpose.CONTACT,
                granted=False,
                by=Actor.machine("segue import"),
                text_shown=said,
            )
