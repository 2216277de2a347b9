"""A recruiter's list on people's homes: pins, exclusions, order, audience, expiry."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from segue.catalog.models import Job, JobStatus, Person
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed, NotFound
from segue.listen.actions.record import record
from segue.listen.models import Signal
from segue.recommend.actions.mixes import open_home
from segue.recommend.actions.playlists import (
    add_job,
    create_playlist,
    edit_playlist,
    exclude_job,
    expire_job,
    pin_job,
    place_job,
    publish_playlist,
    remove_job,
)
from segue.recommend.actions.stances import take_stance
from segue.recommend.models import Exposure, Playlist, Shelf, Slate
from segue.recommend.queries.playlists import items_of, performance_of, playlist_for, playlists_visible_to
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account
from tests.factories import actor, grant, make_job, make_person
from tests.recommend.stage import jobs_on, market, own, shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs() -> list[Job]:
    return market(16)


@pytest.fixture
def curator(rosa: Account) -> Actor:
    return actor(rosa)


@pytest.fixture
def listed(jobs: list[Job], curator: Actor) -> Playlist:
    """A published list of the first four jobs."""
    playlist = create_playlist(title="Kind teams", note="Hand-picked", by=curator)
    for job in jobs[:4]:
        add_job(playlist, job=job, by=curator)
    return publish_playlist(playlist, published=True, by=curator)


def picks(person: Person) -> list[uuid.UUID]:
    """Return what lies on the recruiters' shelf of a home dealt from scratch: no job lies on two shelves."""
    Slate.objects.filter(person=person).update(retired_at=clock.now())
    return [card.job.pk for card in shelf(open_home(person.pk, by=own(person)), Shelf.RECRUITERS)]


def test_a_published_list_lies_on_the_home_and_says_who_chose(
    lina: Person, listed: Playlist, jobs: list[Job], curator: Actor
) -> None:
    assert set(picks(lina)) == {job.pk for job in jobs[:4]}
    cards = shelf(open_home(lina.pk, by=own(lina)), Shelf.RECRUITERS)
    assert all(c.explored or "recruiters" in c.reason for c in cards)
    publish_playlist(listed, published=False, by=curator)
    assert picks(lina) == []


def test_pins_come_first_in_the_curators_order_with_certainty(
    lina: Person, listed: Playlist, jobs: list[Job], curator: Actor
) -> None:
    for job in (jobs[3], jobs[1]):
        pin_job(listed, job=job, pinned=True, by=curator)
    place_job(listed, job=jobs[3], position=0, by=curator)
    assert picks(lina)[:2] == [jobs[3].pk, jobs[1].pk]
    for row in Exposure.objects.filter(shelf=Shelf.RECRUITERS, position__lt=2):
        assert (row.propensity, row.reason_code) == (1.0, "pinned")
    pin_job(listed, job=jobs[3], pinned=False, by=curator)
    assert picks(lina)[0] == jobs[1].pk


def test_an_excluded_job_is_never_dealt_from_this_list(
    lina: Person, listed: Playlist, jobs: list[Job], curator: Actor
) -> None:
    pin_job(listed, job=jobs[0], pinned=True, by=curator)
    exclude_job(listed, job=jobs[0], excluded=True, by=curator)
    assert jobs[0].pk not in picks(lina)
    exclude_job(listed, job=jobs[0], excluded=False, by=curator)
    assert picks(lina)[0] == jobs[0].pk


def test_lists_share_the_shelf_and_a_job_pinned_twice_lies_there_once(
    lina: Person, listed: Playlist, jobs: list[Job], curator: Actor
) -> None:
    other = create_playlist(title="Close to home", by=curator)
    for job in (jobs[0], jobs[5]):
        add_job(other, job=job, by=curator)
    publish_playlist(other, published=True, by=curator)
    for playlist in (listed, other):
        pin_job(playlist, job=jobs[0], pinned=True, by=curator)
    assert sorted(picks(lina)) == sorted(job.pk for job in [*jobs[:4], jobs[5]])
    exclude_job(listed, job=jobs[0], excluded=True, by=curator)
    assert picks(lina)[0] == jobs[0].pk, "what one curator leaves out, another may still put forward"


@pytest.mark.parametrize(
    ("audience", "included"),
    [
        ({}, True),
        ({"country": "DE"}, True),
        ({"country": "FR"}, False),
        ({"skill": "python"}, True),
        ({"skill": "nursing"}, False),
        ({"country": "DE", "skill": "nursing"}, False),
    ],
)
def test_an_audience_holds_those_it_names(
    lina: Person, listed: Playlist, curator: Actor, audience: dict[str, Any], included: bool
) -> None:
    edit_playlist(listed, audience=audience, by=curator)
    assert bool(picks(lina)) is included


