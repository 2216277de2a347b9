"""What is said about people: stated with provenance, confirmed, taken back, settled into the profile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from segue.catalog.actions.settling import (
    UNVERIFIED,
    Said,
    kinds_known,
    leaked_columns,
    merge_facts,
    settled_columns,
)
from segue.catalog.models import PRESENT, Fact, FactKind, FactSource, Person, Resume
from segue.catalog.queries.precedence import (
    RECRUITING,
    TAKEN_OUT,
    brought_back,
    in_force,
    is_denial,
    is_own,
    shut_by,
)
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
    "settle_kept_apart",
    "settle_profile",
    "state_facts",
    "undo_fact",
]
_BATCH = 500


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
    return _state(_held(person), said, source, by, at=clock.now(), resume=resume, purposes=purposes)


@action("catalog.settle_profile")
def settle_profile(person: Person, *, by: Actor) -> Person:
    """Project the current facts into the person's columns; writes only what differs."""
    return _settle(_held(person))


@action("catalog.settle_kept_apart")
def settle_kept_apart(*, by: Actor) -> int:
    """Settle again whoever has facts kept for other purposes only; return how many profiles changed.

    Profiles settled before such facts were kept apart may hold what they say. A second run changes nothing.
    """
    kept_apart = Fact.objects.exclude(Q(purposes=[]) | Q(purposes__contains=[RECRUITING]))
    people = Person.objects.filter(PRESENT, pk__in=kept_apart.values("person")).order_by("pk")
    rows, changed = people.iterator(_BATCH), 0
    while batch := list(islice(rows, _BATCH)):
        changed += sum(_settled_again(_held(person)) for person in batch)
    return changed


@action("catalog.confirm_fact")
def confirm_fact(fact: Fact, *, by: Actor) -> Fact:
    """Let the candidate vouch for a fact: it becomes the strongest. Raises NotAllowed, Conflict."""
    person = _for_candidate(fact, by, _("Only the candidate confirms facts about themselves."))
    return _vouch(person, fact, fact.value, by, clock.now())


@action("catalog.correct_fact")
def correct_fact(fact: Fact, *, value: Any, by: Actor) -> Fact:
    """Let the candidate say it right: their word stands as confirmed, and the old one is not said again.

    Raises NotAllowed, Conflict, and Invalid for a value that cannot be.
    """
    person = _for_candidate(fact, by, _("Only the candidate corrects facts about themselves."))
    at = clock.now()
    right = _vouch(person, fact, value, by, at)
    if right.normalised != fact.normalised:
        _take_out(person, fact, by, at)
    return right


@action("catalog.retract_fact")
def retract_fact(fact: Fact, *, by: Actor) -> Fact:
    """Take a fact out, whoever said it, and return the denial that keeps it out (see `undo_fact`).

    The candidate's word keeps it out until they say otherwise themselves; a recruiter's keeps out machines.
    Raises NotAllowed for anybody else, and for recruiters where the candidate vouches for it.
    """
    person = _held(fact.person)
    if by.person_id != person.pk and not by.is_talent_team:
        raise NotAllowed(_("Only the candidate and the talent team take facts back."))
    if by.person_id != person.pk and is_own(fact):
        raise NotAllowed(_("The candidate vouches for this. Only they can take it out."))
    return _take_out(person, fact, by, clock.now())


@action("catalog.undo_fact")
def undo_fact(fact: Fact, *, by: Actor) -> None:
    """Take back a deed: a denial is lifted, the candidate's own word ends; what stood before stands again.

    Rows stay. What was said meanwhile keeps its place. Raises NotAllowed, and Conflict where a later deed
    stands on this one.
    """
    person = _held(fact.person)
    fact.refresh_from_db()
    mine = by.person_id == person.pk
    if not (mine or (by.is_talent_team and is_denial(fact) and not is_own(fact))):
        raise NotAllowed(_("Only who did this can undo it."))
    at, kin = clock.now(), list(Fact.objects.filter(person=person, kind=fact.kind))
    if not (in_force(fact) if is_denial(fact) else is_own(fact) and fact.superseded_at is None):
        raise _changed()
    undone = [one for one in kin if one.pk == fact.pk or _part_of(one, fact)]
    for one in undone:
        if is_denial(one):
            one.valid_to = at.date()
        else:
            one.superseded_at = at
    back = brought_back(kin, undone)
    for one in back:
        denial = shut_by(one, kin)
        one.superseded_at = denial.superseded_at if denial else None
    Fact.objects.bulk_update([*undone, *back], ["superseded_at", "valid_to"])
    _settle(person)
    person.updated_at = at  # what is made of records, not columns, has nothing else to see it by
    person.save(update_fields=["updated_at"])


