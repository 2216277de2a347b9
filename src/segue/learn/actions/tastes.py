"""What a person tells us to wish for, and the button that makes us forget."""

from __future__ import annotations

from collections.abc import Mapping

from segue.catalog.models import Person
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed
from segue.learn.models import Taste
from segue.learn.queries.tastes import GROUPS
from segue.listen.actions.record import record

MOST_WISHES = 100


@action("learn.set_wishes")
def set_wishes(person: Person, *, wishes: Mapping[str, float], by: Actor) -> Taste:
    """Replace the named wishes (0 forgets one); each lies in [-1, 1]. Undo by setting the old ones."""
    _own_only(person, by)
    for key, value in wishes.items():
        if key.partition(":")[0] not in GROUPS:
            raise Invalid(f"{key!r} cannot be wished for.", field=key, remedy=f"Use {', '.join(GROUPS)}.")
        if not -1.0 <= value <= 1.0:
            raise Invalid("A wish lies between -1 and 1.", field=key, remedy="Move the slider.")
    taste, _ = Taste.objects.select_for_update().get_or_create(person=person)
    kept = {key: value for key, value in {**taste.wishes, **wishes}.items() if value}
    if len(kept) > MOST_WISHES:
        raise Invalid("That is a lot of wishes.", field="wishes", remedy=f"Keep up to {MOST_WISHES}.")
    taste.wishes = kept
    taste.updated_at = clock.now()
    taste.save()
    record("taste.edited", by=by, person_id=person.pk)
    return taste


@action("learn.reset_taste")
def reset_taste(person: Person, *, by: Actor) -> Taste:
    """Forget wishes, and behaviour up to now; what comes next starts afresh."""
    _own_only(person, by)
    taste, _ = Taste.objects.update_or_create(
        person=person,
        defaults={"wishes": {}, "behaviour_since": clock.now(), "updated_at": clock.now()},
    )
    record("taste.edited", by=by, person_id=person.pk, reset=True)
    return taste


def _own_only(person: Person, by: Actor) -> None:
    if by.person_id != person.pk and not by.is_machine:
        raise NotAllowed("A taste belongs to its person.", field="person")
