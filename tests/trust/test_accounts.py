"""Who gets a way in, and which."""

from __future__ import annotations

import pytest

from segue.cli.main import main
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.trust.actions.accounts import (
    add_colleague,
    add_member,
    deactivate_account,
    ensure_candidate_account,
)
from segue.trust.models import Account, JobMember
from tests.factories import actor, make_job, make_person

pytestmark = pytest.mark.django_db
CONSOLE = Actor.machine("console")


def test_an_administrator_adds_a_colleague(mia: Account) -> None:
    account = add_colleague(" Lena@Employer.example", name="Lena Roth", role="recruiter", by=actor(mia))
    assert (account.email, account.name, account.role) == ("lena@employer.example", "Lena Roth", "recruiter")
    assert not account.has_usable_password()


def test_adding_again_changes_the_role_and_keeps_the_account(rosa: Account) -> None:
    again = add_colleague(rosa.email, name="", role="administrator", by=CONSOLE)
    assert (again.pk, again.name, again.role) == (rosa.pk, "Rosa Feld", "administrator")


def test_nobody_else_adds_colleagues(rosa: Account, ada: Account) -> None:
    for who in (actor(rosa), actor(ada), Actor.anonymous()):
        with pytest.raises(NotAllowed):
            add_colleague("x@employer.example", name="X", role="administrator", by=who)
        with pytest.raises(NotAllowed):
            deactivate_account(ada, by=who)


@pytest.mark.parametrize("role", ["candidate", "machine", "anonymous", "emperor", ""])
def test_only_colleagues_roles_are_given(role: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_colleague("x@employer.example", name="X", role=role, by=CONSOLE)
    assert refused.value.field == "role"


def test_a_candidate_does_not_become_a_colleague_by_the_way(ada: Account) -> None:
    with pytest.raises(Conflict):
        add_colleague(ada.email, name="Ada", role="recruiter", by=CONSOLE)


def test_a_candidate_has_one_account() -> None:
    person = make_person(email="Noor@people.example")
    account = ensure_candidate_account(person, by=CONSOLE)
    assert (account.email, account.role, account.person) == ("noor@people.example", "candidate", person)
    assert ensure_candidate_account(person, by=CONSOLE) == account


def test_somebody_elses_address_is_not_handed_over(rosa: Account) -> None:
    with pytest.raises(Conflict):
        ensure_candidate_account(make_person(email=rosa.email), by=CONSOLE)
    with pytest.raises(Invalid):
        ensure_candidate_account(make_person(email=None), by=CONSOLE)


def test_a_job_gets_its_team(rosa: Account, max_: Account, ada: Account) -> None:
    job = make_job()
    add_member(job, account=max_, duty="hiring_manager", by=actor(rosa))
    add_member(job, account=max_, duty="hiring_manager", by=actor(rosa))
    assert JobMember.objects.count() == 1
    assert actor(max_).job_ids == {job.pk}
    with pytest.raises(NotAllowed):
        add_member(make_job(), account=max_, duty="hiring_manager", by=actor(max_))
    with pytest.raises(Invalid):
        add_member(job, account=ada, duty="interviewer", by=actor(rosa))
    with pytest.raises(Invalid):
        add_member(job, account=max_, duty="king", by=actor(rosa))


@pytest.mark.django_db(transaction=True)
def test_the_staff_command_prints_a_link_that_works(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("SEGUE_DATABASE_URL", database_url)
    assert main(["staff", "lena@employer.example", "--name", "Lena Roth", "--role", "hiring_manager"]) == 0
    shown = capsys.readouterr().out
    assert "Lena Roth <lena@employer.example> is a hiring manager." in shown
    from segue.engage.actions.sign_in import redeem_link

    token = shown.split("/sign-in/")[1].split("/")[0]
    assert redeem_link(token) == Account.objects.get(email="lena@employer.example")
