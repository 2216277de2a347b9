"""Whatever anybody does in whatever order: nobody reads another's ratings before their own are in."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from segue.hire.actions.applications import move_application, open_application, reject_application
from segue.hire.actions.debriefs import decide_debrief, undo_debrief, write_discussion
from segue.hire.actions.panels import ask_interviewer, release_interviewer
from segue.hire.actions.scorecards import (
    CardWords,
    begin_amendment,
    drop_amendment,
    read_scorecards,
    save_scorecard,
    submit_scorecard,
)
from segue.hire.models import Application, Debrief, Outcome, Panelist, Scorecard
from segue.hire.queries.debriefs import debrief_for
from segue.hire.queries.scorecards import owed_places, scorecards_visible_to
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, SegueError
from segue.trust.models import Account
from tests import factories
from tests.factories import actor, make_account, make_application, make_job, make_member
from tests.factories.panels import EVIDENCE, kit_words, make_panel, submit

WHO = ("rosa", "mia", "max", "ines", "otto")
STEPS = ("interview", "onsite")
DEEDS = st.tuples(
    st.sampled_from(
        (
            *("ask", "ask", "release", "restore", "save", "submit", "submit", "read", "read"),
            *("amend", "drop", "advance", "back", "reject", "hold", "undo", "discuss"),
        )
    ),
    st.sampled_from(WHO),
    st.sampled_from(WHO),
    st.sampled_from(STEPS),
)
REASON = "We talked it over, and this decides it."


class Blindness(TestCase):
    """Random walks of a whole team through everything they can do about one application."""

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(DEEDS, min_size=4, max_size=20))
    def test_nobody_reads_before_their_own_is_in(self, deeds: list[tuple[str, str, str, str]]) -> None:
        cast, application = team()
        read: dict[tuple[UUID, str], int] = defaultdict(int)  # others' cards read, by account and stage
        for verb, who, whom, step in deeds:
            by, before = actor(cast[who]), Scorecard.objects.filter(submitted_at__isnull=False).count()
            attempt(verb, application, by, cast[whom], step, read)
            self.sees_nothing_while_owing(cast, application)
            after = Scorecard.objects.filter(submitted_at__isnull=False).order_by("submitted_at")
            if after.count() > before:
                card = after.last()
                assert card is not None
                if card.amends_id is None:  # an original was written blind
                    assert not read[card.author_id, card.step]
        drafts = {account.pk: scorecards_visible_to(actor(account)) for account in cast.values()}
        assert not any(rows.filter(submitted_at=None).exclude(author=key) for key, rows in drafts.items())

    def sees_nothing_while_owing(self, cast: dict[str, Account], application: Application) -> None:
        owing = set(owed_places().filter(application=application).values_list("account", flat=True))
        for account in cast.values():
            if account.pk in owing:
                by = actor(account)
                assert not scorecards_visible_to(by).exclude(author=account).exists()
                assert debrief_for(application, application.step, by) is None


def team() -> tuple[dict[str, Account], Application]:
    cast = {
        "rosa": factories.rosa(),
        "mia": factories.mia(),
        "max": factories.max_(),
        "ines": factories.ines(),
        "otto": make_account(role="interviewer", name="Otto", email="otto@employer.example"),
    }
    job = make_job()
    make_member(job, cast["max"])
    make_member(job, cast["otto"], "interviewer")
    return cast, make_application(job=job, stage="interview")


def attempt(
    verb: str,
    application: Application,
    by: Actor,
    whom: Account,
    step: str,
    read: dict[tuple[UUID, str], int],
) -> None:
    """Try it; a typed refusal is a fine answer, anything else is a bug."""
    place = Panelist.objects.filter(application=application, step=step, account=whom).first()
    own = Panelist.objects.filter(application=application, step=step, account=by.account_id).first()
    row = Application.objects.get(pk=application.pk)
    try:
        if verb == "ask":
            ask_interviewer(row, account=whom, step=step, by=by)
        elif verb in {"release", "restore"} and place is not None:
            release_interviewer(place, back=verb == "restore", by=by)
        elif verb == "read":
            for card in read_scorecards(row, step=step, by=by):
                read[by.account_id, card.step] += card.author_id != by.account_id  # type: ignore[index]
        elif own is not None and verb in {"save", "submit", "amend", "drop"}:
            write(verb, own, by)
        else:
            decide(verb, row, by)
    except SegueError:
        pass


def write(verb: str, own: Panelist, by: Actor) -> None:
    draft = Scorecard.objects.filter(
        application=own.application_id, step=own.step, author=by.account_id, submitted_at=None
    ).first()
    words = CardWords({}, {}, "yes", EVIDENCE, seen=draft.revision if draft else 0)
    deeds = {"save": save_scorecard, "submit": submit_scorecard}
    if verb in deeds:
        deeds[verb](own, words=words, by=by)
    elif verb == "amend":
        begin_amendment(own, reason=REASON, by=by)
    else:
        drop_amendment(own, by=by)


def decide(verb: str, row: Application, by: Actor) -> None:
    if verb in {"advance", "hold"}:
        decide_debrief(row, outcome=verb, reason=REASON, by=by)
    elif verb == "back":
        move_application(row, stage="interview", by=by)
    elif verb == "reject":
        open_application(row, by=by)
        decide_debrief(row, outcome="reject", reason=REASON, by=by)
    elif verb == "undo" and (debrief := Debrief.objects.filter(application=row).first()):
        undo_debrief(debrief, by=by)
    elif verb == "discuss":
        write_discussion(row, step=row.step, text=REASON, by=by)


@pytest.mark.django_db
def test_both_read_once_both_are_in(ines: Account, max_: Account) -> None:
    """Guards the property above against passing because nobody ever reads anything."""
    application = make_application(stage="interview")
    make_member(application.job, max_)
    mine, his = make_panel(ines, max_, application=application)
    submit(mine)
    assert read_scorecards(application, by=actor(max_)) == []
    submit(his)
    for account in (ines, max_):
        assert len(read_scorecards(application, by=actor(account))) == 2


@pytest.mark.django_db
def test_who_read_the_others_is_not_asked_for_a_blind_card(
    ines: Account, max_: Account, rosa: Account
) -> None:
    application = make_application(stage="interview")
    make_member(application.job, max_)
    [place, his] = make_panel(ines, max_, application=application)
    submit(place)
    release_interviewer(his, by=actor(rosa))
    assert len(read_scorecards(application, by=actor(max_))) == 1
    with pytest.raises(Conflict):
        release_interviewer(his, back=True, by=actor(rosa))
    with pytest.raises(Conflict):
        ask_interviewer(application, account=max_, by=actor(rosa))
    assert ask_interviewer(application, account=max_, step="onsite", by=actor(rosa)).step == "onsite"
    assert read_scorecards(application, by=actor(max_)) == []  # owing one stage's card is blind to all


@pytest.mark.django_db
def test_looking_before_anything_is_in_costs_nobody_their_place(rosa: Account, ines: Account) -> None:
    application = make_application(stage="interview")
    make_panel(ines, application=application)
    assert read_scorecards(application, by=actor(rosa)) == []
    assert ask_interviewer(application, account=rosa, by=actor(rosa)).account == rosa


@pytest.mark.django_db
def test_an_interviewer_reads_the_stages_they_were_at(ines: Account, max_: Account, rosa: Account) -> None:
    application = make_application(stage="interview")
    [place] = make_panel(ines, application=application)
    submit(place)
    other = ask_interviewer(application, account=max_, step="onsite", by=actor(rosa))
    submit_scorecard(other, words=CardWords(recommendation="no"), by=actor(max_))
    assert [card.step for card in read_scorecards(application, by=actor(ines))] == ["interview"]
    assert [card.step for card in read_scorecards(application, by=actor(max_))] == ["onsite"]
    assert len(read_scorecards(application, by=actor(rosa))) == 2


@pytest.mark.django_db
def test_a_settled_application_owes_nobody_silence(ines: Account, max_: Account, rosa: Account) -> None:
    application = make_application(stage="interview")
    make_member(application.job, max_)
    [place, _his] = make_panel(ines, max_, application=application)
    submit(place)
    open_application(application, by=actor(rosa))
    reject_application(application, reason=REASON, by=actor(rosa))
    assert Application.objects.get(pk=application.pk).outcome == Outcome.REJECTED
    assert len(read_scorecards(application, by=actor(max_))) == 1


def test_a_kit_of_the_story_has_anchors() -> None:
    assert all(kit_words("Listening").competencies[0].anchors)
