"""Exports of other systems come in with their ids, and nobody is turned down by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from segue.catalog.actions.importing.report import Report
from segue.catalog.actions.staging.retrying import retry_row, retry_rows
from segue.catalog.actions.staging.whole import import_export
from segue.catalog.models import Fact, HeldRow, ImportBatch, Job, Person
from segue.hire.actions.applications import move_application
from segue.hire.actions.importing_applications import stage_named
from segue.hire.models import Application, StageEntry
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.trust.models import Account, Consent
from tests.factories import actor, exports

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")


def bring(path: Path, system: str, **how: Any) -> Report:
    report = import_export(path, system=system, by=MACHINE, **how)
    assert report.conserves
    return report


def everything() -> tuple[list[Any], ...]:
    models = (Person, Job, Application, StageEntry, Fact, HeldRow, Consent)
    return tuple(list(model._default_manager.order_by("pk").values()) for model in models)


def test_a_greenhouse_export_comes_in_whole(tmp_path: Path) -> None:
    report = bring(exports.as_zip(tmp_path / "gh.zip", exports.greenhouse()), "greenhouse")
    assert (report.read, report.outcomes["created"], report.outcomes["unchanged"]) == (8, 4, 1)
    assert dict(report.errors) == {
        "private_in_source": 1,
        "anonymised_in_source": 1,
        "rejection_without_a_human": 1,
    }
    ada = Person.objects.get(email=exports.ADA)
    assert (ada.external_source, ada.external_id, ada.headline) == ("greenhouse", "11", "Pilot")
    assert set(Fact.objects.values_list("source", "method")) == {("ats", "import:greenhouse")}
    job = Job.objects.get()
    assert (job.external_id, job.city, job.pay_currency, job.status) == ("501", "Bergen", "EUR", "open")
    application = Application.objects.get()
    assert (application.stage, application.outcome, application.external_id) == ("screen", "open", "901")
    assert [entry.stage for entry in application.stage_entries.order_by("pk")] == ["applied", "screen"]
    assert report.ignored["candidate.attachment_not_in_export"] == 1
    assert {
        "candidate.tags",
        "application.source",
        "job.custom_fields.budget_code",
        "application.prospect",
    } <= set(report.ignored)


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    folder = exports.as_folder(tmp_path / "gh", exports.greenhouse())
    bring(folder, "greenhouse")
    before = everything()
    again = bring(folder, "greenhouse")
    assert (again.outcomes["created"], again.outcomes["updated"]) == (0, 0)
    assert everything() == before


def test_a_dry_run_keeps_nothing_and_says_the_same(tmp_path: Path) -> None:
    folder = exports.as_folder(tmp_path / "gh", exports.greenhouse())
    tried = bring(folder, "greenhouse", dry_run=True)
    assert Person.objects.count() == Job.objects.count() == ImportBatch.objects.count() == 0
    done = bring(folder, "greenhouse")
    assert (tried.outcomes, tried.errors) == (done.outcomes, done.errors)


def test_a_rejection_keeps_who_decided_and_why(tmp_path: Path, rosa: Account) -> None:
    bring(exports.as_folder(tmp_path / "gh", exports.greenhouse(rejecter=rosa.email)), "greenhouse")
    turned_down = Application.objects.get(outcome="rejected")
    assert (turned_down.decided_by, turned_down.decision_reason) == (rosa, "Too little experience with ships")
    assert turned_down.stage_entries.order_by("pk").last().by_account == rosa  # type: ignore[union-attr]


def test_a_rejection_nobody_stands_behind_waits_for_somebody(tmp_path: Path, rosa: Account) -> None:
    bring(exports.as_folder(tmp_path / "gh", exports.greenhouse()), "greenhouse")
    held = HeldRow.objects.get(error="rejection_without_a_human")
    assert held.row["decided_at"].startswith("2025-03-20")
    still = retry_row(held, row={}, by=actor(rosa))
    assert still.settled_at is None
    unknown = retry_row(held, row={"decided_by": "nobody@people.example"}, by=actor(rosa))
    assert unknown.error == "unknown_colleague"
    done = retry_row(unknown, row={"decided_by": rosa.email}, by=actor(rosa))
    assert done.settled_as == "created"
    assert Application.objects.get(outcome="rejected").decided_by == rosa
    batch = ImportBatch.objects.get()
    assert batch.read == batch.created + batch.updated + batch.unchanged + batch.held + batch.rejected
    assert retry_rows(batch, error="rejection_without_a_human", by=actor(rosa)).total() == 0


def test_nobody_is_granted_anything_and_who_must_not_be_written_to_is_not(tmp_path: Path) -> None:
    bring(exports.as_folder(tmp_path / "gh", exports.greenhouse()), "greenhouse")
    assert not Consent.objects.filter(granted=True).exists()
    refused = Consent.objects.get()
    assert (refused.person.email, refused.purpose) == (exports.BO, "contact")


def test_what_moved_on_there_is_followed_and_what_moved_on_here_is_not(tmp_path: Path, rosa: Account) -> None:
    export = exports.greenhouse()
    bring(exports.as_folder(tmp_path / "gh", export), "greenhouse")
    export["applications"][0]["current_stage"] = {"id": 5, "name": "Offer"}
    export["candidates"][0]["applications"] = []
    assert bring(exports.as_folder(tmp_path / "gh", export), "greenhouse").outcomes["updated"] == 1
    application = Application.objects.get()
    assert application.stage == "offer"
    assert [e.stage for e in application.stage_entries.order_by("pk")] == ["applied", "screen", "offer"]
    move_application(application, stage="interview", by=actor(rosa))
    export["applications"][0]["current_stage"] = {"id": 5, "name": "Face to Face"}
    assert bring(exports.as_folder(tmp_path / "gh", export), "greenhouse").errors["moved_on_here"] == 1
    application.refresh_from_db()
    assert application.stage == "interview"


def test_lever(tmp_path: Path) -> None:
    report = bring(exports.as_folder(tmp_path / "lever", exports.lever()), "lever")
    assert not report.errors
    assert Person.objects.get().external_id == "c-1", "two opportunities, one person"
    found = set(Application.objects.values_list("stage", "outcome"))
    assert found == {("onsite", "open"), ("applied", "withdrawn")}
    assert Job.objects.get().city == "Bergen"


def test_ashby(tmp_path: Path) -> None:
    report = bring(exports.as_folder(tmp_path / "ashby", exports.ashby()), "ashby")
    assert dict(report.errors) == {"rejection_without_a_human": 1}
    assert (Person.objects.get().external_id, Application.objects.get().outcome) == ("k-1", "hired")
    assert report.ignored["candidate.attachment_not_in_export"] == 1


def test_workable(tmp_path: Path) -> None:
    report = bring(exports.as_folder(tmp_path / "workable", exports.workable()), "workable")
    assert not report.errors
    assert Application.objects.get().stage == "offer"
    assert Person.objects.get().skills == ["python"]


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("Application Review", "screen"),
        ("Preliminary Phone Screen", "screen"),
        ("Phone Interview", "screen"),
        ("Take Home Test", "interview"),
        ("Face to Face", "onsite"),
        ("Offer", "offer"),
        ("Hired", "hired"),
        ("New Lead", "applied"),
        ("", "applied"),
        ("Technical interview", "interview"),
        ("onsite", "onsite"),
    ],
)
def test_stages_are_known_by_their_names(name: str, stage: str) -> None:
    assert stage_named(name) == stage


def test_a_stage_nobody_knows_is_asked_about() -> None:
    with pytest.raises(Invalid) as refused:
        stage_named("Zwölf Kandidaten")
    assert refused.value.code == "unknown_stage"


def test_pages_and_lines_are_read_as_one_list(tmp_path: Path) -> None:
    export = exports.ashby()
    (tmp_path / "a").mkdir()
    pages = [export["candidate.list"], {"success": True, "results": []}]
    (tmp_path / "a" / "people.json").write_text("\n".join(json.dumps(page) for page in pages))
    (tmp_path / "a" / "rest.json").write_text(json.dumps([export["job.list"], export["application.list"]]))
    assert bring(tmp_path / "a", "ashby").outcomes["created"] == 3
