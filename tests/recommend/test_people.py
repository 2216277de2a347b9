"""People for a job: an order to read in, with evidence; nobody is hidden, nobody's name is leaked."""

from __future__ import annotations

import uuid

import pytest

from segue.catalog.actions.facts import Said, settle_profile, state_facts
from segue.catalog.models import FactSource, Job, Person
from segue.kit.errors import NotAllowed
from segue.listen.actions.record import record
from segue.recommend.actions.slates import PeopleSlate, rank_people
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account, Decision
from tests.factories import actor, grant, make_job, make_member, make_person, make_resume
from tests.recommend.stage import MACHINE, market, own, reread

pytestmark = pytest.mark.django_db
SILENT = {"behaviour", "wish", "freshness", "pay"}


@pytest.fixture
def job() -> Job:
    market(16)
    made = make_job(
        title="Data engineer",
        description="Python, SQL and pipelines.",
        required_skills=["python", "sql", "data-engineering"],
    )
    reread()
    return made


def candidate(name: str, *, skills: tuple[str, ...] = ("python", "sql"), **fields: object) -> Person:
    """Somebody who allows everything, with a résumé in which each skill stands."""
    person = make_person(name=name, headline="Data engineer", **fields)
    first = name.split(maxsplit=1)[0]
    text = f"{name} has worked for years. " + " ".join(
        f"I am {first} and use {slug} daily, says {name}, {person.email}." for slug in skills
    )
    resume = make_resume(person, text=text)
    said = [
        Said(
            "skill",
            slug,
            confidence=0.9,
            method="lexicon",
            span=(text.index(slug), text.index(slug) + len(slug)),
        )
        for slug in skills
    ]
    state_facts(person, said, source=FactSource.PARSED, resume=resume, by=MACHINE)
    settle_profile(person, by=MACHINE)
    grant(person)
    return person


def applies(person: Person, job: Job) -> None:
    record("application.submitted", by=own(person), person_id=person.pk, job_id=job.pk)


def ranked(job: Job, account: Account, *, blind: bool = False, limit: int = 50) -> PeopleSlate:
    reread()
    return rank_people(job, by=actor(account), blind=blind, limit=limit)


def ids(slate: PeopleSlate) -> list[uuid.UUID]:
    return [row.person.pk for row in slate.rows]


def test_those_with_more_of_what_is_asked_come_first_and_factors_add_up(job: Job, rosa: Account) -> None:
    some = candidate("Bo Some", skills=("python",))
    none = candidate("Cy Other", skills=("nursing",))
    most = candidate("Al Most", skills=("python", "sql", "data-engineering"))
    slate = ranked(job, rosa)
    found = [one for one in ids(slate) if one in {some.pk, most.pk, none.pk}]
    assert found[:2] == [most.pk, some.pk]
    assert [row.score for row in slate.rows] == sorted((row.score for row in slate.rows), reverse=True)
    for row in slate.rows:
        assert sum(float(f["contribution"]) for f in row.factors) == pytest.approx(row.score, abs=1e-9)
    by_person = {row.person.pk: row for row in slate.rows}
    assert by_person[most.pk].missing == []
    assert by_person[some.pk].missing == ["sql", "data-engineering"]


def test_equals_stand_in_an_order_that_does_not_change(job: Job, rosa: Account) -> None:
    for number in range(4):
        candidate(f"Twin {number}", skills=("python",))
    assert ids(ranked(job, rosa)) == ids(ranked(job, rosa))


NAMES = ["Ada Lindqvist", "Jo Li", "李 雷", "김 민수", "Мария Иванова", "Anne-Marie O'Neill", "Al Ng"]


@pytest.mark.parametrize("name", NAMES)
def test_blind_leaves_no_name_or_address_in_any_quote(job: Job, rosa: Account, name: str) -> None:
    person = candidate(name, skills=("python", "sql", "data-engineering"))
    (row,) = (row for row in ranked(job, rosa, blind=True).rows if row.person.pk == person.pk)
    assert row.label == f"Candidate {person.pk.hex[-4:].upper()}"
    assert row.evidence
    for quote in row.evidence:
        words = quote.quote.replace(",", " ").replace(".", " ").split()
        assert not set(name.split()) & set(words), quote.quote
        assert "@" not in quote.quote
        assert "people.example" not in quote.quote
    seen = ranked(job, rosa, blind=False)
    assert name in [row.label for row in seen.rows]
    assert any(name.split(maxsplit=1)[0] in quote.quote for quote in seen.rows[0].evidence)


def test_a_name_cut_by_the_edge_of_a_quote_is_still_hidden(job: Job, rosa: Account) -> None:
    for gap in range(56, 72):
        person = make_person(name="Wilhelmina Featherstonehaugh", headline="Data engineer")
        text = f"Wilhelmina Featherstonehaugh {'x' * gap} python {'y' * gap} Wilhelmina Featherstonehaugh"
        at = text.index("python")
        resume = make_resume(person, text=text)
        said = [Said("skill", "python", confidence=0.9, method="lexicon", span=(at, at + 6))]
        state_facts(person, said, source=FactSource.PARSED, resume=resume, by=MACHINE)
        settle_profile(person, by=MACHINE)
        grant(person)
    for row in ranked(job, rosa, blind=True).rows:
        for quote in row.evidence:
            left = quote.quote.replace("x", "").replace("y", "").replace("pthon", "")
            assert set(left) <= {" ", "…"}, quote.quote


