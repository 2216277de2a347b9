"""What is said about people: stated with provenance, confirmed, taken back, settled into the profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from segue.catalog.actions.settling import UNVERIFIED, Said, merge_facts, settled_columns
from segue.catalog.models import Fact, FactKind, FactSource, Person, Resume
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.bus import announce
from segue.kit.errors import Conflict, NotAllowed

__all__ = [
    "UNVERIFIED",
    "Said",
    "confirm_fact",
    "correct_fact",
    "retract_fact",
    "settle_profile",
    "state_facts",
]


@action("catalog.state_facts")
def state_facts(
    person: Person,
    said: Sequence[Said],
    *,
    source: FactSource,
    by: Actor,
    resume: Resume | None = None,
    purposes: Sequence[str] = (),
) -> list[Fact]:
    """Note what is said, once, and settle the profile; return one fact for each thing that stands.

    Raises Invalid for a value that cannot be, Conflict for a person who was erased.
    """
    person = _held(person)
    known = list(Fact.objects.filter(person=person))
    speaker = by.name or by.role.value
    merge = merge_facts(
        person,
        known,
        said,
        source=source,
        resume=resume,
        stated_by=speaker,
        stated_at=clock.now(),
        purposes=list(purposes),
    )
    _end(merge.superseded)
    Fact.objects.bulk_create(merge.fresh)
    _settle(person)
    return merge.facts


@action("catalog.settle_profile")
def settle_profile(person: Person, *, by: Actor) -> Person:
    """Project the current facts into the person's columns; writes only what differs."""
    return _settle(_held(person))


@action("catalog.confirm_fact")
def confirm_fact(fact: Fact, *, by: Actor) -> Fact:
    """Let the candidate vouch for a fact: it becomes the strongest. Raises NotAllowed, Conflict."""
    person = _held(fact.person)
    if by.person_id != person.pk:
        raise NotAllowed(_("Only the candidate confirms facts about themselves."))
    if fact.superseded_at is not None:
        raise Conflict(_("This has changed since you looked."), remedy=_("Load the page again."))
    span = None if fact.span_start is None or fact.span_end is None else (fact.span_start, fact.span_end)
    said = [Said(fact.kind, fact.value, method=fact.method.removeprefix(UNVERIFIED), span=span)]
    return state_facts(person, said, source=FactSource.CONFIRMED, by=by, resume=fact.resume)[0]


@action("catalog.correct_fact")
def correct_fact(fact: Fact, *, value: Any, by: Actor) -> Fact:
    """Let the candidate say it right: their word stands as confirmed, and the old one is not said again.

    Raises NotAllowed, Conflict, and Invalid for a value that cannot be.
    """
    person = _held(fact.person)
    if by.person_id != person.pk:
        raise NotAllowed(_("Only the candidate corrects facts about themselves."))
    if fact.superseded_at is not None:
        raise Conflict(_("This has changed since you looked."), remedy=_("Load the page again."))
    span = None if fact.span_start is None or fact.span_end is None else (fact.span_start, fact.span_end)
    said = [Said(fact.kind, value, method=fact.method.removeprefix(UNVERIFIED), span=span)]
    right = state_facts(person, said, source=FactSource.CONFIRMED, by=by, resume=fact.resume)[0]
    if right.normalised != fact.normalised:
        retract_fact(fact, by=by)
    return right


@action("catalog.retract_fact")
def retract_fact(fact: Fact, *, by: Actor) -> None:
    """Take a fact back, from every source that said it; machines do not say it again. Raises NotAllowed."""
    person = _held(fact.person)
    if by.person_id != person.pk and not by.is_talent_team:
        raise NotAllowed(_("Only the candidate and the talent team take facts back."))
    same = Fact.objects.filter(person=person, kind=fact.kind, normalised=fact.normalised, superseded_at=None)
    same.update(superseded_at=clock.now(), confidence=0.0)
    _settle(person)


def _held(person: Person) -> Person:
    """Lock the row: two facts at once must not settle over each other."""
    Person.objects.select_for_update().get(pk=person.pk)
    person.refresh_from_db()
    if person.erased_at is not None:
        raise Conflict(_("This person was erased at their request."))
    if person.merged_into_id is not None:
        raise Conflict(_("This person was merged a moment ago."), remedy=_("Load the page again."))
    return person


def _end(facts: Sequence[Fact]) -> None:
    if facts:
        Fact.objects.filter(pk__in=[fact.pk for fact in facts]).update(superseded_at=clock.now())


def _settle(person: Person) -> Person:
    every = list(Fact.objects.filter(person=person))
    current = [fact for fact in every if fact.superseded_at is None]
    columns = settled_columns(person, current, once_known={fact.kind for fact in every})
    columns = _own_address_only(person, current, columns)
    changed = {name: value for name, value in columns.items() if getattr(person, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(person, name, value)
        person.updated_at = clock.now()
        person.save(update_fields=[*changed, "updated_at"])
    announce("profile.changed", person_id=person.pk)  # positions are read from facts, not columns
    return person


def _own_address_only(person: Person, facts: Sequence[Fact], columns: dict[str, Any]) -> dict[str, Any]:
    """An address is a way to sign in: a stranger cannot change it, and nobody takes another's."""
    address = columns.get("email")
    if not address or address == person.email:
        return columns
    vouched = any(f.kind == FactKind.EMAIL and f.value == address and f.method != UNVERIFIED for f in facts)
    taken = Person.objects.filter(email__iexact=address).exclude(pk=person.pk).exists()
    if taken or (person.email and not vouched):
        return {name: value for name, value in columns.items() if name != "email"}
    return columns
