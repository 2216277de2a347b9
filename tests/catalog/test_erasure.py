"""Ada asks to be forgotten, and is, in every room the privacy register names."""

from __future__ import annotations

import argparse

import pytest

from segue.catalog.actions.erasure import erase_person, rows_about
from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.models import Fact, FactKind, FactSource, HeldRow, ImportBatch, Person
from segue.cli import erase
from segue.hire.models import Application, StageEntry
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.kit.privacy import personal_data
from segue.trust.models import Account, Consent
from tests.factories import actor, make_application, make_job, make_resume

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")


def life_of(account: Account) -> Person:
    """Give Ada a résumé, facts and an application with an entry in the ledger that only grows."""
    person = account.person
    assert person is not None
    state_facts(person, [Said(FactKind.PHONE, "+49 30 1")], source=FactSource.CANDIDATE, by=MACHINE)
    make_resume(person)
    application = make_application(person, make_job())
    StageEntry.objects.create(application=application, stage="applied", by_role="candidate")
    batch = ImportBatch.objects.create(kind="people", source_name="ats", file_name="f.csv", sha256="0" * 64)
    HeldRow.objects.create(batch=batch, line=2, error="shared_email", row={"email": "ADA@people.example"})
    HeldRow.objects.create(batch=batch, line=3, error="shared_email", row={"email": "bob@people.example"})
    return person


def test_erasing_leaves_no_row_that_may_go_and_no_column_that_tells(ada: Account) -> None:
    person = life_of(ada)
    gone = erase_person(person, by=actor(ada))
    assert gone["catalog.Fact"] == gone["hire.Application"] == 1
    for entry in personal_data():
        if entry.on_erase == "delete" and entry.person_path:
            assert not rows_about(entry, person.pk).exists(), entry.model
    stored = Person.objects.get(pk=person.pk)
    assert (stored.email, stored.name, stored.phone, stored.skills, stored.lat) == (None, "", "", [], None)
    assert stored.erased_at is not None
    assert not Account.objects.filter(pk=ada.pk).exists()
    assert not Application.objects.exists()
    assert [row.line for row in HeldRow.objects.all()] == [3]
    assert Consent.objects.filter(person=person).exists(), "the proof of consent is kept, and names nobody"


def test_the_erased_are_not_spoken_of_again(ada: Account) -> None:
    person = life_of(ada)
    erase_person(person, by=MACHINE)
    with pytest.raises(Conflict):
        state_facts(person, [Said(FactKind.NAME, "Ada")], source=FactSource.ATS, by=MACHINE)
    assert not Fact.objects.filter(person=person).exists()


def test_nobody_erases_somebody_else(ada: Account, eve: Account, max_: Account) -> None:
    for by in (actor(eve), actor(max_), Actor.anonymous()):
        with pytest.raises(NotAllowed):
            erase_person(ada.person, by=by)  # type: ignore[arg-type]  # candidates have a person
    assert Person.objects.get(pk=ada.person_id).erased_at is None


def test_the_command_asks_first(ada: Account, capsys: pytest.CaptureFixture[str]) -> None:
    life_of(ada)
    with pytest.raises(Invalid, match="--yes"):
        erase.main(argparse.Namespace(person="ada@people.example", yes=False))
    assert erase.main(argparse.Namespace(person="ada@people.example", yes=True)) == 0
    assert "catalog.Fact" in capsys.readouterr().out
    with pytest.raises(NotFound):
        erase.main(argparse.Namespace(person="ada@people.example", yes=True))
