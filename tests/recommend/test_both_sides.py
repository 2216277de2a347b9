"""A slate weighs both sides where outcomes allow it, says so where they do not, and can be judged again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest

from segue.catalog.models import Job, Person
from segue.engine.sides import Sides
from segue.kit import clock
from segue.kit.errors import NotAllowed
from segue.learn.actions.registry import install_model, register_model, roll_back_model
from segue.learn.models import Model, ModelState
from segue.listen.actions.record import record
from segue.recommend.actions.sides import learn_sides
from segue.recommend.actions.slates import PeopleSlate, rank_people
from segue.recommend.judging import SIDES_KIND
from segue.recommend.models import Exposure
from segue.recommend.queries.outcomes import outcomes
from segue.recommend.queries.replay import Outcome, replay_decision
from segue.recommend.queries.sides import forget_sides
from segue.trust.actions.consent import set_consent
from segue.trust.actions.dials import set_dial
from segue.trust.models import Account, Decision
from segue.trust.queries.dials import AI_ON
from tests.factories import actor, grant, make_job, make_member, make_person
from tests.recommend.stage import MACHINE, curves, market, own, reread

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_learnt() -> Iterator[None]:
    forget_sides()
    yield
    forget_sides()


@pytest.fixture
def job() -> Job:
    return market(16)[0]


def engineer(name: str, *skills: str, **fields: object) -> Person:
    person = make_person(name=name, headline="Data engineer", skills=list(skills), **fields)
    grant(person)
    return person


def applies(person: Person, job: Job) -> None:
    record("application.submitted", by=own(person), person_id=person.pk, job_id=job.pk)


def learnt(sides: Sides) -> str:
    row = register_model(kind=SIDES_KIND, blob=sides.to_bytes(), card={}, by=MACHINE)
    install_model(row, by=MACHINE, reason="a test")
    forget_sides()
    return row.pk


def ranked(job: Job, account: Account) -> PeopleSlate:
    reread()
    return rank_people(job, by=actor(account), blind=True)


def names(slate: PeopleSlate) -> list[str]:
    return [row.person.name for row in slate.rows]


def test_without_outcomes_the_evidence_orders_and_both_sides_are_silent(job: Job, rosa: Account) -> None:
    engineer("Bo", "python", "sql")
    slate = ranked(job, rosa)
    assert slate.policy_id == "people-1"
    assert [(one.side, one.outcomes) for one in slate.silences] == [("want", 0), ("take", 0)]
    assert slate.rows[0].sides is None


def test_with_outcomes_each_row_tells_both_chances_and_the_order_follows_them(
    job: Job, rosa: Account
) -> None:
    for name, skills in (("Al", ["python", "sql", "data-engineering"]), ("Bo", ["python"]), ("Cy", ["sql"])):
        engineer(name, *skills)
    hash_ = learnt(curves())
    slate = ranked(job, rosa)
    assert (slate.policy_id, slate.silences) == ("people-2", [])
    told = [row.sides for row in slate.rows]
    worth = [one.worth for one in told if one is not None and one.worth is not None]
    assert len(worth) == len(slate.rows) > 1
    assert worth == sorted(worth, reverse=True)
    for one in told:
        assert one is not None
        assert one.want is not None
        assert one.take is not None
        assert one.want.low < one.want.value < one.want.high
    decision = Decision.objects.get(kind="people.ranked")
    assert decision.policy_id == "people-2"
    assert hash_ in decision.inputs["models"]
    assert [entry[2] for entry in decision.chosen] == worth


def test_an_applicant_wants_it_and_nobody_falls_off_the_slate(job: Job, rosa: Account) -> None:
    weak, strong = engineer("Weak", "nursing"), engineer("Strong", "python", "sql")
    applies(weak, job)
    learnt(curves())
    slate = ranked(job, rosa)
    assert {"Weak", "Strong"} == set(names(slate))
    (row,) = (row for row in slate.rows if row.person.pk == weak.pk)
    assert row.sides is not None
    assert row.sides.want is not None
    assert row.sides.want.value == pytest.approx(0.8)
    assert strong.pk in [row.person.pk for row in slate.rows]


def test_who_stands_high_on_other_slates_is_said_to_and_applicants_lose_nothing(rosa: Account) -> None:
    one, *others = market(16)
    person = engineer("Bo", "python", "sql")
    learnt(curves())
    for other in others:
        if "python" in other.required_skills or "sql" in other.required_skills:
            ranked(other, rosa)
    (row,) = ranked(one, rosa).rows
    assert row.sides is not None
    assert row.sides.elsewhere > 0
    assert row.sides.free < 1.0
    applies(person, one)
    (row,) = ranked(one, rosa).rows
    assert row.sides is not None
    assert row.sides.free == 1.0


def test_a_slate_of_both_sides_is_judged_again_to_the_bit_and_a_slip_shows(job: Job, rosa: Account) -> None:
    for name, skills in (("Al", ["python", "sql"]), ("Bo", ["python"]), ("Cy", ["sql"]), ("Di", ["python"])):
        engineer(name, *skills)
    learnt(curves())
    ranked(job, rosa)
    row = Decision.objects.get(kind="people.ranked")
    found = replay_decision(row.pk, by=MACHINE)
    assert (found.outcome, found.difference) == (Outcome.IDENTICAL, None)
    row.chosen[0][2] *= 1.0 + 1e-9
    row.save()
    assert replay_decision(row.pk, by=MACHINE).outcome is Outcome.DIFFERENT


def test_behaviour_wishes_and_pay_move_neither_side(job: Job, rosa: Account) -> None:
    person = engineer("Bo", "python", "sql")
    learnt(curves())
    (before,) = ranked(job, rosa).rows
    for _ in range(5):
        record("card.saved", by=own(person), person_id=person.pk, job_id=job.pk)
    Person.objects.filter(pk=person.pk).update(pay_floor=90_000, pay_currency="EUR", pay_period="year")
    (after,) = ranked(job, rosa).rows
    assert after.sides is not None
    assert before.sides is not None
    assert (after.sides.want, after.sides.take) == (before.sides.want, before.sides.take)


def test_with_the_dial_off_nobody_is_ranked_and_nothing_is_written(job: Job, rosa: Account) -> None:
    engineer("Bo", "python")
    reread()
    set_dial(AI_ON, False, by=MACHINE)
    slate = rank_people(job, by=actor(rosa), blind=True)
    assert (slate.rows, slate.note) == ([], "ai_off")
    assert not Decision.objects.filter(kind="people.ranked").exists()


def test_an_interviewer_of_the_team_ranks_nobody(job: Job, ines: Account, max_: Account) -> None:
    make_member(job, ines, "interviewer")
    make_member(job, max_)
    with pytest.raises(NotAllowed, match="decide"):
        rank_people(job, by=actor(ines), blind=True)
    assert ranked(job, max_).rows == []


def judged(job: Job, count: int) -> list[Person]:
    """Applicants whom the team has judged: those with the skills were taken further, the others not."""
    people = []
    for number in range(count):
        good = number % 2 == 0
        person = engineer(f"Judged {number}", *(["python", "sql"] if good else ["nursing"]))
        applies(person, job)
        if good:
            record("application.moved", by=MACHINE, person_id=person.pk, job_id=job.pk, stage="interview")
        else:
            record("application.decided", by=MACHINE, person_id=person.pk, job_id=job.pk, outcome="rejected")
        people.append(person)
    return people


def test_outcomes_teach_the_side_they_tell_of(job: Job, rosa: Account) -> None:
    judged(job, 24)
    reread()
    hash_ = learn_sides(by=MACHINE)
    row = Model.objects.get(pk=hash_)
    assert (row.kind, row.state) == (SIDES_KIND, ModelState.CHAMPION)
    assert (row.card["take labels"], row.card["take yes"], row.card["want labels"]) == (24, 12, 0)
    sides = Sides.from_bytes(bytes(row.blob))
    low, high = sides.take.chance(np.array([0.0, 0.6]))
    assert low < high
    assert learn_sides(by=MACHINE) == hash_, "the same outcomes are the same model"
    new = engineer("New", "python", "sql")
    slate = ranked(job, rosa)
    assert [one.side for one in slate.silences] == ["want"]
    (mine,) = (line for line in slate.rows if line.person.pk == new.pk)
    assert mine.sides is not None
    assert (mine.sides.want, mine.sides.worth) == (None, None)


def test_who_takes_back_their_profile_teaches_nobody(job: Job) -> None:
    people = judged(job, 6)
    set_consent(people[0], purpose="profile", granted=False, by=own(people[0]))
    known = outcomes()
    assert len(known.judged) == 5
    assert people[0].pk not in {person for person, _ in known.judged}


def test_cards_teach_only_of_those_who_let_behaviour_be_used_and_only_when_ripe(job: Job) -> None:
    seen, silent, fresh = (engineer(name, "python") for name in ("Seen", "Silent", "Fresh"))
    set_consent(silent, purpose="behaviour", granted=False, by=own(silent))
    ages = {seen.pk: 20, silent.pk: 20, fresh.pk: 2}
    for person_id, days in ages.items():
        Exposure.objects.create(
            person_id=person_id,
            job=job,
            shelf="mix",
            position=0,
            policy_id="mix-1",
            model_hash="",
            propensity=1.0,
            score=0.5,
            reason_code="skills",
            visible=True,
            shown_at=clock.now() - timedelta(days=days),
        )
    assert outcomes().shown == {(seen.pk, job.pk): False}


def test_nothing_is_learnt_from_nothing(job: Job) -> None:
    assert learn_sides(by=MACHINE) == ""
    assert not Model.objects.filter(kind=SIDES_KIND).exists()


def test_what_a_colleague_rolled_back_stays_so(job: Job, mia: Account) -> None:
    first = learnt(curves())
    learnt(curves(centre=0.4))
    roll_back_model(kind=SIDES_KIND, reason="too bold", by=actor(mia))
    judged(job, 12)
    reread()
    forget_sides()
    new = learn_sides(by=MACHINE)
    assert Model.objects.get(pk=new).state == ModelState.CANDIDATE
    assert Model.objects.get(pk=first).state == ModelState.CHAMPION


def test_an_unknown_job_is_not_judged(rosa: Account) -> None:
    learnt(curves())
    assert rank_people(make_job(), by=actor(rosa), blind=True).note == "unread_job"
