"""The last card starts a clock, a named human decides, and what can be taken back is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from segue.engage.models import Message
from segue.hire.actions.applications import move_application, open_application
from segue.hire.actions.debriefs import decide_debrief, undo_debrief, write_discussion
from segue.hire.actions.ledger import pin_stages
from segue.hire.actions.panels import ask_interviewer, release_interviewer
from segue.hire.actions.scorecard_clocks import nudge_decisions
from segue.hire.actions.scorecards import read_scorecards
from segue.hire.models import Application, Debrief, Outcome, Panelist
from segue.hire.queries.debriefs import decisions_due, panel_states, rows_of
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.trust.models import Account, Review
from tests import factories
from tests.factories import actor, make_application, make_member
from tests.factories.panels import make_panel, submit

pytestmark = pytest.mark.django_db
REASON = "We wait for the second interview."


@pytest.fixture
def panel(ines: Account, max_: Account) -> list[Panelist]:
    application = make_application(stage="interview")
    make_member(application.job, max_)
    pin_stages([application.job_id])  # as the first application does
    return make_panel(ines, max_, application=application, names=("Listening", "Craft"))


def again(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def test_the_clock_starts_with_the_last_card_and_stops_while_one_is_missing(
    panel: list[Panelist], rosa: Account
) -> None:
    mine, his = panel
    application = mine.application
    submit(mine)
    assert not Debrief.objects.exists()
    assert panel_states([again(application)])[application.pk].submitted == 1
    submit(his)
    debrief = Debrief.objects.get()
    assert debrief.ready_at is not None
    assert debrief.due_at == debrief.ready_at + timedelta(hours=48)
    assert [each.pk for each in decisions_due(actor(rosa), limit=9)] == [debrief.pk]
    one_more = ask_interviewer(application, account=rosa, by=actor(factories.mia()))
    assert decisions_due(actor(factories.mia()), limit=9) == []
    release_interviewer(one_more, by=actor(factories.mia()))
    assert len(decisions_due(actor(rosa), limit=9)) == 1


def test_the_table_shows_the_spread_and_no_mean(panel: list[Panelist], rosa: Account) -> None:
    submit(panel[0], rating=2)
    submit(panel[1], rating=4, recommendation="strong_yes")
    rows = rows_of(read_scorecards(panel[0].application, by=actor(rosa)))
    assert [(row.name, row.lowest, row.highest, row.differs) for row in rows] == [
        ("Listening", 2, 4, True),
        ("Craft", 2, 4, True),
    ]
    assert [cell.anchor for cell in rows[0].cells] == ["Waits to talk", "Brings out what others meant"]
    assert not hasattr(rows[0], "mean")


def test_what_nobody_saw_differs_from_nothing(panel: list[Panelist], rosa: Account) -> None:
    submit(panel[0], rating=0)
    submit(panel[1], rating=4)
    assert not any(row.differs for row in rows_of(read_scorecards(panel[0].application, by=actor(rosa))))


def test_going_on_moves_by_the_usual_verb_and_is_taken_back(panel: list[Panelist], rosa: Account) -> None:
    for place in panel:
        submit(place)
    application = panel[0].application
    debrief = decide_debrief(application, outcome="advance", by=actor(rosa))
    assert (again(application).step, debrief.decided_by) == ("onsite", rosa)
    assert decisions_due(actor(rosa), limit=9) == []
    undo_debrief(debrief, by=actor(rosa))
    assert again(application).step == "interview"
    assert len(decisions_due(actor(rosa), limit=9)) == 1


def test_what_was_moved_since_is_not_taken_back(panel: list[Panelist], rosa: Account) -> None:
    debrief = decide_debrief(panel[0].application, outcome="advance", by=actor(rosa))
    move_application(panel[0].application, stage="offer", by=actor(rosa))
    with pytest.raises(Conflict):
        undo_debrief(debrief, by=actor(rosa))


def test_a_hold_has_a_reason_and_a_day_and_ends(panel: list[Panelist], rosa: Account) -> None:
    for place in panel:
        submit(place)
    application, day = panel[0].application, clock.now() + timedelta(days=5)
    for reason, until in (("no", day), (REASON, None), (REASON, clock.now() + timedelta(days=90))):
        with pytest.raises(Invalid):
            decide_debrief(application, outcome="hold", reason=reason, until=until, by=actor(rosa))
    debrief = decide_debrief(application, outcome="hold", reason=REASON, until=day, by=actor(rosa))
    assert (debrief.due_at, again(application).step) == (day, "interview")
    undone = undo_debrief(debrief, by=actor(rosa))
    assert undone.ready_at is not None
    assert undone.due_at == undone.ready_at + timedelta(hours=48)


def test_a_no_needs_who_opened_it_and_a_reason_and_has_no_undo(panel: list[Panelist], rosa: Account) -> None:
    application = panel[0].application
    with pytest.raises(Conflict):
        decide_debrief(application, outcome="reject", reason=REASON, by=actor(rosa))
    open_application(application, by=actor(rosa))
    with pytest.raises(Invalid):
        decide_debrief(application, outcome="reject", reason="no", by=actor(rosa))
    debrief = decide_debrief(application, outcome="reject", reason=REASON, by=actor(rosa))
    row = again(application)
    assert (row.outcome, row.decided_by, row.decision_reason) == (Outcome.REJECTED, rosa, REASON)
    with pytest.raises(Conflict):
        undo_debrief(debrief, by=actor(rosa))


def test_who_owes_a_card_neither_decides_nor_discusses(panel: list[Panelist], max_: Account) -> None:
    application = panel[0].application
    for deed in (
        lambda: decide_debrief(application, outcome="advance", by=actor(max_)),
        lambda: write_discussion(application, step="interview", text="Hm", by=actor(max_)),
    ):
        with pytest.raises(Conflict):
            deed()
    submit(panel[1])
    assert decide_debrief(application, outcome="advance", by=actor(max_)).decided_by == max_


def test_interviewers_and_machines_do_not_decide(panel: list[Panelist], ines: Account) -> None:
    submit(panel[0])
    for by in (actor(ines), Actor.machine("averager")):
        with pytest.raises(NotAllowed):
            decide_debrief(panel[0].application, outcome="advance", by=by)


def test_a_late_decision_is_reminded_of_once(panel: list[Panelist], max_: Account) -> None:
    for place in panel:
        submit(place)
    machine = Actor.machine("test")
    assert nudge_decisions(by=machine) == 0
    with time_machine.travel(clock.now() + timedelta(days=3)):
        assert [nudge_decisions(by=machine), nudge_decisions(by=machine)] == [1, 0]
        assert panel_states([again(panel[0].application)])[panel[0].application_id].is_late
    assert Message.objects.get(kind="decision_due").to_address == max_.email


def test_a_decision_nobody_owns_becomes_a_task(ines: Account) -> None:
    [place] = make_panel(ines)
    submit(place)
    with time_machine.travel(clock.now() + timedelta(days=3)):
        nudge_decisions(by=Actor.machine("test"))
    assert Review.objects.get(kind="undecided").job == place.application.job
