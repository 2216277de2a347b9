"""People over the API: read, welcomed, and facts stated about them with their provenance."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.actions.people import welcome_person
from segue.catalog.models import FactKind, FactSource, Person
from segue.catalog.queries.people import people_visible_to, person_for, sees_pay
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.kit.paging import page_of
from segue.trust.actions.access import note_access
from segue.trust.actions.looks import note_looks
from segue.trust.models import LookedAt
from segue.web.actors import actor_of
from segue.web.api.auth import BY_KEY_OR_SESSION
from segue.web.api.kinds import AnyValue, Cursor, Moment, Size, Text
from segue.web.api.schemas import REFUSED

router = Router(auth=BY_KEY_OR_SESSION, tags=["people"])


class PeopleIn(Schema):
    """Which people; empty means anybody. `after` is `next_after` of the page before."""

    email: Text = ""
    updated_after: Moment | None = None
    created_after: Moment | None = None
    after: Cursor = ""
    size: Size = 50


class PersonOut(Schema):
    """A person as far as everybody who may read people knows them: without pay and notes."""

    id: uuid.UUID
    external_source: str
    external_id: str
    name: str
    email: str | None
    phone: str
    headline: str
    city: str
    country: str
    locale: str
    time_zone: str
    skills: list[str]
    licences: list[str]
    permits: list[str]
    remote: str
    source: str
    created_at: datetime
    updated_at: datetime


class PersonPage(Schema):
    items: list[PersonOut]
    next_after: str


class PayWish(Schema):
    """The least somebody wants to be paid; nothing where they did not say."""

    person_id: uuid.UUID
    amount: Decimal | None
    currency: str
    period: str


class FactIn(Schema):
    """One thing said about a person: its kind, and a value of that kind's form."""

    kind: Text
    value: AnyValue


class FactsIn(Schema):
    facts: list[FactIn]


class PersonIn(Schema):
    """Who: known again by external id, then by e-mail; somebody known is not made twice."""

    email: Text = ""
    name: Text = ""
    external_source: Text = ""
    external_id: Text = ""
    facts: list[FactIn] = []


@router.get("/people", response={200: PersonPage, **REFUSED}, summary="People, the newest first")
def list_people(request: HttpRequest, wanted: Query[PeopleIn]) -> PersonPage:
    """List people; each page costs the same however many there are."""
    rows = people_visible_to(actor_of(request))
    if wanted.email:
        rows = rows.filter(email__iexact=wanted.email)
    if wanted.updated_after:
        rows = rows.filter(updated_at__gt=wanted.updated_after)
    if wanted.created_after:
        rows = rows.filter(created_at__gt=wanted.created_after)
    page = page_of(rows, after=wanted.after, size=wanted.size)
    note_looks([row.pk for row in page.rows], what=LookedAt.SEARCH, by=actor_of(request))
    return PersonPage(items=[PersonOut.from_orm(row) for row in page.rows], next_after=page.next_after)


@router.post("/people", response={200: PersonOut, 201: PersonOut, **REFUSED}, summary="Welcome a person")
def add_person(request: HttpRequest, said: PersonIn) -> Status[Person]:
    """Find the person or make them, and state what is said; 201 says that they are new."""
    actor = actor_of(request)
    person, is_new = welcome_person(
        email=said.email,
        name=said.name,
        external_source=said.external_source[:60],
        external_id=said.external_id[:200],
        source="api",
        by=actor,
    )
    _state(person, said.facts, actor)
    return Status(201 if is_new else 200, person)


@router.get("/people/{uuid:person_id}", response={200: PersonOut, **REFUSED}, summary="One person")
def get_person(request: HttpRequest, person_id: uuid.UUID) -> Person:
    """Return a person; that somebody looked is written down."""
    return _looked_at(request, person_id)


@router.patch("/people/{uuid:person_id}", response={200: PersonOut, **REFUSED}, summary="State facts")
def state_facts_of(request: HttpRequest, person_id: uuid.UUID, said: FactsIn) -> Person:
    """State facts about a person. They stand beside what others said; the profile settles by precedence."""
    actor = actor_of(request)
    person = person_for(actor, person_id)
    _state(person, said.facts, actor)
    return person


@router.get("/people/{uuid:person_id}/pay", response={200: PayWish, **REFUSED}, summary="What they want")
def get_pay(request: HttpRequest, person_id: uuid.UUID) -> PayWish:
    """Return the pay a person wishes for: a scope of its own."""
    person = _looked_at(request, person_id)
    return PayWish(
        person_id=person.pk,
        amount=person.pay_floor,
        currency=person.pay_currency,
        period=person.pay_period,
    )


def _looked_at(request: HttpRequest, person_id: uuid.UUID) -> Person:
    actor = actor_of(request)
    person = person_for(actor, person_id)
    note_access(person, why="api", by=actor)
    return person


def _state(person: Person, facts: list[FactIn], actor: Actor) -> None:
    if not facts:
        return
    if any(fact.kind == FactKind.PAY_FLOOR for fact in facts) and not sees_pay(actor, person):
        raise NotAllowed("Pay is a scope of its own.", field="pay:read", remedy="Use a key with that scope.")
    source = FactSource.RECRUITER if actor.is_staff else FactSource.ATS
    said = [Said(fact.kind, fact.value, method="api") for fact in facts]
    state_facts(person, said, source=source, by=actor)
    person.refresh_from_db()
