"""Rosa decides who is the same person, by keyboard if she likes, and can take it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from segue.catalog.actions.facts import state_facts
from segue.catalog.actions.merging import merge_people, settle_merges
from segue.catalog.actions.settling import Said
from segue.catalog.models import FactKind, FactSource, Merge, PairState, Person, SamePair
from segue.kit import clock
from segue.kit.actor import Actor
from segue.trust.models import Account
from segue.trust.queries.dials import SUGGEST, same_people_level
from tests.factories import make_application, make_job, make_person

pytestmark = pytest.mark.django_db
SIGNS = [
    {"field": "given", "how": "nickname"},
    {"field": "family", "how": "same"},
    {"field": "phone", "how": "same"},
    {"field": "email", "how": "different"},
]
PAGE_BUDGET = 7  # session, account, pairs, their number, employers, applications, merges
QUIET_BUDGET = 5  # where nobody waits, nobody's employer or application is looked up
MACHINE = Actor.machine("a test")


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


def ask(**fields: Any) -> SamePair:
    one, other = make_person(name="Robert Camus", phone="+49 30 1"), make_person(name="Bob Camus")
    return SamePair.objects.create(first=one, second=other, probability=0.8, evidence=SIGNS, **fields)


def see(desk: Client) -> Any:
    return desk.get(reverse("desk:same_people"))


def do(desk: Client, name: str, key: Any, **data: str) -> Any:
    return desk.post(reverse(f"desk:{name}", args=[key]), data, follow=True)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_three_costs_as_much_as_a_page_of_one(
    rows: int, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        pair = ask()
        make_application(pair.first)
        merge_people(make_person(), make_person(), evidence=[], by=MACHINE)
    with django_assert_num_queries(PAGE_BUDGET):
        see(desk)


def test_an_empty_queue_says_so_and_costs_less(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(QUIET_BUDGET):
        page = see(desk).content.decode()
    assert "Everybody is here once." in page
    assert "Nobody has been merged yet." in page


def test_the_evidence_is_in_words_and_not_in_colour_alone(desk: Client) -> None:
    ask()
    page = see(desk).content.decode()
    for words in ("First names that are forms of one name.", "The same phone number.", "Different e-mail"):
        assert words in page
    assert "80 % likely" in page
    assert "Same name, another form" in page


def test_the_employer_shown_is_the_one_they_were_compared_by(desk: Client) -> None:
    pair = ask()
    state_facts(
        pair.first,
        [
            Said(FactKind.POSITION, {"title": "Nurse", "employer": "Now Clinic", "start": "2024-01"}),
            Said(
                FactKind.POSITION,
                {"title": "Nurse", "employer": "Then Clinic", "start": "2020-01", "end": "2023-12"},
            ),
        ],
        source=FactSource.CANDIDATE,
        by=MACHINE,
    )
    page = see(desk).content.decode()
    assert "Now Clinic" in page
    assert "Then Clinic" not in page


def test_what_a_person_must_settle_is_never_called_certain(desk: Client) -> None:
    pair = ask()
    SamePair.objects.filter(pk=pair.pk).update(probability=0.9967)
    assert "&gt; 99 % likely" in see(desk).content.decode()


def test_merging_and_its_undo(desk: Client) -> None:
    pair = ask()
    page = do(desk, "pair_same", pair.pk)
    assert "One person now: Robert Camus." in page.content.decode()
    merge = Merge.objects.get()
    assert (merge.by, merge.rule, merge.merged) == ("Rosa Feld", "person", pair.second)
    do(desk, "merge_undo", merge.pk, again="1")
    pair.refresh_from_db()
    assert pair.state == PairState.OPEN
    assert Person.objects.filter(merged_into=None).count() == 2


def test_unmerging_from_the_history_is_remembered(desk: Client) -> None:
    pair = ask()
    do(desk, "pair_same", pair.pk)
    do(desk, "merge_undo", Merge.objects.get().pk)
    pair.refresh_from_db()
    assert pair.state == PairState.DIFFERENT
    assert "Undone" in see(desk).content.decode()


def test_not_the_same_and_later_can_be_taken_back(desk: Client) -> None:
    pair = ask()
    for name in ("pair_different", "pair_later"):
        page = do(desk, name, pair.pk)
        assert page.context["toast"]["undo_url"] == reverse("desk:pair_again", args=[pair.pk])
        assert not page.context["pairs"]
        assert do(desk, "pair_again", pair.pk).context["pairs"]


def test_a_second_click_is_told_kindly(desk: Client) -> None:
    pair = ask()
    do(desk, "pair_different", pair.pk)
    assert "Somebody has decided" in do(desk, "pair_same", pair.pk).content.decode()


def test_why_a_person_must_say(desk: Client) -> None:
    ask(reason="account")
    assert "somebody signs in here" in see(desk).content.decode()


def test_the_persons_page_says_whom_it_took_in_and_undoes_it(desk: Client) -> None:
    pair = ask()
    job = make_job()
    make_application(pair.first, job)
    kept = make_application(pair.second, job)
    do(desk, "pair_same", pair.pk)
    page = desk.get(reverse("desk:person", args=[pair.second_id]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("desk:person", args=[pair.first_id])
    assert "Merged from the record “Bob Camus”" in page.content.decode()
    assert kept in page.context["applications"]
    do(desk, "merge_undo", Merge.objects.get().pk, back=reverse("desk:person", args=[pair.first_id]))
    assert desk.get(reverse("desk:person", args=[pair.second_id])).context["person"] == pair.second


def test_after_thirty_days_there_is_no_button(desk: Client) -> None:
    pair = ask()
    do(desk, "pair_same", pair.pk)
    Merge.objects.update(reversible_until=clock.now() - timedelta(days=1))
    assert len(settle_merges(by=MACHINE)) == 1
    page = see(desk).content.decode()
    assert "For good" in page
    assert Merge.objects.get().changes == []


def test_strangers_and_hiring_managers_stay_outside(
    client_as: Callable[[Account], Client], eve: Account, max_: Account
) -> None:
    pair = ask()
    for account in (eve, max_):
        door = client_as(account)
        assert door.get(reverse("desk:same_people")).status_code == 403
        assert door.post(reverse("desk:pair_same", args=[pair.pk])).status_code == 403
    assert not Merge.objects.exists()


def test_a_reload_of_a_verb_leads_to_the_pair(desk: Client) -> None:
    pair = ask()
    page = desk.get(reverse("desk:pair_same", args=[pair.pk]), follow=True)
    assert page.redirect_chain[-1][0].endswith(f"#pair-{pair.pk}")


def test_mia_turns_the_dial(client_as: Callable[[Account], Client], mia: Account) -> None:
    desk = client_as(mia)
    desk.post(reverse("desk:settings_same"), {"level": "suggest"})
    assert same_people_level() == SUGGEST
    page = desk.post(reverse("desk:settings_same"), {"level": "always"}, follow=True)
    assert "There is no such level." in page.content.decode()
    assert same_people_level() == SUGGEST
