"""Administrators and auditors read who did what; an auditor reads deeds, and nothing of people's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from segue.kit.actor import Role
from segue.trust.actions.audit import write_line
from segue.trust.actions.chain import seal_lines
from segue.trust.models import Account
from tests import factories

ClientAs = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
PAGE = 5  # session, account; lines; the chain's head, and what waits for it


@pytest.fixture
def lines() -> Any:
    person = factories.make_person(name="Tilda Canary")
    write_line(
        verb="hire.test", by=factories.actor(factories.rosa()), subject=person, detail={"to": "a word"}
    )
    by = factories.actor(factories.ada())
    write_line(verb="catalog.test", by=by, subject=person, detail={"n": 7, "text": "Canary words"})
    seal_lines()
    write_line(verb="trust.test", by=by, subject=None, detail={})
    return person


def verbs(answer: Any) -> list[str]:
    return [row.line.verb for row in answer.context["rows"]]


def test_the_latest_first_with_seal_and_filters(
    lines: Any, mia: Account, client_as: ClientAs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, address = client_as(mia), reverse("desk:audit")
    with django_assert_num_queries(PAGE):
        page = client.get(address)
    assert verbs(page) == ["trust.test", "catalog.test", "hire.test"]
    assert "2 lines sealed." in page.content.decode()
    assert verbs(client.get(address, {"verb": "hire."})) == ["hire.test"]
    assert verbs(client.get(address, {"actor": "Rosa"})) == ["hire.test"]
    assert verbs(client.get(address, {"subject": str(lines.pk)})) == ["catalog.test", "hire.test"]
    assert verbs(client.get(address, {"since": "2999-01-01"})) == []
    assert verbs(client.get(address, {"until": "2999-01-01", "verb": "trust"})) == ["trust.test"]
    assert "Nothing like this was done." in client.get(address, {"verb": "no.such"}).content.decode()


def test_an_auditor_reads_no_words_of_people(lines: Any, client_as: ClientAs) -> None:
    client = client_as(factories.make_account(role=Role.AUDITOR))
    page = client.get(reverse("desk:audit")).content.decode()
    assert "Canary" not in page
    assert "(12 characters)" in page
    assert "Rosa" in page
    assert factories.ada().name not in page
    answer: Any = client.post(reverse("desk:audit_export"), {"reason": "yearly audit"})
    sheet = answer.getvalue().decode()
    assert "Canary" not in sheet
    assert "catalog.test" in sheet


def test_a_page_begins_where_the_last_one_ended(mia: Account, client_as: ClientAs) -> None:
    for number in range(60):
        write_line(verb=f"test.{number}", by=factories.actor(mia), subject=None, detail={})
    client = client_as(mia)
    first = client.get(reverse("desk:audit"))
    second = client.get(first.context["next_page"])
    assert len(verbs(first)) == 50
    assert verbs(second) == [f"test.{number}" for number in range(9, -1, -1)]


def test_recruiters_do_not_read_it(rosa: Account, client_as: ClientAs) -> None:
    assert client_as(rosa).get(reverse("desk:audit")).status_code == 403