def _part_of(denial: Fact, word: Fact) -> bool:
    """A correction says one thing and takes out another in one moment."""
    with_word = is_own(denial) and denial.superseded_at == word.stated_at
    return in_force(denial) and not is_denial(word) and with_word


def _held(person: Person) -> Person:
    """Lock the row: two facts at once must not settle over each other."""
    Person.objects.select_for_update().get(pk=person.pk)
    person.refresh_from_db()
    if person.erased_at is not None:
        raise Conflict(_("This person was erased at their request."))
    if person.merged_into_id is not None:
        raise Conflict(_("This person was merged a moment ago."), remedy=_("Load the page again."))
    return person


def _for_candidate(fact: Fact, by: Actor, otherwise: str) -> Person:
    person = _held(fact.person)
    if by.person_id != person.pk:
        raise NotAllowed(otherwise)
    if fact.superseded_at is not None:
        raise _changed()
    return person


def _changed() -> Conflict:
    return Conflict(_("This has changed since you looked."), remedy=_("Load the page again."))


def _state(
    person: Person,
    said: Sequence[Said],
    source: FactSource,
    by: Actor,
    *,
    at: datetime,
    resume: Resume | None = None,
    purposes: Sequence[str] = (),
) -> list[Fact]:
    known = list(Fact.objects.filter(person=person))
    merge = merge_facts(
        person,
        known,
        said,
        source=source,
        resume=resume,
        stated_by=by.name or by.role.value,
        stated_at=at,
        purposes=list(purposes),
    )
    past = [fact.pk for fact in merge.superseded]
    if past:
        Fact.objects.filter(pk__in=past).update(superseded_at=at)
    Fact.objects.bulk_create(merge.fresh)
    _settle(person)
    return merge.facts


def _vouch(person: Person, fact: Fact, value: Any, by: Actor, at: datetime) -> Fact:
    """The candidate's word keeps the place where it was read, and what it may be used for."""
    span = None if fact.span_start is None or fact.span_end is None else (fact.span_start, fact.span_end)
    said = [Said(fact.kind, value, method=fact.method.removeprefix(UNVERIFIED), span=span)]
    source, purposes = FactSource.CONFIRMED, fact.purposes
    return _state(person, said, source, by, at=at, resume=fact.resume, purposes=purposes)[0]


def _take_out(person: Person, fact: Fact, by: Actor, at: datetime) -> Fact:
    """End what says it, and leave a denial in its place; a recruiter's ends no word of the candidate's."""
    source = FactSource.CONFIRMED if by.person_id == person.pk else FactSource.RECRUITER
    same = Fact.objects.filter(person=person, kind=fact.kind, normalised=fact.normalised, superseded_at=None)
    ends = [one.pk for one in same if source == FactSource.CONFIRMED or not is_own(one)]
    Fact.objects.filter(pk__in=ends).update(superseded_at=at)
    denial = Fact.objects.create(
        person=person,
        kind=fact.kind,
        value=fact.value,
        normalised=fact.normalised,
        source=source,
        method=TAKEN_OUT,
        confidence=0.0,
        purposes=fact.purposes,
        stated_at=at,
        stated_by=by.name or by.role.value,
        superseded_at=at,
    )
    _settle(person)
    return denial


def _settle(person: Person) -> Person:
    _settled_again(person, tell=True)
    return person


def _settled_again(person: Person, *, tell: bool = False) -> bool:
    every = list(Fact.objects.filter(person=person))
    current = [fact for fact in every if fact.superseded_at is None]
    columns = settled_columns(person, current, once_known=kinds_known(every))
    columns = _own_address_only(person, current, leaked_columns(person, every) | columns)
    changed = {name: value for name, value in columns.items() if getattr(person, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(person, name, value)
        person.updated_at = clock.now()
        person.save(update_fields=[*changed, "updated_at"])
    if changed or tell:  # positions are read from facts, not columns
        announce("profile.changed", person_id=person.pk)
    return bool(changed)


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
