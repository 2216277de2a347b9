"""The audit's chain in the database: sealed soon, guarded by a trigger, and any tampering is found."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.catalog.actions.erasure import erase_person
from segue.engine.chain import STRIKES
from segue.kit.actor import Actor
from segue.trust.actions.access import note_access
from segue.trust.actions.audit import write_line
from segue.trust.actions.chain import seal_lines
from segue.trust.models import AuditLine
from segue.trust.queries.chain import chain_state, head, verify_chain
from tests import factories

MACHINE = Actor.machine("test")
pytestmark = pytest.mark.django_db


def write(count: int) -> None:
    for number in range(count):
        write_line(verb="test.deed", by=MACHINE, subject=None, detail={"number": number, "word": "Zoë"})


def tamper(sql: str, *values: object) -> None:
    """Do what only the owner of the database can: without the trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_lines_are_sealed_in_batches_and_the_chain_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segue.trust.actions.chain.BATCH", 2)
    write(5)
    assert chain_state().waiting == 5
    assert seal_lines() == 5
    assert seal_lines() == 0
    reading = verify_chain()
    assert (reading.broken, reading.length) == (None, 5)
    assert head() == (5, reading.head)
    write(1)
    seal_lines()
    assert verify_chain(known={5: reading.head}).broken is None


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM trust_auditline",
        "UPDATE trust_auditline SET verb = 'other'",
        "UPDATE trust_auditline SET detail = '{}'",
        "UPDATE trust_auditline SET actor_name = ''",
        "UPDATE trust_auditline SET position = position + 1000",
        "UPDATE trust_auditline SET hash = ''",
    ],
)
def test_the_database_lets_nobody_touch_a_line(sql: str) -> None:
    write(1)
    seal_lines()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('segue.erasing', 'on', true)")
    words_alone = sql.replace("detail", "verb").replace("actor_name", "verb")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words_alone)


TAMPERING = {
    "edit a word": 'UPDATE trust_auditline SET detail = detail || \'{"word": "x"}\' WHERE position = %s',
    "edit a deed": "UPDATE trust_auditline SET verb = 'x' WHERE position = %s",
    "edit the actor": "UPDATE trust_auditline SET actor_role = 'recruiter' WHERE position = %s",
    "edit the time": "UPDATE trust_auditline SET at = at + interval '1 second' WHERE position = %s",
    "strike": "UPDATE trust_auditline SET salt = '', detail = '{}' WHERE position = %s",
    "delete": "DELETE FROM trust_auditline WHERE position = %s",
    "insert": "UPDATE trust_auditline SET position = position + 1 WHERE position >= %s",
    "reorder": """UPDATE trust_auditline SET position = -position WHERE position IN (%s, 1);
        UPDATE trust_auditline SET position = CASE WHEN position = -1 THEN 6 ELSE 1 END WHERE position < 0""",
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(how=st.sampled_from(sorted(set(TAMPERING) - {"reorder"})), place=st.integers(1, 5))
def test_any_tampering_is_found(how: str, place: int) -> None:
    with transaction.atomic():
        write(6)
        seal_lines()
        if how == "insert":
            tamper("ALTER TABLE trust_auditline DROP CONSTRAINT trust_auditline_position_key")
        tamper(TAMPERING[how], place)
        if how == "insert":
            tamper(
                "INSERT INTO trust_auditline (at, verb, actor_role, actor_name, subject_type, subject_id,"
                " detail, position, salt, digest, hash) SELECT at, 'forged', actor_role, actor_name,"
                " subject_type, subject_id, detail, %s, salt, digest, hash FROM trust_auditline"
                " WHERE position = 7",
                place,
            )
        broken = verify_chain().broken
        assert broken is not None, how
        assert broken.position == place, how
        transaction.set_rollback(True)


def test_lines_that_changed_places_are_found() -> None:
    write(6)
    seal_lines()
    tamper(TAMPERING["reorder"], 6)
    broken = verify_chain().broken
    assert broken is not None
    assert broken.position == 1


def test_somebody_erased_is_named_nowhere_and_the_chain_holds() -> None:
    ada = factories.ada()
    assert ada.person is not None
    by_ada = factories.actor(ada)
    note_access(ada.person, why="looked for Ada Example", by=factories.actor(factories.rosa()))
    write_line(verb="test.deed", by=by_ada, subject=ada.person, detail={"email": ada.email, "n": 1})
    seal_lines()
    write_line(verb="test.late", by=by_ada, subject=ada.person, detail={"email": ada.email})  # not sealed yet
    before = head()
    erase_person(ada.person, by=MACHINE)
    seal_lines()
    assert not AuditLine.objects.filter(detail__icontains=ada.email).exists()
    assert not AuditLine.objects.filter(actor_id=ada.pk).exclude(actor_name="").exists()
    reading = verify_chain(known=dict([before]))
    assert reading.broken is None
    assert reading.struck >= 1
    assert AuditLine.objects.filter(verb=STRIKES).exists()
    struck = AuditLine.objects.get(verb="test.deed")
    assert (struck.salt, struck.detail) == ("", {"email": "(erased)", "n": 1})


@pytest.mark.django_db(transaction=True)
def test_sealing_waits_for_nobody_and_nobody_waits_for_it() -> None:
    write(3)
    order: list[str] = []

    def write_meanwhile() -> None:
        write(1)
        order.append("written")
        order.append(f"sealed {seal_lines()}")  # another seals: this one leaves at once
        connection.close()

    with transaction.atomic():
        assert seal_lines() == 3
        other = threading.Thread(target=write_meanwhile)
        other.start()
        other.join(30)
        assert not other.is_alive()
    assert order == ["written", "sealed 0"]
    assert seal_lines() == 1
    assert verify_chain().broken is None
