"""Imports in the background: piece by piece, once each, with counts that add up at every point."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from segue.catalog.actions.erasure import erase_person
from segue.catalog.actions.staging import kinds
from segue.catalog.actions.staging.checking import confirm_columns
from segue.catalog.actions.staging.keeping import HELD_FOR, WAITS_FOR, let_go_of_imports
from segue.catalog.actions.staging.landing import import_step, start_import, stop_import
from segue.catalog.actions.staging.retrying import retry_row, retry_rows, skip_row
from segue.catalog.actions.staging.uploads import LARGEST_UPLOAD, take_upload
from segue.catalog.models import Fact, HeldRow, ImportBatch, Job, Person, Resume, StagedRow, Upload
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.queue import work_off
from segue.trust.models import Account, Consent
from tests.catalog.files import as_csv
from tests.factories import actor, make_person

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")
ROSA = Actor(Role.RECRUITER, name="Rosa")
COLUMNS = ("id", "name", "email", "city", "country")
ADA = ("1", "Ada Lind", "ada@people.example", "Berlin", "DE")
BO = ("2", "Bo Ek", "bo@people.example", "Bergen", "NO")


def send(content: str | bytes, name: str = "people.csv", **said: Any) -> ImportBatch:
    """Send a file and have it read."""
    raw = content.encode() if isinstance(content, str) else content
    batch = take_upload([raw], name=name, by=said.pop("by", ROSA), **said)
    work_off()
    batch.refresh_from_db()
    return batch


def try_out(batch: ImportBatch, **columns: str) -> ImportBatch:
    """Confirm the columns as they were worked out, or as given, and have everything tried out."""
    filled = {h: name for name, headers in batch.mapping.get("fields", {}).items() for h in headers}
    confirm_columns(batch, fields=filled | columns, constants={}, by=ROSA)
    work_off()
    batch.refresh_from_db()
    return batch


def bring_in(content: str | bytes, name: str = "people.csv", **said: Any) -> ImportBatch:
    """All of it: send, read, try out, start, finish."""
    batch = try_out(send(content, name, **said))
    start_import(batch, by=ROSA)
    work_off()
    batch.refresh_from_db()
    return batch


def outcome(batch: ImportBatch) -> tuple[str, int, int, int, int, int, int]:
    return (
        batch.state,
        batch.read,
        batch.created,
        batch.updated,
        batch.unchanged,
        batch.held,
        batch.rejected,
    )


def what_we_know() -> list[Any]:
    """Everything people and their facts say, whatever number their rows have."""
    people = Person.objects.order_by("external_id").values_list("external_id", "name", "email", "city")
    facts = Fact.objects.order_by("person__external_id", "kind", "normalised", "superseded_at")
    return [*people, *facts.values_list("person__external_id", "kind", "normalised", "method")]


def test_a_file_is_looked_at_tried_out_and_let_in() -> None:
    batch = send(as_csv(COLUMNS, [ADA, BO, ("3", "Cy", "not an address", "Oslo", "NO")]))
    assert (batch.state, batch.kind, batch.total) == ("ready", "people", 3)
    assert batch.mapping["fields"]["email"] == ["email"]
    assert Upload.objects.count() == 0, "the bytes go as soon as the rows are read"
    try_out(batch)
    assert batch.state == "checked"
    assert (batch.trial["created"], batch.trial["rejected"]) == (2, 1)
    assert Person.objects.count() == 0, "a trial keeps nothing"
    start_import(batch, by=ROSA)
    work_off()
    batch.refresh_from_db()
    assert outcome(batch) == ("done", 3, 2, 0, 0, 0, 1)
    assert StagedRow.objects.count() == 0
    held = HeldRow.objects.get()
    assert (held.line, held.outcome, held.row["name"]) == (4, "rejected", "Cy")
    ada = Person.objects.get(external_id="1")
    assert {fact.stated_by for fact in ada.facts.all()} == {"Rosa"}


def test_the_same_file_again_changes_nothing() -> None:
    rows = as_csv(COLUMNS, [ADA, BO, ADA])
    assert outcome(bring_in(rows)) == ("done", 3, 2, 0, 1, 0, 0)
    before = what_we_know(), HeldRow.objects.count()
    assert outcome(bring_in(rows)) == ("done", 3, 0, 0, 3, 0, 0)
    assert (what_we_know(), HeldRow.objects.count()) == before


def test_columns_set_once_are_remembered_for_the_same_headers() -> None:
    rows = as_csv(("nr", "who", "e-post"), [("1", "Ada", "ada@people.example")])
    batch = send(rows, kind="people")
    try_out(batch, **{"nr": "external_id", "who": "name", "e-post": "email"})
    again = send(as_csv(("who", "nr", "e-post"), [("Bo", "2", "bo@people.example")]), kind="people")
    assert again.mapping["origin"] == "saved"
    assert again.mapping["fields"]["name"] == ["who"]


def test_two_columns_do_not_fill_one_field() -> None:
    batch = send(as_csv(("id", "name", "other"), [("1", "Ada", "Bo")]), kind="people")
    with pytest.raises(Invalid, match="cannot both be that"):
        confirm_columns(batch, fields={"name": "name", "other": "name"}, constants={}, by=ROSA)


def test_a_worker_that_dies_in_the_middle_loses_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    small = kinds.row_kind("people")
    monkeypatch.setitem(
        kinds._kinds, "people", kinds.RowKind(small.name, small.read, small.landing, small.held, 2)
    )
    batch = try_out(
        send(as_csv(COLUMNS, [(str(n), f"P {n}", f"p{n}@people.example", "", "") for n in range(7)]))
    )
    start_import(batch, by=ROSA)
    assert work_off(1) == 1
    batch.refresh_from_db()
    assert (batch.read, batch.created, batch.cursor, batch.total) == (2, 2, 2, 7)
    import_step(str(batch.pk), after=0, by=MACHINE)  # the step that was done is sent again
    batch.refresh_from_db()
    assert batch.read == 2
    work_off()
    batch.refresh_from_db()
    assert outcome(batch) == ("done", 7, 7, 0, 0, 0, 0)


def test_a_stopped_import_keeps_what_came_in(monkeypatch: pytest.MonkeyPatch) -> None:
    small = kinds.row_kind("people")
    monkeypatch.setitem(
        kinds._kinds, "people", kinds.RowKind(small.name, small.read, small.landing, small.held, 1)
    )
    batch = try_out(send(as_csv(COLUMNS, [ADA, BO])))
    start_import(batch, by=ROSA)
    work_off(1)
    stop_import(batch, by=ROSA)
    work_off()
    batch.refresh_from_db()
    assert outcome(batch) == ("stopped", 1, 1, 0, 0, 0, 0)
    assert StagedRow.objects.count() == 0
    with pytest.raises(Conflict):
        stop_import(batch, by=ROSA)


def test_a_file_that_cannot_be_read_says_why_and_keeps_nothing() -> None:
    batch = send('id,name\n1,"Ada\n')
    assert (batch.state, batch.failure["code"]) == ("failed", "unterminated_quote")
    assert Upload.objects.count() == StagedRow.objects.count() == 0


def test_nobody_else_imports_and_nothing_too_big_is_taken() -> None:
    with pytest.raises(NotAllowed):
        take_upload([b"a"], name="a.csv", by=Actor(Role.HIRING_MANAGER, name="Max"))
    with pytest.raises(Invalid, match="over 256 MB"):
        take_upload((b"x" * 2**20 for _ in range(LARGEST_UPLOAD // 2**20 + 1)), name="a.csv", by=ROSA)
    with pytest.raises(Invalid, match="empty"):
        take_upload([], name="a.csv", by=ROSA)
    assert Upload.objects.count() == ImportBatch.objects.count() == 0


def test_a_mended_row_lands_and_the_counts_go_along() -> None:
    batch = bring_in(as_csv(COLUMNS, [ADA, ("3", "Cy", "cy at home", "Oslo", "NO")]))
    held = HeldRow.objects.get()
    still = retry_row(held, row={"email": "cy@"}, by=ROSA)
    assert still.settled_at is None
    batch.refresh_from_db()
    assert outcome(batch) == ("done", 2, 1, 0, 0, 0, 1)
    done = retry_row(still, row={"email": "cy@people.example"}, by=ROSA)
    assert (done.settled_as, done.settled_by, done.row) == ("created", "Rosa", {})
    batch.refresh_from_db()
    assert outcome(batch) == ("done", 2, 2, 0, 0, 0, 0)
    assert batch.read == batch.created
    assert Person.objects.get(external_id="3").email == "cy@people.example"
    with pytest.raises(Conflict):
        retry_row(held, row={}, by=ROSA)


def test_a_row_is_left_out_for_a_reason_only() -> None:
    batch = bring_in(as_csv(COLUMNS, [ADA, ("9", "Ada L", "ada@people.example", "", "")]))
    assert (batch.held, batch.errors) == (1, {"shared_email": 1})
    held = HeldRow.objects.get()
    with pytest.raises(Invalid):
        skip_row(held, reason=" ", by=ROSA)
    skip_row(held, reason="Ada, twice", by=ROSA)
    batch.refresh_from_db()
    assert outcome(batch) == ("done", 2, 1, 0, 0, 0, 1)
    held.refresh_from_db()
    assert (held.settled_as, held.reason, held.row) == ("skipped", "Ada, twice", {})


def test_all_rows_of_one_problem_are_tried_again_at_once() -> None:
    make_person(email="x@people.example", external_source="import", external_id="x")
    batch = bring_in(as_csv(COLUMNS, [("7", "X", "x@people.example", "", ""), ADA]))
    assert batch.errors == {"household_conflict": 1}
    assert retry_rows(batch, error="household_conflict", by=ROSA) == {"held": 1}
    Person.objects.filter(external_id="x").update(external_source="", external_id="")
    assert retry_rows(batch, error="household_conflict", by=ROSA).total() == 1
    batch.refresh_from_db()
    assert batch.read == 2 == batch.created + batch.updated + batch.unchanged


def test_rows_that_contradict_each_other_wait_whatever_is_pressed() -> None:
    batch = bring_in(as_csv(COLUMNS, [ADA, ("1", "Ada Berg", "ada@people.example", "", "")]))
    assert batch.errors == {"conflicting_duplicate": 1}
    retry_rows(batch, error="conflicting_duplicate", by=ROSA)
    assert Person.objects.get().name == "Ada Lind"
    retry_row(HeldRow.objects.get(), row={"id": "5", "email": "berg@people.example"}, by=ROSA)
    assert Person.objects.count() == 2


def test_a_zip_of_resumes_comes_in_one_by_one() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr(
            "ada.txt",
            "Ada Lind\nada@people.example\n\nExperience\nNurse, Clinic, 2019 - 2022\nCare and patience.\n",
        )
        package.writestr("empty.txt", "")
        package.writestr("picture.docm", b"no word file")
    batch = bring_in(held.getvalue(), name="resumes.zip")
    assert outcome(batch) == ("done", 3, 1, 0, 0, 2, 0)
    assert Resume.objects.get().person.email == "ada@people.example"
    assert batch.errors == {"empty_file": 1, "macros": 1}
    again = bring_in(held.getvalue(), name="resumes.zip")
    assert (again.unchanged, again.held) == (1, 2)


def test_jobs_are_told_from_people() -> None:
    batch = bring_in(
        as_csv(("reference", "job title", "location"), [("J1", "Nurse", "Berlin, DE")]), name="jobs.csv"
    )
    assert (batch.kind, batch.created) == ("jobs", 1)
    assert Job.objects.get().external_id == "J1"


def test_profiles_are_read_only_where_they_were_sent_in() -> None:
    bring_in(as_csv(COLUMNS, [ADA]))
    assert Consent.objects.count() == 0
    bring_in(as_csv(COLUMNS, [BO]), sent_in=True)
    assert Consent.objects.get().person.name == "Bo Ek", "Ada came with another file"


def test_an_erased_person_leaves_no_row_behind(rosa: Account) -> None:
    batch = try_out(send(as_csv(COLUMNS, [ADA, BO])))
    bring_in(
        as_csv(COLUMNS, [("1", "Ada Lind", "ada@", "", ""), ("8", "Ada L", "ada@people.example", "", "")])
    )
    ada = Person.objects.get(email="ada@people.example")
    erase_person(ada, by=actor(rosa))
    told = str(list(StagedRow.objects.values())) + str(list(HeldRow.objects.values()))
    assert "ada@people.example" not in told
    assert "Bo Ek" in told
    start_import(batch, by=ROSA)
    work_off()
    batch.refresh_from_db()
    assert (batch.read, batch.created, batch.rejected) == (2, 1, 1)
    assert batch.errors == {"let_go_at_erasure": 1}


def test_what_nobody_goes_on_with_is_let_go() -> None:
    bring_in(as_csv(COLUMNS, [("3", "Cy", "cy at home", "", "")]))
    waits = send(as_csv(COLUMNS, [ADA]))
    ImportBatch.objects.filter(pk=waits.pk).update(changed_at=clock.now() - WAITS_FOR * 2)
    HeldRow.objects.update(held_at=clock.now() - HELD_FOR * 2)
    assert let_go_of_imports(by=MACHINE) == {"imports": 1, "rows": 1}
    assert StagedRow.objects.count() == 0
    assert HeldRow.objects.get().row == {}
    assert let_go_of_imports(by=MACHINE) == {"imports": 0, "rows": 0}
