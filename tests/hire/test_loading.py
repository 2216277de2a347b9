"""A company's past arrives in one transaction, under the same law."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from segue.engage.models import Message
from segue.hire.actions.loading import LoadedApplication, LoadedEntry, load_applications
from segue.hire.models import Application, StageEntry
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotAllowed
from segue.trust.models import Account, AuditLine
from tests.factories import actor, make_job, make_person

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LOADER = Actor.machine("founding")

pytestmark = pytest.mark.django_db


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def past(**fields: Any) -> LoadedApplication:
    fields.setdefault("external_id", "A-1")
    if "job" not in fields:
        fields |= {"person": make_person(), "job": make_job()}
    return LoadedApplication(source="referral", applied_at=START, **fields)


def test_a_rejection_of_the_past_keeps_its_human_and_its_way(rosa: Account) -> None:
    walked = [LoadedEntry("applied", START), LoadedEntry("screen", day(2), by=rosa, reason="Looks right")]
    row = past(outcome="rejected", decided_at=day(5), decided_by=rosa, reason="No licence", entries=walked)
    [application] = load_applications([row], by=LOADER)
    application.refresh_from_db()
    assert (application.stage, application.outcome, application.decided_by) == ("screen", "rejected", rosa)
    assert application.moved_at == day(5)
    lines = StageEntry.objects.values_list("stage", "outcome", "by_name", "reason")
    assert list(lines.order_by("pk")) == [
        ("applied", "open", row.person.name, ""),
        ("screen", "open", "Rosa Feld", "Looks right"),
        ("screen", "rejected", "Rosa Feld", "No licence"),
    ]


def test_a_hire_ends_hired_once(rosa: Account) -> None:
    walked = [
        LoadedEntry("applied", START),
        LoadedEntry("offer", day(9), rosa),
        LoadedEntry("hired", day(12), rosa),
    ]
    row = past(outcome="hired", decided_at=day(12), decided_by=rosa, entries=walked)
    [application] = load_applications([row], by=LOADER)
    assert application.stage == "hired"
    assert list(StageEntry.objects.order_by("pk").values_list("stage", "outcome")) == [
        ("applied", "open"),
        ("offer", "open"),
        ("hired", "hired"),
    ]


def test_without_a_way_it_has_at_least_arrived() -> None:
    load_applications([past()], by=LOADER)
    assert StageEntry.objects.get().stage == "applied"


def test_nobody_is_written_to(rosa: Account) -> None:
    load_applications([past(outcome="withdrawn", decided_at=day(1))], by=LOADER)
    assert not Message.objects.exists()
    assert AuditLine.objects.filter(verb="hire.load_applications").count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"outcome": "rejected", "decided_at": day(1), "reason": "Score below 0.4"}, "decided_by"),
        ({"outcome": "vanished"}, "outcome"),
        ({"outcome": "withdrawn"}, "decided_at"),
        ({"entries": [LoadedEntry("moon", START)]}, "stage"),
    ],
)
def test_one_wrong_row_keeps_them_all_out(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        load_applications([past(), past(external_id="A-2", **fields)], by=LOADER)
    assert refused.value.field == field
    assert "A-2" in refused.value.remedy
    assert not Application.objects.exists()


def test_a_rejection_needs_its_reason_and_an_account_in_use(rosa: Account, ines: Account) -> None:
    gone = Account.objects.create_account("gone@employer.example", role="recruiter", is_active=False)
    for decider, reason in ((rosa, "  "), (ines, "Odd"), (gone, "Odd")):
        with pytest.raises(Invalid):
            load_applications(
                [past(outcome="rejected", decided_at=day(1), decided_by=decider, reason=reason)], by=LOADER
            )


def test_only_our_own_processes_and_administrators_load(rosa: Account, mia: Account) -> None:
    with pytest.raises(NotAllowed):
        load_applications([past()], by=actor(rosa))
    load_applications([past()], by=actor(mia))


def test_a_thousand_rows_take_a_handful_of_queries(rosa: Account) -> None:
    person, jobs = make_person(), [make_job() for _ in range(3)]
    rows = [
        past(
            external_id=f"A-{i}",
            person=person,
            job=jobs[i % 3],
            outcome="rejected",
            decided_at=day(3),
            decided_by=rosa,
            reason="Not this time",
        )
        for i in range(1000)
    ]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        load_applications(rows, by=LOADER)
    assert len(queries) <= 10
    assert StageEntry.objects.count() == 2000
