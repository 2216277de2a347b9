"""`segue events`: counted, followed and refused events, for people and for programs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from segue.cli import events as command
from segue.cli.main import _parse
from segue.cli.tables import moment, say_table
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.listen.actions.partitions import ensure_weeks
from segue.listen.actions.sources import create_source
from segue.listen.models import Rejected, Signal, Source
from tests import factories
from tests.conftest import address_of_test_database
from tests.listen import cold_stage

Capture = pytest.CaptureFixture[str]
MACHINE = Actor.machine("test")


def run(*words: str) -> int:
    return command.main(_parse(["events", *words]))


def said(capsys: Capture) -> Any:
    return json.loads(capsys.readouterr().out)


def make_source(name: str = "site") -> Source:
    return create_source(name=name, by=MACHINE)[0]


def hear(source: Source | None, kind: str = "event.tracked", **fields: Any) -> Signal:
    return Signal.objects.create(source=source, kind=kind, **fields)


@pytest.mark.django_db
class TestCount:
    def test_one_source_by_kind_beside_what_was_refused(self, capsys: Capture) -> None:
        site, other = make_source(), make_source("other")
        for kind in ("event.tracked", "event.tracked", "page.viewed"):
            hear(site, kind)
        hear(other)
        hear(None, "card.saved")
        Rejected.objects.create(source=site, code="not_json", message="No.")
        run("count", "--source", "site", "--json")
        told = said(capsys)
        assert told == {
            "source": "site",
            "count": 3,
            "rejected": 1,
            "by_kind": {"event.tracked": 2, "page.viewed": 1},
            "since": None,
        }
        run("count", "--source", "site", "--kind", "page.viewed", "--json")
        assert said(capsys)["count"] == 1
        run("count", "--json")
        assert said(capsys)["count"] == 5

    def test_since_a_moment(self, capsys: Capture) -> None:
        site = make_source()
        hear(site, received_at=clock.now() - timedelta(hours=3))
        hear(site)
        run("count", "--source", "site", "--since", "1h", "--json")
        assert said(capsys)["count"] == 1

    def test_for_people_it_ends_in_a_sentence(self, capsys: Capture) -> None:
        hear(make_source())
        run("count", "--source", "site")
        assert "1 events accepted, 0 refused (site)" in capsys.readouterr().out

    def test_an_unknown_source_is_answered_with_those_there_are(self) -> None:
        make_source("career-site")
        with pytest.raises(NotFound, match="career-site"):
            run("count", "--source", "x", "--json")

    def test_the_address_of_the_data_may_stand_after_the_word(self) -> None:
        assert _parse(["events", "count", "--data-dir", "here", "--json"]).data_dir == "here"


@pytest.mark.django_db
class TestTail:
    def test_the_latest_oldest_first(self, capsys: Capture) -> None:
        site = make_source()
        for number in range(5):
            hear(site, event=f"Step {number}", anonymous_id="visitor")
        run("tail", "--source", "site", "-n", "2", "--json")
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [line["event"] for line in lines] == ["Step 3", "Step 4"]
        assert {line["source"] for line in lines} == {"site"}
        assert lines[0]["id"] < lines[1]["id"]

    def test_a_table_obeys_no_escapes_that_came_in(self, capsys: Capture) -> None:
        hear(make_source(), event="\x1b[2Jgone\u202e")
        run("tail")
        table = capsys.readouterr().out
        assert "gone" in table
        assert "\x1b" not in table
        assert "\u202e" not in table

    def test_nothing_yet_says_so(self, capsys: Capture) -> None:
        run("tail")
        assert "Nothing" in capsys.readouterr().err

    @pytest.mark.parametrize("limit", ["-1", "10001"])
    def test_its_beginning_is_bounded(self, limit: str) -> None:
        with pytest.raises(Invalid):
            run("tail", f"--limit={limit}")


@pytest.fixture
def follower(transactional_db: None) -> Iterator[subprocess.Popen[str]]:
    ensure_weeks(clock.now(), clock.now())
    make_source()
    hear(Source.objects.get(), event="before")
    environment = os.environ | {"SEGUE_DATABASE_URL": address_of_test_database(), "PYTHONPATH": "src"}
    command = [sys.executable, "-m", "segue", "events", "tail", "--follow", "--json"]
    # Where the tests run in the background Ctrl-C is ignored, and so it would be in what they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        yield process
        process.kill()


@pytest.mark.peer
def test_following_shows_what_comes_once_and_leaves_quietly(follower: subprocess.Popen[str]) -> None:
    assert follower.stdout
    assert json.loads(follower.stdout.readline())["event"] == "before"
    for number in range(3):
        hear(Source.objects.get(), event=f"live {number}")
    came = [json.loads(follower.stdout.readline())["event"] for _ in range(3)]
    assert came == ["live 0", "live 1", "live 2"]
    follower.send_signal(signal.SIGINT)
    _, complaints = follower.communicate(timeout=60)
    assert follower.returncode == 130
    assert "Traceback" not in complaints


@pytest.mark.django_db
class TestRejected:
    def test_the_latest_first_with_remedies_and_bodies(self, capsys: Capture) -> None:
        site = make_source()
        for code in ("not_json", "too_large"):
            Rejected.objects.create(
                source=site, code=code, message="No.", remedy="Mend it.", body='{"a":1}', field="body"
            )
        run("rejected", "--json")
        rows = said(capsys)
        assert [row["code"] for row in rows] == ["too_large", "not_json"]
        assert rows[0]["body"] == '{"a":1}'
        run("rejected", "--code", "not_json", "--source", "site")
        table = capsys.readouterr().out
        assert "Mend it." in table
        assert "too_large" not in table

    def test_none_is_good_news(self, capsys: Capture) -> None:
        run("rejected")
        assert "Nothing was refused." in capsys.readouterr().err
        run("rejected", "--json")
        assert said(capsys) == []

    def test_a_table_does_not_read_bodies(self) -> None:
        Rejected.objects.create(code="x", message="m", body="b")
        with _asked() as asked:
            run("rejected")
        assert not any('"body"' in statement for statement in asked())


def _asked() -> Any:
    from django.test.utils import CaptureQueriesContext

    class Asked(CaptureQueriesContext):
        def __call__(self) -> list[str]:
            return [query["sql"] for query in self.captured_queries]

    return Asked(connection)


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("6h", NOW - timedelta(hours=6)),
        ("7d", NOW - timedelta(days=7)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-22T10:00:00Z", NOW - timedelta(hours=2)),
    ],
)
def test_moments_as_people_write_them(words: str, at: datetime) -> None:
    assert moment(words, NOW) == at


@pytest.mark.parametrize("words", ["yesterday", "7", "d", "99999999d", "-1h"])
def test_what_is_no_moment_is_said(words: str) -> None:
    with pytest.raises(Invalid):
        moment(words, NOW)


def test_a_table_lines_up(capsys: Capture) -> None:
    say_table(("n", "name"), [(1, "a"), (100, "bb")])
    assert capsys.readouterr().out == "  n  name\n  1  a\n100  bb\n"


@pytest.mark.django_db(transaction=True)
def test_the_count_is_the_same_hot_and_cold(capsys: Capture, tmp_path: Path, settings: Settings) -> None:
    settings.STORAGE = str(tmp_path / "cold")
    person = factories.make_person()
    factories.grant(person, "behaviour")
    cold_stage.a_busy_week([person])
    words = ("count", "--source", "careers", "--json")
    run(*words)
    hot = said(capsys)
    assert hot["count"] == 18
    cold_stage.freeze()
    hear(cold_stage.site(), "card.shown")
    run(*words)
    both = said(capsys)
    assert both["count"] == 19
    assert both["by_kind"]["card.shown"] == hot["by_kind"]["card.shown"] + 1
    run(*words, "--since", "2h")
    assert said(capsys)["by_kind"] == {"card.shown": 1}
    run(*words, "--kind", "job.dwelled", "--since", "2026-01-01")
    assert said(capsys)["count"] == 5
