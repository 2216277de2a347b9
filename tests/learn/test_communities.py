"""A crowd sorts itself: who is in which community, what it is called, and what a refit leaves as it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from segue.catalog.actions.erasure import erase_person
from segue.catalog.models import Fact, FactKind, FactSource, Person
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.queue import work_off
from segue.learn.actions.communities.fitting import refit_communities
from segue.learn.actions.communities.naming import name_community
from segue.learn.actions.communities.seating import seat_everybody, seat_person
from segue.learn.actions.registry import roll_back_model
from segue.learn.actions.segments.editing import archive_segment
from segue.learn.communities import COMMUNITIES, CommunityModel
from segue.learn.models import (
    Community,
    Model,
    Segment,
    SegmentCount,
    SegmentKind,
    SegmentMember,
    SegmentState,
)
from segue.learn.queries.communities.knowledge import digest_of, skills_known
from segue.learn.queries.communities.showing import changes_in_words, exemplars
from segue.learn.queries.registry import blob_of
from segue.listen.models import Signal
from segue.trust.actions.consent import set_consent
from tests import factories
from tests.factories.crowd import TRADES, make_crowd

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")


def active() -> list[Segment]:
    return list(
        Segment.objects.filter(kind=SegmentKind.COMMUNITY, state=SegmentState.ACTIVE).order_by("name")
    )


def seat_of(person: Person) -> SegmentMember | None:
    return SegmentMember.objects.filter(person=person, left_at=None).first()


def refit() -> dict[str, Any]:
    return refit_communities(by=MACHINE)


def test_a_crowd_sorts_itself_into_its_trades_and_is_named_after_them() -> None:
    people = make_crowd()
    card = refit()
    assert card["in_force"]
    assert card["stability"]["mean"] >= 0.8
    assert {one.name.split(":")[0] for one in active()} == set(TRADES)
    together = {one.person.headline for one in SegmentMember.objects.filter(segment=active()[0])}
    assert together == {"Baker"}
    assert card["people"]["placed"] + card["people"]["far_from_all"] == len(people)
    assert SegmentCount.objects.filter(segment=active()[0]).get().size == active()[0].size
    assert Signal.objects.filter(kind="segment.entered").count() == card["people"]["placed"]


def test_a_stay_says_which_skills_brought_somebody_here() -> None:
    people = make_crowd()
    refit()
    for person in people[:20]:
        seat = seat_of(person)
        if seat is not None:
            assert seat.why["skills"]
            assert set(seat.why["skills"]) <= set(person.skills)


def test_too_few_people_are_left_in_peace() -> None:
    make_crowd(10)
    assert refit()["abstained"] == "few_people"
    assert not active()
    assert not Model.objects.filter(kind=COMMUNITIES).exists()


def test_the_same_people_are_not_fitted_twice() -> None:
    make_crowd()
    first = refit()
    rows = list(SegmentMember.objects.order_by("pk").values())
    assert refit()["model"] == first["model"]
    assert list(SegmentMember.objects.order_by("pk").values()) == rows


def test_an_artefact_reads_back_as_it_was_written() -> None:
    make_crowd()
    blob = blob_of(refit()["model"])
    assert CommunityModel.from_bytes(blob).to_bytes() == blob


def test_names_stay_where_they_were_when_people_come() -> None:
    make_crowd()
    refit()
    before = {one.pk: one.name for one in active()}
    mine = active()[0]
    was = name_community(mine.pk, name="Early risers", by=factories.actor(factories.rosa()))
    assert was == (before[mine.pk], False)
    make_crowd(4, seed=2, jobs=False)
    refit()
    after = {one.pk: one.name for one in active()}
    assert after == before | {mine.pk: "Early risers"}
    assert Community.objects.get(pk=mine.pk).suggested.startswith("Baker")


def test_a_name_is_for_one_community_and_for_the_team_to_give() -> None:
    make_crowd()
    refit()
    first, second = active()[:2]
    rosa = factories.actor(factories.rosa())
    with pytest.raises(Conflict):
        name_community(first.pk, name=second.name.upper(), by=rosa)
    with pytest.raises(Invalid):
        name_community(first.pk, name="  ", by=rosa)
    with pytest.raises(NotAllowed):
        name_community(first.pk, name="Ours", by=factories.actor(factories.theo()))


def test_a_newcomer_is_seated_without_a_refit_and_a_stranger_in_none() -> None:
    make_crowd()
    model = refit()["model"]
    nurse = factories.make_person(name="Nia", skills=list(TRADES["Nurse"]))
    stranger = factories.make_person(name="Stan", skills=["falconry"])
    for person in (nurse, stranger):
        factories.grant(person)
        seat_person(person.pk, by=MACHINE)
    seat = seat_of(nurse)
    assert seat is not None
    assert seat.segment.name.startswith("Nurse")
    assert seat_of(stranger) is None
    assert Model.objects.get(kind=COMMUNITIES, state="champion").pk == model


def test_who_takes_their_yes_back_leaves_and_says_so_in_the_ledger() -> None:
    people = make_crowd()
    refit()
    person = next(one for one in people if seat_of(one))
    account = factories.make_account(person=person, email=person.email)
    set_consent(person, purpose="profile", granted=False, by=factories.actor(account))
    seat_person(person.pk, by=MACHINE)
    assert seat_of(person) is None
    assert Signal.objects.filter(kind="segment.left", person=person).count() == 1
    assert str(person.pk) not in skills_known()


def test_a_no_is_heard_without_anybody_asking(django_capture_on_commit_callbacks: Any) -> None:
    people = make_crowd()
    refit()
    person = next(one for one in people if seat_of(one))
    account = factories.make_account(person=person, email=person.email)
    with django_capture_on_commit_callbacks(execute=True):
        set_consent(person, purpose="profile", granted=False, by=factories.actor(account))
    work_off()
    assert seat_of(person) is None


def test_nothing_but_allowed_skills_changes_a_single_bit() -> None:
    """Names, places, schools, years, photos, pay: permuted among people, the model is the very same."""
    people = make_crowd()
    before = digest_of(skills_known(), 1)
    blob = blob_of(refit()["model"])
    for person, other in zip(people, reversed(people), strict=True):
        Person.objects.filter(pk=person.pk).update(
            name=other.name[::-1],
            city="Lyon",
            country="FR",
            lat=45.7,
            lon=4.8,
            locale="fr",
            headline="1961",
            pay_floor=9,
        )
        degree = {"institution": "École", "endDate": "1984", "gender": "f"}
        Fact.objects.create(person=person, kind=FactKind.EDUCATION, value=degree, source=FactSource.ATS)
    assert digest_of(skills_known(), 1) == before
    assert blob_of(refit()["model"]) == blob


def test_a_skill_kept_for_another_purpose_places_nobody() -> None:
    people = make_crowd()
    before = skills_known()
    person = people[0]
    slug = person.skills[0]
    fact = Fact.objects.create(
        person=person,
        kind=FactKind.SKILL,
        value=slug,
        normalised=slug,
        source=FactSource.ATS,
        purposes=["payroll"],
    )
    assert skills_known() == before | {str(person.pk): before[str(person.pk)] - {slug}}
    Fact.objects.create(
        person=person,
        kind=FactKind.SKILL,
        value=slug,
        normalised=slug,
        source=FactSource.CANDIDATE,
        purposes=["recruiting"],
    )
    assert skills_known() == before
    fact.delete()


def test_somebody_without_a_yes_changes_nothing() -> None:
    make_crowd()
    before = digest_of(skills_known(), 1)
    make_crowd(20, seed=5, jobs=False, purposes=("contact",))
    assert digest_of(skills_known(), 1) == before


def test_a_roll_back_brings_the_communities_of_before_and_keeps_their_names() -> None:
    make_crowd()
    refit()
    mine = active()[0]
    name_community(mine.pk, name="Early risers", by=factories.actor(factories.rosa()))
    before = {one.pk: one.name for one in active()}
    seated = {one.person_id: one.segment_id for one in SegmentMember.objects.filter(left_at=None)}
    Person.objects.filter(headline="Welder").update(skills=["falconry", "hawking", "archery"])
    refit()
    assert {one.pk for one in active()} != set(before)
    roll_back_model(kind=COMMUNITIES, reason="The welders are gone.", by=MACHINE)
    assert {one.pk: one.name for one in active()} == before
    still = {one.person_id: one.segment_id for one in SegmentMember.objects.filter(left_at=None)}
    assert still.items() <= seated.items()


def test_history_keeps_who_was_where() -> None:
    people = make_crowd()
    refit()
    baker = next(one for one in people if one.headline == "Baker" and seat_of(one))
    Person.objects.filter(pk=baker.pk).update(skills=list(TRADES["Developer"]))
    seat_everybody(by=MACHINE)
    stays = list(SegmentMember.objects.filter(person=baker).order_by("pk"))
    assert [one.segment.name.split(":")[0] for one in stays] == ["Baker", "Developer"]
    assert stays[0].left_at is not None
    assert clock.now() - stays[0].left_at < timedelta(minutes=5)


def test_who_is_erased_is_in_no_stay(mia: Any) -> None:
    people = make_crowd()
    refit()
    person = next(one for one in people if seat_of(one))
    gone = person.pk
    erase_person(person, by=factories.actor(mia))
    assert not SegmentMember.objects.filter(person_id=gone).exists()
    seat_everybody(by=MACHINE)


def test_what_somebody_put_away_stays_away_over_a_refit() -> None:
    make_crowd()
    refit()
    mine = active()[0]
    archive_segment(mine, archived=True, by=factories.actor(factories.rosa()))
    make_crowd(4, seed=2, jobs=False)
    refit()
    assert mine.pk not in {one.pk for one in active()}
    assert len(active()) == len(TRADES) - 1
    assert not SegmentMember.objects.filter(segment=mine, left_at=None).exists()


def test_examples_are_near_and_let_themselves_be_found() -> None:
    people = make_crowd()
    refit()
    segment = active()[0]
    nearest = exemplars(segment, by=factories.actor(factories.rosa()))
    assert len(nearest) == 5
    shy = nearest[0].person
    account = factories.make_account(person=shy, email=shy.email)
    set_consent(shy, purpose="discovery", granted=False, by=factories.actor(account))
    assert shy.pk not in {one.person_id for one in exemplars(segment, by=factories.actor(factories.rosa()))}
    assert exemplars(segment, by=factories.actor(factories.theo())) == []
    assert len(people) == 60 * len(TRADES)


def test_a_fit_says_in_words_what_became_of_each() -> None:
    make_crowd()
    first = refit()
    assert len(changes_in_words(first["changes"])) == len(TRADES)
    assert all("is new" in line for line in changes_in_words(first["changes"]))
    make_crowd(4, seed=2, jobs=False)
    assert changes_in_words(refit()["changes"]) == [f"{len(TRADES)} stayed."]
