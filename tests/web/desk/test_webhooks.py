"""Mia sends events to another program, and hears at once where none could ever be sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from segue.trust.models import Account, Delivery, Endpoint

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
URL = "https://hooks.employer.example/segue"
FORM = {"url": URL, "kinds": ["application.moved", "offer.sent"], "note": "Payroll"}
INSIDE = ["http://127.0.0.1/x", "https://169.254.169.254/latest", "https://localhost/", "http://a.example/"]


@pytest.fixture
def desk(mia: Account, client_as: SignIn) -> Client:
    return client_as(mia)


@pytest.fixture
def endpoint(desk: Client) -> Endpoint:
    desk.post(reverse("desk:webhook_new"), FORM)
    return Endpoint.objects.get()


def test_an_endpoint_is_made_tested_changed_and_taken_out_and_back(desk: Client, endpoint: Endpoint) -> None:
    page, deeds = (reverse(name, args=[endpoint.pk]) for name in ("desk:webhook", "desk:webhook_do"))
    assert (endpoint.url, endpoint.kinds, endpoint.note) == (URL, FORM["kinds"], "Payroll")
    desk.post(deeds, {"do": "test"})
    assert str(Delivery.objects.get().pk.hex) in desk.get(page).content.decode()
    desk.post(reverse("desk:webhook_edit", args=[endpoint.pk]), FORM | {"kinds": ["offer.sent"]})
    for deed in ("off", "on", "rotate", "remove", "bring_back"):
        assert desk.post(deeds, {"do": deed}).status_code == 303
    endpoint.refresh_from_db()
    assert (endpoint.kinds, endpoint.disabled_at, endpoint.secret_version) == (["offer.sent"], None, 2)
    assert desk.get(page).status_code == 200


@pytest.mark.parametrize("url", INSIDE)
def test_an_address_inside_is_refused_where_it_is_typed(url: str, desk: Client, endpoint: Endpoint) -> None:
    edit = reverse("desk:webhook_edit", args=[endpoint.pk])
    for address in (reverse("desk:webhook_new"), edit):
        answer = desk.post(address, FORM | {"url": url, "note": "Kept"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "SEGUE_WEBHOOK_INSIDE_HOSTS" in page
        assert 'value="Kept"' in page  # what was typed is not lost
    assert [row.url for row in Endpoint.objects.all()] == [URL]


def test_a_receiver_of_our_own_network_is_taken_once_it_is_named(desk: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.WEBHOOK_INSIDE_HOSTS = ["hooks.internal:9000"]
    desk.post(reverse("desk:webhook_new"), FORM | {"url": "http://hooks.internal:9000/in"})
    assert Endpoint.objects.get().url == "http://hooks.internal:9000/in"
