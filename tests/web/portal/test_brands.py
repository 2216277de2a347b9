"""The career site wears a job's brand wherever the job is met; who asks for one that is gone is not lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from segue.catalog.actions.brands import edit_brand, retire_brand
from segue.catalog.models import Brand, Job
from segue.engage.models import Message
from segue.hire.actions.letters import tell_hired
from segue.hire.queries.letter_values import values_of
from segue.hire.queries.offers import token_of
from segue.kit.actor import Actor
from segue.trust.models import Account
from segue.web.brands import sheet_of
from segue.web.portal.social_card import card_words
from tests.factories import actor, make_application, make_brand, make_job, make_offer

pytestmark = pytest.mark.django_db
NASTY = '</title><script>alert(1)</script>"};'


@pytest.fixture
def brand() -> Brand:
    return make_brand(key="nordlicht", name="Nordlicht Logistik", accent="#12827c")


@pytest.fixture
def job(brand: Brand) -> Job:
    return make_job(title="Driver", brand=brand)


def sheet_named(page: str) -> str:
    found = re.search(r'<link rel="stylesheet" href="(/brand/[^"]+)">', page)
    return found[1] if found else ""


class TestPages:
    def test_every_page_of_a_job_wears_its_brand(self, ada: Account, job: Job, client: Client) -> None:
        application = make_application(ada.person, job)
        pages = [
            f"/jobs/{job.pk}/",
            f"/jobs/{job.pk}/apply/",
            f"/a/{application.status_key}/",
            f"/offer/{token_of(make_offer(application))}/",
            "/jobs/?brand=nordlicht",
        ]
        for address in pages:
            page = client.get(address).content.decode()
            assert sheet_named(page).startswith("/brand/nordlicht.css?v="), address
            assert "<span>Nordlicht Logistik</span>" in page
            assert ">NL</text>" in page
            assert " style=" not in page

    def test_a_job_of_the_house_wears_the_house(self, brand: Brand, client: Client) -> None:
        page = client.get(f"/jobs/{make_job().pk}/").content.decode()
        assert not sheet_named(page)
        assert settings.EMPLOYER_NAME in page

    def test_a_name_is_a_name_and_nothing_else(self, client: Client) -> None:
        job = make_job(brand=make_brand(name=NASTY[:80]))
        page = client.get(f"/jobs/{job.pk}/").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "alert" not in client.get(sheet_named(page)).content.decode()
        for feed in ("/jobs/indeed.xml", "/jobs/linkedin.xml", "/jobs.atom"):
            answer = client.get(feed)
            body = b"".join(answer) if answer.streaming else answer.content
            assert b"<script>" not in body

    def test_retired_its_pages_wear_the_house(
        self, mia: Account, brand: Brand, job: Job, client: Client
    ) -> None:
        retire_brand(brand, by=actor(mia))
        page = client.get(f"/jobs/{job.pk}/").content.decode()
        assert not sheet_named(page)
        assert brand.name not in page


class TestTheList:
    def test_is_narrowed_to_a_brand_and_says_so_in_its_filter(self, job: Job, client: Client) -> None:
        make_job(title="Baker")
        everything = client.get("/jobs/").content.decode()
        assert "Baker" in everything
        assert '<option value="nordlicht">Nordlicht Logistik (1)</option>' in everything
        page = client.get("/jobs/?brand=nordlicht").content.decode()
        assert "Driver" in page
        assert "Baker" not in page
        assert '<option value="nordlicht" selected>' in page
        assert 'rel="canonical" href="http://testserver/jobs/?brand=nordlicht"' in page
        assert "noindex" not in page
        assert "noindex" in client.get("/jobs/?brand=nordlicht&country=DE").content.decode()

    def test_without_brands_there_is_no_such_filter(self, client: Client) -> None:
        make_job()
        assert 'name="brand"' not in client.get("/jobs/").content.decode()

    def test_a_brand_without_jobs_is_chosen_all_the_same(self, brand: Brand, client: Client) -> None:
        page = client.get("/jobs/?brand=nordlicht").content.decode()
        assert '<option value="nordlicht" selected>Nordlicht Logistik (0)</option>' in page

    @pytest.mark.parametrize("key", ["nobody", "%00", "..%2F..", "%22%3E%3Cscript%3E", "retired"])
    def test_a_brand_that_is_not_there_shows_everything(self, key: str, job: Job, client: Client) -> None:
        make_brand(key="retired", retired_at=job.created_at)
        answer = client.get(f"/jobs/?brand={key}")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Driver" in page
        assert not sheet_named(page)
        assert "noindex" not in page


class TestTheSheet:
    def test_is_kept_for_ever_under_the_address_that_names_it(
        self, mia: Account, brand: Brand, job: Job, client: Client
    ) -> None:
        before = sheet_named(client.get(f"/jobs/{job.pk}/").content.decode())
        answer = client.get(before)
        assert answer["Content-Type"] == "text/css; charset=utf-8"
        assert "immutable" in answer["Cache-Control"]
        assert client.get(before, headers={"If-None-Match": answer["ETag"]}).status_code == 304
        assert "immutable" not in client.get("/brand/nordlicht.css")["Cache-Control"]
        edit_brand(brand, name=brand.name, accent="#a01858", by=actor(mia))
        assert sheet_named(client.get(f"/jobs/{job.pk}/").content.decode()) != before

    def test_says_colours_and_nothing_else(self, brand: Brand) -> None:
        roles = re.findall(r"--([a-z-]+): light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\);", sheet_of(brand))
        assert roles == ["accent", "accent-strong", "on-accent", "accent-soft", "on-accent-soft"]

    @pytest.mark.parametrize("key", ["nobody", "retired"])
    def test_that_is_not_there_is_a_plain_404(self, key: str, brand: Brand, client: Client) -> None:
        make_brand(key="retired", retired_at=brand.made_at)
        assert client.get(f"/brand/{key}.css").status_code == 404


class TestWhatOthersRead:
    def test_search_engines_boards_and_shared_cards_name_the_brand(self, job: Job, client: Client) -> None:
        page = client.get(f"/jobs/{job.pk}/").content.decode()
        found = re.search(r'<script type="application/ld\+json">(.+?)</script>', page)
        assert found is not None
        assert json.loads(found[1])["hiringOrganization"]["name"] == "Nordlicht Logistik"
        assert '<meta property="og:site_name" content="Nordlicht Logistik">' in page
        for board in ("indeed", "linkedin"):
            assert b"<company>Nordlicht Logistik</company>" in b"".join(client.get(f"/jobs/{board}.xml"))
        assert b"<name>Nordlicht Logistik</name>" in client.get("/jobs.atom").content
        words = card_words(job)
        assert (words.employer, words.inks[1]) == ("Nordlicht Logistik", "#007771")

    def test_boards_hear_of_a_new_name(self, mia: Account, brand: Brand, job: Job, client: Client) -> None:
        tag = client.get("/jobs/indeed.xml")["ETag"]
        edit_brand(brand, name="Südlicht", accent=brand.accent, by=actor(mia))
        answer = client.get("/jobs/indeed.xml", headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert "Südlicht".encode() in b"".join(answer)

    def test_letters_are_signed_by_the_brand(self, ada: Account, job: Job) -> None:
        application = make_application(ada.person, job)
        assert ada.person is not None
        assert values_of(ada.person, job=job, about=None, sender="Rosa")["employer"] == "Nordlicht Logistik"
        tell_hired(application, by=Actor.machine("test"))
        assert Message.objects.latest("pk").text.endswith("\n\nNordlicht Logistik")

    def test_the_api_says_and_takes_the_key(
        self, rosa: Account, job: Job, client: Client, client_as: Callable[[Account], Client]
    ) -> None:
        (item,) = client.get("/api/v1/jobs?brand=nordlicht").json()["items"]
        assert item["brand"] == "nordlicht"
        assert client.get("/api/v1/jobs?brand=nobody").json()["total"] == 0
        desk, address, as_json = client_as(rosa), "/api/v1/jobs", "application/json"
        assert desk.patch(f"{address}/{job.pk}", {"brand": ""}, as_json).json()["brand"] == ""
        made = desk.post(address, {"title": "Packer", "brand": "nordlicht"}, as_json)
        assert (made.status_code, made.json()["brand"]) == (201, "nordlicht")
        refused = desk.post(address, {"title": "Packer", "brand": "nobody"}, as_json)
        assert (refused.status_code, refused.json()["field"]) == (422, "brand")
