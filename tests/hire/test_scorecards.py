"""A card is saved as it is written, handed in once, and amended by a card of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from segue.catalog.actions.erasure import erase_person
from segue.engage.models import Message
from segue.hire.actions.applications import withdraw_application
from segue.hire.actions.panels import ask_interviewer, release_interviewer
from segue.hire.actions.scorecard_clocks import nudge_scorecards
from segue.hire.actions.scorecards import (
    CardWords,
    begin_amendment,
    drop_amendment,
    read_scorecards,
    save_scorecard,
    submit_scorecard,
)
from segue.hire.models import Application, Outcome, Panelist, Scorecard
from segue.hire.queries.applications import applications_visible_to
from segue.hire.queries.scorecards import own_card, own_cards, scorecards_visible_to
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.listen.models import Signal
from segue.trust.models import Account, AuditLine
from tests import factories
from tests.factories import actor, make_account, make_application, make_job, make_member
from tests.factories.panels import EVIDENCE, make_panel, submit

pytestmark = pytest.mark.django_db


def words_for(
    rating: int | None = 3, notes: str = "", recommendation: str = "yes", seen: int = 0
) -> CardWords:
    ratings = {} if rating is None else {"listening": rating}
    return CardWords(ratings, {"listening": notes}, recommendation, seen=seen)


def test_an_interviewer_sees_this_application_and_no_other(ines: Account) -> None:
    [place] = make_panel(ines)
    make_application(job=place.application.job)
    make_application()
    assert list(applications_visible_to(actor(ines))) == [place.application]
    release_interviewer(place, by=actor(factories.rosa()))
    assert not applications_visible_to(actor(ines)).exists()


def test_who_is_asked_hears_of_it_by_a_mail_that_names_nobody(ines: Account) -> None:
    [place] = make_panel(ines)
    mail = Message.objects.get(kind="panelist_asked")
    assert mail.to_address == ines.email
    assert f"/desk/scorecards/{place.pk}/" in mail.text
    assert place.application.person.name not in mail.text


def test_asking_again_changes_the_day_and_writes_no_second_mail(ines: Account, rosa: Account) -> None:
    [place] = make_panel(ines)
    later = clock.now() + timedelta(days=9)
    again = ask_interviewer(place.application, account=ines, due_at=later, by=actor(rosa))
    assert (again.pk, again.due_at) == (place.pk, later)
    assert Message.objects.filter(kind="panelist_asked").count() == 1


def test_who_arranges_and_who_can_be_asked(
    ines: Account, max_: Account, theo: Account, rosa: Account
) -> None:
    application = make_application(stage="interview")
    make_member(application.job, ines, "interviewer")
    cora = make_account(role=Role.COORDINATOR, name="Cora")
    make_member(application.job, cora, "coordinator")
    assert ask_interviewer(application, account=ines, by=actor(cora)).asked_by == cora
    with pytest.raises(NotAllowed):
        ask_interviewer(application, account=max_, by=actor(ines))
    with pytest.raises(NotFound):
        ask_interviewer(application, account=ines, by=actor(max_))
    with pytest.raises(Invalid):
        ask_interviewer(application, account=theo, by=actor(rosa))
    for due in (clock.now() - timedelta(hours=1), clock.now() + timedelta(days=400)):
        with pytest.raises(Invalid):
            ask_interviewer(application, account=max_, due_at=due, by=actor(rosa))


def test_a_draft_is_its_authors_alone(ines: Account, rosa: Account) -> None:
    [place] = make_panel(ines)
    save_scorecard(place, words=words_for(2, "Talked over me"), by=actor(ines))
    assert scorecards_visible_to(actor(ines)).count() == 1
    for other in (actor(rosa), actor(factories.mia()), actor(factories.max_())):
        assert not scorecards_visible_to(other).exists()
    with pytest.raises(NotFound):
        save_scorecard(place, words=words_for(), by=actor(rosa))


def test_two_windows_do_not_overwrite_each_other(ines: Account) -> None:
    [place] = make_panel(ines)
    save_scorecard(place, words=words_for(2, "From the first window"), by=actor(ines))
    with pytest.raises(Conflict):
        save_scorecard(place, words=words_for(3, "From the second"), by=actor(ines))
    card = own_card(place)
    assert card is not None
    assert card.notes_on("listening") == "From the first window"
    again = save_scorecard(place, words=words_for(2, "From the first window"), by=actor(ines))
    assert again.revision == 1  # the answer was lost, and the same is sent again
    saved = save_scorecard(place, words=words_for(3, "Seen both", seen=1), by=actor(ines))
    assert (saved.revision, saved.notes_on("listening")) == (2, "Seen both")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (words_for(None), "listening"),
        (words_for(4), "listening"),
        (words_for(1, "short"), "listening"),
        (words_for(3, recommendation=""), "recommendation"),
        (words_for(3, recommendation="strong_no"), "summary"),
        (words_for(9), "listening"),
        (words_for(3, recommendation="maybe"), "recommendation"),
        (words_for(3, "x" * 10_001), "summary"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_handed_in(
    words: CardWords, field: str, ines: Account
) -> None:
    [place] = make_panel(ines)
    with pytest.raises(Invalid) as refused:
        submit_scorecard(place, words=words, by=actor(ines))
    assert refused.value.field == field
    assert refused.value.remedy
    assert not Scorecard.objects.filter(submitted_at__isnull=False).exists()


def test_not_seen_is_an_answer(ines: Account) -> None:
    [place] = make_panel(ines)
    card = submit_scorecard(place, words=words_for(0), by=actor(ines))
    assert card.rating_of("listening") == 0


def test_a_stage_without_a_kit_asks_for_a_recommendation(ines: Account, rosa: Account) -> None:
    application = make_application(stage="screen")
    place = ask_interviewer(application, account=ines, by=actor(rosa))
    card = submit_scorecard(place, words=CardWords(recommendation="no"), by=actor(ines))
    assert (card.kit, card.recommendation) == (None, "no")


def test_the_ledger_hears_that_it_is_in_and_nothing_of_what_it_says(ines: Account) -> None:
    [place] = make_panel(ines)
    submit(place, rating=1, recommendation="strong_no")
    signal = Signal.objects.get(kind="scorecard.submitted")
    assert (signal.person, signal.purpose, signal.props) == (
        place.application.person,
        "service",
        {"amends": False},
    )
    said = " ".join(str(line.detail) for line in AuditLine.objects.all())
    assert EVIDENCE not in said
    assert "strong_no" not in said


def test_a_submitted_card_is_never_changed_not_even_by_sql(ines: Account) -> None:
    [place] = make_panel(ines)
    card = submit(place)
    with pytest.raises(Conflict):
        save_scorecard(place, words=words_for(seen=1), by=actor(ines))
    for change in (
        lambda: Scorecard.objects.filter(pk=card.pk).update(recommendation="no"),
        lambda: Scorecard.objects.filter(pk=card.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_an_amendment_is_a_card_of_its_own_with_a_reason(ines: Account, rosa: Account) -> None:
    [place] = make_panel(ines)
    first = submit(place, rating=3)
    with pytest.raises(Invalid):
        begin_amendment(place, reason="typo", by=actor(ines))
    begin_amendment(place, reason="They sent the example I asked for.", by=actor(ines))
    assert [card.pk for card in read_scorecards(place.application, by=actor(rosa))] == [first.pk]
    second = submit_scorecard(place, words=words_for(4, EVIDENCE), by=actor(ines))
    assert second.amends == first
    assert [card.pk for card in read_scorecards(place.application, by=actor(rosa))] == [second.pk]
    assert Scorecard.objects.count() == 2


def test_an_amendment_can_be_let_go(ines: Account) -> None:
    [place] = make_panel(ines)
    first = submit(place)
    with pytest.raises(Conflict):
        drop_amendment(place, by=actor(ines))
    begin_amendment(place, reason="They sent the example I asked for.", by=actor(ines))
    with pytest.raises(Conflict):
        begin_amendment(place, reason="They sent the example I asked for.", by=actor(ines))
    drop_amendment(place, by=actor(ines))
    assert own_card(place) == first


def test_who_is_released_writes_no_more_and_finds_their_draft_when_asked_again(
    ines: Account, rosa: Account
) -> None:
    [place] = make_panel(ines)
    save_scorecard(place, words=words_for(2, "A beginning"), by=actor(ines))
    release_interviewer(place, by=actor(rosa))
    assert own_cards(actor(ines)) == []
    with pytest.raises(Conflict):
        save_scorecard(place, words=words_for(seen=1), by=actor(ines))
    release_interviewer(place, back=True, by=actor(rosa))
    card = save_scorecard(place, words=words_for(3, "A beginning", seen=1), by=actor(ines))
    assert card.revision == 2


def test_a_withdrawn_application_asks_for_no_cards(ines: Account, rosa: Account) -> None:
    [place] = make_panel(ines)
    withdraw_application(place.application, reason="Rang today", by=actor(rosa))
    with pytest.raises(Conflict):
        save_scorecard(place, words=words_for(), by=actor(ines))
    with pytest.raises(Conflict):
        ask_interviewer(place.application, account=factories.max_(), by=actor(rosa))
    assert [own.submitted_at for own in own_cards(actor(ines))] == [None]


def test_cards_go_with_their_person(ines: Account) -> None:
    [place] = make_panel(ines)
    submit(place)
    erase_person(place.application.person, by=Actor.machine("test"))
    assert not Scorecard.objects.exists()
    assert not Panelist.objects.exists()


def test_ones_own_list_begins_with_what_is_owed_first(ines: Account, rosa: Account) -> None:
    [done] = make_panel(ines)
    submit(done)
    [later] = make_panel(ines)
    [soon] = make_panel(ines)
    ask_interviewer(soon.application, account=ines, due_at=clock.now() + timedelta(hours=1), by=actor(rosa))
    save_scorecard(later, words=words_for(2), by=actor(ines))
    own = own_cards(actor(ines))
    assert [each.place.pk for each in own] == [soon.pk, later.pk, done.pk]
    assert [(each.is_begun, each.submitted_at is not None) for each in own] == [
        (False, False),
        (True, False),
        (True, True),
    ]


def test_a_late_card_is_reminded_of_once(ines: Account) -> None:
    make_panel(ines)
    machine = Actor.machine("test")
    assert nudge_scorecards(by=machine) == 0
    with time_machine.travel(clock.now() + timedelta(days=3)):
        assert [nudge_scorecards(by=machine), nudge_scorecards(by=machine)] == [1, 0]
    mail = Message.objects.get(kind="scorecard_due")
    assert mail.to_address == ines.email


def test_a_key_with_the_scope_reads_submitted_cards(ines: Account) -> None:
    [place] = make_panel(ines)
    key = Actor(role=Role.API_CLIENT, scopes=frozenset({"scorecards:read"}))
    save_scorecard(place, words=words_for(2), by=actor(ines))
    assert not scorecards_visible_to(key).exists()
    submit(place, seen=1)
    assert scorecards_visible_to(key).count() == 1
    assert not scorecards_visible_to(Actor(role=Role.API_CLIENT, scopes=frozenset({"notes:read"}))).exists()


def test_candidates_visitors_and_strangers_read_none(ines: Account, ada: Account) -> None:
    [place] = make_panel(
        ines, application=make_application(person=ada.person, job=make_job(), stage="screen")
    )
    submit(place)
    assert Application.objects.get().outcome == Outcome.OPEN
    for by in (actor(ada), actor(factories.eve()), Actor.anonymous(), actor(factories.max_())):
        assert not scorecards_visible_to(by).exists()
