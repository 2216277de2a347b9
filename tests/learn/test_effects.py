"""What faults cost matching is measured on people's own replies, and not said where there are too few."""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np
import pytest

from segue.catalog.actions.auditing.faults import DAMAGES, FAULTS, by_worth
from segue.catalog.actions.auditing.run import audit
from segue.catalog.models import Fact, Job, Person
from segue.cli import audit as command
from segue.engine.spoilt import LEAST, gains, ndcg
from segue.kit.actor import Actor
from segue.learn.actions.effects import measure, measure_effects
from segue.learn.actions.fitting import refresh_features
from segue.learn.damage import JOBS, PEOPLE
from segue.learn.models import Model
from segue.learn.queries.effects import effects_in_force
from segue.listen.actions.record import record
from tests.factories import grant, make_job, make_person, make_resume, make_skill
from tests.recommend.stage import own

pytestmark = pytest.mark.django_db
US = Actor.machine("test")
CITIES = {"Berlin": (52.52, 13.405), "Leeds": (53.80, -1.55), "Paris": (48.85, 2.35)}
TRADES = {"nursing": "Nurse", "welding": "Welder", "python": "Python engineer", "baking": "Baker"}


def company(people: int) -> list[Person]:
    """Everybody says yes to the job of their trade in their own town, of which there are a few."""
    jobs: dict[tuple[str, str], Job] = {}
    for skill, title in TRADES.items():
        make_skill(skill)
        for city, (lat, lon) in CITIES.items():
            jobs[skill, city] = make_job(
                title=title,
                city=city,
                lat=lat,
                lon=lon,
                required_skills=[skill],
                description=f"You do {skill} well, every day, with others.",
            )
    made = []
    for number in range(people):
        skill, city = list(jobs)[number % len(jobs)]
        lat, lon = CITIES[city]
        person = make_person(
            headline=TRADES[skill], skills=[skill], city=city, lat=lat, lon=lon, willing_km=60.0
        )
        make_resume(person, text=f"I did {skill} for {number + 2} years.")
        grant(person)
        record("card.saved", by=own(person), person_id=person.pk, job_id=jobs[skill, city].pk)
        made.append(person)
    refresh_features(by=US)
    return made


def test_too_few_replies_are_no_measure() -> None:
    company(6)
    measured = measure_effects(by=US)
    assert (measured.people, measured.effects) == (6, {})
    assert effects_in_force().costs == {}
    assert not effects_in_force().enough


def test_what_matching_reads_costs_it_and_the_same_data_give_the_same_figures() -> None:
    people = company(LEAST + 10)
    for person in people[:5]:  # they take back that their acts are learnt from
        person.consents.create(purpose="behaviour", granted=False, text_shown="", by=person.name)
    before = list(Person.objects.order_by("pk").values()), list(Job.objects.order_by("pk").values())
    measured = measure(seed=3)
    assert measured == measure(seed=3)
    assert measured.people == LEAST + 5
    assert measured.ndcg > 0.8
    assert measured.effects["place_wrong"].shown
    assert measured.effects["pay_wrong"].rows == 0  # nobody named a pay
    assert set(measured.effects) == {*PEOPLE, *JOBS}
    assert before == (list(Person.objects.order_by("pk").values()), list(Job.objects.order_by("pk").values()))


def test_what_is_kept_for_another_purpose_is_no_part_of_the_measure() -> None:
    people = company(LEAST)
    before = measure(seed=1)
    for person in people:
        Fact.objects.create(person=person, kind="position", value={"title": "Astronaut"}, source="ats",
                            normalised="x", purposes=["fairness"])  # fmt: skip
    assert measure(seed=1) == before


def test_the_list_puts_reaching_people_first_and_then_what_gains_most() -> None:
    found = {"unknown_skill": 100, "place_elsewhere": 10, "bad_email": 1, "pay_implausible": 3, "stale": 40}
    judged = [work.fault.code for work in by_worth(found)]
    assert judged == ["bad_email", "unknown_skill", "place_elsewhere", "stale", "pay_implausible"]
    measured = by_worth(found, {"place_wrong": 0.2, "pay_wrong": 0.4, "skill_unknown": 0.0})
    assert [work.fault.code for work in measured] == [
        "bad_email", "place_elsewhere", "pay_implausible", "unknown_skill", "stale",
    ]  # fmt: skip
    assert measured[1].gain == pytest.approx(0.2 * 10 * FAULTS["place_elsewhere"].fixable)


def test_every_fault_that_matching_feels_has_a_damage_that_is_done() -> None:
    assert set(DAMAGES) <= set(FAULTS)
    assert set(DAMAGES.values()) <= {*PEOPLE, *JOBS}


def test_the_command_measures_on_our_own_replies(capsys: pytest.CaptureFixture[str]) -> None:
    company(LEAST)
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.main(parser.parse_args(["--effects", "--json"])) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["effects"]["place_wrong"]["rows"] == LEAST
    assert Model.objects.filter(kind="fault-effects", state="champion").count() == 1
    audit(by=US)
    assert command.main(parser.parse_args([])) == 0


def test_a_pair_below_the_tenth_place_or_never_shown_is_worth_nothing() -> None:
    scores = np.arange(12.0)[None, ::-1].copy()
    relevant = np.zeros((1, 12), dtype=np.bool_)
    relevant[0, [0, 9, 10]] = True
    assert gains(scores, relevant)[0, [0, 9, 10]].round(3).tolist() == [1.0, 0.289, 0.0]
    scores[0, 0] = -np.inf
    assert gains(scores, relevant)[0, 0] == 0.0
    assert np.isnan(ndcg(gains(scores, np.zeros((1, 12), dtype=np.bool_)))).all()