def test_short_names_do_not_eat_words(job: Job, rosa: Account) -> None:
    person = make_person(name="Al An", headline="Data engineer")
    text = "An analytical person: all scalable python plans. Al"
    resume = make_resume(person, text=text)
    at = text.index("python")
    said = [Said("skill", "python", confidence=0.9, method="lexicon", span=(at, at + 6))]
    state_facts(person, said, source=FactSource.PARSED, resume=resume, by=MACHINE)
    settle_profile(person, by=MACHINE)
    grant(person)
    (row,) = ranked(job, rosa, blind=True).rows
    assert row.evidence[0].quote == "… analytical person: all scalable python plans. …"


def test_who_takes_back_discovery_or_profile_is_gone_at_once(job: Job, rosa: Account) -> None:
    finds, reads = candidate("Bo Found"), candidate("Cy Read")
    assert {finds.pk, reads.pk} <= set(ids(ranked(job, rosa)))
    set_consent(finds, purpose="discovery", granted=False, by=own(finds))
    set_consent(reads, purpose="profile", granted=False, by=own(reads))
    slate = rank_people(job, by=actor(rosa), blind=False)  # no re-reading in between
    assert not {finds.pk, reads.pk} & set(ids(slate))


def test_an_applicant_who_allows_no_reading_is_counted_and_named_as_unread(job: Job, rosa: Account) -> None:
    silent, later = make_person(name="Si Lent"), candidate("La Ter")
    for person in (silent, later):
        applies(person, job)
    assert ranked(job, rosa).unread == [silent.pk]
    set_consent(later, purpose="profile", granted=False, by=own(later))
    slate = rank_people(job, by=actor(rosa), blind=False)  # their features are not yet deleted
    assert slate.unread == sorted([silent.pk, later.pk], key=str)
    assert slate.abstained == 2
    assert later.pk not in ids(slate)


def test_no_applicant_falls_off_the_end_whatever_the_limit(job: Job, rosa: Account) -> None:
    applicants = [candidate(f"Weak {n}", skills=("nursing",)) for n in range(4)]
    for person in applicants:
        applies(person, job)
    for number in range(4):
        candidate(f"Strong {number}", skills=("python", "sql", "data-engineering"))
    slate = ranked(job, rosa, limit=2)
    assert {person.pk for person in applicants} <= set(ids(slate))
    assert [row.in_pool for row in slate.rows].count("discovery") == 2


def test_what_the_law_asks_puts_last_with_a_flag_and_hides_nobody(job: Job, rosa: Account) -> None:
    Job.objects.filter(pk=job.pk).update(permit_country="DE")
    barred = candidate("Ba Red", skills=("python", "sql", "data-engineering"), permits=["FR"])
    weak = candidate("We Ak", skills=("nursing",))
    for person in (barred, weak):
        applies(person, job)
    slate = ranked(job, rosa)
    assert ids(slate) == [weak.pk, barred.pk]
    assert slate.rows[1].flags == ["permit"]


def test_a_hiring_manager_meets_applicants_only(job: Job, max_: Account, rosa: Account) -> None:
    make_member(job, max_)
    candidate("Bo Found")
    applicant = candidate("Ap Plied")
    applies(applicant, job)
    assert ids(ranked(job, max_)) == [applicant.pk]
    assert len(ids(ranked(job, rosa))) == 2


@pytest.mark.parametrize("who", ["max_", "ines", "theo", "eve", "ada"])
def test_a_slate_belongs_to_the_team(who: str, job: Job, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        rank_people(job, by=actor(request.getfixturevalue(who)), blind=True)


def test_a_withdrawn_application_is_no_application(job: Job, max_: Account) -> None:
    make_member(job, max_)
    person = candidate("Wi Thdrawn")
    applies(person, job)
    record("application.withdrawn", by=own(person), person_id=person.pk, job_id=job.pk)
    assert ids(ranked(job, max_)) == []


def test_behaviour_moves_nobody_on_a_slate(job: Job, rosa: Account) -> None:
    person = candidate("Be Haved")
    (before,) = ranked(job, rosa).rows
    for _ in range(5):
        record("card.saved", by=own(person), person_id=person.pk, job_id=job.pk)
    (after,) = ranked(job, rosa).rows
    assert after.score == pytest.approx(before.score, abs=1e-12)
    assert not SILENT & {factor["name"] for factor in after.factors}


def test_a_ranking_leaves_a_decision(job: Job, rosa: Account) -> None:
    person = candidate("Bo Found")
    slate = ranked(job, rosa, blind=True)
    decision = Decision.objects.get(kind="people.ranked")
    assert (decision.job_id, decision.policy_id, decision.model_hash) == (
        job.pk,
        "people-1",
        slate.model_hash,
    )
    assert decision.chosen == [[0, str(person.pk), slate.rows[0].score, 1.0]]
    assert decision.inputs["blind"] is True
    assert not SILENT & set(decision.inputs["features"])


def test_nobody_to_rank_leaves_no_decision(job: Job, rosa: Account) -> None:
    assert ranked(job, rosa).rows == []
    assert not Decision.objects.exists()


def test_a_job_nobody_has_read_says_so(rosa: Account) -> None:
    assert rank_people(make_job(), by=actor(rosa), blind=True).note == "unread_job"
