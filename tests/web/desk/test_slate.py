"""A job's slate: people with evidence, names hidden until asked for, nobody left out of sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from segue.catalog.actions.facts import Said, settle_profile, state_facts
from segue.catalog.models import FactSource, Job, Person
from segue.hire.actions.applications import Applicant, apply
from segue.kit.actor import Actor
from segue.learn.actions.fitting import refresh_features
from segue.learn.actions.registry import install_model, register_model
from segue.learn.queries.catalogue import forget_catalogue
from segue.learn.queries.pool import forget_pool
from segue.listen.actions.record import record
from segue.recommend.judging import SIDES_KIND
from segue.recommend.queries.sides import forget_sides
from segue.trust.actions.dials import set_dial
from segue.trust.models import Account, Decision
from segue.trust.queries.dials import AI_ON
from tests.factories import (
    grant,
    make_application,
    make_job,
    make_member,
    make_person,
    make_resume,
    make_skill,
)
from tests.recommend.stage import curves, statements

BUDGET = 15
MACHINE = Actor.machine("tests")


def engineer(name: str, *, willing: bool = True) -> Person:
    person = make_person(name=name, headline="Data engineer")
    text = f"{name} writes Python and SQL for banks. Write to {person.email}."
    resume = make_resume(person, text=text)
    at = text.index("Python")
    said = [Said("skill", "python", confidence=0.9, method="words", span=(at, at + 6))]
    state_facts(person, said, source=FactSource.PARSED, resume=resume, by=MACHINE)
    settle_profile(person, by=MACHINE)
    if willing:
        grant(person)
    return person


@pytest.fixture(autouse=True)
def _fresh_columns() -> Iterator[None]:
    forget_catalogue()
    forget_pool()
    forget_sides()
    yield
    forget_catalogue()
    forget_pool()
    forget_sides()


@pytest.fixture
def job(db: None) -> Job:
    make_skill("python", label="Python")
    make_skill("sql", label="SQL")
    return make_job(
        title="Data engineer", description="Python and SQL for banks.", required_skills=["python", "sql"]
    )


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


def address(job: Job, *, named: bool = False) -> str:
    return reverse("desk:slate", args=[job.pk]) + ("?names=shown" if named else "")


def test_names_and_addresses_are_hidden_until_asked_for(job: Job, desk: Client) -> None:
    person = engineer("Ada Lindqvist")
    refresh_features(by=MACHINE)
    blind = desk.get(address(job)).content.decode()
    assert f"Candidate {person.pk.hex[-4:].upper()}" in blind
    assert "Lindqvist" not in blind
    assert str(person.email) not in blind
    assert "Ada Lindqvist" in desk.get(address(job, named=True)).content.decode()


def test_evidence_is_marked_and_what_is_missing_is_named(job: Job, desk: Client) -> None:
    engineer("Ada Lindqvist")
    refresh_features(by=MACHINE)
    answer = desk.get(address(job))
    (line,) = answer.context["lines"]
    assert "writes <mark>Python</mark> and" in answer.content.decode()
    assert line.missing == ["SQL"]
    parts = [each["contribution"] for each in line.row.factors]
    assert sum(parts) == pytest.approx(line.row.score, abs=1e-9)


def test_a_look_at_a_slate_is_a_logged_decision(job: Job, desk: Client) -> None:
    person = engineer("Ada Lindqvist")
    refresh_features(by=MACHINE)
    desk.get(address(job))
    decision = Decision.objects.get(kind="people.ranked")
    assert decision.chosen[0][1] == str(person.pk)
    assert decision.inputs["blind"] is True


def test_applicants_we_cannot_read_are_counted_not_dropped(job: Job, desk: Client) -> None:
    apply(job, applicant=Applicant(name="Kim", email="kim@people.example"), by=Actor.anonymous())
    engineer("Ada Lindqvist")
    refresh_features(by=MACHINE)
    answer = desk.get(address(job))
    assert answer.context["slate"].abstained == 1
    assert "Not enough to say" in answer.content.decode()
    assert reverse("desk:job", args=[job.pk]) in answer.content.decode()


def test_a_slate_offers_no_way_to_reject(job: Job, desk: Client) -> None:
    engineer("Ada Lindqvist")
    refresh_features(by=MACHINE)
    assert "reject" not in desk.get(address(job)).content.decode().replace("hidden or rejected by it", "")


def test_a_hiring_manager_meets_applicants_only(
    job: Job, max_: Account, client_as: Callable[[Account], Client]
) -> None:
    make_member(job, max_)
    engineer("Ada Lindqvist")
    refresh_features(by=MACHINE)
    assert client_as(max_).get(address(job)).context["lines"] == []


@pytest.mark.parametrize("role", ["ines", "theo", "eve"])
def test_others_see_no_slate(
    role: str, job: Job, request: pytest.FixtureRequest, client_as: Callable[[Account], Client]
) -> None:
    assert client_as(request.getfixturevalue(role)).get(address(job)).status_code == 403


def test_a_job_nobody_has_read_says_so(job: Job, desk: Client) -> None:
    assert "has not been read yet" in desk.get(address(job)).content.decode()


def test_with_the_machine_off_nobody_is_ranked_and_everybody_is_listed(job: Job, desk: Client) -> None:
    engineer("Ada Lindqvist")
    refresh_features(by=MACHINE)
    set_dial(AI_ON, False, by=MACHINE)
    page = desk.get(address(job))
    assert page.context["lines"] == []
    assert "Learned ranking is off" in page.content.decode()
    assert reverse("desk:job", args=[job.pk]) in page.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize("learnt", [False, True])
@pytest.mark.parametrize("people", [1, 3])
def test_the_page_keeps_to_its_budget(people: int, learnt: bool, job: Job, desk: Client) -> None:
    if learnt:
        knows_both_sides()
    for number in range(people):
        engineer(f"Found {number}")
        applicant = engineer(f"Applied {number}")
        make_application(applicant, job)
        record("application.submitted", by=MACHINE, person_id=applicant.pk, job_id=job.pk)
    refresh_features(by=MACHINE)
    desk.get(address(job))  # the columns are held from here on
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = desk.get(address(job))
    assert len(answer.context["lines"]) == 2 * people
    assert answer.context["two_sided"] == learnt
    said = statements(queries)
    assert len(said) <= BUDGET, "\n".join(sql[:160] for sql in said)


def knows_both_sides() -> None:
    """Let the desk have learnt from many outcomes, and enough jobs stand on offer to compare with."""
    for number in range(8):
        make_job(title=f"Baker {number}", description="Bread, at night.", required_skills=["baking"])
    row = register_model(kind=SIDES_KIND, blob=curves().to_bytes(), card={}, by=MACHINE)
    install_model(row, by=MACHINE, reason="a test")


def test_both_sides_are_told_with_their_range_and_an_applicant_wants_it(job: Job, desk: Client) -> None:
    knows_both_sides()
    applicant = engineer("Applied")
    engineer("Found")
    record("application.submitted", by=MACHINE, person_id=applicant.pk, job_id=job.pk)
    refresh_features(by=MACHINE)
    answer = desk.get(address(job))
    said = {line.row.in_pool: [one.told for one in line.sides] for line in answer.context["lines"]}
    assert said["applied"][0] == "has applied"
    assert "between" in said["discovery"][0]
    assert "worth to both sides" in answer.content.decode()


def test_without_outcomes_the_page_says_what_is_missing(job: Job, desk: Client) -> None:
    engineer("Ada Lindqvist")
    refresh_features(by=MACHINE)
    page = desk.get(address(job)).content.decode()
    assert "Not enough to say how likely people are to want this job: no outcomes yet, about 20" in page
    assert "between" not in page
