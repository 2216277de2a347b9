"""Every page a candidate can open, opened once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.models import FactSource, JobStatus
from segue.kit import clock
from segue.recommend.models import CardStance, Exposure
from segue.trust.models import Account
from tests import factories
from tests.web.portal.stage import a_few_jobs, cards_on, statements

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db


def test_a_visitor_is_welcomed_with_the_newest_jobs(client: Client) -> None:
    a_few_jobs(3)
    page = client.get("/").content.decode()
    assert "Just in" in page
    assert "Data engineer 2" in page
    assert "Sign in for your own mix" in page


def test_a_house_without_jobs_says_so_kindly(client: Client) -> None:
    assert "No open jobs today" in client.get("/").content.decode()


def test_ada_finds_shelves_and_a_reason_on_every_card(ada: Account, client_as: SignIn) -> None:
    a_few_jobs(12)
    page = client_as(ada).get("/").content.decode()
    assert "Ada" in page
    assert "Weekly Mix" in page
    assert page.count('class="card-reason"') == len(cards_on(page)) > 5


def test_the_home_costs_at_most_fifteen_queries(
    ada: Account, client_as: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_few_jobs(12)
    factories.make_application(ada.person, factories.make_job())
    window = client_as(ada)
    window.get("/")
    with django_assert_max_num_queries(15):
        window.get("/")


def test_a_skip_costs_at_most_twelve_queries(
    ada: Account, client_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("learn.queries.catalogue", "recommend.queries.policies", "recommend.queries.sides"):
        monkeypatch.setattr(f"segue.{room}.CHECK_EVERY_S", 60.0)  # not this request's doing
    a_few_jobs(30)
    window = client_as(ada)
    card = cards_on(window.get("/").content.decode())[0]
    job_id = Exposure.objects.get(pk=card).job_id
    with CaptureQueriesContext(connection) as seen:
        answer = window.post(
            f"/jobs/{job_id}/stance/",
            {"stance": "skipped", "exposure_id": card, "place": "card"},
            headers={"HX-Request": "true"},
        )
    assert len(statements(seen)) <= 12
    assert answer["HX-Retarget"] == f"#card-{card}"
    assert 'hx-swap-oob="innerHTML:#toasts"' in answer.content.decode()


def test_who_has_agreed_to_nothing_gets_the_same_home_as_everybody(eve: Account, client_as: SignIn) -> None:
    a_few_jobs(5)
    page = client_as(eve).get("/").content.decode()
    assert "the same for everyone" in page
    assert "/consent/" in page


def test_open_applications_lie_on_top_and_settled_ones_do_not(
    ada: Account, rosa: Account, client_as: SignIn
) -> None:
    a_few_jobs(3)
    factories.make_application(ada.person, factories.make_job(title="Glass blower"))
    factories.make_application(
        ada.person,
        factories.make_job(title="Lamp lighter"),
        outcome="rejected",
        decided_by=rosa,
        decision_reason="No lamps left.",
    )
    page = client_as(ada).get("/").content.decode()
    strip = page.split('class="strip"')[1].split("</section>")[0]
    assert "Glass blower" in strip
    assert "Lamp lighter" not in strip


def test_a_colleague_is_led_to_the_desk(rosa: Account, client_as: SignIn) -> None:
    assert client_as(rosa).get("/")["Location"] == "/desk/"


def test_jobs_are_found_by_word_place_and_kind(client: Client) -> None:
    factories.make_job(title="Nurse", department="Care", city="Lyon", country="FR", remote="onsite")
    factories.make_job(title="Cook", department="Kitchen", remote="onsite")
    assert "Nurse" in client.get("/jobs/?text=nurse+lyon").content.decode()
    page = client.get("/jobs/?country=FR&department=Care&remote=onsite").content.decode()
    assert "Nurse" in page
    assert "Cook" not in page
    assert "No job like that today" in client.get("/jobs/?text=astronaut").content.decode()


@pytest.mark.parametrize("query", ["text=%00", "after=nonsense", "country=" + "x" * 500, "remote=moon"])
def test_a_strange_search_is_answered_all_the_same(client: Client, query: str) -> None:
    factories.make_job()
    assert client.get(f"/jobs/?{query}").status_code == 200


def test_the_list_pages_by_key_without_losing_a_job(client: Client) -> None:
    a_few_jobs(30)
    seen: set[str] = set()
    address = "/jobs/"
    while address:
        page = client.get(address).content.decode()
        seen |= set(re.findall(r'<a href="/jobs/([0-9a-f-]{36})/">', page))
        more = re.search(r'class="btn" href="(\?[^"]+)"', page)
        address = f"/jobs/{more[1]}" if more else ""
    assert len(seen) == 30


LIST_BUDGET = 6  # a count, the rows, and four sorts of choices


def test_the_list_costs_the_same_with_one_row_and_with_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.make_job()
    with django_assert_num_queries(LIST_BUDGET):
        client.get("/jobs/")
    a_few_jobs(3)
    with django_assert_num_queries(LIST_BUDGET):
        client.get("/jobs/")


def test_a_job_page_tells_search_engines_what_it_tells_people(client: Client) -> None:
    job = factories.make_job(title="Baker </script><b>&", permit_country="DE", required_skills=["sourdough"])
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "€50,000 – 60,000 a year" in page
    assert "Permission to work in Germany" in page
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    posting = json.loads(block[1])
    assert posting["title"] == "Baker </script><b>&"
    assert posting["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "minValue": 50000.0,
        "maxValue": 60000.0,
        "unitText": "YEAR",
    }


def test_ada_sees_which_of_the_asked_skills_she_has(ada: Account, client_as: SignIn) -> None:
    job = factories.make_job(required_skills=["python", "haskell"])
    page = client_as(ada).get(f"/jobs/{job.pk}/").content.decode()
    assert "You have told us about 1 of 2." in page


def test_a_closed_job_is_not_there(client: Client) -> None:
    job = factories.make_job(status=JobStatus.CLOSED)
    assert client.get(f"/jobs/{job.pk}/").status_code == 404


def test_why_adds_up_and_belongs_to_its_person(ada: Account, eve: Account, client_as: SignIn) -> None:
    a_few_jobs(12)
    window = client_as(ada)
    card = cards_on(window.get("/").content.decode())[0]
    page = window.get(f"/why/{card}/").content.decode()
    assert "What counted" in page
    row = Exposure.objects.get(pk=card)
    assert sum(f["contribution"] for f in row.factors) == pytest.approx(row.score, abs=1e-9)
    inside = window.get(f"/why/{card}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in inside
    assert client_as(eve).get(f"/why/{card}/").status_code == 404


def test_saved_and_applications_have_their_lists(ada: Account, client_as: SignIn) -> None:
    window = client_as(ada)
    assert "Nothing saved yet" in window.get("/saved/").content.decode()
    assert "No applications yet" in window.get("/applications/").content.decode()
    job = factories.make_job(title="Nurse")
    factories.make_application(ada.person, job)
    window.post(f"/jobs/{job.pk}/stance/", {"stance": "saved", "place": "row", "next": "/saved/"})
    assert CardStance.objects.get().stance == "saved"
    assert "Nurse" in window.get("/saved/").content.decode()
    assert "Nurse" in window.get("/applications/").content.decode()


def test_ada_reads_confirms_and_corrects_her_profile(ada: Account, client_as: SignIn) -> None:
    assert ada.person is not None
    by = factories.actor(ada)
    state_facts(ada.person, [Said("skill", "python", 0.7, "lexicon")], source=FactSource.PARSED, by=by)
    window = client_as(ada)
    page = window.get("/you/").content.decode()
    assert "Read from your résumé" in page
    line = re.search(r"/you/fact/(\d+)/", page)
    assert line is not None
    window.post(line[0], {"do": "confirm"})
    assert "You confirmed it" in window.get("/you/").content.decode()
    window.post("/you/say/", {"kind": "city", "value": "Haarlem"})
    assert "Haarlem" in window.get("/you/").content.decode()


def test_nobody_touches_a_strangers_fact(ada: Account, eve: Account, client_as: SignIn) -> None:
    assert ada.person is not None
    found = state_facts(ada.person, [Said("city", "Berlin")], source=FactSource.ATS, by=factories.actor(ada))
    assert client_as(eve).post(f"/you/fact/{found[0].pk}/", {"do": "retract"}).status_code == 404


def test_ada_takes_her_data_home(ada: Account, client_as: SignIn) -> None:
    factories.make_resume(ada.person, text="Python and patience")
    answer = client_as(ada).get("/you/download/")
    assert "attachment" in answer["Content-Disposition"]
    assert json.loads(answer.content)["resumes"][0]["text"] == "Python and patience"


def test_names_in_any_alphabet_stand_in_their_own_direction(client_as: SignIn) -> None:
    layla = factories.make_account(name="ليلى الحداد", email="layla@people.example")
    page = client_as(layla).get("/you/").content.decode()
    assert '<h1 dir="auto">ليلى الحداد</h1>' in page


def test_times_stand_in_the_readers_zone(ada: Account, client_as: SignIn) -> None:
    moment = clock.now().replace(year=2026, month=1, day=31, hour=23, minute=30)
    factories.make_application(ada.person, factories.make_job(), applied_at=moment - timedelta(0))
    window = client_as(ada)
    window.cookies["tz"] = "Asia/Tokyo"
    assert "1 February 2026" in window.get("/applications/").content.decode()
    window.cookies["tz"] = "America/New_York"
    assert "31 January 2026" in window.get("/applications/").content.decode()
    window.cookies["tz"] = "../../etc/passwd"
    assert window.get("/applications/").status_code == 200


def test_pages_behind_the_door_ask_to_sign_in(client: Client) -> None:
    for address in ("/taste/", "/consent/", "/saved/", "/applications/", "/you/", "/you/download/"):
        assert client.get(address)["Location"] == f"/sign-in/?next={address}"


def test_light_and_dark_are_remembered_without_an_account(client: Client) -> None:
    assert "data-theme=" not in client.get("/jobs/").content.decode()
    client.post("/theme/", {"theme": "dark", "next": "/jobs/"})
    assert 'data-theme="dark"' in client.get("/jobs/").content.decode()
    client.post("/theme/", {"theme": "", "next": "https://elsewhere.example/"})
    assert "data-theme=" not in client.get("/jobs/").content.decode()


def test_an_address_that_is_not_there_is_told_warmly(client: Client) -> None:
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.content.decode()
