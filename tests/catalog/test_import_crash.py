"""Workers killed in the middle of a large import: `segue worker` itself, on a real database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from segue.catalog.actions.staging.checking import confirm_columns
from segue.catalog.actions.staging.landing import start_import
from segue.catalog.actions.staging.uploads import take_upload
from segue.catalog.models import Fact, FactKind, HeldRow, ImportBatch, Person, StagedRow
from segue.kit.actor import Actor, Role
from segue.kit.models import QueueJob
from segue.kit.queue import work_off
from tests.catalog.files import as_csv
from tests.conftest import address_of_test_database

pytestmark = [pytest.mark.peer, pytest.mark.django_db(transaction=True)]
ROSA = Actor(Role.RECRUITER, name="Rosa")
ROWS, FAULTY = 3_000, 100  # one row in a hundred has an address that is none


def _worker() -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "SEGUE_DATABASE_URL": address_of_test_database(),
        "PYTHONPATH": os.pathsep.join([".", "src"]),
    }
    command = [sys.executable, "-m", "segue", "worker"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _until(true: Callable[[], bool], *, within_s: float = 180) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        if time.monotonic() > deadline:
            pytest.fail("It never came about.")
        time.sleep(0.02)


def _batch_of(rows: int) -> ImportBatch:
    told = [
        (n, f"Per Son{n}", f"p{n}@people.example" if n % FAULTY else "no address", "Bergen", "NO")
        for n in range(rows)
    ]
    raw = as_csv(("id", "name", "email", "city", "country"), told).encode()
    batch = take_upload([raw], name="people.csv", by=ROSA)
    work_off()
    batch.refresh_from_db()
    columns = {h: name for name, headers in batch.mapping["fields"].items() for h in headers}
    confirm_columns(batch, fields=columns, constants={}, by=ROSA)
    work_off()
    batch.refresh_from_db()
    return batch


def test_killed_three_times_everybody_is_there_once_and_the_counts_add_up() -> None:
    batch = _batch_of(ROWS)
    start_import(batch, by=ROSA)
    for share in (0.1, 0.4, 0.7):
        victim = _worker()
        try:
            _until(lambda share=share: _read_of(batch) >= share * ROWS)
        finally:
            victim.kill()
            victim.wait()
        QueueJob.objects.exclude(leased_by="").update(leased_until="2000-01-01T00:00Z")  # its minute is over
        assert _read_of(batch) < ROWS, "killed too late to tell anything"
    last = _worker()
    try:
        _until(lambda: ImportBatch.objects.get(pk=batch.pk).state == "done")
    finally:
        last.terminate()
        last.wait()
    batch.refresh_from_db()
    assert (batch.read, batch.created, batch.rejected) == (ROWS, ROWS - ROWS // FAULTY, ROWS // FAULTY)
    assert (batch.updated, batch.unchanged, batch.held) == (0, 0, 0)
    assert Person.objects.count() == batch.created
    assert Fact.objects.filter(kind=FactKind.NAME).count() == batch.created
    assert HeldRow.objects.count() == batch.rejected
    assert not StagedRow.objects.exists()


def _read_of(batch: ImportBatch) -> int:
    return ImportBatch.objects.get(pk=batch.pk).read
