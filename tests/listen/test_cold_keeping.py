"""What is kept, for how long, and what is handed out."""

from __future__ import annotations

import csv
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import time_machine
from django.db import connection
from pytest_django import Settings

from segue.catalog.actions.erasure import erase_person
from segue.cli.main import main as segue
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.listen import jobs
from segue.listen.actions import retention
from segue.listen.actions.exporting import begin_export
from segue.listen.actions.partitions import table_of, weeks_with_a_table
from segue.listen.actions.retention import HEARD_DAYS, behaviour_kept_since
from segue.listen.cold.aside import own_connection
from segue.listen.cold.storage import storage
from segue.listen.models import ColdFile, Heard, Rejected, Signal, Subject
from segue.trust.models import AuditLine
from tests import factories
from tests.listen.cold_stage import MACHINE, NEXT, THEN, WEEK, a_busy_week, freeze, heard, is_hot, seen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def cold_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.STORAGE = str(tmp_path / "cold")
    return tmp_path / "cold"


@pytest.fixture
def a_week() -> None:
    people = [factories.make_person() for _ in range(5)]
    for person in people:
        factories.grant(person, "behaviour")
    a_busy_week(people)


def after(days: float) -> Any:
    return time_machine.travel(THEN + timedelta(days=days), tick=False)


@pytest.mark.usefixtures("a_week")
def test_behaviour_is_forgotten_in_its_time_and_service_is_not(settings: Settings) -> None:
    freeze()
    with after(settings.BEHAVIOUR_DAYS - 1):
        jobs.forget_old()
        assert seen("kind").total() == 5 * 8 + 10
    with after(settings.BEHAVIOUR_DAYS + 7):
        jobs.forget_old()
        assert behaviour_kept_since().date() > WEEK
    assert seen("kind") == {("application.submitted",): 5}
    assert not ColdFile.objects.exists()
    assert not list(storage().listed())
    assert not list(Path(settings.STORAGE).rglob("week=*")), "the folders go with the files"


@pytest.mark.usefixtures("a_week")
def test_hot_weeks_kept_longer_than_behaviour_lose_it_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOT_WEEKS = 10_000
    monkeypatch.setattr(retention, "BITE", 7)
    with after(settings.BEHAVIOUR_DAYS + 7):
        jobs.forget_old()
    assert seen("kind") == {("application.submitted",): 5}


def test_a_visitor_nobody_named_is_forgotten_with_their_behaviour(settings: Settings) -> None:
    heard("card.clicked", anonymous_id="visitor")
    freeze()
    assert Subject.objects.count() == 1
    with time_machine.travel(clock.now() + timedelta(days=settings.BEHAVIOUR_DAYS + 1)):
        jobs.forget_old()
    assert not Subject.objects.exists()


def test_who_withdrew_while_pseudonyms_were_drawn_loses_theirs() -> None:
    eve = factories.make_person()
    Subject.objects.create(pseudonym=7, person=eve, key=b"k" * 32)
    jobs.forget_old()
    assert not Subject.objects.exists()


