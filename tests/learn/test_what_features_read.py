"""No feature is made of what is kept for another purpose, nor of a protected attribute.

Whatever is stated about somebody for other purposes than recruiting, by whomever, everything that is made of
them stays the same to the bit: their columns, words and vectors, what the models are given, the arrays of the
pool and the crowd, the record they are compared by, and the words that are proposed as skills.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.models import Fact, FactKind, FactSource, Job, Person, SkillProposal
from segue.catalog.queries.same_people import people_to_compare
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.learn.actions.fitting import read_person, refresh_features
from segue.learn.actions.searching import index_person
from segue.learn.actions.vocabulary import propose_skills
from segue.learn.models import PersonFeatures, SearchRow
from segue.learn.queries.catalogue import catalogue
from segue.learn.queries.crowd import crowd_after
from segue.learn.queries.model_input import model_input_for
from segue.learn.queries.pool import applicants_pool, forget_pool, pool
from segue.trust.protected import PROTECTED
from tests.factories import grant, make_person, make_resume
from tests.recommend.stage import market

pytestmark = pytest.mark.django_db
US = Actor.machine("test")
RESUME = "Python and SQL pipelines.\nSkills: harbour piloting, rope walking, kite making, glass blowing."
OPENLY = (
    Said(FactKind.HEADLINE, "Data engineer"),
    Said(FactKind.CITY, "Berlin"),
    Said(FactKind.COUNTRY, "DE"),
    Said(FactKind.SKILL, "python"),
    Said(FactKind.POSITION, {"title": "Analyst", "employer": "Owls", "start": "2019"}),
    Said(FactKind.PAY_FLOOR, {"amount": 45_000, "currency": "EUR", "period": "year"}),
)


@pytest.fixture
def nora() -> Person:
    jobs: list[Job] = market(8)
    assert jobs
    person = make_person(name="Nora Blom", city="", country="", lat=None, lon=None, permits=[])
    resume = make_resume(person, text=RESUME)
    state_facts(person, OPENLY, source=FactSource.CANDIDATE, by=US, purposes=["recruiting"])
    span = (RESUME.index("glass"), RESUME.index("glass") + len("glass blowing"))
    state_facts(person, [Said("skill", "glass blowing", span=span)], source=FactSource.PARSED,
                by=US, resume=resume, purposes=["payroll"])  # fmt: skip
    for number in range(3):  # so that words of résumés may be proposed at all
        other = make_person(name=f"Other {number}")
        make_resume(other, text="Skills: glass blowing, harbour piloting, kite making, rope walking.")
        grant(other, "profile")
    grant(person)
    refresh_features(by=US)
    return person


WORDS = st.sampled_from(["python", "sql", "Nurse", "Data engineer", "Zweite Reihe", "statistics"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": WORDS, "headline": WORDS, "skill": WORDS, "licence": WORDS,
    "email": st.sampled_from(["a@people.example", "b@people.example"]),
    "phone": st.sampled_from(["+49 30 123456", "+49 30 654321"]),
    "city": st.sampled_from(["Berlin", "Paris", "Leeds"]),
    "country": st.sampled_from(["DE", "FR"]), "permit": st.sampled_from(["DE", "FR"]),
    "location": st.sampled_from([{"lat": 48.9, "lon": 2.3}, {"lat": 53.8, "lon": -1.5}]),
    "locale": st.sampled_from(["de", "fr"]), "time_zone": st.just("Europe/Paris"),
    "remote": st.sampled_from(["onsite", "remote"]), "willing_km": st.integers(0, 90),
    "pay_floor": st.integers(1, 90).map(lambda n: {"amount": n * 1000, "currency": "EUR", "period": "year"}),
    "position": WORDS.map(lambda word: {"title": word, "employer": "Else"}),
    "education": WORDS.map(lambda word: {"title": word, "school": "Else"}),
}  # fmt: skip
HIDDEN = st.lists(
    st.tuples(
        st.sampled_from(sorted(VALUES)).flatmap(lambda kind: VALUES[kind].map(lambda v: Said(kind, v))),
        st.sampled_from(FactSource.values),
        st.sampled_from([["fairness"], ["payroll", "health"], ["Recruiting!"]]),
    ),
    min_size=1,
    max_size=6,
)


def test_every_kind_of_fact_is_drawn() -> None:
    assert set(VALUES) == set(FactKind.values)


@given(HIDDEN)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_for_another_purpose_is_in_nothing_that_is_made_of_them(
    nora: Person, hidden: list[tuple[Said, str, list[str]]]
) -> None:
    before = everything_made_of(nora)
    with transaction.atomic():
        for said, source, purposes in hidden:
            state_facts(nora, [said], source=FactSource(source), by=US, purposes=purposes)
        assert Fact.objects.filter(person=nora).exclude(purposes=["recruiting"]).count() > 1
        after = everything_made_of(nora)
        transaction.set_rollback(True)
    nora.refresh_from_db()
    assert after == before


def everything_made_of(person: Person) -> dict[str, Any]:
    """What any room holds or computes of somebody, by name, as bytes where it is numbers."""
    read_person(person.pk, by=US)
    index_person(person.pk, by=US)
    SkillProposal.objects.all().delete()
    propose_skills(by=US)
    forget_pool()
    seen = catalogue()
    assert seen is not None
    row = PersonFeatures.objects.get(pk=person.pk)
    crowd = crowd_after(None, seen, at_most=50)
    assert crowd is not None
    found = SearchRow.objects.get(pk=person.pk)
    columns = [c.name for c in Person._meta.concrete_fields if c.name != "updated_at"]
    return {
        "columns": Person.objects.values(*columns).get(pk=person.pk),
        "words": row.source_hash,
        "vectors": [bytes(part) for part in (row.vector, row.title_vector, row.terms)],
        "model input": model_input_for(person.pk, seen).digest(),
        "pool": bits(pool(seen).columns),
        "applicants": bits(applicants_pool([person.pk], seen).columns),
        "crowd": [crowd.vec.tobytes(), bits(crowd.limits)],
        "search": (str(found.words), str(found.head), found.skills, found.lat, found.lon),
        "same person": people_to_compare(US, only=[person.pk]).records,
        "vocabulary": list(SkillProposal.objects.order_by("slug").values_list("slug", "jobs", "people")),
    }


def bits(columns: Any) -> list[Any]:
    parts = []
    for column in fields(columns):
        value = getattr(columns, column.name)
        if hasattr(value, "toarray"):
            value = value.toarray()
        parts.append(value.tobytes() if isinstance(value, np.ndarray) and value.dtype.kind != "O" else value)
    return parts


def test_where_a_resume_says_what_is_kept_back_nobody_reads_it(nora: Person) -> None:
    """Three others and she write of glass blowing; hers does not count."""
    propose_skills(by=US)
    counted = dict(SkillProposal.objects.values_list("slug", "people"))
    assert (counted["harbour-piloting"], counted["glass-blowing"]) == (4, 3)


@pytest.mark.parametrize("attribute", sorted(PROTECTED))
def test_a_protected_attribute_is_no_fact_that_can_be_stated(nora: Person, attribute: str) -> None:
    for word in PROTECTED[attribute]:
        with pytest.raises(Invalid):
            state_facts(nora, [Said(word, "x")], source=FactSource.ATS, by=US)
