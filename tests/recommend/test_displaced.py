"""A curator's pick takes another's place; how it did is said beside what it displaced."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from segue.catalog.models import Job, Person
from segue.kit import clock
from segue.kit.errors import NotAllowed
from segue.listen.models import Signal
from segue.recommend.actions.mixes import open_home
from segue.recommend.actions.playlists import add_job, create_playlist, publish_playlist
from segue.recommend.models import Exposure, Shelf
from segue.recommend.queries.displaced import picks_against_displaced
from segue.recommend.queries.playlists import items_of
from segue.trust.models import Account, Decision
from tests.factories import actor, make_person
from tests.recommend.stage import cards_of, market, own, shelf

pytestmark = pytest.mark.django_db


def test_a_decision_knows_what_a_curators_pick_displaced(lina: Person, rosa: Account) -> None:
    jobs = market(48)
    playlist = create_playlist(title="Kind teams", by=actor(rosa))
    for job in jobs[:3]:
        add_job(playlist, job=job, by=actor(rosa))
    publish_playlist(playlist, published=True, by=actor(rosa))
    home = open_home(lina.pk, by=own(lina))
    told = Decision.objects.get().inputs["displaced"]
    picks = [str(card.job.pk) for card in shelf(home, Shelf.RECRUITERS)]
    assert [picked for _, picked, _ in told] == picks
    lying = {str(card.job.pk) for card in cards_of(home)}
    assert lying.isdisjoint(instead for _, _, instead in told)
    for row in Exposure.objects.filter(shelf=Shelf.RECRUITERS):
        assert [row.position, str(row.job_id), str(row.displaced_job_id)] in told
    assert (
        Exposure.objects.exclude(shelf=Shelf.RECRUITERS).filter(displaced_job_id__isnull=False).count() == 0
    )


def test_a_curator_sees_how_a_pick_did_against_what_it_displaced(lina: Person, rosa: Account) -> None:
    """Sixty people saw the pick, sixty what it displaced; of fewer nothing is said."""
    jobs = market()
    playlist = create_playlist(title="Kind teams", by=actor(rosa))
    pick, instead = jobs[0], jobs[1]
    add_job(playlist, job=pick, by=actor(rosa))
    people = [make_person() for _ in range(120)]
    seen = [
        exposure(person, pick, Shelf.RECRUITERS, displaced=instead.pk) if i < 60 else
        exposure(person, instead, Shelf.NEW)
        for i, person in enumerate(people)
    ]  # fmt: skip
    Exposure.objects.bulk_create(seen)
    acts = [("card.clicked", 0, 40), ("card.saved", 0, 30), ("card.clicked", 60, 70), ("card.saved", 60, 89)]
    for kind, first, last in acts:
        Signal.objects.bulk_create(
            Signal(kind=kind, person=p, job=pick if first == 0 else instead) for p in people[first:last]
        )
    Signal.objects.create(kind="card.clicked", person=people[119], job=instead, tier="D")
    (told,) = picks_against_displaced(items_of(playlist), by=actor(rosa))
    assert (told.job, told.seen, told.instead_seen, told.enough) == (pick, 60, 60, True)
    opened, saved, applied = told.acts
    assert (opened.people, opened.instead) == (40, 10)
    assert opened.difference is not None
    assert opened.difference.low > 0
    assert opened.difference.value == pytest.approx(0.5)
    assert saved.difference is not None
    assert not saved.difference.settled
    assert applied.difference is not None
    assert applied.difference.value == 0.0
    Exposure.objects.filter(person__in=people[100:]).delete()
    (few,) = picks_against_displaced(items_of(playlist), by=actor(rosa))
    assert not few.enough
    assert [one.difference for one in few.acts] == [None] * 3
    with pytest.raises(NotAllowed):
        picks_against_displaced(items_of(playlist), by=own(lina))


def test_the_desk_says_it_and_says_when_there_is_not_enough(
    rosa: Account, client_as: Callable[[Account], Client]
) -> None:
    jobs = market()
    playlist = create_playlist(title="Kind teams", by=actor(rosa))
    add_job(playlist, job=jobs[0], by=actor(rosa))
    page = reverse("desk:playlist", args=[playlist.pk])
    assert "Against what they displaced" not in client_as(rosa).get(page).content.decode()
    Exposure.objects.bulk_create(
        exposure(make_person(), job, place, displaced=jobs[1].pk)
        for job, place in ((jobs[0], Shelf.RECRUITERS), (jobs[1], Shelf.NEW))
        for _ in range(49)
    )
    assert "Not enough to say" in client_as(rosa).get(page).content.decode()
    Exposure.objects.bulk_create(
        exposure(make_person(), job, place, displaced=jobs[1].pk)
        for job, place in ((jobs[0], Shelf.RECRUITERS), (jobs[1], Shelf.NEW))
    )
    told = client_as(rosa).get(page).content.decode()
    assert "Not enough to say" not in told
    assert "could be chance" in told


def exposure(person: Person, job: Job, place: Shelf, *, displaced: uuid.UUID | None = None) -> Exposure:
    """A card that was seen an hour ago, wherever it lay."""
    return Exposure(
        person=person,
        job=job,
        shelf=place,
        position=0,
        policy_id="mix-1",
        model_hash="0" * 64,
        propensity=1.0,
        score=0.5,
        reason_code="curated",
        visible=True,
        shown_at=clock.now() - timedelta(hours=1),
        displaced_job_id=displaced if place == Shelf.RECRUITERS else None,
    )
