"""A letter to many, for whoever is picked: the counts add up, nobody gets it twice, and an undo is exact."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.catalog.models import Job, Person
from segue.engage.models import Message, MessageState, Thread
from segue.hire.actions import letters_to_many
from segue.hire.actions.bulk import Selection
from segue.hire.actions.letters_to_many import (
    draft_letters,
    prepare_letters,
    send_letters_of,
    take_back_letters,
)
from segue.hire.models import Application, BulkAction, BulkRow
from segue.hire.queries.letters_to_many import Letter, Progress, progress_of
from segue.hire.queries.listing import Filters
from segue.kit.errors import Conflict
from segue.kit.queue import work_off
from segue.trust.models import Account
from tests.factories import actor, make_application, make_job, make_person

pytestmark = pytest.mark.django_db
HELLO = Letter("About {{ job }}", "Hello {{ first_name }},\n\nwe read on Friday.\n{{ link }}")

KINDS = ("fine", "withdrew", "settled", "no_address", "no_name", "twice")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=9).flatmap(st.permutations),
    leave=st.integers(0, 9),
    piece=st.integers(1, 4),
)
def test_sent_and_left_out_are_whom_was_picked_and_undo_is_exact(
    rosa: Account, kinds: list[str], leave: int, piece: int
) -> None:
    """Whoever is picked, in whatever order, and however many have left when somebody presses Undo."""
    BulkAction.objects.all().delete()
    Message.objects.all().delete()
    Thread.objects.all().delete()
    job = make_job()
    rows = [_of_kind(kind, job) for kind in kinds]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(letters_to_many, "PIECE", piece)
        bulk = prepare_letters(Selection(ids=[row.pk for row in rows]), by=actor(rosa))
        draft_letters(bulk, secret_letter=HELLO, by=actor(rosa))
        if "fine" not in kinds and "twice" not in kinds:
            with pytest.raises(Conflict):
                send_letters_of(bulk, by=actor(rosa))
            return
        bulk = send_letters_of(bulk, by=actor(rosa))
        work_off()
    written = _letters()
    people = {row.person_id for row, kind in zip(rows, kinds, strict=True) if kind in {"fine", "twice"}}
    assert sorted(one.person_id for one in written) == sorted(people)  # nobody twice, nobody forgotten
    assert len(written) + _left(bulk) == len(rows) == bulk.count + bulk.skipped
    gone = written[:leave]
    Message.objects.filter(pk__in=[one.pk for one in gone]).update(state=MessageState.SENT)
    if len(gone) == len(written):
        with pytest.raises(Conflict):
            take_back_letters(bulk, by=actor(rosa))
        return
    take_back_letters(bulk, by=actor(rosa))
    now = progress_of([bulk])[bulk.pk]
    assert (now.gone, now.back, now.waiting) == (len(gone), len(written) - len(gone), 0)
    assert {one.pk for one in _letters()} == {one.pk for one in gone}


def _letters() -> list[Message]:
    return list(Message.objects.filter(kind="letter").order_by("to_address"))


def _left(bulk: BulkAction) -> int:
    return BulkRow.objects.filter(bulk=bulk, after__has_key="left").count()


def _of_kind(kind: str, job: Job) -> Application:
    if kind == "twice":  # somebody who has applied before: for all of this kind the same human
        twice = Person.objects.filter(headline="twice").order_by("-pk").first()
        known = twice if twice is not None and twice.applications.filter(job=job).exists() else None
        return make_application(known or make_person(headline="twice"), make_job() if known else job)
    person = {
        "no_address": lambda: make_person(email=None),
        "no_name": lambda: make_person(name=""),
    }.get(kind, make_person)()
    outcome = {"withdrew": "withdrawn", "settled": "hired"}.get(kind, "open")
    return make_application(person, job, outcome=outcome)


def _count_anew() -> None:
    """Let PostgreSQL look how much there is: what other tests rolled back has left it thinking of one row."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_person, hire_application, hire_bulkrow")


def test_five_thousand_get_one_each_and_undo_takes_back_all_but_what_left(rosa: Account) -> None:
    job = make_job()
    many = 5000
    people = [Person(name=f"Person {at}", email=f"many{at}@people.example") for at in range(many)]
    Person.objects.bulk_create(people)
    Application.objects.bulk_create(Application(person=person, job=job) for person in people)
    Person.objects.filter(name__endswith="99").update(email=None)
    _count_anew()
    bulk = prepare_letters(Selection(matching=Filters(job_id=job.pk)), by=actor(rosa))
    _count_anew()
    draft_letters(bulk, secret_letter=HELLO, by=actor(rosa))
    bulk = send_letters_of(bulk, by=actor(rosa))
    assert (bulk.count, bulk.skipped) == (4950, 50)
    assert not _letters()  # the page answers; the pieces are a job's
    work_off()
    assert Message.objects.values("to_address").distinct().count() == Message.objects.count() == 4950
    some = list(Message.objects.order_by("pk").values_list("pk", flat=True)[:7])
    Message.objects.filter(pk__in=some).update(state=MessageState.SENT)
    assert take_back_letters(bulk, by=actor(rosa)).kept == 7
    assert progress_of([bulk])[bulk.pk] == Progress(gone=7, back=4943, left={"no_address": 50})
    assert Message.objects.count() == Thread.objects.count() == 7
