"""Answering a card: what it changes at once, what it leaves alone, and how it is taken back whole."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from segue.catalog.models import Job, JobStatus, Person
from segue.kit import clock
from segue.kit.errors import Invalid, NotAllowed, NotFound
from segue.learn.queries.catalogue import catalogue
from segue.listen.actions.detach import detach_person
from segue.listen.models import Signal, Tier
from segue.recommend.actions.lists import deal_list
from segue.recommend.actions.loosening import loosen_stances
from segue.recommend.actions.mixes import open_home
from segue.recommend.actions.stances import open_job, take_stance, undo_stance
from segue.recommend.cards import Card, Home, Reaction
from segue.recommend.models import CardStance, Exposure, Shelf, Stance
from segue.recommend.queries.stances import saved_jobs, stances_of
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account, AuditLine, Decision, Dial
from segue.trust.queries.dials import AI_ON
from tests.factories import actor, make_job, make_person
from tests.recommend.stage import MACHINE, cards_of, jobs_on, market, own, reread, seen_of, shelf, statements

pytestmark = pytest.mark.django_db
BUDGET = 10
EMPTYING = ["skipped", "not_now", "less", "hidden"]
STAYING = ["saved", "liked"]


@pytest.fixture
def lina(ada: Account) -> Person:
    market()
    assert ada.person is not None
    return ada.person


@pytest.fixture
def home(lina: Person) -> Home:
    return open_home(lina.pk, by=own(lina))


@pytest.fixture
def card(home: Home) -> Card:
    return cards_of(home)[0]


def answer(person: Person, card: Card, stance: str) -> Reaction:
    return take_stance(
        person.pk, job_id=card.job.pk, stance=stance, exposure_id=card.exposure_id, by=own(person)
    )


def places(person: Person) -> list[uuid.UUID]:
    return [card.exposure_id for card in cards_of(open_home(person.pk, by=own(person)))]


@pytest.mark.parametrize("stance", EMPTYING)
def test_an_emptied_place_is_filled_with_another_job_at_once(lina: Person, card: Card, stance: str) -> None:
    reaction = answer(lina, card, stance)
    fresh = reaction.replacement
    assert fresh is not None
    assert (fresh.shelf, fresh.position) == (card.shelf, card.position)
    assert fresh.job.pk != card.job.pk
    row = Exposure.objects.get(pk=fresh.exposure_id)
    assert row.policy_id == "mix-1"
    assert 0.01 <= row.propensity <= 1.0
    assert sum(factor["contribution"] for factor in row.factors) == pytest.approx(row.score, abs=1e-9)
    dealt = Decision.objects.get(kind="card.dealt")
    assert dealt.inputs["replaces"] == str(card.exposure_id)
    again = open_home(lina.pk, by=own(lina))
    assert card.job.pk not in jobs_on(again)


@pytest.mark.parametrize("stance", STAYING)
def test_a_warm_answer_leaves_the_card_where_it_is(lina: Person, card: Card, stance: str) -> None:
    reaction = answer(lina, card, stance)
    assert reaction.replacement is None
    again = open_home(lina.pk, by=own(lina))
    assert next(c for c in cards_of(again) if c.exposure_id == card.exposure_id).stance == stance


@pytest.mark.parametrize("stance", Stance.values)
def test_the_ledger_hears_the_answer_and_the_audit_names_it(lina: Person, card: Card, stance: str) -> None:
    answer(lina, card, stance)
    signal = Signal.objects.get(kind=f"card.{stance}")
    assert (signal.person_id, signal.job_id) == (lina.pk, card.job.pk)
    assert AuditLine.objects.filter(verb="recommend.take_stance", actor_name=lina.name).exists()
    weighs = stance != "not_now"
    assert len(seen_of(lina).events) == int(weighs)


def test_saving_one_brings_a_shelf_of_its_like(ada: Account) -> None:
    market(96)  # enough of a kind that some are left beside the other shelves
    assert ada.person is not None
    lina = ada.person
    home = open_home(lina.pk, by=own(lina))
    data = next(card for card in cards_of(home) if "data engineer" in card.job.title)
    answer(lina, data, "saved")
    again = open_home(lina.pk, by=own(lina))
    because = next(one for one in again.shelves if one.key == Shelf.BECAUSE)
    assert because.anchor == data.job
    assert data.job.title in because.title
    assert data.job.pk not in [card.job.pk for card in because.cards]
    assert [row.job for row in saved_jobs(lina.pk, own(lina))] == [data.job]


def test_a_skip_moves_the_next_list(lina: Person, home: Home) -> None:
    before = deal_list(lina.pk, limit=10, by=MACHINE)
    skipped = before.items[0].job_id
    take_stance(lina.pk, job_id=uuid.UUID(skipped), stance="skipped", by=own(lina))
    after = deal_list(lina.pk, limit=10, by=MACHINE)
    assert skipped not in [item.job_id for item in after.items]
    assert [item.score for item in after.items] != [item.score for item in before.items]


def test_not_now_comes_back_when_its_day_has_come(lina: Person, card: Card) -> None:
    until = clock.now() + timedelta(days=7)
    take_stance(lina.pk, job_id=card.job.pk, stance="not_now", until=until, by=own(lina))
    assert CardStance.objects.get().until == until
    assert str(card.job.pk) not in [i.job_id for i in deal_list(lina.pk, limit=24, by=MACHINE).items]
    CardStance.objects.update(until=clock.now() - timedelta(minutes=1))
    assert str(card.job.pk) in [i.job_id for i in deal_list(lina.pk, limit=24, by=MACHINE).items]


def test_a_skip_rests_for_a_month_and_hidden_never_comes_back(lina: Person, home: Home) -> None:
    one, two = cards_of(home)[:2]
    answer(lina, one, "skipped")
    answer(lina, two, "hidden")
    CardStance.objects.update(at=clock.now() - timedelta(days=400))
    listed = [item.job_id for item in deal_list(lina.pk, limit=24, by=MACHINE).items]
    assert str(one.job.pk) in listed
    assert str(two.job.pk) not in listed


def test_hiding_is_an_order_and_holds_without_any_consent(lina: Person, card: Card) -> None:
    answer(lina, card, "hidden")
    for purpose in ("profile", "behaviour"):
        set_consent(lina, purpose=purpose, granted=False, by=own(lina))
    assert card.job.pk not in jobs_on(open_home(lina.pk, by=own(lina)))


def test_without_consent_an_answer_is_kept_but_the_ledger_does_not_know_whose(lina: Person) -> None:
    silent = make_person()
    home = open_home(silent.pk, by=own(silent))
    reaction = answer(silent, cards_of(home)[0], "skipped")
    assert reaction.replacement is not None
    assert Signal.objects.get(kind="card.skipped").person_id is None
    assert Exposure.objects.get(pk=reaction.replacement.exposure_id).policy_id == "newest-1"
    undo_stance(silent.pk, job_id=cards_of(home)[0].job.pk, by=own(silent))
    assert places(silent) == [card.exposure_id for card in cards_of(home)]


@pytest.mark.parametrize("stance", Stance.values)
def test_undo_restores_the_card_and_the_taste_exactly(
    lina: Person, home: Home, card: Card, stance: str
) -> None:
    lying, digest = [one.exposure_id for one in cards_of(home)], seen_of(lina).digest()
    answer(lina, card, stance)
    back = undo_stance(lina.pk, job_id=card.job.pk, by=own(lina))
    assert back is not None
    assert (back.exposure_id, back.stance) == (card.exposure_id, None)
    assert seen_of(lina).digest() == digest
    assert places(lina)[: len(lying)] == lying
    assert not CardStance.objects.exists()
    assert Signal.objects.get(kind="stance.undone").undoes == Signal.objects.get(kind=f"card.{stance}")


@pytest.mark.parametrize("stance", EMPTYING)
def test_undo_gives_back_the_answer_it_replaced(lina: Person, card: Card, stance: str) -> None:
    answer(lina, card, "saved")
    digest = seen_of(lina).digest()
    answer(lina, card, stance)
    back = undo_stance(lina.pk, job_id=card.job.pk, by=own(lina))
    assert back is not None
    assert back.stance == "saved"
    assert [row.job_id for row in saved_jobs(lina.pk, own(lina))] == [card.job.pk]
    assert seen_of(lina).digest() == digest
    undo_stance(lina.pk, job_id=card.job.pk, by=own(lina))
    assert seen_of(lina).events == []


def test_a_button_pressed_twice_says_one_thing(lina: Person, card: Card) -> None:
    answer(lina, card, "saved")
    answer(lina, card, "saved")
    assert Signal.objects.filter(kind="card.saved").count() == 1
    answer(lina, card, "skipped")
    answer(lina, card, "skipped")
    assert Signal.objects.filter(kind="card.skipped").count() == 1
    back = undo_stance(lina.pk, job_id=card.job.pk, by=own(lina))
    assert back is not None
    assert back.exposure_id == card.exposure_id


def test_taking_back_nothing_changes_nothing(lina: Person, card: Card) -> None:
    assert undo_stance(lina.pk, job_id=card.job.pk, by=own(lina)) is None
    assert not Signal.objects.filter(kind="stance.undone").exists()


def test_a_shelf_answered_empty_is_dealt_again_when_something_new_comes(ada: Account) -> None:
    (only,) = market(1)
    assert ada.person is not None
    (card,) = cards_of(open_home(ada.person.pk, by=own(ada.person)))
    reaction = answer(ada.person, card, "skipped")
    assert reaction.replacement is None
    assert jobs_on(open_home(ada.person.pk, by=own(ada.person))) == []
    new = make_job(title="Data engineer", posted_at=clock.now())
    reread()
    assert jobs_on(open_home(ada.person.pk, by=own(ada.person))) == [new.pk]
    assert only.pk != new.pk


def test_with_the_machine_off_the_next_card_is_not_a_learned_one(lina: Person, card: Card) -> None:
    Dial.objects.create(key=AI_ON, value=False)
    reaction = answer(lina, card, "skipped")
    for row in Decision.objects.filter(kind="card.dealt"):
        assert row.policy_id == "newest-1"
    if reaction.replacement is not None:
        assert Exposure.objects.get(pk=reaction.replacement.exposure_id).policy_id == "newest-1"


def test_a_card_of_an_old_home_still_counts_and_its_undo_is_harmless(lina: Person, card: Card) -> None:
    Exposure.objects.get(pk=card.exposure_id).slate.__class__.objects.update(retired_at=clock.now())
    now_lying = places(lina)
    assert card.exposure_id not in now_lying
    answer(lina, card, "hidden")
    assert card.job.pk not in jobs_on(open_home(lina.pk, by=own(lina)))
    undo_stance(lina.pk, job_id=card.job.pk, by=own(lina))
    assert not CardStance.objects.exists()
    assert len(places(lina)) == len(set(places(lina)))


def test_somebody_elses_card_is_no_handle_on_their_shelf(lina: Person, card: Card, eve: Account) -> None:
    assert eve.person is not None
    take_stance(
        eve.person.pk, job_id=card.job.pk, stance="hidden", exposure_id=card.exposure_id, by=actor(eve)
    )
    assert Exposure.objects.get(pk=card.exposure_id).replaced_at is None
    assert card.job.pk in jobs_on(open_home(lina.pk, by=own(lina)))


@pytest.mark.parametrize("who", ["eve", "rosa", "mia"])
def test_nobody_answers_for_somebody_else(
    who: str, lina: Person, card: Card, request: pytest.FixtureRequest
) -> None:
    other = actor(request.getfixturevalue(who))
    for verb in (
        lambda: take_stance(lina.pk, job_id=card.job.pk, stance="hidden", by=other),
        lambda: undo_stance(lina.pk, job_id=card.job.pk, by=other),
        lambda: open_job(lina.pk, job_id=card.job.pk, by=other),
        lambda: stances_of(lina.pk, other),
        lambda: saved_jobs(lina.pk, other),
    ):
        with pytest.raises(NotAllowed):
            verb()
    assert not CardStance.objects.exists()


def test_an_unknown_answer_and_an_unknown_job_are_refused(lina: Person, card: Card) -> None:
    with pytest.raises(Invalid) as refused:
        answer(lina, card, "buy")
    assert "saved" in refused.value.remedy
    for missing in (uuid.uuid4(), make_job(status=JobStatus.DRAFT).pk):
        with pytest.raises(NotFound):
            take_stance(lina.pk, job_id=missing, stance="saved", by=own(lina))
    assert not Signal.objects.exists()


def test_opening_a_job_marks_its_card_seen_unless_a_program_opened_it(lina: Person, card: Card) -> None:
    opened = {"job_id": card.job.pk, "exposure_id": card.exposure_id}
    open_job(lina.pk, **opened, by=own(lina), tier=Tier.D, flags=["robot"])
    assert not Exposure.objects.get(pk=card.exposure_id).visible
    open_job(lina.pk, **opened, by=own(lina))
    assert Exposure.objects.get(pk=card.exposure_id).visible
    heard = Signal.objects.order_by("pk").values_list("kind", "tier", "flags")
    assert list(heard) == [("card.clicked", "D", ["robot"]), ("card.clicked", "A", [])]


def test_a_closed_job_can_still_be_saved(lina: Person, card: Card) -> None:
    Job.objects.filter(pk=card.job.pk).update(status=JobStatus.CLOSED, updated_at=clock.now())
    reread()
    answer(lina, card, "saved")
    assert [row.job_id for row in saved_jobs(lina.pk, own(lina))] == [card.job.pk]
    assert card.job.pk not in jobs_on(open_home(lina.pk, by=own(lina)))


@pytest.mark.parametrize("stance", ["skipped", "hidden", "saved"])
def test_an_answer_keeps_to_its_budget(lina: Person, home: Home, stance: str) -> None:
    answer(lina, cards_of(home)[1], "skipped")
    catalogue()
    with CaptureQueriesContext(connection) as seen:
        answer(lina, cards_of(home)[0], stance)
    assert len(statements(seen)) <= BUDGET, "\n".join(sql[:200] for sql in statements(seen))


def test_shelves_stay_full_while_there_is_something_to_lay_on_them(lina: Person, home: Home) -> None:
    mix = shelf(home, Shelf.WEEKLY_MIX)
    for card in mix:
        answer(lina, card, "skipped")
    fresh = shelf(open_home(lina.pk, by=own(lina)), Shelf.WEEKLY_MIX)
    assert fresh
    assert not {card.job.pk for card in fresh} & {card.job.pk for card in mix}


def test_without_a_yes_an_answer_stands_and_leads_to_no_signal(lina: Person) -> None:
    me, job = own(lina), cards_of(open_home(lina.pk, by=own(lina)))[0].job
    set_consent(lina, purpose="behaviour", granted=False, by=me)
    for stance in ("liked", "saved"):
        take_stance(lina.pk, job_id=job.pk, stance=stance, by=me)
    assert CardStance.objects.get(person=lina).signal_id is None
    assert not Signal.objects.filter(kind__startswith="card.").exclude(person=None, props={}).exists()
    undo_stance(lina.pk, job_id=job.pk, by=me)
    assert CardStance.objects.get(person=lina).stance == "liked", "the answer before it stands again"


def test_a_withdrawal_cuts_the_thread_to_what_was_heard(lina: Person) -> None:
    me, job = own(lina), cards_of(open_home(lina.pk, by=own(lina)))[0].job
    for stance in ("liked", "saved"):
        take_stance(lina.pk, job_id=job.pk, stance=stance, by=me)
    detach_person(person_id=lina.pk, until=clock.now(), by=MACHINE)
    for _ in range(2):
        loosen_stances(person_id=lina.pk, by=MACHINE)
    kept = CardStance.objects.get(person=lina)
    assert (kept.signal_id, kept.before[0]["signal_id"]) == (None, None)
    undo_stance(lina.pk, job_id=job.pk, by=me)
    assert CardStance.objects.get(person=lina).stance == "liked"