def test_choosing_by_profile_needs_the_profile_to_be_allowed(
    lina: Person, listed: Playlist, curator: Actor
) -> None:
    edit_playlist(listed, audience={"skill": "python"}, by=curator)
    set_consent(lina, purpose="profile", granted=False, by=own(lina))
    assert picks(lina) == []
    edit_playlist(listed, audience={}, by=curator)
    assert picks(lina) != []


def test_an_expired_list_is_off_and_new_words_leave_its_end_alone(
    lina: Person, listed: Playlist, curator: Actor
) -> None:
    end = clock.now() + timedelta(days=1)
    edit_playlist(listed, expires_at=end, by=curator)
    edit_playlist(listed, title="Kinder teams", by=curator)
    listed.refresh_from_db()
    assert listed.expires_at == end
    edit_playlist(listed, expires_at=clock.now() - timedelta(minutes=1), by=curator)
    assert picks(lina) == []
    edit_playlist(listed, expires_at=None, by=curator)
    assert picks(lina) != []


def test_what_is_hidden_applied_for_or_closed_is_not_put_forward_either(
    lina: Person, listed: Playlist, jobs: list[Job], curator: Actor
) -> None:
    pin_job(listed, job=jobs[0], pinned=True, by=curator)
    record("application.submitted", by=own(lina), person_id=lina.pk, job_id=jobs[0].pk)
    Job.objects.filter(pk=jobs[1].pk).update(status=JobStatus.CLOSED)
    assert set(picks(lina)) == {jobs[2].pk, jobs[3].pk}


def test_somebody_without_consents_sees_the_list_too(listed: Playlist, jobs: list[Job]) -> None:
    silent = make_person()
    assert set(picks(silent)) == {job.pk for job in jobs[:4]}
    assert len(jobs_on(open_home(silent.pk, by=own(silent)))) == 12


def test_the_order_is_the_curators_and_moving_undoes_itself(
    listed: Playlist, jobs: list[Job], curator: Actor
) -> None:
    def order() -> list[uuid.UUID]:
        return [item.job_id for item in items_of(listed)]

    before = order()
    place_job(listed, job=jobs[0], position=99, by=curator)
    assert order() == [*before[1:], before[0]]
    place_job(listed, job=jobs[0], position=0, by=curator)
    assert order() == before
    remove_job(listed, job=jobs[1], by=curator)
    assert [item.position for item in items_of(listed)] == [0, 1, 2]
    add_job(listed, job=jobs[1], by=curator)
    add_job(listed, job=jobs[1], by=curator)
    assert order() == [before[0], *before[2:], before[1]]


REFUSALS: list[tuple[Callable[[Playlist, Job, Actor], object], type[Exception]]] = [
    (lambda p, j, by: create_playlist(title="  ", by=by), Invalid),
    (lambda p, j, by: create_playlist(title="x" * 121, by=by), Invalid),
    (lambda p, j, by: edit_playlist(p, audience={"age": "young"}, by=by), Invalid),
    (lambda p, j, by: pin_job(p, job=j, pinned=True, by=by), NotFound),
    (lambda p, j, by: remove_job(p, job=j, by=by), NotFound),
    (lambda p, j, by: playlist_for(by, uuid.uuid4()), NotFound),
]


@pytest.mark.parametrize(("verb", "error"), REFUSALS)
def test_what_cannot_be_is_refused(
    verb: Callable[[Playlist, Job, Actor], object],
    error: type[Exception],
    listed: Playlist,
    curator: Actor,
) -> None:
    with pytest.raises(error):
        verb(listed, make_job(), curator)


@pytest.mark.parametrize("who", ["ada", "max_", "ines", "theo"])
def test_only_the_talent_team_curates(
    who: str, listed: Playlist, jobs: list[Job], request: pytest.FixtureRequest
) -> None:
    other = actor(request.getfixturevalue(who))
    for verb in (
        lambda: create_playlist(title="Mine", by=other),
        lambda: add_job(listed, job=jobs[9], by=other),
        lambda: publish_playlist(listed, published=False, by=other),
        lambda: edit_playlist(listed, title="Mine", by=other),
        lambda: performance_of(listed, other),
    ):
        with pytest.raises(NotAllowed):
            verb()
    assert not playlists_visible_to(other).exists()


