"""Whatever a file holds and wherever its import stops: counts conserve, and again changes nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from segue.catalog.actions.staging import kinds
from segue.catalog.actions.staging.checking import check_import, confirm_columns
from segue.catalog.actions.staging.landing import import_step, start_import
from segue.catalog.actions.staging.reading import read_import
from segue.catalog.actions.staging.uploads import take_upload
from segue.catalog.models import Fact, HeldRow, ImportBatch, Person
from segue.kit.actor import Actor
from tests.catalog.files import as_csv

BY = Actor.machine("a test")
COLUMNS = ("id", "name", "email", "country")
_FAULTS = st.sampled_from(["none", "bad_email", "bad_country", "no_identity", "repeats"])
_FILES = st.lists(_FAULTS, min_size=1, max_size=12)


def rows_of(faults: list[str]) -> list[tuple[str, ...]]:
    """A row for each fault, which stands for itself whatever the order; a repeat says what its row says."""
    rows: list[tuple[str, ...]] = []
    for number, fault in enumerate(faults):
        row = (f"p{number}", f"Person {number}", f"p{number}@people.example", "DE")
        wrong = {
            "bad_email": (row[0], row[1], "at home", "DE"),
            "bad_country": (*row[:3], "Atlantis"),
            "no_identity": ("", row[1], "", "DE"),
        }
        rows.append(wrong.get(fault, row))
        if fault == "repeats":
            rows.append(row)
    return rows


def begun(rows: list[tuple[str, ...]]) -> ImportBatch:
    batch = take_upload([as_csv(COLUMNS, rows).encode()], name="people.csv", kind="people", by=BY)
    read_import(str(batch.pk), by=BY)
    batch.refresh_from_db()
    filled = {"id": "external_id", "name": "name", "email": "email", "country": "country"}
    confirm_columns(batch, fields=filled, constants={}, by=BY)
    check_import(str(batch.pk), by=BY)
    batch.refresh_from_db()
    start_import(batch, by=BY, steps="here")
    batch.refresh_from_db()
    return batch


def conserves(batch: ImportBatch) -> bool:
    sums = batch.created + batch.updated + batch.unchanged + batch.held + batch.rejected
    return batch.read == sums


def finished(batch: ImportBatch, *, twice_after: int = -1) -> ImportBatch:
    """Take every step; those from `twice_after` rows on are taken twice, as after a worker's death."""
    while batch.state == "running":
        after = batch.cursor
        import_step(str(batch.pk), after=after, by=BY, steps="here")
        if after >= twice_after >= 0:
            import_step(str(batch.pk), after=after, by=BY, steps="here")
        batch.refresh_from_db()
        assert conserves(batch)
    return batch


def known() -> list[Any]:
    people = Person.objects.order_by("external_id").values_list("external_id", "name", "email", "country")
    facts = Fact.objects.order_by("person__external_id", "kind", "normalised")
    return [*people, *facts.values_list("person__external_id", "kind", "normalised")]


def outcome(batch: ImportBatch) -> tuple[Any, ...]:
    return batch.read, batch.created, batch.updated, batch.unchanged, batch.held, batch.rejected, batch.errors


class AnyFile(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(
        faults=_FILES,
        shuffled=st.randoms(use_true_random=False),
        piece=st.integers(1, 5),
        died=st.integers(0, 12),
    )
    def test_counts_order_repetition_and_interruption(
        self, faults: list[str], shuffled: Any, piece: int, died: int
    ) -> None:
        rows = rows_of(faults)
        whole = finished(begun(rows))
        assert whole.read == len(rows) == whole.total
        assert sum(whole.errors.values()) == whole.held + whole.rejected
        first = known()
        again = finished(begun(rows))
        assert (again.created, again.updated, known()) == (0, 0, first), "a second run changes nothing"
        assert again.read == whole.read
        _forget_everything()
        other = list(rows)
        shuffled.shuffle(other)
        usual = kinds.row_kind("people")
        kinds.register_row_kind(kinds.RowKind("people", usual.read, usual.landing, usual.held, piece))
        try:
            interrupted = finished(begun(other), twice_after=died)
        finally:
            kinds.register_row_kind(usual)
        assert (outcome(interrupted), known()) == (outcome(whole), first)


def _forget_everything() -> None:
    for model in (HeldRow, ImportBatch, Fact, Person):
        model._default_manager.all().delete()
