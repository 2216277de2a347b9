"""M1, mixes: a home that reacts, says why, forgives, and belongs to the one who looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from segue.catalog.models import Person
from segue.kit import clock
from segue.learn.actions.tastes import reset_taste, set_wishes
from segue.learn.queries.tastes import taste_export, taste_view
from segue.listen.actions.record import record
from segue.listen.models import Signal
from segue.recommend.actions.lists import deal_list
from segue.recommend.actions.mixes import Seen, mark_seen, open_home
from segue.recommend.actions.playlists import add_job, create_playlist, pin_job, publish_playlist
from segue.recommend.actions.policies import learn_policy
from segue.recommend.actions.stances import take_stance, undo_stance
from segue.recommend.models import Exposure, Shelf
from segue.recommend.queries.policies import forget_policy
from segue.recommend.queries.replay import Outcome, replay_decision
from segue.recommend.queries.stances import saved_jobs
from segue.recommend.queries.why import why_card
from segue.trust.models import Account, Decision
from tests.factories import actor, grant, make_person
from tests.recommend.stage import MACHINE, cards_of, jobs_on, market, own, shelf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_learned_before() -> Iterator[None]:
    forget_policy()
    yield
    forget_policy()


@pytest.fixture
def lina(ada: Account) -> Person:
    assert ada.person is not None
    return ada.person


def test_ada_spends_a_week_with_her_home(lina: Person, rosa: Account) -> None:
    jobs = market(96)
    me = own(lina)

    # Rosa puts a job of another kind forward; on Monday Ada finds it on a shelf of its own.
    playlist = create_playlist(title="Kitchens we love", by=actor(rosa))
    chef = next(job for job in jobs if "chef" in job.title)
    add_job(playlist, job=chef, by=actor(rosa))
    pin_job(playlist, job=chef, pinned=True, by=actor(rosa))
    publish_playlist(playlist, published=True, by=actor(rosa))
    monday = open_home(lina.pk, by=me)
    assert [card.job for card in shelf(monday, Shelf.RECRUITERS)] == [chef]
    assert len(shelf(monday, Shelf.WEEKLY_MIX)) == 10
    mark_seen([Seen(lina.pk, card.exposure_id, clock.now()) for card in cards_of(monday)], by=me)
    assert not Exposure.objects.filter(visible=False).exists()

    # Every card says why, and the parts of the answer add up.
    for card in cards_of(monday):
        why = why_card(card.exposure_id, by=me)
        assert why.reason
        assert sum(factor.contribution for factor in why.factors) == pytest.approx(why.score, abs=1e-9)

    # She skips one: another takes its place at once, and the rest of the mix stays.
    first, *others = shelf(monday, Shelf.WEEKLY_MIX)
    fresh = take_stance(
        lina.pk, job_id=first.job.pk, stance="skipped", exposure_id=first.exposure_id, by=me
    ).replacement
    assert fresh is not None
    assert fresh.job.pk not in jobs_on(monday)
    mix = [card.exposure_id for card in shelf(open_home(lina.pk, by=me), Shelf.WEEKLY_MIX)]
    assert mix == [fresh.exposure_id, *(card.exposure_id for card in others)]

    # It was a slip of the thumb. One tap, and it never happened.
    undo_stance(lina.pk, job_id=first.job.pk, by=me)
    assert shelf(open_home(lina.pk, by=me), Shelf.WEEKLY_MIX)[0].exposure_id == first.exposure_id
    assert taste_view(lina.pk, by=me).events == 0

    # She saves a job, and a shelf of its like appears, named after it.
    take_stance(lina.pk, job_id=others[0].job.pk, stance="saved", by=me)
    tuesday = open_home(lina.pk, by=me)
    alike = next(one for one in tuesday.shelves if one.key == Shelf.BECAUSE)
    assert others[0].job.title in alike.title
    assert [row.job for row in saved_jobs(lina.pk, me)] == [others[0].job]


def test_the_page_learns_what_people_answer_to_and_can_account_for_it(lina: Person) -> None:
    """Many save what is new and skip the mix; by and by what is new comes first, and the record says why."""
    market(48)
    others = [make_person(headline="Data engineer", skills=["python", "sql"]) for _ in range(12)]
    yesterday = clock.now() - timedelta(days=1)
    for person in others:
        grant(person)
        cards = cards_of(open_home(person.pk, by=own(person), device="phone"))
        assert cards[0].shelf == Shelf.WEEKLY_MIX
        mark_seen([Seen(person.pk, card.exposure_id, yesterday) for card in cards], by=own(person))
        for card in cards:
            if card.shelf == Shelf.NEW:
                record("card.saved", by=own(person), person_id=person.pk, job_id=card.job.pk)
                record("card.clicked", by=own(person), person_id=person.pk, job_id=card.job.pk)
    Signal.objects.update(at=yesterday + timedelta(minutes=5))
    assert learn_policy(by=MACHINE)

    open_home(lina.pk, by=own(lina), device="phone")
    decision = Decision.objects.get(person=lina)
    order = decision.inputs["order"]
    assert sorted(order["shelves"])  # whatever came first, its chance is known, and it can be laid again
    assert all(0.01 <= chance <= 1.0 for chance in order["propensities"])
    assert decision.inputs["context"]["device"] == "phone"
    assert replay_decision(decision.pk, by=MACHINE).outcome is Outcome.IDENTICAL
    firsts = []
    for person in [make_person(headline="Data engineer", skills=["python"]) for _ in range(20)]:
        grant(person)
        firsts.append(open_home(person.pk, by=own(person), device="phone").shelves[0].key)
    assert firsts.count(Shelf.NEW) >= 9  # each is drawn; before anything was learnt it was none


def test_ada_sees_edits_takes_along_and_resets_her_taste(lina: Person) -> None:
    jobs = market(24)
    me = own(lina)
    take_stance(lina.pk, job_id=jobs[0].pk, stance="saved", by=me)
    heard = {wish.key: wish.learned for wish in taste_view(lina.pk, by=me).wishes}
    assert heard["department:Data"] > 0

    def scores() -> dict[str, float]:
        return {item.job_id: item.score for item in deal_list(lina.pk, limit=24, by=me).items}

    before = scores()
    set_wishes(lina, wishes={"department:Care": 1.0, "department:Data": -1.0}, by=me)
    after = scores()
    for job in jobs[1:]:
        moved = after[str(job.pk)] - before[str(job.pk)]
        # the one save in Data takes a fifth off the wish against it
        assert (moved > 0.04, moved < -0.04) == (job.department == "Care", job.department == "Data")

    told = taste_export(lina.pk, by=me)
    assert {one["attribute"]: one["stated"] for one in told["wishes"]}["department:Care"] == 1.0
    assert [one["kind"] for one in told["behaviour"]] == ["card.saved"]

    reset_taste(lina, by=me)
    assert taste_view(lina.pk, by=me).wishes == []
