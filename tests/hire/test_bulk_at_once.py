"""Two colleagues undo at once: one has done it, the other is told so, and neither waits for ever."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from segue.hire.actions.bulk import Selection, move_many, undo_bulk
from segue.hire.actions.ledger import hold_stages
from segue.hire.models import Application, BulkAction
from segue.hire.queries.ledger import ledger_faults
from segue.kit.errors import Conflict
from tests import factories
from tests.factories import actor, make_job
from tests.hire.test_bulk import arrive, picture

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 30


@pytest.fixture
def moved() -> BulkAction:
    rosa, job = factories.rosa(), make_job()
    keys = [row.pk for row in arrive(job)]
    return move_many(Selection(ids=keys), stage="screen", by=actor(rosa))


def someone_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")
        return cursor.fetchone() is not None


def test_who_undoes_while_the_stages_are_changed_waits_without_holding_what_the_other_needs(
    moved: BulkAction,
) -> None:
    """What `undo_stages` does: it holds the stages alone, then undoes the bulk move within."""
    rosa = moved.by_account
    assert rosa is not None
    heard: list[Exception] = []

    def the_other() -> None:
        try:
            undo_bulk(moved, by=actor(rosa))
        except Exception as told:
            heard.append(told)
        finally:
            connection.close()

    other = threading.Thread(target=the_other)
    with transaction.atomic():
        assert moved.job_id is not None
        hold_stages([moved.job_id], alone=True)
        other.start()
        deadline = time.monotonic() + PATIENCE_S
        while not someone_waits_for_a_lock():
            if time.monotonic() > deadline:
                pytest.fail("The other one never came to the lock.")
            time.sleep(0.02)
        assert undo_bulk(moved, by=actor(rosa)).restored == 4
    other.join(PATIENCE_S)
    assert [type(told) for told in heard] == [Conflict]
    assert {row[2] for row in picture()} == {"applied"}
    assert Application.objects.count() == 4
    assert not ledger_faults()
