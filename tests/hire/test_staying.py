"""That somebody stayed is said by a colleague, when the day has come, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from segue.hire.actions.applications import hire_applicant, move_application
from segue.hire.actions.staying import STAYED, note_stay, stays_to_note
from segue.hire.models import Application
from segue.kit import clock
from segue.kit.errors import Conflict, Invalid, NotFound
from segue.listen.models import Signal
from segue.trust.models import Account
from tests.factories import actor, make_application, make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def hired(ada: Account, rosa: Account) -> Application:
    row = make_application(ada.person, make_job(title="Driver"))
    row = move_application(row, stage="offer", by=actor(rosa))
    return hire_applicant(row, by=actor(rosa))


def test_after_a_month_and_three_rosa_says_that_ada_is_still_here(hired: Application, rosa: Account) -> None:
    assert stays_to_note(hired, by=actor(rosa)) == []
    with pytest.raises(Conflict):
        note_stay(hired, days=30, by=actor(rosa))
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        assert stays_to_note(hired, by=actor(rosa)) == [30, 90]
        note_stay(hired, days=90, by=actor(rosa))
        assert stays_to_note(hired, by=actor(rosa)) == [30]
        with pytest.raises(Conflict):
            note_stay(hired, days=90, by=actor(rosa))
        with pytest.raises(Invalid):
            note_stay(hired, days=45, by=actor(rosa))
    told = Signal.objects.get(kind=STAYED)
    assert (told.person, told.job, told.props) == (hired.person, hired.job, {"days": 90})


@pytest.mark.parametrize("who", ["eve", "ada", "ines", "theo"])
def test_nobody_else_says_so(who: str, hired: Application, request: pytest.FixtureRequest) -> None:
    other = actor(request.getfixturevalue(who))
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False), pytest.raises(NotFound):
        note_stay(hired, days=30, by=other)


def test_of_somebody_not_hired_there_is_nothing_to_say(ada: Account, rosa: Account) -> None:
    row = make_application(ada.person, make_job())
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        assert stays_to_note(row, by=actor(rosa)) == []
        with pytest.raises(Conflict):
            note_stay(row, days=30, by=actor(rosa))