def test_how_picks_do_is_counted_in_people(
    lina: Person, listed: Playlist, jobs: list[Job], curator: Actor
) -> None:
    grant(other := make_person(), "behaviour")
    for person in (lina, other):
        open_home(person.pk, by=own(person))
    for _ in range(2):
        record("card.clicked", by=own(lina), person_id=lina.pk, job_id=jobs[0].pk)
    record("card.saved", by=own(other), person_id=other.pk, job_id=jobs[0].pk)
    record("application.submitted", by=own(other), person_id=other.pk, job_id=jobs[0].pk)
    for tier in "CD":
        Signal.objects.create(kind="card.clicked", person=other, job=jobs[0], tier=tier)
    first = next(one for one in performance_of(listed, curator) if one.job == jobs[0])
    assert (first.shown, first.opened, first.saved, first.applied) == (2, 1, 1, 1)


def test_a_pick_past_its_last_day_leaves_alone(
    lina: Person, listed: Playlist, jobs: list[Job], curator: Actor
) -> None:
    pin_job(listed, job=jobs[0], pinned=True, by=curator)
    expire_job(listed, job=jobs[0], until=clock.now() + timedelta(days=1), by=curator)
    assert picks(lina)[0] == jobs[0].pk
    expire_job(listed, job=jobs[0], until=clock.now() - timedelta(minutes=1), by=curator)
    assert set(picks(lina)) == {job.pk for job in jobs[1:4]}
    expire_job(listed, job=jobs[0], until=None, by=curator)
    assert picks(lina)[0] == jobs[0].pk


def test_a_home_holds_no_more_of_a_list_than_it_may_pins_included(
    lina: Person, listed: Playlist, jobs: list[Job], curator: Actor
) -> None:
    edit_playlist(listed, caps={"home": 2}, by=curator)
    assert len(picks(lina)) == 2
    for job in jobs[:3]:
        pin_job(listed, job=job, pinned=True, by=curator)
    assert picks(lina) == [jobs[0].pk, jobs[1].pk]
    other = create_playlist(title="Another", by=curator)
    add_job(other, job=jobs[9], by=curator)
    publish_playlist(other, published=True, by=curator)
    assert picks(lina) == [jobs[0].pk, jobs[1].pk, jobs[9].pk], "one list's limit is not another's"


def test_a_replaced_pick_keeps_the_limit_too(
    lina: Person, listed: Playlist, jobs: list[Job], curator: Actor
) -> None:
    edit_playlist(listed, caps={"home": 1}, by=curator)
    (first,) = picks(lina)
    reaction = take_stance(lina.pk, job_id=first, stance="skipped", by=own(lina))
    assert reaction.replacement is not None
    lying = Exposure.objects.filter(person=lina, shelf=Shelf.RECRUITERS, replaced_at=None)
    (second,) = lying.filter(slate__retired_at=None).values_list("job_id", flat=True)
    assert second == reaction.replacement.job.pk != first


def test_a_department_and_a_week_have_their_limits(
    lina: Person, listed: Playlist, jobs: list[Job], curator: Actor
) -> None:
    edit_playlist(listed, caps={"department": 1}, by=curator)
    departments = [Job.objects.get(pk=pk).department for pk in picks(lina)]
    assert sorted(departments) == sorted({job.department for job in jobs[:4]})
    edit_playlist(listed, caps={"week": 2}, by=curator)
    first = picks(lina)
    assert len(first) == 2
    Exposure.objects.filter(person=lina, shelf=Shelf.RECRUITERS, replaced_at=None, job_id__in=first).update(
        visible=True, shown_at=clock.now()
    )
    assert set(picks(lina)) <= set(first), "what was seen this week may stay, others wait for Monday"
    Exposure.objects.update(shown_at=clock.now() - timedelta(days=9))
    assert len(picks(lina)) == 2


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Vienna"])
def test_a_week_begins_at_midnight_of_the_persons_own_monday(
    lina: Person, listed: Playlist, jobs: list[Job], curator: Actor, zone: str
) -> None:
    Person.objects.filter(pk=lina.pk).update(time_zone=zone)
    edit_playlist(listed, caps={"week": 1}, by=curator)
    today = clock.now().astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    (seen,) = picks(lina)
    other = next(job for job in jobs[:4] if job.pk != seen)
    pin_job(listed, job=other, pinned=True, by=curator)

    def after_seeing_it(at: datetime) -> list[uuid.UUID]:
        Exposure.objects.filter(person=lina, job_id=seen).update(visible=True, shown_at=at)
        return picks(lina)

    assert after_seeing_it(monday) == [seen], "this week's room is taken, even from a pin"
    assert after_seeing_it(monday - timedelta(minutes=1)) == [other.pk], "that was last week"


@pytest.mark.parametrize("caps", [{"home": 0}, {"month": 3}, {"week": -1}])
def test_a_limit_that_is_none_is_refused(listed: Playlist, curator: Actor, caps: dict[str, int]) -> None:
    with pytest.raises(Invalid):
        edit_playlist(listed, caps=caps, by=curator)
