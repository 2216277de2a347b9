"""What behaviour says about jobs: fitted on those who allow it, served where it helps, and never else."""

from __future__ import annotations

import uuid
from datetime import timedelta

import numpy as np
import pytest

from segue.catalog.models import Job, Person
from segue.kit import clock
from segue.kit.actor import Actor
from segue.learn.actions import behaviour as fitting
from segue.learn.actions.behaviour import fit_behaviour
from segue.learn.actions.registry import roll_back_model
from segue.learn.behaviour import BEHAVIOUR, BehaviourModel
from segue.learn.models import Model, ModelState
from segue.learn.queries.behaviour import consented_acts
from segue.learn.queries.lexicon import champion_hash
from segue.learn.queries.registry import blob_of
from segue.listen.actions.record import record
from segue.listen.models import Signal
from segue.recommend.actions.mixes import open_home
from segue.recommend.models import Exposure
from segue.recommend.queries.replay import Outcome, replay_decision
from segue.recommend.ranking import TOGETHER, Ranking, rank_jobs
from segue.trust.actions.consent import set_consent
from segue.trust.models import Decision
from tests.factories import grant, make_person
from tests.recommend.stage import MACHINE, jobs_read, market, own, reread, seen_of

pytestmark = pytest.mark.django_db
PAIRS = 8  # job 2k is followed by job 2k + 1, whatever their words say


@pytest.fixture(autouse=True)
def _few_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "LEAST_ACTS", 50)
    monkeypatch.setattr(fitting, "LEAST_PEOPLE", 20)


@pytest.fixture
def jobs() -> list[Job]:
    """Jobs of eight kinds, each pair of two kinds: no text tells that they go together. All are old."""
    made = market(2 * PAIRS)
    Job.objects.update(posted_at=clock.now() - timedelta(days=90), updated_at=clock.now())
    reread()
    return made


@pytest.fixture
def crowd(jobs: list[Job]) -> list[Person]:
    """Sixty people who save both jobs of some pairs, the odd one last."""
    rng = np.random.default_rng(7)
    people = [make_person(name=f"Person {n}") for n in range(60)]
    for person in people:
        grant(person, "behaviour")
        days = 60.0
        for pair in rng.permutation(PAIRS)[:2]:
            for job in (jobs[2 * pair], jobs[2 * pair + 1]):
                act(person, job, days_ago=days)
                days -= 5.0
    return people


def act(person: Person, job: Job, *, kind: str = "card.saved", days_ago: float = 1.0) -> Signal:
    at = clock.now() - timedelta(days=days_ago)
    purposes = ["behaviour"]
    return Signal.objects.create(kind=kind, person=person, job=job, at=at, received_at=at, purposes=purposes)


def ranked(person: Person) -> Ranking:
    return rank_jobs(seen_of(person), jobs_read(), {})


def newcomer(job: Job) -> Person:
    person = make_person(name="Nora Blom")
    grant(person, "behaviour")
    record("card.saved", by=own(person), person_id=person.pk, job_id=job.pk)
    return person


def test_before_enough_was_done_nothing_is_fitted_and_pages_work(jobs: list[Job]) -> None:
    nora = newcomer(jobs[0])
    assert fit_behaviour(by=MACHINE) == ""
    ranking = ranked(nora)
    assert ranking.together is None
    assert TOGETHER not in ranking.names
    assert open_home(nora.pk, by=own(nora)).shelves


def test_without_any_job_or_person_nothing_is_fitted() -> None:
    assert fit_behaviour(by=MACHINE) == ""


def test_the_model_is_registered_with_its_evaluation_and_put_in_force(
    jobs: list[Job], crowd: list[Person]
) -> None:
    hash_ = fit_behaviour(by=MACHINE)
    row = Model.objects.get(pk=hash_)
    assert (row.kind, row.owner, row.state) == (BEHAVIOUR, "learn", ModelState.CHAMPION)
    told = row.card["evaluation"]
    assert told["ndcg@20"] > told["ndcg@20_without"], "the pairs are there to be found"
    assert row.card["at_least_as_good"]
    assert row.card["people"] == len(crowd)
    assert told["groups"][0]["share"] == 0.0, "without history there is nothing to weigh"
    assert fit_behaviour(by=MACHINE) == hash_, "the same acts give the same bytes"
    model = BehaviourModel.from_bytes(blob_of(hash_))
    assert BehaviourModel.from_bytes(model.to_bytes()).hash == model.hash == hash_


def test_who_saves_one_of_a_pair_is_shown_the_other_and_why(jobs: list[Job], crowd: list[Person]) -> None:
    nora = newcomer(jobs[4])
    before = ranked(nora)
    fit_behaviour(by=MACHINE)
    after, row = ranked(nora), jobs_read().row_of[jobs[5].pk]
    assert place_of(after, row) < place_of(before, row)
    assert after.features[:, -1].max() == 1.0
    told = after.explain(row)
    assert told.score == pytest.approx(after.scores[row], abs=1e-12)
    assert TOGETHER in {factor.name for factor in told.factors}
    assert told.reason_code == "because_saved"
    assert told.reason_args == {"job_id": str(jobs[4].pk), "kind": "save"}


