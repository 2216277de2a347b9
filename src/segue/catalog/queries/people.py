"""Which people somebody may see, and how they are found."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from segue.catalog.models import PRESENT, Fact, FactKind, Person, Resume
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotFound


def people_visible_to(actor: Actor) -> QuerySet[Person]:
    """Return the people this actor may know of from the catalog; erased people are nobody's.

    Who was merged into somebody is that person: `person_for` and `find_person` lead there.

    Hiring managers, interviewers and coordinators meet people through their applications, in the hire room.
    """
    present = Person.objects.filter(PRESENT)
    if actor.finds_people or actor.is_machine or actor.has_scope("people:read", "people:write", "pay:read"):
        return present
    if actor.role is Role.CANDIDATE and actor.person_id:
        return present.filter(pk=actor.person_id)
    return present.none()


def person_for(actor: Actor, person_id: uuid.UUID | str) -> Person:
    """Return one person. Raises NotFound alike for nobody and for somebody not theirs to see."""
    key = _uuid(str(person_id))
    person = people_visible_to(actor).filter(pk=_now(key)).first() if key else None
    if person is None:
        raise NotFound(_("There is no such person."), remedy=_("Look at the list of candidates."))
    return person


def _now(key: uuid.UUID) -> Coalesce:
    """Who this is now: a value, looked up once. With an OR instead, everybody would be read."""
    merged_into = Person.objects.filter(pk=key).values("merged_into")
    return Coalesce(Subquery(merged_into), key, output_field=UUIDField())


def records_of(person_id: uuid.UUID) -> QuerySet[Person, Any]:
    """Return the keys of all that is kept of a person: their own, and those of records merged into them.

    For `person__in`, which finds its rows by an index; an OR across the join would read everybody.
    """
    return Person.objects.filter(Q(pk=person_id) | Q(merged_into=person_id)).values("pk")


def find_person(actor: Actor, ref: str) -> Person:
    """Return the person known by this e-mail, id, external id, or `source:external id`. Raises NotFound."""
    ref = ref.replace("\x00", "").strip()
    known_by = _known_by(ref) | Q(absorbed__in=Person.objects.filter(_known_by(ref)))
    found = list(people_visible_to(actor).filter(known_by).distinct()[:2]) if ref else []
    if len(found) > 1:
        raise NotFound(
            _("“%s” is known from more than one source.") % ref, field="person", remedy=_("Write source:id.")
        )
    if not found:
        raise NotFound(
            _("Nobody is known by “%s”.") % ref,
            field="person",
            remedy=_("Use an e-mail address, an id, or the id of an import."),
        )
    return found[0]


def _known_by(ref: str) -> Q:
    known_by = Q(email__iexact=ref) | Q(external_id=ref)
    source, colon, external_id = ref.partition(":")
    if colon:
        known_by |= Q(external_source=source, external_id=external_id)
    if key := _uuid(ref):
        known_by |= Q(pk=key)
    return known_by


def search_people(actor: Actor, *, text: str = "", skill: str = "", country: str = "") -> QuerySet[Person]:
    """Return visible people, newest first, whose name, e-mail or headline holds `text`, with this skill."""
    people = people_visible_to(actor)
    for word in text.split():
        people = people.filter(
            Q(name__icontains=word) | Q(email__icontains=word) | Q(headline__icontains=word)
        )
    if skill:
        people = people.filter(skills__contains=[skill])
    if country:
        people = people.filter(country=country.upper())
    return people.order_by("-pk")


def facts_of(person: Person, by: Actor) -> Sequence[Fact]:
    """Return what is currently said about a person, with provenance; pay only to who sees it.

    Raises NotFound.
    """
    person_for(by, person.pk)
    current = Fact.objects.filter(person=person, superseded_at=None).select_related("resume")
    if not sees_pay(by, person):
        current = current.exclude(kind=FactKind.PAY_FLOOR)
    return list(current.order_by("kind", "pk"))


def sees_pay(actor: Actor, person: Person) -> bool:
    """Say whether this actor may know what a person wants to be paid: it is a scope of its own."""
    own = actor.person_id is not None and actor.person_id == person.pk
    return own or actor.is_talent_team or actor.is_machine or actor.has_scope("pay:read")


def resumes_of(person: Person, by: Actor) -> Sequence[Resume]:
    """Return a person's résumé versions, newest first. Raises NotFound."""
    person_for(by, person.pk)
    return list(Resume.objects.filter(person=person).order_by("-version"))


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
