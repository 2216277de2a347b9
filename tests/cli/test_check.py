"""`segue check`: every failing line names its remedy."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import override_settings

from segue.cli import check
from segue.kit.clock import now
from segue.kit.models import QueueJob


def _run(*, as_json: bool = False) -> int:
    return check.main(argparse.Namespace(command="check", json=as_json))


@pytest.mark.django_db
def test_a_sound_installation_passes(capsys: pytest.CaptureFixture[str], data_dir: Path) -> None:
    assert _run() == 0
    text = capsys.readouterr().out
    assert "FAIL" not in text
    assert "PostgreSQL" in text


@pytest.mark.django_db
def test_machines_read_it_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    _run(as_json=True)
    found = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert {"data directory", "disk", "clock", *check.CHECKS} == set(found)


@pytest.mark.django_db
def test_a_pending_migration_fails_the_check_and_names_the_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'measure'")
    assert _run() == 1
    assert "→ Run: segue migrate" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"DEBUG": True}, "SEGUE_DEBUG"),
        ({"BASE_URL": "jobs.example.com"}, "SEGUE_BASE_URL is no address"),
        ({"BASE_URL": "http://jobs.example.com", "ALLOWED_HOSTS": ["jobs.example.com"]}, "not https"),
        ({"BASE_URL": "https://jobs.example.com", "HTTPS": True}, "SEGUE_ALLOWED_HOSTS"),
        (
            {"BASE_URL": "https://j.example", "ALLOWED_HOSTS": ["*"], "HTTPS": True, "DEMO": True},
            "SEGUE_DEMO",
        ),
        ({"MAIL_CHANNEL": "segue.ports.smtp.SmtpChannel", "SMTP_URL": ""}, "SEGUE_SMTP_URL"),
    ],
)
def test_a_dangerous_setting_is_named(settings: dict[str, object], words: str) -> None:
    with override_settings(**settings):
        ok, says, _ = check.configuration()
    assert not ok
    assert words in says


def test_a_secret_others_can_read_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o700)
    (folder / "secret_key").write_text("x")
    with override_settings(DATA_DIR=tmp_path):
        (folder / "secret_key").chmod(0o644)
        assert check.secrets() == (False, "secret_key: others can read", f"chmod -R go= {folder}")
        (folder / "secret_key").chmod(0o600)
        assert check.secrets()[0]


@pytest.mark.django_db
def test_jobs_that_gave_up_are_a_finding() -> None:
    QueueJob.objects.create(name="stage.write", run_at=now(), failed_at=now())
    ok, says, remedy = check.queue()
    assert not ok
    assert "1 gave up" in says
    assert "--retry-failed" in remedy


def test_a_check_that_trips_is_a_finding_and_not_a_crash() -> None:
    def trip() -> tuple[bool, str, str]:
        raise OSError("the disk is on fire")

    assert check._made("disk", trip) == check.Finding(
        "disk", False, "OSError: the disk is on fire", "Mend what the message names."
    )


def test_a_database_that_cannot_be_had_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "a-file"
    blocked.touch()
    monkeypatch.delenv("SEGUE_DATABASE_URL")
    monkeypatch.setenv("SEGUE_DATA_DIR", str(blocked / "inside"))
    assert _run() == 1
    assert "FAIL  database" in capsys.readouterr().out
