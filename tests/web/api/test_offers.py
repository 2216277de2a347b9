"""Programs read offers; what they pay is a scope of its own, and nobody answers one by key."""

from __future__ import annotations

import base64

import pytest
from django.test import Client

from segue.kit.actor import Actor
from segue.trust.actions.keys import make_key
from segue.trust.models import Account
from tests.factories import make_application, make_offer

pytestmark = pytest.mark.django_db


def key_with(owner: Account, *scopes: str) -> str:
    return make_key("k", scopes=list(scopes), owner=owner, by=Actor.machine("test"))[1]


def ask(client: Client, address: str, secret: str) -> Client:
    basic = base64.b64encode(f"{secret}:".encode()).decode()
    said = f"Basic {basic}" if address.startswith("/harvest/") else f"Bearer {secret}"
    return client.get(address, headers={"Authorization": said})  # type: ignore[return-value]


def test_an_offer_is_read_without_its_pay(client: Client, mia: Account) -> None:
    offer = make_offer(make_application(), clauses="A bonus.")
    secret = key_with(mia, "offers:read")
    [found] = ask(client, "/api/v1/offers?state=sent", secret).json()["items"]
    assert found["id"] == str(offer.pk)
    assert found["person_id"] == str(offer.application.person_id)
    assert "64000" not in str(found)
    assert "bonus" not in str(found)
    assert ask(client, f"/api/v1/offers/{offer.pk}", secret).json()["sha256"] == offer.sha256
    assert ask(client, f"/api/v1/offers/{offer.pk}/pay", secret).status_code == 403


def test_pay_is_its_own_question(client: Client, mia: Account) -> None:
    offer = make_offer(make_application(), clauses="A bonus.")
    found = ask(client, f"/api/v1/offers/{offer.pk}/pay", key_with(mia, "pay:read")).json()
    assert (found["amount"], found["currency"], found["period"]) == ("64000.00", "EUR", "year")


def test_harvest_reads_them_in_its_own_words(client: Client, mia: Account) -> None:
    application = make_application()
    make_offer(application)
    second = make_offer(application)
    plain, paid = key_with(mia, "offers:read"), key_with(mia, "offers:read", "pay:read")
    rows = ask(client, "/harvest/v1/offers", plain).json()
    assert [row["status"] for row in rows] == ["deprecated", "unresolved"]
    assert all(row["custom_fields"]["salary"] is None for row in rows)
    current = f"/harvest/v1/applications/{application.pk}/offers/current_offer"
    found = ask(client, current, paid).json()
    assert found["id"] == str(second.pk)
    assert found["custom_fields"]["salary"] == {"amount": "64000.00", "unit": "EUR"}
    assert len(ask(client, f"/harvest/v1/applications/{application.pk}/offers", plain).json()) == 2
    assert ask(client, "/harvest/v1/offers?status=accepted", plain).json() == []
