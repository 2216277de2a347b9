"""No vocabulary of what searches, compares, segments or ranks people names a protected attribute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

import pytest
from django.apps import apps

from segue.catalog.actions.importing import fields as importing
from segue.catalog.models import Fact, FactKind, Person
from segue.catalog.queries.same_people import people_to_compare
from segue.engine import columns, content
from segue.engine.query import APPLIED, FIELDS
from segue.engine.query.lexemes import MARKS
from segue.engine.same_person import agreement
from segue.kit.actor import Actor
from segue.learn.linkage import PEOPLE
from segue.learn.queries.model_input import ModelInput
from segue.learn.queries.readable import Profile
from segue.learn.texts import Words
from segue.trust.protected import PROTECTED, protected_in

# A birth date may tell two records apart where a file names one; the product keeps none (see the test below).
COMPARED_ONLY = {"born"}


def names_of_models() -> Iterable[str]:
    for model in apps.get_models():
        if model.__module__.startswith(("segue.catalog", "segue.learn", "segue.recommend", "segue.listen")):
            yield from (field.name for field in model._meta.concrete_fields)


VOCABULARIES: dict[str, Iterable[str]] = {
    "facts": FactKind.values,
    "a person's columns": [field.name for field in Person._meta.concrete_fields],
    "tables that are read to match": list(names_of_models()),
    "features of a match": content.FEATURES,
    "columns a model sees of people": [field.name for field in fields(columns.PersonColumns)],
    "a model's input": [field.name for field in fields(ModelInput)],
    "words that are read": [field.name for one in (Words, Profile) for field in fields(one)],
    "fields to search by": [*FIELDS, *APPLIED, *MARKS],
    "fields to import": [name for name in vars(importing) if not name.startswith("_")],
    "columns to compare people by": {*agreement.COLUMNS, *(c.title for c in PEOPLE.columns)} - COMPARED_ONLY,
}


@pytest.mark.parametrize("vocabulary", sorted(VOCABULARIES))
def test_no_vocabulary_has_a_word_for_a_protected_attribute(vocabulary: str) -> None:
    named = {name: protected_in(name) for name in VOCABULARIES[vocabulary]}
    assert named
    assert not {name: attribute for name, attribute in named.items() if attribute}


def test_the_guard_would_see_one() -> None:
    assert {protected_in(f"likely_{words[0]}") for words in PROTECTED.values()} == set(PROTECTED)


@pytest.mark.django_db
def test_nobody_in_the_product_has_a_birth_date_to_be_compared_by() -> None:
    person = Person.objects.create(name="Ada", email="ada@people.example")
    Fact.objects.create(person=person, kind="position", value={"title": "born 1990"}, source="ats")
    assert set(people_to_compare(Actor.machine("test")).records.born) == {""}