def test_refusals_and_message_ids_are_forgotten_in_bites(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BITE", 2)
    monkeypatch.setattr(retention, "BITES", 2)
    at = clock.now()
    old, young = at.date() - timedelta(days=HEARD_DAYS + 1), at.date() - timedelta(days=HEARD_DAYS - 1)
    Heard.objects.bulk_create([Heard(digest=uuid.uuid4(), heard_on=day) for day in (old,) * 5 + (young,) * 3])
    for days in (settings.REJECTED_DAYS + 1, settings.REJECTED_DAYS - 1):
        Rejected.objects.create(code="not_json", message="", received_at=at - timedelta(days=days))
    jobs.forget_old()
    assert Heard.objects.count() == 4, "two bites of two"
    jobs.forget_old()
    assert set(Heard.objects.values_list("heard_on", flat=True)) == {young}
    assert Rejected.objects.count() == 1


def test_the_space_of_who_was_erased_is_let_go_of() -> None:
    tilda = factories.make_person()
    heard("card.clicked", person=tilda)
    erase_person(tilda, by=MACHINE)
    with own_connection() as aside:
        aside.execute("SELECT pg_stat_force_next_flush()")
        connection.cursor().execute("SELECT pg_stat_force_next_flush()")
        assert table_of(WEEK) in retention.vacuum_touched()
        left = aside.execute(
            "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = %s", [table_of(WEEK)]
        )
        assert left.fetchone() == (0,)


def test_the_coming_weeks_have_tables() -> None:
    with time_machine.travel(datetime(2031, 3, 5, tzinfo=UTC)):
        jobs.keep_weeks()
    made = [week for week in weeks_with_a_table() if week.year == 2031]
    assert [week.isoformat() for week in made[:5]] == [
        "2031-03-03", "2031-03-10", "2031-03-17", "2031-03-24", "2031-03-31",
    ]  # fmt: skip


@pytest.mark.usefixtures("a_week")
def test_the_job_takes_a_week_a_run() -> None:
    while is_hot():
        before = len(weeks_with_a_table())
        jobs.compact()
        assert len(weeks_with_a_table()) == before - 1
    assert ColdFile.objects.exists()


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix == ".parquet":
        yield from pq.read_table(path).to_pylist()
    elif path.suffix == ".csv":
        with path.open(newline="") as file:
            yield from csv.DictReader(file)
    else:
        yield from map(json.loads, path.read_text().splitlines())


@pytest.mark.usefixtures("a_week")
@pytest.mark.parametrize("form", ["parquet", "csv", "ndjson"])
@pytest.mark.parametrize("side", ["hot", "cold"])
def test_an_export_tells_both_sides_alike(form: str, side: str, tmp_path: Path) -> None:
    for _ in range(2):
        heard("event.tracked", anonymous_id="visitor-0", event="Only Once", minutes=50)
    if side == "cold":
        freeze()
    path = tmp_path / f"out.{form}"
    assert segue(["events", "export", "--format", form, "--output", str(path), "--to", "2026-02-01"]) == 0
    rows = list(rows_of(path))
    assert [int(row["id"]) for row in rows] == sorted(number for (number,) in seen("id"))
    assert path.stat().st_mode & 0o777 == 0o600
    names = {row["event"] for row in rows if row["kind"] == "event.tracked"}
    rare = {name for name in names if name.startswith("#")}
    assert names - rare == ({"Brochure Read"} if side == "cold" else set())
    assert rare
    pseudonyms = {int(row["subject"]) for row in rows if row["subject"] not in (None, "")}
    assert pseudonyms <= set(Subject.objects.values_list("pseudonym", flat=True))
    assert len(pseudonyms) == 10


@pytest.mark.usefixtures("a_week")
def test_an_export_of_some(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    words = ["events", "export", "--format", "ndjson", "--kind", "card.clicked", "--source", "careers"]
    assert segue(words) == 0
    assert len(capfdbinary.readouterr().out.splitlines()) == 5
    assert segue(["events", "export", "--format", "parquet"]) == 2
    assert segue(["events", "export", "--format", "csv", "--source", "nowhere"]) == 2


def test_an_export_leaves_a_line_and_is_not_for_everybody() -> None:
    begin_export(described="all", by=MACHINE)
    assert AuditLine.objects.filter(verb="listen.begin_export").count() == 1
    with pytest.raises(NotAllowed):
        begin_export(described="all", by=Actor.anonymous())


@pytest.mark.usefixtures("a_week")
def test_the_command_says_what_became_cold(capsys: pytest.CaptureFixture[str]) -> None:
    assert segue(["events", "compact", "--before", NEXT.isoformat(), "--json"]) == 0
    (said,) = [one for one in json.loads(capsys.readouterr().out) if one["rows"]]
    assert (said["week"], said["rows"], said["kept_hot"]) == ("2026-01-05", 45, 5)
    assert segue(["events", "compact", "--before", "soon"]) == 2
    assert Signal.objects.count() == 5
