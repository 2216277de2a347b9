"""Pages in five languages: by their address, by the last choice, by what the browser asks for."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_script_prefix, reverse

from segue.engage.models import Message
from segue.kit.queue import work_off
from segue.trust.models import Account
from tests import factories

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "fr", "de", "es", "ar")
_HTML = re.compile(r'<html lang="(\w+)" dir="(\w+)"')


def spoken(client: Client, address: str, **how: str) -> tuple[str, str]:
    said = client.get(address, **how).content.decode()
    found = _HTML.search(said)
    assert found is not None, said[:300]
    return found[1], found[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_says_its_language_and_its_links_stay_in_it(client: Client, language: str) -> None:
    job = factories.make_job()
    answer = client.get(f"/{language}/jobs/")
    assert _HTML.search(answer.content.decode()).groups() == (language, "rtl" if language == "ar" else "ltr")
    assert f'href="/{language}/jobs/{job.pk}/"' in answer.content.decode()
    assert answer["Content-Language"] == language
    assert get_script_prefix() == "/", "the next request begins anew"


def test_the_last_choice_is_remembered_and_the_browser_asked_before_there_is_one(client: Client) -> None:
    assert spoken(client, "/jobs/") == ("en", "ltr")
    assert spoken(client, "/jobs/", HTTP_ACCEPT_LANGUAGE="de-AT,de;q=0.9") == ("de", "ltr")
    assert spoken(client, "/jobs/", HTTP_ACCEPT_LANGUAGE="xx") == ("en", "ltr")
    client.get("/ar/jobs/")
    assert spoken(client, "/jobs/", HTTP_ACCEPT_LANGUAGE="de") == ("ar", "rtl")
    answer = client.get("/jobs/")
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))


def test_search_engines_are_told_of_each_language_where_a_page_is_everybodys(client: Client) -> None:
    job = factories.make_job()
    page = client.get(reverse("portal:job", args=[job.pk])).content.decode()
    told = re.findall(
        r'<link rel="alternate" hreflang="(\w+)" href="http://testserver(/\w+/jobs/[^"]+)">', page
    )
    assert told == [(language, f"/{language}/jobs/{job.pk}/") for language in LANGUAGES]
    assert 'rel="canonical" href="http://testserver/jobs/' in page
    assert "hreflang" not in client.get("/sign-in/").content.decode().partition("</head>")[0]


def test_the_desk_has_one_address_a_page_and_speaks_as_chosen(client: Client, rosa: Account) -> None:
    client.force_login(rosa)
    answer = client.get("/fr/desk/people/?q=welder")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/people/?q=welder")
    assert spoken(client, "/desk/people/") == ("fr", "ltr")


@pytest.mark.parametrize("address", ["/fr/healthz", "/fr/api/v1/jobs", "/xx/jobs/", "/fr"])
def test_programs_have_no_language_and_unknown_ones_no_page(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_form_sent_in_a_language_answers_in_it(client: Client) -> None:
    answer = client.post("/es/sign-in/", {"email": "ada@people.example"}, follow=True)
    assert answer.status_code == 200
    assert _HTML.search(answer.content.decode())[1] == "es"


def test_numbers_in_attributes_are_numbers_in_every_language(client: Client, ada: Account) -> None:
    """A comma for a decimal point would break a drawing or a slider."""
    factories.make_job()
    client.force_login(ada)
    wrong = re.compile(r'\b(?:width|height|x|y|cx|cy|r|d|points|min|max|step|value|data-[\w-]+)="-?\d+,\d+"')
    for name in ("home", "jobs", "taste", "you", "saved", "applications", "consent"):
        page = client.get(f"/fr{reverse(f'portal:{name}')}").content.decode()
        assert not wrong.findall(page), name


def test_who_applies_in_a_language_gets_letters_in_it(client: Client) -> None:
    job = factories.make_job(title="Pflege")
    form = {"name": "Lina Haddad", "email": "lina@people.example", "resume_text": "Ten years of nursing."}
    client.post(f"/de/jobs/{job.pk}/apply/", form)
    work_off()
    letter = Message.objects.get(to_address="lina@people.example")
    assert letter.subject == "Bitte bestätige deine Bewerbung: Pflege"
