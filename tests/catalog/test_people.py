"""Who sees whom, and how people are found."""

from __future__ import annotations

import pytest

from segue.catalog.actions.skills import seed_vocabulary
from segue.catalog.models import Skill
from segue.catalog.queries.people import facts_of, find_person, people_visible_to, person_for, search_people
from segue.catalog.queries.skills import all_skills, labels, vocabulary
from segue.engine.lexicon import find_skills
from segue.kit.actor import Actor
from segue.kit.errors import NotFound
from segue.trust.models import Account
from tests.factories import actor, make_person

pytestmark = pytest.mark.django_db


def test_the_talent_team_sees_people_and_a_candidate_sees_themselves(
    ada: Account, eve: Account, rosa: Account, max_: Account, ines: Account, theo: Account
) -> None:
    assert people_visible_to(actor(rosa)).count() == 2
    assert list(people_visible_to(actor(eve))) == [eve.person]
    for nobody in (actor(max_), actor(ines), actor(theo), Actor.anonymous()):
        assert not people_visible_to(nobody).exists()
    with pytest.raises(NotFound):
        facts_of(ada.person, actor(eve))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        person_for(actor(rosa), "nonsense")


def test_a_person_is_found_by_any_of_their_names(rosa: Account) -> None:
    nora = make_person(email="nora@people.example", external_source="ats", external_id="7")
    for ref in ("NORA@people.example", str(nora.pk), "7", "ats:7"):
        assert find_person(actor(rosa), ref) == nora
    make_person(external_source="crm", external_id="7")
    for ref in ("7", "", "nobody", "\x00"):
        with pytest.raises(NotFound):
            find_person(actor(rosa), ref)


def test_search_looks_at_every_word_and_at_skills(rosa: Account) -> None:
    nora = make_person(name="Nora Lind", skills=["python"], country="SE")
    make_person(name="Nora Berg")
    assert list(search_people(actor(rosa), text="lind nora")) == [nora]
    assert list(search_people(actor(rosa), skill="python", country="se")) == [nora]
    assert not search_people(Actor.anonymous(), text="nora").exists()


def test_the_vocabulary_is_the_starter_until_the_employer_has_one() -> None:
    assert "python" in vocabulary().slugs
    assert seed_vocabulary(by=Actor.machine("a test")) == len(all_skills())
    assert seed_vocabulary(by=Actor.machine("a test")) == 0
    Skill.objects.create(slug="falconry", label="Falconry", synonyms=["hawking"])
    assert [span.slug for span in find_skills("hawking", vocabulary())] == ["falconry"]
    assert labels(["falconry", "deep-sea-diving"]) == {
        "falconry": "Falconry",
        "deep-sea-diving": "Deep sea diving",
    }
    Skill.objects.filter(slug="falconry").update(approved=False)
    assert not find_skills("hawking", vocabulary())
