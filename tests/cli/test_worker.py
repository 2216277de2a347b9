"""`segue worker`: a process of its own, asked to do what is due."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.utils import timezone

from segue.kit import queue
from segue.kit.models import QueueJob
from tests.conftest import address_of_test_database


def _segue_worker(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "SEGUE_DATABASE_URL": address_of_test_database(),
        "SEGUE_LOG_LEVEL": "INFO",
        "PYTHONPATH": "src",
    }
    command = [sys.executable, "-m", "segue", "worker", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.peer
@pytest.mark.django_db(transaction=True)
def test_once_does_what_is_due_and_leaves() -> None:
    queue.enqueue("learn.refresh")
    QueueJob.objects.create(name="learn.refresh", run_at=timezone.now(), failed_at=timezone.now(), attempts=8)
    done = _segue_worker("--once", "--retry-failed")
    assert done.returncode == 0, done.stderr
    assert '"done": 2' in done.stderr
    assert not QueueJob.objects.exists()
