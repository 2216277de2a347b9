"""The database itself refuses: raw SQL, as a careless script or a broken release would send it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from segue.catalog.actions.erasure import erase_person
from segue.hire.actions.applications import open_application, reject_application
from segue.hire.models import Application, StageEntry
from segue.kit import clock
from segue.kit.actor import Actor
from segue.trust.models import Account
from tests.factories import actor, make_account, make_application

pytestmark = pytest.mark.django_db


def sql(statement: str, *args: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, args)


def reject(application: Application, decider: uuid.UUID | None, reason: str) -> None:
    sql(
        "UPDATE hire_application SET outcome = 'rejected', decided_by_id = %s, decision_reason = %s"
        " WHERE id = %s",
        decider,
        reason,
        application.pk,
    )


@pytest.fixture
def application(ada: Account) -> Application:
    return make_application(ada.person)


def test_a_machines_rejection_is_refused(application: Application) -> None:
    with pytest.raises(IntegrityError):
        reject(application, None, "Score below 0.4")


@pytest.mark.parametrize("reason", ["", " ", "\t\n  "])
def test_a_blank_reason_is_refused(application: Application, rosa: Account, reason: str) -> None:
    with pytest.raises(IntegrityError):
        reject(application, rosa.pk, reason)


@pytest.mark.parametrize("role", ["interviewer", "analyst", "auditor", "machine"])
def test_roles_that_do_not_decide_are_refused(application: Application, role: str) -> None:
    with pytest.raises(IntegrityError, match="only an active administrator"):
        reject(application, make_account(role=role).pk, "A reason in words")


def test_an_account_out_of_use_is_refused(application: Application, rosa: Account) -> None:
    Account.objects.filter(pk=rosa.pk).update(is_active=False)
    with pytest.raises(IntegrityError, match="only an active administrator"):
        reject(application, rosa.pk, "A reason in words")


def test_a_candidate_cannot_reject(application: Application, ada: Account) -> None:
    with pytest.raises(IntegrityError):
        reject(application, ada.pk, "A reason in words")


@pytest.mark.parametrize("role", ["administrator", "recruiter", "hiring_manager"])
def test_a_person_with_a_reason_is_believed(application: Application, role: str) -> None:
    reject(application, make_account(role=role).pk, "A reason in words")
    application.refresh_from_db()
    assert application.outcome == "rejected"


def test_a_row_cannot_be_born_rejected(application: Application) -> None:
    with pytest.raises(IntegrityError):
        Application.objects.bulk_create(
            [
                Application(
                    person=application.person,
                    job=application.job,
                    outcome="rejected",
                    decision_reason="Score below 0.4",
                )
            ]
        )


def test_a_rejection_cannot_be_laid_at_another_door(application: Application, rosa: Account) -> None:
    reject(application, rosa.pk, "A reason in words")
    with pytest.raises(IntegrityError):
        sql("UPDATE hire_application SET decided_by_id = NULL WHERE id = %s", application.pk)
    with pytest.raises(IntegrityError):
        sql("UPDATE hire_application SET decision_reason = ' ' WHERE id = %s", application.pk)


def test_an_old_decision_stands_after_its_decider_has_left(application: Application, rosa: Account) -> None:
    reject(application, rosa.pk, "A reason in words")
    Account.objects.filter(pk=rosa.pk).update(is_active=False)
    sql("UPDATE hire_application SET note = 'kept' WHERE id = %s", application.pk)
    application.refresh_from_db()
    assert (application.note, application.outcome) == ("kept", "rejected")


class TestTheLedger:
    @pytest.fixture
    def entry(self, application: Application) -> StageEntry:
        return StageEntry.objects.create(application=application, stage="screen", by_role="recruiter")

    @pytest.mark.parametrize(
        "change", ["stage = 'offer'", "reason = 'nicer'", "at = now()", "by_name = 'Somebody else'"]
    )
    def test_is_never_rewritten(self, entry: StageEntry, change: str) -> None:
        with pytest.raises(IntegrityError, match="only grows"):
            sql(f"UPDATE hire_stageentry SET {change} WHERE id = %s", entry.pk)

    def test_is_not_rewritten_even_while_erasing(self, entry: StageEntry) -> None:
        with pytest.raises(IntegrityError, match="only grows"):
            sql("SET LOCAL segue.erasing = 'on'; UPDATE hire_stageentry SET reason = 'x'")

    @pytest.mark.parametrize("setting", ["", "off", str(uuid.UUID(int=7))])
    def test_is_not_torn_out(self, entry: StageEntry, setting: str) -> None:
        with pytest.raises(IntegrityError, match="only grows"):
            sql(f"SET LOCAL segue.erasing = '{setting}'; DELETE FROM hire_stageentry")

    def test_does_not_go_with_its_job(self, entry: StageEntry) -> None:
        with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
            entry.application.job.delete()

    def test_goes_when_the_setting_says_so(self, entry: StageEntry) -> None:
        sql("SET LOCAL segue.erasing = 'on'; DELETE FROM hire_stageentry")
        assert not StageEntry.objects.exists()

    def test_goes_with_its_person(self, entry: StageEntry, eve: Account) -> None:
        other = StageEntry.objects.create(
            application=make_application(eve.person), stage="applied", by_role="candidate"
        )
        erase_person(entry.application.person, by=Actor.machine("test"))
        assert list(StageEntry.objects.all()) == [other]

    def test_records_no_machines_rejection(self, application: Application, theo: Account) -> None:
        def enter(**fields: Any) -> Callable[[], StageEntry]:
            return lambda: StageEntry.objects.create(
                application=application, stage="screen", outcome="rejected", at=clock.now(), **fields
            )

        for write in (
            enter(by_role="machine", reason="Score below 0.4"),
            enter(by_role="analyst", by_account=theo, reason="Looks odd"),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                write()


def test_what_the_verbs_do_the_database_accepts(application: Application, rosa: Account) -> None:
    open_application(application, by=actor(rosa))
    reject_application(application, reason="A reason in words", by=actor(rosa))
    application.refresh_from_db()
    assert application.outcome == "rejected"
