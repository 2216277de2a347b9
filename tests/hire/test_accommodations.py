"""What somebody needs to be different reaches one named colleague, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from segue.engage.models import Message
from segue.hire.actions.accommodating import (
    arrange_accommodation,
    ask_accommodation,
    withdraw_accommodation,
)
from segue.hire.actions.applications import Applicant, Sent, apply
from segue.hire.models import Accommodation, Application
from segue.hire.queries.accommodations import accommodations_waiting, own_accommodations
from segue.hire.queries.applications import application_by_status_key
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.listen.models import Signal
from segue.trust.actions.dials import set_dial
from segue.trust.models import Account, AuditLine, Decision, Review
from segue.trust.queries.contacts import ARRANGER
from tests.factories import actor, make_application, make_job, make_member

SOURCE = Path(__file__).parents[2] / "src" / "segue"
VISITOR = Actor.anonymous()
CANARY = "Marigold"
pytestmark = pytest.mark.django_db


def application_of(account: Account) -> Application:
    return make_application(account.person, make_job())


def asked(row: Application, by: Actor, text: str = CANARY) -> Accommodation:
    return ask_accommodation(row, secret_needs=["more_time", "nonsense"], secret_text=text, by=by)


def test_it_reaches_the_one_the_employer_named(
    ada: Account, rosa: Account, ines: Account, max_: Account, mia: Account, theo: Account
) -> None:
    set_dial(ARRANGER, ines.email, by=Actor.machine("tests"))
    row = application_of(ada)
    make_member(row.job, rosa, "recruiter")
    make_member(row.job, max_)
    need = asked(row, actor(ada))
    assert (need.contact, need.needs) == (ines, ["more_time"])
    readers = [one for one in (rosa, max_, ines, theo, mia) if need in accommodations_waiting(actor(one))]
    assert readers == [ines, mia]


def test_without_one_it_is_the_coordinator_then_the_recruiter(
    ada: Account, rosa: Account, ines: Account
) -> None:
    row = application_of(ada)
    make_member(row.job, rosa, "recruiter")
    assert asked(row, actor(ada)).contact == rosa
    other = make_application(ada.person, make_job())
    make_member(other.job, ines, "coordinator")
    assert asked(other, actor(ada)).contact == ines


def test_its_words_are_nowhere_else(ada: Account, rosa: Account) -> None:
    row = application_of(ada)
    make_member(row.job, rosa, "recruiter")
    asked(row, actor(ada))
    for model in (AuditLine, Decision, Message, Review, Signal):
        assert CANARY not in str(list(model.objects.values())), model
        assert "more_time" not in str(list(model.objects.values())), model
    mail = Message.objects.get(kind="accommodation_asked")
    assert mail.to_address == rosa.email
    assert "Ada" not in mail.text


def test_it_is_answered_changed_and_taken_back(ada: Account, rosa: Account, max_: Account) -> None:
    row = application_of(ada)
    make_member(row.job, rosa, "recruiter")
    need = asked(row, actor(ada))
    assert asked(row, actor(ada), "An hour more").pk == need.pk
    with pytest.raises(NotFound):
        arrange_accommodation(need, secret_words="Done", by=actor(max_))
    arrange_accommodation(need, secret_words="An hour more, and a quiet room.", by=actor(rosa))
    (shown,) = own_accommodations(row, actor(ada))
    assert shown.arranged == "An hour more, and a quiet room."
    arrange_accommodation(need, secret_words="", by=actor(rosa))
    withdraw_accommodation(shown, by=actor(ada))
    assert not accommodations_waiting(actor(rosa)).exists()
    withdraw_accommodation(shown, back=True, by=actor(ada))
    assert accommodations_waiting(actor(rosa)).exists()


def test_strangers_neither_ask_nor_read(ada: Account, eve: Account) -> None:
    row = application_of(ada)
    with pytest.raises(NotFound):
        asked(row, actor(eve))
    assert own_accommodations(row, actor(eve)) == []
    with pytest.raises(Invalid):
        ask_accommodation(row, secret_needs=[], secret_text=" ", by=actor(ada))
    assert asked(application_by_status_key(row.status_key), VISITOR).confirmed


def test_a_strangers_request_stands_beside_hers_and_says_so(ada: Account) -> None:
    row = application_of(ada)
    hers = asked(row, actor(ada))
    stranger = Applicant(name="Mallory", email=ada.email, resume_text="x")
    apply(row.job, applicant=stranger, by=VISITOR, sent=Sent(need_text="Cancel it all"))
    hers.refresh_from_db()
    assert hers.text == CANARY
    assert Accommodation.objects.get(confirmed=False).text == "Cancel it all"


def test_no_room_below_hiring_and_nothing_that_finds_or_ranks_names_them() -> None:
    may = {"models", "queries/accommodations.py", "actions/accommodating.py", "actions/applying.py"}
    for file in SOURCE.rglob("*.py"):
        name = file.relative_to(SOURCE).as_posix()
        if (
            "migrations" in name
            or name.startswith("web/")
            or any(name.startswith(f"hire/{each}") for each in may)
        ):
            continue
        names = {node.id for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Name)}
        assert "Accommodation" not in names, name
