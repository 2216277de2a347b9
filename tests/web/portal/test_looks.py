"""Ada reads who had her data before them, when and what for; the employer's dial says whether by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from segue.catalog.actions.erasure import erase_person
from segue.hire.actions.deciding import open_application
from segue.kit import clock
from segue.kit.actor import Actor
from segue.trust.actions.dials import set_dial
from segue.trust.actions.looks import note_looks
from segue.trust.models import Account, Look, LookedAt
from segue.trust.queries.looks import NAMES, ROLE
from tests import factories

ClientAs = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
PAGE = 4  # session, account; looks with their jobs, the dial


def page_of(client: Client) -> str:
    return client.get(reverse("portal:looks")).content.decode()


def test_who_when_and_what_for(
    ada: Account, rosa: Account, client_as: ClientAs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_as(ada)
    assert "Nobody has looked yet." in page_of(client)
    job = factories.make_job(title="Ward nurse")
    open_application(factories.make_application(person=ada.person, job=job), by=factories.actor(rosa))
    client_as(rosa).get(reverse("desk:person", args=[ada.person_id]))
    client_as(rosa).get(reverse("desk:people"))
    with django_assert_max_num_queries(PAGE + 2):
        page = page_of(client)
    assert f"{rosa.name}, recruiter, opened your application for Ward nurse" in page
    assert f"{rosa.name}, recruiter, opened your profile" in page
    assert "a list of people in which you appear" in page
    set_dial(NAMES, ROLE, by=Actor.machine("test"))
    page = page_of(client)
    assert rosa.name not in page
    assert "Somebody here (recruiter) opened your profile" in page


def test_the_same_look_within_half_an_hour_counts_once(ada: Account, rosa: Account) -> None:
    by = factories.actor(rosa)
    assert ada.person_id is not None
    people = [ada.person_id, factories.make_person().pk]
    assert note_looks(people, what=LookedAt.SEARCH, by=by) == 2
    assert note_looks([*people, *people], what=LookedAt.SEARCH, by=by) == 0
    assert note_looks(people, what=LookedAt.EXPORT, by=by) == 2
    Look.objects.update(at=clock.now() - timedelta(minutes=31))
    assert note_looks(people, what=LookedAt.SEARCH, by=by) == 2


def test_ones_own_look_and_our_machines_are_not_noted(ada: Account) -> None:
    assert ada.person_id is not None
    assert note_looks([ada.person_id], what=LookedAt.PERSON, by=factories.actor(ada)) == 0
    assert note_looks([ada.person_id], what=LookedAt.PERSON, by=Actor.machine("test")) == 0


def test_nobody_reads_anothers_and_erasure_takes_them(
    ada: Account, eve: Account, rosa: Account, client_as: ClientAs
) -> None:
    assert ada.person is not None
    note_looks([ada.person.pk], what=LookedAt.PERSON, by=factories.actor(rosa))
    assert "Nobody has looked yet." in page_of(client_as(eve))
    assert client_as(rosa).get(reverse("portal:looks")).status_code == 302
    erase_person(ada.person, by=Actor.machine("test"))
    assert not Look.objects.exists()


def test_pages(ada: Account, client_as: ClientAs) -> None:
    for _ in range(31):
        Look.objects.create(person=ada.person, what="search", actor_role="recruiter", actor_name="Rosa")
    client = client_as(ada)
    page = client.get(reverse("portal:looks"))
    assert len(page.context["rows"]) == 30
    older = client.get(reverse("portal:looks"), {"after": page.context["next_after"]})
    assert len(older.context["rows"]) == 1
