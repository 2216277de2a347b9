"""Rosa sees what is most worth mending, goes to it, and sees how much each source says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from segue.catalog.actions.auditing.run import audit
from segue.kit.actor import Actor
from segue.kit.queue import work_off
from segue.learn.models import Model
from segue.learn.queries.effects import EFFECTS
from segue.trust.models import Account
from tests.factories import make_person

PAGE = "desk:quality"


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


def test_before_the_first_audit_the_page_says_so_and_starts_one(desk: Client) -> None:
    assert "Not looked at yet." in desk.get(reverse(PAGE)).content.decode()
    page = desk.post(reverse("desk:audit_again"), follow=True).content.decode()
    assert "Everything is looked at again." in page
    work_off()
    assert "0 people and 0 jobs were looked at" in desk.get(reverse(PAGE)).content.decode()


def test_what_costs_most_stands_first_and_leads_to_its_row(desk: Client) -> None:
    wrong = make_person(email="ada@", external_source="ats", external_id="1", name="<b>Ada</b> Lind")
    make_person(time_zone="Mars/Olympus")
    audit(by=Actor.machine("test"))
    page = desk.get(reverse(PAGE))
    assert page.context["worklist"][0].fault.code == "bad_email"
    body = page.content.decode()
    assert reverse("desk:person", args=[wrong.pk]) in body
    assert "&lt;b&gt;Ada&lt;/b&gt; Lind" in body
    assert "ada@" in body
    other = desk.get(reverse(PAGE) + "?fault=unknown_time_zone")
    assert [row.detail for row in other.context["rows"]] == ["Mars/Olympus"]


def test_a_fault_nobody_knows_shows_the_first(desk: Client) -> None:
    make_person(email="ada@")
    audit(by=Actor.machine("test"))
    assert desk.get(reverse(PAGE) + "?fault=falconry").context["fault"].code == "bad_email"


def test_nobody_else_comes_in(max_: Account, theo: Account, client_as: Callable[[Account], Client]) -> None:
    for account in (max_, theo):
        assert client_as(account).get(reverse(PAGE)).status_code == 403
        assert client_as(account).post(reverse("desk:audit_again")).status_code == 403


def test_a_fault_says_what_it_was_measured_to_cost(desk: Client) -> None:
    make_person(city="Berlin", lat=48.1, lon=11.6)
    make_person(email="ada@")
    audit(by=Actor.machine("test"))
    address = f"{reverse(PAGE)}?fault=place_elsewhere"
    assert "not measured here yet" in desk.get(address).content.decode()
    for loss, said in ((0.168, "costs a list 0.168"), (0.0, "nothing that could be told from chance")):
        told = {"loss": loss, "low": loss - 0.02, "high": loss + 0.02, "rows": 400}
        card = {"people": 400, "ndcg@10": 0.4, "data_until": "", "effects": {"place_wrong": told}}
        Model.objects.filter(kind=EFFECTS).delete()
        Model.objects.create(pk=str(loss), kind=EFFECTS, blob=b"x", card=card, state="champion")
        assert said in desk.get(address).content.decode()
    assert "Matching does not read this." in desk.get(f"{reverse(PAGE)}?fault=bad_email").content.decode()
