"""The proof that consent reaches the arithmetic: what was not allowed is not in any array."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from segue.catalog.models import Job, Person
from segue.engine.content import FEATURES
from segue.kit import clock
from segue.kit.errors import NotFound
from segue.learn.actions.fitting import refresh_features
from segue.learn.actions.tastes import set_wishes
from segue.learn.queries.catalogue import forget_catalogue
from segue.learn.queries.model_input import model_input_for
from segue.listen.actions.record import record
from segue.listen.models import Signal, Tier
from segue.recommend.ranking import Ranking, rank_jobs
from segue.trust.actions.consent import set_consent
from tests.factories import grant, make_person, make_resume
from tests.recommend.stage import MACHINE, jobs_read, market, own, seen_of

pytestmark = pytest.mark.django_db
BEHAVIOUR = FEATURES.index("behaviour")
WISH = FEATURES.index("wish")


@pytest.fixture
def jobs() -> list[Job]:
    return market(16)


@pytest.fixture
def nora(jobs: list[Job]) -> Person:
    """Somebody with a profile, a history and a wish, who has allowed both."""
    person = make_person(
        name="Nora Blom",
        headline="Data engineer",
        skills=["python", "sql"],
        pay_floor=Decimal(45_000),
        pay_currency="EUR",
        pay_period="year",
        willing_km=50.0,
        remote="hybrid",
    )
    make_resume(person, text="Python and SQL pipelines, statistics and reporting.")
    grant(person, "profile", "behaviour")
    for kind, job in (("card.saved", jobs[0]), ("card.liked", jobs[2]), ("card.skipped", jobs[3])):
        record(kind, by=own(person), person_id=person.pk, job_id=job.pk)
    set_wishes(person, wishes={"department:Data": 1.0}, by=own(person))
    refresh_features(by=MACHINE)
    return person


def ranked(person: Person) -> Ranking:
    return rank_jobs(seen_of(person), jobs_read(), {})


def switch(person: Person, purpose: str, granted: bool) -> None:
    set_consent(person, purpose=purpose, granted=granted, by=own(person))


def test_with_both_allowed_every_part_of_the_input_is_filled(nora: Person) -> None:
    seen, ranking = seen_of(nora), ranked(nora)
    assert [event.kind for event in seen.events] == ["card.saved", "card.liked", "card.skipped"]
    assert seen.columns.vec.any()
    assert seen.columns.title_vec.any()
    assert seen.columns.words.nnz
    assert seen.columns.skills.nnz == 2
    assert seen.columns.pay_floor_year.tolist() == [45_000.0]
    assert ranking.features[:, BEHAVIOUR].any()
    assert ranking.features[:, WISH].any()


def test_turning_behaviour_off_empties_the_behaviour_column_and_nothing_else(nora: Person) -> None:
    before, digest = ranked(nora), seen_of(nora).digest()
    switch(nora, "behaviour", False)
    after = ranked(nora)
    assert not after.features[:, BEHAVIOUR].any()
    assert seen_of(nora).events == []
    assert seen_of(nora).digest() != digest
    others = [i for i in range(len(FEATURES)) if FEATURES[i] not in {"behaviour", "freshness"}]
    assert np.array_equal(before.features[:, others], after.features[:, others])
    assert not np.array_equal(before.scores, after.scores)


def test_with_behaviour_off_the_ledger_is_asked_for_applications_only(nora: Person) -> None:
    switch(nora, "behaviour", False)
    catalogue = jobs_read()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        model_input_for(nora.pk, catalogue)
    asked = " ".join(query["sql"] for query in seen.captured_queries if "listen_signal" in query["sql"])
    assert "application.submitted" in asked
    assert "card." not in asked
    assert "job.dwelled" not in asked


def test_turning_behaviour_on_again_brings_the_same_input_back(nora: Person) -> None:
    digest = seen_of(nora).digest()
    switch(nora, "behaviour", False)
    switch(nora, "behaviour", True)
    assert seen_of(nora).digest() == digest


def test_turning_the_profile_off_leaves_a_blank_row_even_before_features_are_deleted(nora: Person) -> None:
    digest = seen_of(nora).digest()
    switch(nora, "profile", False)
    columns = seen_of(nora).columns
    assert not columns.vec.any()
    assert not columns.title_vec.any()
    assert not columns.words.nnz
    assert not columns.skills.nnz
    assert np.isnan(columns.pay_floor_year).all()
    assert np.isnan(columns.lat).all()
    assert np.isnan(columns.willing_km).all()
    assert columns.country.tolist() == [""]
    assert columns.permits == (None,)
    assert seen_of(nora).wishes == {}
    assert seen_of(nora).digest() != digest
    assert ranked(nora).features[:, BEHAVIOUR].any(), "behaviour has a switch of its own"


def test_with_nothing_allowed_only_the_dates_of_jobs_are_left(nora: Person) -> None:
    switch(nora, "profile", False)
    switch(nora, "behaviour", False)
    ranking = ranked(nora)
    silent = [i for i in range(len(FEATURES)) if FEATURES[i] != "freshness"]
    assert not ranking.features[:, silent].any()
    assert not seen_of(nora).personalised
    posted = [job.posted_at for job in ranking.catalogue.jobs]
    newest_first = sorted(range(len(posted)), key=lambda i: posted[i] or 0, reverse=True)
    assert np.argsort(-ranking.scores, kind="stable").tolist() == newest_first


def test_no_answer_is_a_no(jobs: list[Job]) -> None:
    silent = make_person(headline="Data engineer", skills=["python"])
    seen = seen_of(silent)
    assert seen.granted == frozenset()
    assert not seen.columns.skills.nnz


def test_a_signal_of_somebody_who_did_not_allow_it_is_nobodys(nora: Person, jobs: list[Job]) -> None:
    switch(nora, "behaviour", False)
    signal = record("card.saved", by=own(nora), person_id=nora.pk, job_id=jobs[5].pk)
    assert signal.person_id is None
    switch(nora, "behaviour", True)
    assert jobs[5].pk not in {event.job_id for event in seen_of(nora).events}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("city", "Potsdam"),
        ("willing_km", 10.0),
        ("permits", ["FR"]),
        ("licences", ["forklift"]),
        ("skills", ["python", "nursing"]),
        ("pay_floor", Decimal(90_000)),
        ("remote", "remote"),
        ("lat", 48.0),
    ],
)
def test_whatever_a_model_reads_is_in_the_digest(nora: Person, field: str, value: object) -> None:
    Job.objects.filter(title__startswith="Experienced warehouse").update(licences=["forklift"])
    forget_catalogue()
    before = seen_of(nora).digest()
    Person.objects.filter(pk=nora.pk).update(**{field: value})
    assert seen_of(nora).digest() != before


def test_doubtful_signals_move_nobody(nora: Person, jobs: list[Job]) -> None:
    before = seen_of(nora).digest()
    for tier in (Tier.C, Tier.D):
        Signal.objects.create(kind="card.saved", person=nora, job=jobs[7], tier=tier)
    assert seen_of(nora).digest() == before


def test_an_application_stands_however_old_it_is(nora: Person, jobs: list[Job]) -> None:
    old = clock.now() - timedelta(days=400)
    for kind in ("application.submitted", "card.saved"):
        Signal.objects.create(kind=kind, person=nora, job=jobs[9], at=old)
    seen = seen_of(nora)
    assert jobs[9].pk in seen.applied
    assert [e.kind for e in seen.events if e.job_id == jobs[9].pk] == ["application.submitted"]
    Signal.objects.create(kind="application.withdrawn", person=nora, job=jobs[9])
    assert jobs[9].pk not in seen_of(nora).applied


def test_a_stranger_and_the_erased_are_not_found(nora: Person) -> None:
    with pytest.raises(NotFound):
        model_input_for(uuid.uuid4(), jobs_read())
    Person.objects.filter(pk=nora.pk).update(erased_at=clock.now())
    with pytest.raises(NotFound):
        seen_of(nora)