def place_of(ranking: Ranking, row: int) -> int:
    return int((ranking.scores > ranking.scores[row]).sum())


def test_a_home_dealt_with_the_model_names_it_and_replays_to_the_bit(
    jobs: list[Job], crowd: list[Person]
) -> None:
    hash_ = fit_behaviour(by=MACHINE)
    nora = newcomer(jobs[2])
    open_home(nora.pk, by=own(nora))
    decision = Decision.objects.get(person=nora, kind="home.dealt")
    assert hash_ in decision.inputs["models"]
    assert replay_decision(decision.pk, by=MACHINE).outcome is Outcome.IDENTICAL
    card = Exposure.objects.filter(person=nora).first()
    assert card is not None
    assert TOGETHER in {factor["name"] for factor in card.factors}
    assert sum(factor["contribution"] for factor in card.factors) == pytest.approx(card.score)


def test_consent_withdrawn_is_neither_read_nor_learnt_from(jobs: list[Job], crowd: list[Person]) -> None:
    nora = newcomer(jobs[0])
    first = fit_behaviour(by=MACHINE)
    assert ranked(nora).together is not None
    assert nora.pk in consented_acts().people
    set_consent(nora, purpose="behaviour", granted=False, by=own(nora))
    assert ranked(nora).together is None
    assert nora.pk not in consented_acts().people
    second = fit_behaviour(by=MACHINE)
    assert second != first
    assert Model.objects.get(pk=second).card["people"] == len(crowd)


def test_what_was_taken_back_or_came_before_a_reset_is_not_learnt_from(
    jobs: list[Job], crowd: list[Person]
) -> None:
    before = len(consented_acts())
    saved = act(crowd[0], jobs[9])
    assert len(consented_acts()) == before + 1
    Signal.objects.create(kind="stance.undone", person=crowd[0], job=jobs[9], undoes=saved)
    assert len(consented_acts()) == before
    act(crowd[0], jobs[9], kind="card.skipped")
    assert len(consented_acts()) == before, "a skip is no liking"


def test_a_colleague_who_rolled_it_back_has_the_last_word(jobs: list[Job], crowd: list[Person]) -> None:
    first = fit_behaviour(by=MACHINE)
    act(crowd[0], jobs[9])
    second = fit_behaviour(by=MACHINE)
    assert champion_hash(BEHAVIOUR) == second != first
    roll_back_model(kind=BEHAVIOUR, reason="Odd cards on Monday.", by=Actor.machine("Mia"))
    assert champion_hash(BEHAVIOUR) == first
    assert fit_behaviour(by=MACHINE) == second
    assert champion_hash(BEHAVIOUR) == first, "the very one that was given up waits for a colleague"


def test_a_worse_model_waits_as_candidate(
    jobs: list[Job], crowd: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fit_behaviour(by=MACHINE)
    act(crowd[0], jobs[9])
    beside = {"later_acts": 80, "champion": 0.4, "this": 0.3}
    monkeypatch.setattr(fitting, "_beside", lambda *_: beside)
    second = fit_behaviour(by=MACHINE)
    assert Model.objects.get(pk=second).state == ModelState.CANDIDATE
    assert champion_hash(BEHAVIOUR) == first


def test_the_champions_settings_are_taken_over_until_the_acts_have_grown(
    jobs: list[Job], crowd: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = fit_behaviour(by=MACHINE)
    act(crowd[0], jobs[9])
    asked: list[object] = []
    monkeypatch.setattr(fitting, "_best_of", lambda *args: asked.append(args))
    second = fit_behaviour(by=MACHINE)
    assert not asked
    cards = [Model.objects.get(pk=hash_).card for hash_ in (first, second)]
    assert cards[0]["settings"] == cards[1]["settings"]
    assert cards[1]["acts_at_choice"] == cards[0]["acts"]


def test_a_job_that_closed_is_still_a_reason_and_never_a_card(jobs: list[Job], crowd: list[Person]) -> None:
    fit_behaviour(by=MACHINE)
    nora = newcomer(jobs[6])
    Job.objects.filter(pk=jobs[6].pk).update(status="closed", updated_at=clock.now())
    reread()
    ranking = ranked(nora)
    row = ranking.catalogue.row_of[jobs[7].pk]
    assert ranking.explain(row).reason_args["job_id"] == str(jobs[6].pk)
    assert ranking.vetoes[ranking.catalogue.row_of[jobs[6].pk]]


def test_an_unknown_person_asks_for_nothing(jobs: list[Job], crowd: list[Person]) -> None:
    """Somebody without any act is served exactly as before."""
    fit_behaviour(by=MACHINE)
    eve = make_person(name=f"Eve {uuid.uuid4()}")
    grant(eve, "behaviour")
    assert ranked(eve).together is None
