"""Rosa curates: every verb does its deed, and its toast undoes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from segue.catalog.models import Job
from segue.recommend.actions.playlists import add_job, create_playlist
from segue.recommend.models import Playlist
from segue.trust.models import Account
from tests.factories import actor, make_job


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


@pytest.fixture
def playlist(rosa: Account) -> Playlist:
    playlist = create_playlist(title="Night shifts", by=actor(rosa))
    for title in ("Baker", "Nurse", "Guard"):
        add_job(playlist, job=make_job(title=title), by=actor(rosa))
    return playlist


def job(title: str) -> str:
    return str(Job.objects.get(title=title).pk)


def state(playlist: Playlist) -> list[tuple[str, bool, bool]]:
    items = playlist.items.order_by("position").select_related("job")
    return [(item.job.title, item.pinned, item.excluded) for item in items]


@pytest.mark.parametrize(
    ("verb", "fields", "after"),
    [
        ("place", {"job": "Guard", "position": "0"}, ["Guard", "Baker", "Nurse"]),
        ("place", {"job": "Baker", "position": "1"}, ["Nurse", "Baker", "Guard"]),
        ("pin", {"job": "Nurse", "pinned": "1"}, ["Baker", "Nurse*", "Guard"]),
        ("exclude", {"job": "Nurse", "excluded": "1"}, ["Baker", "Nurse-", "Guard"]),
        ("remove", {"job": "Nurse"}, ["Baker", "Guard"]),
    ],
)
def test_a_verb_does_its_deed_and_its_toast_undoes_it(
    verb: str, fields: dict[str, str], after: list[str], playlist: Playlist, desk: Client
) -> None:
    before = state(playlist)
    sent = fields | {"job": job(fields["job"])}
    toast = desk.post(reverse(f"desk:playlist_{verb}", args=[playlist.pk]), sent, follow=True).context[
        "toast"
    ]
    assert [title + "*" * pinned + "-" * out for title, pinned, out in state(playlist)] == after
    desk.post(toast["undo_url"], toast["undo_fields"])
    assert state(playlist) == before


def test_removing_a_pinned_job_and_taking_it_back_keeps_the_pin(playlist: Playlist, desk: Client) -> None:
    desk.post(reverse("desk:playlist_pin", args=[playlist.pk]), {"job": job("Nurse"), "pinned": "1"})
    before = state(playlist)
    removed = desk.post(
        reverse("desk:playlist_remove", args=[playlist.pk]), {"job": job("Nurse")}, follow=True
    )
    toast = removed.context["toast"]
    desk.post(toast["undo_url"], toast["undo_fields"])
    assert state(playlist) == before


def test_jobs_are_added_from_a_search_that_leaves_out_what_is_there(playlist: Playlist, desk: Client) -> None:
    make_job(title="Night porter")
    address = reverse("desk:playlist", args=[playlist.pk])
    assert not desk.get(address + "?q=nurse").context["found"]
    found = desk.get(address + "?q=porter").context["found"]
    assert [row.title for row in found] == ["Night porter"]
    desk.post(reverse("desk:playlist_add", args=[playlist.pk]), {"job": str(found[0].pk)})
    assert [title for title, _, _ in state(playlist)][-1] == "Night porter"


def test_publishing_is_undone(playlist: Playlist, desk: Client) -> None:
    sent = desk.post(reverse("desk:playlist_publish", args=[playlist.pk]), {"published": "1"}, follow=True)
    assert Playlist.objects.get().published
    desk.post(sent.context["toast"]["undo_url"], sent.context["toast"]["undo_fields"])
    assert not Playlist.objects.get().published


def test_settings_are_saved_and_undone(playlist: Playlist, desk: Client) -> None:
    words = {"title": "Days", "note": "Come", "country": "de", "skill": "SQL", "expires": "2031-02-01"}
    sent = desk.post(reverse("desk:playlist_edit", args=[playlist.pk]), words, follow=True)
    row = Playlist.objects.get()
    assert (row.title, row.audience) == ("Days", {"country": "DE", "skill": "sql"})
    assert f"{row.expires_at:%F}" == "2031-02-01"
    desk.post(sent.context["toast"]["undo_url"], sent.context["toast"]["undo_fields"])
    row = Playlist.objects.get()
    assert (row.title, row.audience, row.expires_at) == ("Night shifts", {}, None)


@pytest.mark.parametrize(
    ("changes", "words"), [({"title": " "}, "needs a title"), ({"expires": "soon"}, "is not a day")]
)
def test_a_refused_setting_keeps_what_was_typed(
    changes: dict[str, str], words: str, playlist: Playlist, desk: Client
) -> None:
    typed = {"title": "Days", "note": "Come along", "expires": ""} | changes
    answer = desk.post(reverse("desk:playlist_edit", args=[playlist.pk]), typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Come along" in answer.content.decode()


def test_a_new_one_needs_a_title(desk: Client) -> None:
    assert desk.post(reverse("desk:playlist_new"), {"title": ""}).status_code == 422
    assert desk.post(reverse("desk:playlist_new"), {"title": "Nights"}).status_code == 303
    assert Playlist.objects.get().title == "Nights"


def test_a_place_that_is_no_number_is_told_not_crashed(playlist: Playlist, desk: Client) -> None:
    sent = {"job": job("Nurse"), "position": "first"}
    toast = desk.post(reverse("desk:playlist_place", args=[playlist.pk]), sent, follow=True).context["toast"]
    assert toast["refused"]


def test_limits_and_a_last_day_are_typed_and_undone(playlist: Playlist, desk: Client) -> None:
    words = {"title": "Days", "most_home": "2", "most_week": "", "most_department": "1"}
    edited = reverse("desk:playlist_edit", args=[playlist.pk])
    sent = desk.post(edited, words, follow=True)
    assert Playlist.objects.get().caps == {"home": 2, "department": 1}
    desk.post(sent.context["toast"]["undo_url"], sent.context["toast"]["undo_fields"])
    assert Playlist.objects.get().caps == {}
    for wrong in ("few", "0"):
        refused = desk.post(edited, words | {"most_home": wrong})
        assert refused.status_code == 422
        assert f'value="{wrong}"' in refused.content.decode()
    expire = reverse("desk:playlist_expire", args=[playlist.pk])
    told = desk.post(expire, {"job": job("Nurse"), "until": "2031-02-01"}, follow=True)
    item = playlist.items.get(job_id=job("Nurse"))
    assert f"{item.until:%F}" == "2031-02-01"
    assert "Until 1 Feb 2031" in " ".join(told.content.decode().split())
    desk.post(told.context["toast"]["undo_url"], told.context["toast"]["undo_fields"])
    item.refresh_from_db()
    assert item.until is None
