"""A past choice can be made again from its record, and a changed record is found out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from segue.catalog.models import Person
from segue.kit.errors import NotFound
from segue.learn.models import Model
from segue.recommend.actions.lists import deal_list
from segue.recommend.actions.mixes import open_home
from segue.recommend.actions.slates import rank_people
from segue.recommend.actions.stances import take_stance
from segue.recommend.models import Exposure, Stance
from segue.recommend.queries.replay import Outcome, Replay, replay_decision
from segue.trust.models import Account, Decision
from tests.factories import actor, grant, make_person
from tests.recommend.stage import MACHINE, cards_of, market, own, reread

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db: None) -> Person:
    market(40)
    made = make_person(headline="Data engineer", skills=["python", "sql"])
    grant(made, "profile", "behaviour")
    return made


def decisions(kind: str) -> list[Decision]:
    return list(Decision.objects.filter(kind=kind).order_by("pk"))


def again(row: Decision) -> Replay:
    return replay_decision(row.pk, by=MACHINE)


def test_a_home_a_skip_and_a_list_replay_to_the_bit(person: Person) -> None:
    for _ in range(6):
        card = cards_of(open_home(person.pk, by=own(person)))[0]
        take_stance(
            person.pk, job_id=card.job.pk, stance=Stance.SKIPPED, exposure_id=card.exposure_id, by=own(person)
        )
    deal_list(person.pk, limit=20, by=own(person))
    kinds = {row.kind for row in Decision.objects.all()}
    assert {"home.dealt", "card.dealt", "list.dealt"} <= kinds
    for row in Decision.objects.all():
        found = again(row)
        assert (found.outcome, found.difference) == (Outcome.IDENTICAL, None), row.kind
        assert len(found.cards) == len(row.chosen)
        assert found.models_kept


def test_it_replays_after_the_world_moved_on(person: Person) -> None:
    open_home(person.pk, by=own(person))
    (home,) = decisions("home.dealt")
    market(8)
    person.headline, person.skills = "Chef", ["cooking"]
    person.save()
    reread()
    assert again(home).outcome is Outcome.IDENTICAL


def _chance(row: Decision) -> None:
    row.chosen[3][-1] += 1e-9


def _job(row: Decision) -> None:
    row.chosen[2][2], row.chosen[4][2] = row.chosen[4][2], row.chosen[2][2]


def _seed(row: Decision) -> None:
    hand = next(iter(row.trace["hands"].values()))
    hand["seed"] = str(int(hand["seed"]) + 1)


def _epsilon(row: Decision) -> None:
    next(iter(row.trace["hands"].values()))["epsilon"] = 0.2


def _weights(row: Decision) -> None:
    row.trace["model"] = row.trace["model"].replace("0.", "1.", 1)


def _digest(row: Decision) -> None:
    row.inputs["digest"] = "0" * 64


def _candidate(row: Decision) -> None:
    row.candidates[0][1] += 1e-12


def _worth(row: Decision) -> None:
    next(iter(row.trace["hands"].values()))["worth"] = "AAAA"


CHANGES: list[tuple[Callable[[Decision], None], str]] = [
    (_chance, "propensity"),
    (_job, ""),
    (_seed, ""),
    (_epsilon, ""),  # another chance, or the coin falls so that another card lies there
    (_weights, "model"),
    (_digest, "seal"),
    (_candidate, "seal"),
    (_worth, "trace"),
]


@pytest.mark.parametrize(("change", "where"), CHANGES, ids=lambda one: getattr(one, "__name__", ""))
def test_one_changed_number_is_found(change: Callable[[Decision], None], where: str, person: Person) -> None:
    open_home(person.pk, by=own(person))
    (home,) = decisions("home.dealt")
    change(home)
    home.save()
    found = again(home)
    assert found.outcome is Outcome.DIFFERENT
    assert found.difference is not None
    assert where in found.difference.where


def test_a_card_whose_factors_were_changed_is_found(person: Person) -> None:
    open_home(person.pk, by=own(person))
    (home,) = decisions("home.dealt")
    card = Exposure.objects.filter(slate__decision=home).first()
    assert card is not None
    Exposure.objects.filter(pk=card.pk).update(score=card.score + 1e-9)
    found = again(home)
    assert found.outcome is Outcome.DIFFERENT
    assert found.difference is not None
    assert found.difference.where == f"{card.shelf} {card.position} score"


def test_bytes_that_are_not_what_they_are_called_are_found(person: Person) -> None:
    open_home(person.pk, by=own(person))
    (home,) = decisions("home.dealt")
    Model.objects.filter(pk=home.inputs["models"][0]).update(blob=b"other")
    found = again(home)
    assert found.difference is not None
    assert (found.outcome, found.difference.where) == (Outcome.DIFFERENT, "artefact")


def test_what_was_decided_before_traces_says_so(person: Person) -> None:
    open_home(person.pk, by=own(person))
    Decision.objects.update(trace={})
    assert {again(row).outcome for row in Decision.objects.all()} == {Outcome.UNRECORDED}


def test_a_replay_is_for_auditors_and_says_nothing_to_others(
    person: Person, rosa: Account, mia: Account
) -> None:
    open_home(person.pk, by=own(person))
    (home,) = decisions("home.dealt")
    assert replay_decision(home.pk, by=actor(mia)).outcome is Outcome.IDENTICAL
    for by in (actor(rosa), own(person)):
        with pytest.raises(NotFound):
            replay_decision(home.pk, by=by)
    with pytest.raises(NotFound):
        replay_decision(uuid.uuid4(), by=MACHINE)


def test_a_slate_of_people_stands_in_the_same_order(rosa: Account) -> None:
    (job, *_) = market(8)
    for skills in (["python"], ["sql"], [], ["python", "sql"]):
        grant(make_person(headline="Data engineer", skills=skills), "profile", "discovery")
    reread()
    rank_people(job, by=actor(rosa), blind=True)
    (row,) = decisions("people.ranked")
    found = again(row)
    assert (found.outcome, found.difference, len(found.cards)) == (Outcome.IDENTICAL, None, len(row.chosen))
    row.chosen[0][1], row.chosen[1][1] = row.chosen[1][1], row.chosen[0][1]
    row.save()
    assert again(row).outcome is Outcome.DIFFERENT


def test_a_person_of_whom_nothing_may_be_read_gets_the_same_care(db: None) -> None:
    market(12)
    nobody = make_person()
    open_home(nobody.pk, by=own(nobody))
    (home,) = decisions("home.dealt")
    found: Any = again(home)
    assert found.outcome is Outcome.IDENTICAL
    assert {card.propensity for card in found.cards} == {1.0}
