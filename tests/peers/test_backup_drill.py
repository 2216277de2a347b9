"""The drill: backup, wipe, restore, verify. Equal counts and hashes, and nothing is sent a second time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.conftest import address_of_test_database
from tests.engage.receiver import Receiver, receiving
from tests.ports.smtp.post_office import PostOffice, post_office

__all__ = ["post_office"]  # a fixture of the real peer

pytestmark = [
    pytest.mark.peer,
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.django_db,
]
PASSPHRASE = "correct horse battery staple"


class Place:
    """An installation of its own: a database, a data directory, and commands run as an operator runs them."""

    def __init__(self, folder: Path, post_office: PostOffice, receiver: Receiver) -> None:
        self.name = f"drill_{uuid.uuid4().hex[:8]}"
        ours = address_of_test_database()
        head, _, query = ours.partition("?")
        self.url = f"{head.rpartition('/')[0]}/{self.name}?{query}"
        self.data_dir = folder / "data"
        self.receiver_url = receiver.url
        self.environment = os.environ | {
            "SEGUE_DATABASE_URL": self.url,
            "SEGUE_DATA_DIR": str(self.data_dir),
            "SEGUE_SECRET_KEY": "only-for-tests",
            "SEGUE_MAIL_CHANNEL": "segue.ports.smtp.SmtpChannel",
            "SEGUE_SMTP_URL": f"smtp://127.0.0.1:{post_office.port}?tls=0",
            "SEGUE_WEBHOOK_INSIDE_HOSTS": receiver.host,
            "PYTHONPATH": os.pathsep.join([".", "src"]),
        }
        self._ours = ours
        self.make()

    def make(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._server("CREATE DATABASE {}")

    def wipe(self) -> None:
        """The disaster: database and data directory are gone, and new empty ones are set up."""
        self.drop()
        for path in sorted(self.data_dir.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        self.make()

    def drop(self) -> None:
        self._server("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def _server(self, statement: str) -> None:
        with psycopg.connect(self._ours, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(self.name)))  # type: ignore[arg-type]

    def run(self, *arguments: str, fails: bool = False, **more: str) -> str:
        command = [sys.executable, "-m", *arguments]
        done = subprocess.run(
            command, env=self.environment | more, capture_output=True, text=True, check=False, timeout=300
        )
        assert (done.returncode != 0) == fails, done.stderr[-2000:]
        return done.stderr if fails else done.stdout

    def segue(self, *arguments: str, fails: bool = False, **more: str) -> str:
        return self.run("segue", *arguments, fails=fails, **more)

    def json(self, *arguments: str, **more: str) -> Any:
        return json.loads(self.segue(*arguments, "--json", **more))

    def rows(self, query: str) -> list[Any]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode()).fetchall()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as told:
        yield told


@pytest.fixture
def place(tmp_path: Path, post_office: PostOffice, receiver: Receiver) -> Iterator[Place]:
    made = Place(tmp_path, post_office, receiver)
    try:
        made.segue("migrate")
        yield made
    finally:
        made.drop()


def test_backup_wipe_restore_verify(
    place: Place, post_office: PostOffice, receiver: Receiver, tmp_path: Path
) -> None:
    ada = place.run("tests.peers.company_for_backup", place.receiver_url).strip()
    waiting = place.rows("SELECT count(*) FROM kit_queuejob")[0][0]
    backup = str(tmp_path / "monday.tar")
    made = place.json("backup", backup)
    assert place.json("verify-backup", backup)["tables"] == made["tables"]
    place.segue("erase", "--person", ada, "--yes")  # after the backup: it must not bring her back
    erased = tmp_path / "erasures.jsonl"
    erased.write_text(place.segue("erasures"))
    assert ada in erased.read_text()

    place.wipe()
    # a drill compares every table's rows and hash with what was saved; so does the restore itself
    assert place.json("backup", "drill", backup)["tables"] == made["tables"]
    restored = place.json("restore", backup, "--erasures", str(erased))
    assert restored["tables"] == made["tables"]
    assert restored["held"] == waiting
    assert restored["erased_again"] == 1
    assert restored["old_database"] == ""
    assert place.rows(f"SELECT name, erased_at IS NULL FROM catalog_person WHERE id = '{ada}'") == [
        ("", False)
    ]
    assert place.rows("SELECT count(*) FROM catalog_person WHERE name = 'نور العلي'") == [(1,)]
    place.segue("audit-log", "verify", "--head", f"{made['audit']['position']}:{made['audit']['head']}")

    place.segue("worker", "--once")
    place.segue("worker", "--once")
    assert (post_office.letters, receiver.got) == ([], [])
    assert place.json("release-held", "--show")["held"]["webhooks"] == 4
    place.segue("release-held")
    place.segue("worker", "--once")
    place.segue("worker", "--once")
    assert len(post_office.letters) == 2, "each once; the one to her whom we erased is gone with her"
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == len(receiver.got) == 4
    assert place.json("release-held", "--show") == {
        "since": None,
        "held": {"mail": 0, "webhooks": 0, "jobs": 0},
    }


def test_a_restore_asks_before_it_replaces_and_keeps_what_was_there(place: Place, tmp_path: Path) -> None:
    place.run("tests.peers.company_for_backup", place.receiver_url)
    backup = str(tmp_path / "kept")
    newer = tmp_path / "newer"
    place.segue("backup", str(newer))
    said = json.loads((newer / "manifest.json").read_text())
    said["manifest"]["migrations"].append("trust.9999_of_next_year")
    (newer / "manifest.json").write_text(json.dumps(said))
    assert "newer Segue" in place.segue("restore", str(newer), "--replace", fails=True)
    made = place.json("backup", backup, "--include-keys", SEGUE_BACKUP_PASSPHRASE=PASSPHRASE)
    assert made["sealed"]
    assert "not empty" in place.segue("restore", backup, fails=True, SEGUE_BACKUP_PASSPHRASE=PASSPHRASE)
    refused = place.segue("restore", backup, "--replace", fails=True)
    assert "sealed with a passphrase" in refused
    wrong = place.segue("verify-backup", backup, fails=True, SEGUE_BACKUP_PASSPHRASE=PASSPHRASE + "!")
    assert "not the one of this backup" in wrong
    with psycopg.connect(place.url) as connection:  # somebody works there
        connection.execute("SELECT 1")
        busy = place.segue("restore", backup, "--replace", fails=True, SEGUE_BACKUP_PASSPHRASE=PASSPHRASE)
        assert "Nothing was changed" in busy
    done = place.json("restore", backup, "--replace", SEGUE_BACKUP_PASSPHRASE=PASSPHRASE)
    assert done["old_database"].startswith("segue_before_")
    with psycopg.connect(place.url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(done["old_database"])))
    dropped = place.json("release-held", "--drop")
    assert dropped["dropped"] >= 7
    assert place.rows("SELECT DISTINCT state FROM engage_message") == [("cancelled",)]
    assert place.rows("SELECT DISTINCT state FROM trust_delivery") == [("dead",)]
    dump = tmp_path / "kept" / "database.dump"
    spoilt = bytearray(dump.read_bytes())
    assert b"people.example" not in spoilt, "it is sealed"
    spoilt[len(spoilt) // 2] ^= 1
    dump.write_bytes(spoilt)
    assert "damaged" in place.segue("verify-backup", backup, fails=True, SEGUE_BACKUP_PASSPHRASE=PASSPHRASE)
