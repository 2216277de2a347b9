"""What is kept between requests is what would be worked out anew, and never outlives what it was made of."""

from __future__ import annotations

import numpy as np
import pytest

from segue.catalog.models import Job, Person
from segue.engine.content import lasting_features
from segue.engine.veto import lasting_vetoes
from segue.learn.actions.fitting import refresh_features
from segue.learn.queries.catalogue import Catalogue
from segue.learn.queries.model_input import ModelInput
from segue.recommend.lasting import Lasting, lasting
from segue.trust.actions.consent import set_consent
from tests.factories import grant, make_person, make_resume
from tests.recommend.stage import MACHINE, jobs_read, market, own, reread, seen_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def jobs() -> list[Job]:
    return market(16)


@pytest.fixture
def ada(jobs: list[Job]) -> Person:
    person = make_person(name="Ada Reyes", skills=["python", "sql"], willing_km=50.0)
    make_resume(person, text="Python and SQL pipelines, statistics and reporting.")
    grant(person, "profile", "behaviour")
    refresh_features(by=MACHINE)
    return person


def anew(seen: ModelInput, catalogue: Catalogue) -> Lasting:
    found = lasting_features(seen.columns, catalogue.offered, near=catalogue.near, strong=catalogue.strong)
    rows = {name: column[0].astype(np.float32) for name, column in found.items()}
    return Lasting(catalogue.version, rows, lasting_vetoes(seen.columns, catalogue.offered)[0])


def same(one: Lasting, other: Lasting) -> bool:
    features = [np.array_equal(one.features[name], other.features[name]) for name in other.features]
    return all(features) and np.array_equal(one.vetoes, other.vetoes)


def test_two_visits_share_what_nothing_has_changed(ada: Person) -> None:
    first, again = seen_of(ada), seen_of(ada)
    assert first.columns is again.columns
    assert lasting(first.columns, jobs_read()) is lasting(again.columns, jobs_read())
    assert same(lasting(first.columns, jobs_read()), anew(again, jobs_read()))


def test_another_profile_is_another_entry(ada: Person) -> None:
    before = lasting(seen_of(ada).columns, jobs_read())
    Person.objects.filter(pk=ada.pk).update(skills=["nursing"], pay_floor=90_000, pay_currency="EUR")
    Person.objects.filter(pk=ada.pk).update(pay_period="year")
    after = seen_of(ada)
    assert not same(lasting(after.columns, jobs_read()), before)
    assert same(lasting(after.columns, jobs_read()), anew(after, jobs_read()))


def test_a_consent_taken_back_leaves_nothing_of_what_was_kept(ada: Person) -> None:
    """The profile switch goes off: at the very next look the arrays are blank, whatever memory holds."""
    assert lasting(seen_of(ada).columns, jobs_read()).features["text"].any()
    set_consent(ada, purpose="profile", granted=False, by=own(ada))
    kept = lasting(seen_of(ada).columns, jobs_read())
    assert not any(column.any() for column in kept.features.values())
    set_consent(ada, purpose="profile", granted=True, by=own(ada))
    refresh_features(by=MACHINE)
    assert lasting(seen_of(ada).columns, jobs_read()).features["text"].any()


def test_another_job_is_compared_with_everybody(ada: Person, jobs: list[Job]) -> None:
    seen = seen_of(ada)
    assert len(lasting(seen.columns, jobs_read()).vetoes) == len(jobs)
    Job.objects.filter(pk=jobs[0].pk).update(status="closed")
    reread()
    seen = seen_of(ada)
    assert len(lasting(seen.columns, jobs_read()).vetoes) == len(jobs) - 1
    assert same(lasting(seen.columns, jobs_read()), anew(seen, jobs_read()))
