"""The desk's segments: a rule built by buttons alone, kept, undone, looked into, exported."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from segue.kit.actor import Actor
from segue.learn.actions.searching import index_people
from segue.learn.actions.segments.editing import make_segment
from segue.learn.actions.segments.refreshing import refresh_segments
from segue.learn.models import Segment
from segue.recommend.models import Playlist
from segue.trust.models import Account, AuditLine
from tests import factories
from tests.factories import actor, grant, make_person, make_skill, max_, rosa, theo

pytestmark = pytest.mark.django_db
ClientAs = Callable[[Account], Client]
MACHINE = Actor.machine("a test")
PYTHON: dict[str, Any] = {
    "version": 1,
    "rule": {"all": [{"kind": "skills", "which": "all", "skills": ["python"]}]},
}


@pytest.fixture
def crowd() -> None:
    """Two who know Python, one of whom may be written to, and one who allows nothing."""
    make_skill("python")
    for name, purposes in (("=Ada", ()), ("Bodil", ("profile",))):
        grant(make_person(name=name, skills=["python"], headline="Engineer"), *purposes)
    make_person(name="Cy", skills=["python"])
    index_people(by=MACHINE)


def pythons() -> Segment:
    segment = make_segment(name="Pythons", rule=PYTHON, by=actor(rosa()))
    refresh_segments(by=MACHINE)
    return segment


def test_a_rule_is_built_by_buttons_and_kept(crowd: None, client_as: ClientAs) -> None:
    client, page = client_as(rosa()), reverse("desk:segment_new")
    assert "3" in text_of(client.get(page)), "a rule of nothing is everybody's"
    added = client.post(page, {"name": "P", "mode": "all", "add": "skills", "do": "add "})
    assert 'name="skills-0"' in text_of(added)
    assert "“Skills” is missing" in text_of(added)
    assert "aria-invalid" not in added.content.decode(), "a condition just added is no mistake yet"
    named = {"name": "P", "mode": "all", "node-0": "1", "kind-0": "skills", "which-0": "any", "do": "look"}
    assert "Not among our skills" not in text_of(client.post(page, named | {"skills-0": "python"}))
    strange = text_of(client.post(page, named | {"skills-0": "python, unicorns"}))
    assert "Not among our skills" in strange
    assert ">unicorns</bdi>" in strange
    assert ">python</bdi>" not in strange
    early = client.post(page, {"name": "P", "mode": "all", "node-0": "1", "kind-0": "skills", "do": "save"})
    assert (early.status_code, "aria-invalid" in early.content.decode()) == (422, True)
    built = {
        "name": "P",
        "mode": "all",
        "node-0": "1",
        "kind-0": "skills",
        "which-0": "all",
        "skills-0": "Python",
    }
    grown = client.post(page, {**built, "do": "group "})
    assert 'name="mode-1"' in text_of(grown)
    nested = {
        **built,
        "node-1": "1",
        "mode-1": "none",
        "node-1-0": "1",
        "kind-1-0": "place",
        "near-1-0": "Paris",
    }
    looked = text_of(client.post(page, {**nested, "km-1-0": "50", "do": "look"}))
    assert "Knows Python and not: lives within 50 km of Paris" in looked
    assert "Bodil" in looked
    assert "Cy" not in looked
    dropped = text_of(client.post(page, {**nested, "km-1-0": "50", "do": "drop -1-0"}))
    assert 'name="near-1-0"' not in dropped
    kept = client.post(page, {**nested, "km-1-0": "50", "do": "save"})
    segment = Segment.objects.get()
    assert kept.url == reverse("desk:segment", args=[segment.pk])  # type: ignore[attr-defined]  # a redirect
    assert segment.rule["rule"]["all"][1] == {"not": {"any": [{"kind": "place", "near": "Paris", "km": 50}]}}


def test_what_is_wrong_is_said_beside_the_rule_and_nothing_is_lost(crowd: None, client_as: ClientAs) -> None:
    client, page = client_as(rosa()), reverse("desk:segment_new")
    far = {"name": "Far", "mode": "all", "node-0": "1", "kind-0": "place", "near-0": "Atlantis", "km-0": "50"}
    answer = client.post(page, {**far, "do": "save"})
    assert answer.status_code == 422
    assert "We do not know where “Atlantis” is." in text_of(answer)
    assert 'value="Atlantis"' in text_of(answer)
    sex = {
        "name": "x",
        "mode": "all",
        "node-0": "1",
        "kind-0": "text",
        "query-0": "nurse female",
        "do": "save",
    }
    assert "Nobody is grouped by that here" in text_of(client.post(page, sex))
    assert not Segment.objects.exists()


def test_an_edit_shows_what_it_would_change_and_is_undone(crowd: None, client_as: ClientAs) -> None:
    segment, client = pythons(), client_as(rosa())
    page = reverse("desk:segment_edit", args=[segment.pk])
    new = {"name": "Berliners", "mode": "all", "version": "1", "node-0": "1", "kind-0": "place",
           "near-0": "Paris", "km-0": "50"}  # fmt: skip
    assert "0 would come, 2 would leave, 0 would stay" in text_of(client.post(page, {**new, "do": "look"}))
    client.post(page, {**new, "do": "save"})
    stale = client.post(page, {**new, "do": "save"})
    assert "was changed meanwhile" in text_of(stale)
    restore = {"name": "Pythons", "description": "", "rule": json.dumps(PYTHON)}
    client.post(reverse("desk:segment_restore", args=[segment.pk]), restore)
    segment.refresh_from_db()
    assert (segment.name, segment.rule) == ("Pythons", PYTHON)


def test_the_page_of_one_says_who_and_why(crowd: None, client_as: ClientAs) -> None:
    segment, client = pythons(), client_as(rosa())
    page = text_of(client.get(reverse("desk:segment", args=[segment.pk])))
    assert "Knows Python." in page
    assert "Bodil" in page
    member = segment.members.get(person__name="Bodil")
    why = text_of(client.get(reverse("desk:segment_why", args=[segment.pk, member.person_id])))
    assert "Knows python" in why or "Knows Python" in why
    assert "Holds" in why
    listed = text_of(client.get(reverse("desk:segments")))
    assert "Pythons" in listed
    assert "+2" in listed


def test_the_export_is_safe_narrow_and_written_down(crowd: None, client_as: ClientAs) -> None:
    segment = pythons()
    address = reverse("desk:segment_export", args=[segment.pk])
    rows = text_of(client_as(rosa()).post(address)).splitlines()
    assert len(rows) == 3
    ada = next(row for row in rows if "'=Ada" in row)
    assert "@people.example" in ada
    assert "@" not in next(row for row in rows if "Bodil" in row), "Bodil may not be written to"
    assert AuditLine.objects.filter(verb="learn.export_segment", subject_id=str(segment.pk)).exists()


def test_a_playlist_for_them_is_seen_by_them_alone(crowd: None, client_as: ClientAs) -> None:
    from segue.recommend.queries.playlists import meant_for

    segment = pythons()
    client_as(rosa()).post(reverse("desk:segment_playlist", args=[segment.pk]))
    playlist = Playlist.objects.get()
    assert playlist.audience == {"segment": str(segment.pk)}
    inside = segment.members.filter(left_at=None)[0].person
    assert meant_for(playlist, inside)
    assert not meant_for(playlist, make_person(skills=["python"]))


def test_doors(crowd: None, client_as: ClientAs) -> None:
    segment = pythons()
    analyst, manager = client_as(theo()), client_as(max_())
    page = reverse("desk:segment", args=[segment.pk])
    seen = text_of(analyst.get(page))
    assert "Who they are is for the talent team" in seen
    assert "Bodil" not in seen
    assert manager.get(page).status_code == 403
    assert analyst.post(reverse("desk:segment_export", args=[segment.pk])).status_code == 403
    assert analyst.get(reverse("desk:segment_new")).status_code == 403
    candidate = client_as(factories.eve())
    assert candidate.get(page).status_code == 403


def text_of(answer: Any) -> str:
    return str(answer.getvalue().decode())
