"""Rosa decides which words are skills: one tap each, every one of them undone as easily."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from segue.catalog.models import ProposalState, Skill, SkillProposal
from segue.trust.models import Account

LIST_BUDGET = 6  # session, account, proposals, counts, and the vocabulary's state twice
PAGE = "desk:skills"


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


@pytest.fixture
def care(db: None) -> Skill:
    return Skill.objects.create(slug="wound-care", label="Wound care")


def propose(slug: str, label: str = "", **fields: object) -> SkillProposal:
    return SkillProposal.objects.create(slug=slug, label=label or slug, jobs=3, **fields)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_with_one_row_and_with_three(
    rows: int, care: Skill, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        propose(f"word-{number}", near=care)
    desk.get(reverse(PAGE))
    with django_assert_num_queries(LIST_BUDGET):
        desk.get(reverse(PAGE))


def test_a_proposal_shows_how_often_it_stands_where_and_what_it_is_near(care: Skill, desk: Client) -> None:
    propose(
        "bandaging",
        "Bandaging",
        taxonomy="esco",
        people=1,
        near=care,
        example="You like <b>bandaging</b>.",
        written="bandaging",
    )
    page = desk.get(reverse(PAGE)).content.decode()
    assert "3 postings" in page
    assert "1 résumé" in page
    assert "ESCO" in page
    assert "Same as <bdi>Wound care</bdi>" in page
    assert "&lt;b&gt;<mark" in page  # what a posting says is text, not markup


def test_adding_says_so_and_undo_takes_it_back(desk: Client) -> None:
    propose("bandaging", "Bandaging")
    page = desk.post(reverse("desk:skill_add", args=["bandaging"]), follow=True)
    assert "“Bandaging” is a skill of yours now." in page.content.decode()
    assert Skill.objects.filter(slug="bandaging").exists()
    undo = page.context["toast"]["undo_url"]
    assert "waits again" in desk.post(undo, follow=True).content.decode()
    assert not Skill.objects.filter(slug="bandaging").exists()


def test_joining_takes_a_name_as_people_write_it(care: Skill, desk: Client) -> None:
    propose("bandaging", "Bandaging")
    desk.post(reverse("desk:skill_join", args=["bandaging"]), {"skill": "wound CARE"})
    care.refresh_from_db()
    assert care.synonyms == ["Bandaging"]


def test_a_skill_nobody_knows_is_refused_in_words_and_nothing_is_lost(desk: Client) -> None:
    propose("bandaging", "Bandaging")
    page = desk.post(reverse("desk:skill_join", args=["bandaging"]), {"skill": "falconry"}, follow=True)
    assert "There is no such skill." in page.content.decode()
    assert SkillProposal.objects.get().state == ProposalState.OPEN


def test_what_was_decided_stands_under_its_tab(rosa: Account, desk: Client) -> None:
    propose("hobby", "Hobby")
    desk.post(reverse("desk:skill_ignore", args=["hobby"]))
    page = desk.get(reverse(PAGE) + "?state=ignored").content.decode()
    assert "Hobby" in page
    assert rosa.name in page
    assert "Nothing to decide." in desk.get(reverse(PAGE)).content.decode()


def test_nobody_else_comes_in(max_: Account, theo: Account, client_as: Callable[[Account], Client]) -> None:
    propose("bandaging")
    for account in (max_, theo):
        assert client_as(account).get(reverse(PAGE)).status_code == 403
        answer = client_as(account).post(reverse("desk:skill_add", args=["bandaging"]))
        assert answer.status_code == 403
    assert not Skill.objects.exists()
