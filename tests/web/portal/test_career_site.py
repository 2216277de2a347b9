"""Searching near a place, and the picture others show when a job is shared."""

from __future__ import annotations

import io
import re

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from segue.catalog.models import JobStatus
from segue.web.portal.social_card import CardWords, card_of, drawn, version_of
from tests import factories

WORDS = CardWords("Night nurse", "Berlin, Germany", "Northwind", ("#3b1c6b", "#c2255c", "#ffb37a"))


@pytest.mark.django_db
class TestSearching:
    def test_near_a_town(self, client: Client) -> None:
        factories.make_job(title="Baker", city="Potsdam", lat=52.39, lon=13.06)
        factories.make_job(title="Sailor", city="Hamburg", lat=53.55, lon=9.99)
        page = client.get("/jobs/", {"near": "Berlin", "km": "50"}).content.decode()
        assert "1 job, newest first" in page
        assert "Baker" in page
        assert "Sailor" not in page

    def test_nothing_near_says_what_would_find_something(self, client: Client) -> None:
        factories.make_job(title="Sailor", city="Hamburg", lat=53.55, lon=9.99)
        factories.make_job(title="Writer", city="", lat=None, lon=None, remote="remote")
        page = client.get("/jobs/", {"near": "Munich", "km": "25"}).content.decode()
        assert "No job like that today" in page
        assert re.search(
            r'href="/jobs/\?near=Munich&amp;km=25&amp;remote_too=1">With remote jobs \(1\)', page
        )
        assert 'href="/jobs/">Anywhere (2)' in page

    def test_an_address_says_the_search_and_nothing_more(self, client: Client) -> None:
        page = client.get("/jobs/?text=&country=&near=Berlin&km=25&pay=&currency=EUR").content.decode()
        assert 'rel="canonical" href="http://testserver/jobs/?near=Berlin&amp;km=25"' in page
        assert "noindex" in page
        plain = client.get("/jobs/?km=50&currency=").content.decode()
        assert 'rel="canonical" href="http://testserver/jobs/"' in plain
        assert "noindex" not in plain

    def test_a_town_we_do_not_know_says_so(self, client: Client) -> None:
        page = client.get("/jobs/", {"near": "Nirgendwo"}).content.decode()
        assert "We do not know where Nirgendwo is" in page


@pytest.mark.django_db
class TestTheCard:
    def test_is_named_by_the_page_and_is_a_picture_of_the_right_size(self, client: Client) -> None:
        job = factories.make_job(title="Night nurse")
        page = client.get(f"/jobs/{job.pk}/").content.decode()
        address = re.search(r'property="og:image" content="http://testserver([^"]+)"', page)
        assert address is not None
        assert 'name="twitter:card" content="summary_large_image"' in page
        answer = client.get(address[1])
        assert answer["Content-Type"] == "image/png"
        assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
        again = client.get(address[1], headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304

    def test_changes_its_address_with_what_it_says(self, client: Client) -> None:
        job = factories.make_job(title="Night nurse")
        cards = set()
        for title in ("Night nurse", "Night nurse", "Day nurse"):
            job.title = title
            job.save()
            found = re.search(r"card\.png\?v=\w+", client.get(f"/jobs/{job.pk}/").content.decode())
            assert found is not None
            cards.add(found[0])
        assert len(cards) == 2

    def test_of_a_job_nobody_may_see_is_not_there(self, client: Client) -> None:
        draft = factories.make_job(status=JobStatus.DRAFT, posted_at=None)
        assert client.get(f"/jobs/{draft.pk}/card.png").status_code == 404


def test_a_card_is_drawn_once() -> None:
    first = card_of(WORDS)
    cache.set(f"social_card:{version_of(WORDS)}", b"kept")
    assert card_of(WORDS) == b"kept" != first


@pytest.mark.parametrize(
    "title",
    [
        "",
        "看護師",
        "ممرضة ليلية",
        "x" * 300,
        "a\x00b\n\u202ec",
        "Донор " * 40,
        "🦄",
        "Donaudampfschifffahrt" * 6,
    ],
)
def test_whatever_a_title_says_a_card_can_be_drawn(title: str) -> None:
    words = CardWords(title, title, title, WORDS.inks)
    assert Image.open(io.BytesIO(drawn(words))).size == (1200, 630)
