"""The desk's communities: the shelf, one with its name to change, why somebody is in it, its persona card."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from segue.kit.actor import Actor
from segue.learn.actions.communities.fitting import refit_communities
from segue.learn.models import Community, Segment, SegmentKind, SegmentMember
from segue.trust.models import Account
from tests.factories import rosa, theo
from tests.factories.crowd import make_crowd

pytestmark = pytest.mark.django_db
ClientAs = Callable[[Account], Client]


@pytest.fixture
def nurses() -> Segment:
    make_crowd()
    refit_communities(by=Actor.machine("a test"))
    return Segment.objects.get(kind=SegmentKind.COMMUNITY, name__startswith="Nurse")


def test_the_shelf_shows_every_community_and_what_the_fit_did(nurses: Segment, client_as: ClientAs) -> None:
    page = client_as(rosa()).get(reverse("desk:communities")).content.decode()
    for segment in Segment.objects.filter(kind=SegmentKind.COMMUNITY):
        assert segment.name in page
    assert "is new" in page


def test_without_a_crowd_the_shelf_says_what_it_takes(client_as: ClientAs) -> None:
    assert "two hundred people" in client_as(rosa()).get(reverse("desk:communities")).content.decode()


def test_a_name_is_changed_and_changed_back(nurses: Segment, client_as: ClientAs) -> None:
    client, address = client_as(rosa()), reverse("desk:community_name", args=[nurses.pk])
    page = client.post(address, {"name": " Night  angels "}, follow=True)
    assert "Night angels" in page.content.decode()
    assert Community.objects.get(pk=nurses.pk).is_named
    toast = page.context["toast"]
    client.post(toast["undo_url"], toast["undo_fields"])
    assert Segment.objects.get(pk=nurses.pk).name == nurses.name
    assert not Community.objects.get(pk=nurses.pk).is_named


def test_a_community_shows_its_skills_its_examples_and_why_each_is_here(
    nurses: Segment, client_as: ClientAs
) -> None:
    client = client_as(rosa())
    page = client.get(reverse("desk:segment", args=[nurses.pk])).content.decode()
    assert "What tells them apart" in page
    assert "Nearest to its middle" in page
    stay = SegmentMember.objects.filter(segment=nurses, left_at=None).first()
    assert stay is not None
    why = client.get(reverse("desk:segment_why", args=[nurses.pk, stay.person_id])).content.decode()
    assert "brought them nearest" in why
    assert stay.why["skills"][0].replace("-", " ") in why.lower()


def test_an_analyst_sees_figures_and_nobody(nurses: Segment, client_as: ClientAs) -> None:
    client = client_as(theo())
    page = client.get(reverse("desk:segment", args=[nurses.pk])).content.decode()
    assert "What tells them apart" in page
    assert "Nearest to its middle" not in page
    assert client.get(reverse("desk:persona", args=[nurses.pk])).status_code == 200
    assert client.post(reverse("desk:community_name", args=[nurses.pk]), {"name": "X"}).status_code == 403


def test_the_card_is_a_page_and_two_files(nurses: Segment, client_as: ClientAs) -> None:
    client, address = client_as(rosa()), reverse("desk:persona", args=[nurses.pk])
    page = client.get(address).content.decode()
    assert "stated themselves" in page
    assert 'id="figure-1"' in page
    assert client.get(address, {"format": "json"}).json()["segment"]["name"] == nurses.name
    markdown = client.get(address, {"format": "md"})
    assert markdown.content.decode().startswith("# Nurse")
    assert "attachment" in markdown["Content-Disposition"]
