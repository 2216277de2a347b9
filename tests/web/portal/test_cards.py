"""A card rendered once serves everybody, and shows nobody anybody else's."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.template import Context

from segue.recommend.cards import Card
from segue.web.portal.templatetags.cards import shelf_card
from tests import factories

pytestmark = pytest.mark.django_db


def _card(**fields: object) -> Card:
    return Card(uuid.uuid4(), factories.make_job(), "new", 0, "You bring <sql> & care.", 0.5, **fields)  # type: ignore[arg-type]  # the rest of a card


def test_each_person_gets_their_own_exposure_reason_and_token() -> None:
    mine = _card()
    yours = replace(mine, exposure_id=uuid.uuid4(), reason="Near you.")
    first = shelf_card(Context({"csrf_token": "my-token"}), mine)
    second = shelf_card(Context({"csrf_token": "your-token"}), yours)
    assert "You bring &lt;sql&gt; &amp; care." in first
    assert "my-token" in first
    assert f"/why/{mine.exposure_id}/" in first
    for private in ("my-token", str(mine.exposure_id), "You bring"):
        assert private not in second
    assert "Near you." in second


def test_a_stance_and_an_edit_are_seen_at_once() -> None:
    card = _card()
    context = Context({"csrf_token": "t"})
    assert 'aria-pressed="true"' not in shelf_card(context, card)
    assert 'aria-pressed="true"' in shelf_card(context, replace(card, stance="saved"))
    card.job.title, card.job.updated_at = "Renamed", card.job.updated_at.replace(year=2030)
    assert "Renamed" in shelf_card(context, card)
