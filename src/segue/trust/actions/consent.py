"""Yes and no to each purpose, with the words that were shown."""

from __future__ import annotations

from segue.catalog.models import Person
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed
from segue.trust.models import Consent, Purpose


@action("trust.set_consent")
def set_consent(person: Person, *, purpose: str, granted: bool, by: Actor, text_shown: str = "") -> Consent:
    """Record a choice; only the person concerned (or an import of their own answer) may make it."""
    if purpose not in Purpose.values:
        raise Invalid("No such purpose.", field="purpose", remedy=f"Use one of {', '.join(Purpose.values)}.")
    if by.person_id != person.pk and not by.is_machine:
        raise NotAllowed("Only the person concerned can give or withdraw consent.", field="person")
    return Consent.objects.create(
        person=person,
        purpose=purpose,
        granted=granted,
        text_shown=text_shown or str(Purpose(purpose).label),
        at=clock.now(),
        by=by.name,
    )
