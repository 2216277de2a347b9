"""The order of shelves is learned from what became of the cards people saw, and can be checked afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from segue.catalog.models import Job, Person
from segue.engine.policy import Arm, Context
from segue.engine.variety import MOST_LIFT, divergence
from segue.kit import clock
from segue.learn.actions.registry import install_model, register_model, roll_back_model
from segue.learn.models import Model, ModelState
from segue.learn.queries.catalogue import forget_catalogue
from segue.listen.actions.record import record
from segue.listen.models import Signal
from segue.recommend import jobs as room_jobs
from segue.recommend.actions.mixes import Seen, mark_seen, open_home
from segue.recommend.actions.policies import LEAST_CARDS, fit_policy, learn_policy
from segue.recommend.actions.stances import take_stance
from segue.recommend.models import Exposure, Shelf, Slate
from segue.recommend.ordering import context_of
from segue.recommend.policy import POLICY_KIND, MixPolicy, no_policy
from segue.recommend.queries.histories import STAGES, histories
from segue.recommend.queries.policies import forget_policy, policy_in_force, policy_named
from segue.recommend.queries.replay import Outcome, replay_decision
from segue.recommend.ranking import rank_jobs
from segue.recommend.shelves import ORDER
from segue.recommend.variety import facets_of
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account, Decision
from segue.web.portal.doors import device_of
from tests.factories import actor, grant, make_person
from tests.recommend.stage import MACHINE, cards_of, jobs_read, market, own, seen_of, shelf, statements

pytestmark = pytest.mark.django_db
NAMES = [stage.name for stage in STAGES]


def put_in_force(**likes: float) -> MixPolicy:
    """A policy that is sure of what shelves are worth: `likes` by shelf, nothing for the others."""
    plain = no_policy()
    mean = plain.mean.copy()
    for name, worth in likes.items():
        mean[plain.alphabet.names.index(f"shelf={name}")] = worth
    policy = replace(plain, mean=mean, draws=np.repeat(mean[:, None], 64, axis=1))
    row = register_model(kind=POLICY_KIND, blob=policy.to_bytes(), card={}, by=MACHINE)
    install_model(row, by=MACHINE, reason="a test wants it")
    forget_policy()
    return MixPolicy.from_bytes(policy.to_bytes())


def some_people(count: int) -> list[Person]:
    people = [make_person(headline="Data engineer", skills=["python", "sql"]) for _ in range(count)]
    for person in people:
        grant(person)
    return people


def look_at_all(person: Person, *, days_ago: float = 0.0) -> list[Exposure]:
    """Open a home and see every card of it."""
    home = open_home(person.pk, by=own(person), device="phone")
    at = clock.now() - timedelta(days=days_ago)
    mark_seen([Seen(person.pk, card.exposure_id, at) for card in cards_of(home)], by=own(person))
    return list(Exposure.objects.filter(person=person, visible=True).order_by("shelf", "position"))


def test_without_a_policy_the_houses_order_holds_and_the_visit_is_noted(lina: Person) -> None:
    market()
    home = open_home(lina.pk, by=own(lina), device="phone")
    assert [one.key for one in home.shelves] == [s.value for s in ORDER if shelf(home, s)]
    told = Decision.objects.get().inputs
    assert (told["context"]["device"], told["order"]["policy"]) == ("phone", "house-1")
    assert told["order"]["propensities"] == [1.0] * len(home.shelves)
    assert Slate.objects.first().context["at"]["device"] == "phone"  # type: ignore[union-attr]


def test_a_policy_in_force_decides_which_shelf_comes_first(lina: Person) -> None:
    market()
    policy = put_in_force(new=1.0)
    home = open_home(lina.pk, by=own(lina), device="computer")
    decision = Decision.objects.get()
    told = decision.inputs["order"]
    assert [one.key for one in home.shelves] == told["shelves"]
    assert policy.hash == told["policy_hash"]
    assert policy.hash in decision.inputs["models"]
    assert all(0.01 <= chance <= 1.0 for chance in told["propensities"])
    assert told["turned"] or told["shelves"][0] == "new"
    assert replay_decision(decision.pk, by=MACHINE).outcome is Outcome.IDENTICAL
    Decision.objects.filter(pk=decision.pk).update(
        inputs=decision.inputs | {"order": told | {"propensities": [0.5] * len(told["propensities"])}}
    )
    assert replay_decision(decision.pk, by=MACHINE).difference.where == "order propensities"  # type: ignore[union-attr]


def test_most_people_get_the_better_shelf_first_and_few_another(lina: Person) -> None:
    market()
    put_in_force(new=1.0)
    tops = [open_home(p.pk, by=own(p)).shelves[0].key for p in some_people(25)]
    assert tops.count("new") >= 20
    for told in Decision.objects.values_list("inputs", flat=True):
        # A chance is that of the shelf at its place, whichever coin laid it there: a turn may turn nothing.
        expected = 0.97 if told["order"]["shelves"][0] == "new" else 0.01
        assert told["order"]["propensities"][0] == pytest.approx(expected, abs=0.021)


def test_the_order_stays_while_hours_and_device_do_and_costs_nothing(lina: Person) -> None:
    market()
    put_in_force(new=1.0)
    first = open_home(lina.pk, by=own(lina), device="phone")
    jobs_read()
    with CaptureQueriesContext(connection) as seen:
        second = open_home(lina.pk, by=own(lina), device="phone")
    assert [one.key for one in second.shelves] == [one.key for one in first.shelves]
    assert Decision.objects.count() == 1
    assert len(statements(seen)) <= 6, statements(seen)


def test_another_device_is_another_choice_with_a_decision_of_its_own(lina: Person) -> None:
    market()
    put_in_force(new=1.0)
    first = open_home(lina.pk, by=own(lina), device="phone")
    second = open_home(lina.pk, by=own(lina), device="computer")
    assert {c.exposure_id for c in cards_of(second)} == {c.exposure_id for c in cards_of(first)}
    decision = Decision.objects.get(kind="home.ordered")
    assert decision.inputs["context"]["device"] == "computer"
    assert [key for _, key, _ in decision.chosen] == [one.key for one in second.shelves]
    third = open_home(lina.pk, by=own(lina), device="computer")
    assert [one.key for one in third.shelves] == [one.key for one in second.shelves]
    assert Decision.objects.count() == 2


def test_who_allows_no_behaviour_gets_the_houses_order_and_is_not_noted(lina: Person) -> None:
    market()
    set_consent(lina, purpose="behaviour", granted=False, by=own(lina))
    put_in_force(stretch=2.0)
    home = open_home(lina.pk, by=own(lina), device="phone")
    assert home.shelves[0].key == Shelf.WEEKLY_MIX
    assert Slate.objects.exclude(context={}).count() == 0
    assert Decision.objects.get().inputs["context"] == {}


def test_what_became_of_a_card_is_read_at_fixed_ages(lina: Person) -> None:
    market()
    first, second, third, *_ = look_at_all(lina)
    take_stance(lina.pk, job_id=first.job_id, stance="saved", by=own(lina))
    record("card.clicked", by=own(lina), person_id=lina.pk, job_id=first.job_id)
    record("application.submitted", by=own(lina), person_id=lina.pk, job_id=first.job_id)
    record("application.moved", by=MACHINE, person_id=lina.pk, job_id=first.job_id, stage="screen")
    take_stance(lina.pk, job_id=second.job_id, stance="skipped", by=own(lina))
    click = record("card.clicked", by=own(lina), person_id=lina.pk, job_id=third.job_id)
    Signal.objects.filter(pk=click.pk).update(tier="D")
    seen = histories()
    of = {
        (c.job_id, c.shelf): dict(zip(NAMES, z, strict=True))
        for c, z in zip(seen.cards, seen.outcomes, strict=True)
    }
    assert of[first.job_id, first.shelf] == {
        "answered": 1.0, "opened": 1.0, "applied_soon": 1.0, "applied": 1.0, "moved_on": 1.0,
        "hired": 0.0, "stayed": 0.0,
    }  # fmt: skip
    assert of[second.job_id, second.shelf]["answered"] == -1.0
    assert of[third.job_id, third.shelf]["opened"] == 0.0, "robots tell nothing"
    Exposure.objects.update(shown_at=clock.now() - timedelta(days=7))
    late = histories()
    row = next(i for i, card in enumerate(late.cards) if card.job_id == first.job_id)
    then = dict(zip(NAMES, late.outcomes[row], strict=True))
    assert (then["opened"], then["applied_soon"], then["applied"]) == (0.0, 0.0, 1.0)


def test_a_history_is_nobodys_once_behaviour_is_withdrawn(lina: Person) -> None:
    market()
    look_at_all(lina)
    assert histories().cards
    set_consent(lina, purpose="behaviour", granted=False, by=own(lina))
    assert histories().cards == []


def test_the_nightly_job_learns_the_shelf_that_people_answer_to() -> None:
    """Twenty people save what lies on the Stretch shelf; the registry keeps what was learned of it."""
    market(48)
    people = some_people(14)
    assert learn_policy(by=MACHINE) == ""
    for person in people:
        for card in look_at_all(person, days_ago=1.0):
            if card.shelf == Shelf.STRETCH:
                record("card.saved", by=own(person), person_id=person.pk, job_id=card.job_id)
                record("card.clicked", by=own(person), person_id=person.pk, job_id=card.job_id)
    Signal.objects.update(at=clock.now() - timedelta(days=1) + timedelta(minutes=5))
    seen = histories()
    assert len(seen.cards) >= LEAST_CARDS
    assert (fit_policy(seen).draws == fit_policy(seen).draws).all()

    room_jobs.learn_mix_policy()
    row = Model.objects.get(kind=POLICY_KIND)
    assert row.state == ModelState.CHAMPION
    assert row.card["cards"] == len(seen.cards)
    worth = row.card["shelves"]
    assert max(worth, key=worth.__getitem__) == "shelf=stretch"
    newcomer = some_people(1)[0]
    home = open_home(newcomer.pk, by=own(newcomer), device="phone")
    order = Decision.objects.get(person=newcomer).inputs["order"]
    policy, visit = policy_in_force(), Context(**Decision.objects.get(person=newcomer).inputs["context"])
    assert policy is not None
    believed = {
        name: float(
            (policy.alphabet.rows([Arm(name, *a) for a in top], [visit] * len(top)) @ policy.mean).mean()
        )
        for name, top in order["arms"].items()
    }
    assert max(believed, key=believed.__getitem__) == "stretch"
    assert [one.key for one in home.shelves] == order["shelves"]
    room_jobs.learn_mix_policy()  # twice is once, but for the visit that came between
    assert Model.objects.filter(kind=POLICY_KIND, state=ModelState.CHAMPION).count() == 1


def test_what_a_colleague_rolled_back_is_not_replaced_behind_their_back(mia: Account) -> None:
    market(48)
    put_in_force(new=1.0)
    old = put_in_force(stretch=1.0)
    roll_back_model(kind=POLICY_KIND, reason="It sent everybody to Stretch.", by=actor(mia))
    for person in some_people(14):
        look_at_all(person)
    waiting = learn_policy(by=MACHINE)
    assert Model.objects.get(pk=waiting).state == ModelState.CANDIDATE
    forget_policy()
    in_force = policy_in_force()
    assert in_force is not None
    assert in_force.hash not in {waiting, old.hash}


def test_bytes_that_are_no_policy_are_refused() -> None:
    policy = no_policy()
    assert MixPolicy.from_bytes(policy.to_bytes()).hash == policy.hash
    for blob in (b"", b"{}\n", policy.to_bytes()[:-8]):
        with pytest.raises((ValueError, KeyError)):
            MixPolicy.from_bytes(blob)


def test_a_crowded_job_gives_way_to_others(lina: Person) -> None:
    market()
    crowded = shelf(open_home(lina.pk, by=own(lina)), Shelf.WEEKLY_MIX)[0].job
    blob = replace(no_policy(), load={str(crowded.pk): 400.0}).to_bytes()
    install_model(
        register_model(kind=POLICY_KIND, blob=blob, card={}, by=MACHINE), by=MACHINE, reason="a crowd"
    )
    forget_policy()
    Slate.objects.update(retired_at=clock.now())
    again = shelf(open_home(lina.pk, by=own(lina)), Shelf.WEEKLY_MIX)
    assert crowded.pk not in [card.job.pk for card in again[:8] if not card.explored]


def test_the_mix_follows_the_departments_somebody_went_for(lina: Person) -> None:
    jobs = market(96)
    for job in [job for job in jobs if job.department == "Data"][:2] + [
        j for j in jobs if j.department == "Engineering"
    ][:4]:
        take_stance(lina.pk, job_id=job.pk, stance="liked", by=own(lina))
    ranking = rank_jobs(seen_of(lina), jobs_read(), {})
    department = facets_of(ranking, np.ones(len(ranking.catalogue), dtype=np.bool_))[0]
    home = open_home(lina.pk, by=own(lina))
    rows = [ranking.catalogue.row_of[card.job.pk] for card in shelf(home, Shelf.WEEKLY_MIX)]
    best = np.argsort(-np.where(ranking.vetoes == 0, ranking.scores, -np.inf))[: len(rows)]

    def off(chosen: np.ndarray) -> float:
        counts = np.bincount(department.codes[chosen], minlength=len(department.target))
        return divergence(department.target, counts / counts.sum())

    assert off(np.array(rows)) < off(best)


def test_the_mix_opens_with_two_familiar_jobs_and_keeps_one_place_to_explore(lina: Person) -> None:
    jobs = market(96)
    for job in jobs[:3]:
        take_stance(lina.pk, job_id=job.pk, stance="saved", by=own(lina))
    forget_catalogue()
    mix = shelf(open_home(lina.pk, by=own(lina)), Shelf.WEEKLY_MIX)
    assert [card.job for card in mix[:2]] == [jobs[2], jobs[1]]
    rows = {row.position: row for row in Exposure.objects.filter(shelf=Shelf.WEEKLY_MIX, replaced_at=None)}
    assert [rows[place].reason_code for place in (0, 1)] == ["familiar", "familiar"]
    slot = rows[6]  # the fifth after the two
    assert slot.propensity <= 0.1
    assert all(rows[place].propensity >= 0.9 or rows[place].explored for place in (2, 3, 4, 5, 7, 8, 9))
    assert replay_decision(Decision.objects.get().pk, by=MACHINE).outcome is Outcome.IDENTICAL


def test_the_hour_is_the_persons_own_and_a_strange_zone_or_device_is_none(lina: Person) -> None:
    at = clock.now().replace(month=1, day=5, hour=23, minute=30)
    tokyo = context_of("Asia/Tokyo", (), "phone", at=at)
    assert tokyo.hour == 8
    assert tokyo.weekday == (context_of("UTC", (), at=at).weekday + 1) % 7
    assert context_of("Nowhere/Land", (), "fridge", at=at) == Context(23, at.weekday(), "unknown", 0)


@pytest.mark.parametrize(
    ("headers", "device"),
    [
        ({"HTTP_SEC_CH_UA_MOBILE": "?1", "HTTP_USER_AGENT": "Mozilla/5.0"}, "phone"),
        ({"HTTP_SEC_CH_UA_MOBILE": "?0", "HTTP_USER_AGENT": "Mozilla/5.0 (Android)"}, "computer"),
        ({"HTTP_USER_AGENT": "Mozilla/5.0 (iPhone) Mobile/15E148"}, "phone"),
        ({"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux)"}, "computer"),
        ({"HTTP_USER_AGENT": "curl/8"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_the_door_reads_the_device(headers: dict[str, str], device: str) -> None:
    request = HttpRequest()
    request.META.update(headers)
    assert device_of(request) == device


def test_a_home_over_http_notes_its_device(ada: Account, client_as: Callable[[Account], Client]) -> None:
    market()
    client_as(ada).get("/", headers={"Sec-CH-UA-Mobile": "?1"})
    assert Decision.objects.get(kind="home.dealt").inputs["context"]["device"] == "phone"


def test_a_new_order_replays_and_a_forged_one_does_not(lina: Person) -> None:
    market()
    put_in_force(new=1.0)
    open_home(lina.pk, by=own(lina), device="phone")
    open_home(lina.pk, by=own(lina), device="computer")
    row = Decision.objects.get(kind="home.ordered")
    assert replay_decision(row.pk, by=MACHINE).outcome is Outcome.IDENTICAL
    forged = [[place, key, 0.5] for place, key, _ in row.chosen]
    Decision.objects.filter(pk=row.pk).update(chosen=forged)
    assert replay_decision(row.pk, by=MACHINE).difference.where == "place 0"  # type: ignore[union-attr]


def test_a_group_below_its_floor_is_lifted_and_the_next_policy_goes_on_from_there() -> None:
    market(48)
    for person in some_people(14):
        look_at_all(person)
    Job.objects.update(posted_at=clock.now() - timedelta(days=40))  # nothing that was seen is new
    first = learn_policy(by=MACHINE)
    lift = policy_named(first).lift["new"]
    assert 0 < lift <= MOST_LIFT
    assert policy_named(learn_policy(by=MACHINE)).lift["new"] > lift
