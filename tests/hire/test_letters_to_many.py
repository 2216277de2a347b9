"""One letter to many: each gets their own, once, or is named with the reason; undo takes back the rest."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta

import pytest
import time_machine

from segue.catalog.actions.erasure import erase_person
from segue.catalog.actions.merging import merge_people
from segue.catalog.models import Job, Person
from segue.engage.actions.sending import send_now
from segue.engage.models import Message, MessageState, Thread
from segue.engage.queries.threads import inbox
from segue.hire.actions import letters_to_many
from segue.hire.actions.bulk import Selection
from segue.hire.actions.letters_to_many import (
    draft_letters,
    prepare_letters,
    send_letters_of,
    take_back_letters,
    write_piece,
)
from segue.hire.models import Application, BulkAction, BulkRow, Hold
from segue.hire.queries.letters_to_many import Ground, Letter, Progress, progress_of
from segue.hire.queries.listing import Filters
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.kit.queue import work_off
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account, AuditLine, Purpose
from tests import factories
from tests.factories import actor, make_application, make_job, make_member, make_person

pytestmark = pytest.mark.django_db
MAIL = Actor.machine("mail")
HELLO = Letter("About {{ job }}", "Hello {{ first_name }},\n\nwe read on Friday.\n{{ link }}")


def prepared(rows: list[Application], rosa: Account, letter: Letter = HELLO) -> BulkAction:
    bulk = prepare_letters(Selection(ids=[row.pk for row in rows]), by=actor(rosa))
    return draft_letters(bulk, secret_letter=letter, by=actor(rosa))


def sent(rows: list[Application], rosa: Account, letter: Letter = HELLO) -> BulkAction:
    bulk = send_letters_of(prepared(rows, rosa, letter), by=actor(rosa))
    work_off()
    return bulk


def became(bulk: BulkAction) -> Progress:
    return progress_of([bulk])[bulk.pk]


def left(bulk: BulkAction) -> dict[uuid.UUID, str]:
    """Return why each of those left out got none, by application."""
    rows = BulkRow.objects.filter(bulk=bulk, after__has_key="left")
    return {row.application_id: row.after["left"] for row in rows}


def letters() -> list[Message]:
    return list(Message.objects.filter(kind="letter").order_by("to_address"))


@pytest.fixture
def job() -> Job:
    return make_job(title="Night nurse")


def test_each_gets_a_letter_of_their_own_and_sees_nobody_else(job: Job, rosa: Account) -> None:
    ada = make_application(factories.ada().person, job)
    ben = make_application(make_person(name="Ben Abara", email="ben@people.example"), job)
    bulk = sent([ada, ben], rosa)
    hers, his = letters()
    assert (hers.subject, hers.author, hers.state) == ("About Night nurse", rosa, MessageState.SCHEDULED)
    assert hers.text.startswith("Hello Ada,")
    assert ada.status_key in hers.text
    assert his.text.startswith("Hello Ben,")
    assert ben.status_key in his.text
    for one, other in ((hers, his), (his, hers)):
        said = f"{one.subject} {one.text} {one.references} {one.to_address}"
        assert other.to_address not in said
        assert one.to_address.count("@") == 1
    assert {thread.about for thread in Thread.objects.all()} == {f"application:{x.pk}" for x in (ada, ben)}
    assert hers.thread != his.thread
    assert became(bulk) == Progress(waiting=2)


def test_nothing_leaves_before_the_time_and_then_it_does(job: Job, rosa: Account) -> None:
    with time_machine.travel(clock.now(), tick=False) as hands:
        bulk = sent([make_application(job=job) for _ in range(3)], rosa)
        hands.shift(timedelta(minutes=4))
        work_off()
        assert became(bulk) == Progress(waiting=3)
        hands.shift(timedelta(minutes=2))
        work_off()
    assert became(bulk) == Progress(gone=3)
    with pytest.raises(Conflict, match="has left already"):
        take_back_letters(bulk, by=actor(rosa))


def test_a_letter_for_next_week_waits_a_week(job: Job, rosa: Account) -> None:
    at = clock.now() + timedelta(days=7)
    sent([make_application(job=job)], rosa, Letter("S", "T", send_at=at))
    assert letters()[0].send_at == at


def test_whoever_gets_none_is_named_with_the_reason(job: Job, rosa: Account) -> None:
    fine, gone, settled, mute, nameless = (make_application(job=job) for _ in range(5))
    Application.objects.filter(pk=gone.pk).update(outcome="withdrawn")
    Application.objects.filter(pk=settled.pk).update(outcome="hired")
    Person.objects.filter(pk=mute.person_id).update(email=None)
    Person.objects.filter(pk=nameless.person_id).update(name=" ")
    held = make_application(job=job)
    Hold.objects.create(application=held, flags=["trap"])
    also = make_application(person=fine.person)
    bulk = sent([fine, gone, settled, mute, nameless, held, also], rosa)
    assert left(bulk) == {
        gone.pk: "withdrew",
        settled.pk: "settled",
        mute.pk: "no_address",
        nameless.pk: "no_name",
        held.pk: "held",
        also.pk: "twice",
    }
    assert (bulk.count, bulk.skipped) == (1, 6)
    assert [one.person for one in letters()] == [fine.person]


def test_a_nameless_person_gets_a_letter_that_names_nobody(job: Job, rosa: Account) -> None:
    row = make_application(make_person(name=""), job)
    sent([row], rosa, Letter("Friday", "Hello, we read on Friday."))
    assert len(letters()) == 1


def test_news_goes_only_to_who_said_yes_to_it(job: Job, rosa: Account) -> None:
    yes, silent, no_longer = (make_application(job=job) for _ in range(3))
    for row in (yes, no_longer):
        factories.grant(row.person, Purpose.CONTACT)
    theirs = factories.make_account(person=no_longer.person)
    set_consent(no_longer.person, purpose=Purpose.CONTACT, granted=False, by=actor(theirs))
    Application.objects.filter(pk=yes.pk).update(outcome="withdrawn")  # the yes is ground enough
    bulk = sent([yes, silent, no_longer], rosa, Letter("An open day", "Come!", Ground.NEWS))
    assert left(bulk) == {silent.pk: "no_yes", no_longer.pk: "no_yes"}
    assert [one.person for one in letters()] == [yes.person]


def test_a_letter_can_be_meant_for_who_reads_its_language(job: Job, rosa: Account) -> None:
    german, french = (make_application(make_person(locale=locale), job) for locale in ("de-AT", "fr"))
    bulk = sent([german, french], rosa, Letter("Freitag", "Guten Tag", language="de"))
    assert left(bulk) == {french.pk: "language"}
    assert [one.person for one in letters()] == [german.person]


def test_all_that_match_are_meant(job: Job, rosa: Account) -> None:
    for _ in range(3):
        make_application(job=job)
    make_application()
    bulk = prepare_letters(Selection(matching=Filters(job_id=job.pk)), by=actor(rosa))
    draft_letters(bulk, secret_letter=HELLO, by=actor(rosa))
    assert send_letters_of(bulk, by=actor(rosa)).count == 3


def test_pressed_twice_and_written_twice_it_is_sent_once(job: Job, rosa: Account) -> None:
    bulk = prepared([make_application(job=job) for _ in range(3)], rosa)
    first, again = (send_letters_of(bulk, by=actor(rosa)) for _ in range(2))
    assert (first.done_at, first.count) == (again.done_at, again.count)
    for _ in range(3):
        write_piece(bulk, after=0, by=MAIL)
    work_off()
    assert len(letters()) == 3


def test_a_worker_that_dies_between_pieces_leaves_no_gap_and_no_repeat(
    job: Job, rosa: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters_to_many, "PIECE", 2)
    bulk = send_letters_of(prepared([make_application(job=job) for _ in range(5)], rosa), by=actor(rosa))
    deaths = iter([True, False, True, False, False])
    write = letters_to_many.send_letters

    def dies(*args: object, **kwargs: object) -> int:
        if next(deaths):
            raise RuntimeError("killed")
        return write(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(letters_to_many, "send_letters", dies)
    with time_machine.travel(clock.now()) as hands:
        for _ in range(6):
            work_off()
            hands.shift(timedelta(seconds=15))  # a job that tripped comes back later
    assert Counter(one.person_id for one in letters()).most_common(1)[0][1] == 1
    assert (len(letters()), became(bulk)) == (5, Progress(waiting=5))


def test_undo_takes_back_what_has_not_left_and_counts_what_had(job: Job, rosa: Account) -> None:
    bulk = sent([make_application(job=job) for _ in range(5)], rosa)
    first, second, *_others = letters()
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        send_now(str(first.pk), by=MAIL)
        send_now(str(second.pk), by=MAIL)
        done = take_back_letters(bulk, by=actor(rosa))
        assert (done.kept, became(bulk)) == (2, Progress(gone=2, back=3))
        work_off()
    assert [one.pk for one in letters()] == [first.pk, second.pk]
    assert Thread.objects.count() == 2  # nothing was said in the others, so there are none
    with pytest.raises(Conflict):
        take_back_letters(bulk, by=actor(rosa))
    with pytest.raises(Conflict):
        send_letters_of(bulk, by=actor(rosa))


def test_undo_before_anything_was_written_lets_nothing_be_written(job: Job, rosa: Account) -> None:
    bulk = send_letters_of(prepared([make_application(job=job) for _ in range(3)], rosa), by=actor(rosa))
    take_back_letters(bulk, by=actor(rosa))
    work_off()
    assert (letters(), became(bulk)) == ([], Progress(back=3))


def test_nobody_sees_on_their_page_what_can_still_be_taken_back(job: Job, rosa: Account) -> None:
    ada = factories.ada()
    sent([make_application(ada.person, job)], rosa)
    assert inbox(actor(ada), which="all").rows == []
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        work_off()
    assert len(inbox(actor(ada), which="all").rows) == 1


def test_who_withdraws_or_is_erased_in_between_gets_none(job: Job, rosa: Account) -> None:
    stays, leaves, forgotten = (make_application(job=job) for _ in range(3))
    bulk = send_letters_of(prepared([stays, leaves, forgotten], rosa), by=actor(rosa))
    Application.objects.filter(pk=leaves.pk).update(outcome="withdrawn")
    erase_person(forgotten.person, by=Actor.machine("test"))
    work_off()
    assert [one.person for one in letters()] == [stays.person]
    bulk.refresh_from_db()
    assert (bulk.count, left(bulk)) == (2, {leaves.pk: "withdrew"})


def test_two_records_of_one_human_get_one_letter_whenever_they_are_merged(job: Job, rosa: Account) -> None:
    twin, one = make_application(job=job), make_application(job=job)
    merge_people(one.person, twin.person, evidence=[], by=Actor.machine("test"))
    bulk = sent([one, twin], rosa)  # the record that was merged comes first: it leads to the other
    assert ([letter.person for letter in letters()], left(bulk)) == ([one.person], {one.pk: "twice"})


def test_a_merge_between_two_pieces_makes_no_second_letter(
    job: Job, rosa: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters_to_many, "PIECE", 1)
    first, second = make_application(), make_application(job=job)
    bulk = send_letters_of(prepared([first, second], rosa), by=actor(rosa))
    rows = list(BulkRow.objects.filter(bulk=bulk).order_by("pk").select_related("application__person"))
    write_piece(bulk, after=0, by=MAIL)
    merge_people(
        rows[1].application.person, rows[0].application.person, evidence=[], by=Actor.machine("test")
    )
    work_off()
    assert (len(letters()), len(left(bulk))) == (1, 1)


@pytest.mark.parametrize(
    ("letter", "field"),
    [
        (Letter("", "Hello"), "subject"),
        (Letter("Hello", "  "), "text"),
        (Letter("Hello", "Hello {{ frist_name }}"), "text"),
        (Letter("Hello {{ pay }}", "Hello"), "subject"),
        (Letter("Hello", "Hello {{ name"), "text"),
        (Letter("Hello", "Hello", language="tlh"), "language"),
        (Letter("Hello", "Hello", send_at=clock.now() - timedelta(hours=1)), "send_at"),
    ],
)
def test_a_letter_that_cannot_be_right_is_refused(
    letter: Letter, field: str, job: Job, rosa: Account
) -> None:
    with pytest.raises(Invalid) as refused:
        prepared([make_application(job=job)], rosa, letter)
    assert (refused.value.field, bool(refused.value.remedy)) == (field, True)


def test_a_name_that_looks_like_a_place_is_only_a_name(job: Job, rosa: Account) -> None:
    row = make_application(make_person(name="{{ link }}\nBcc: eve@evil.example"), job)
    sent([row], rosa, Letter("To {{ name }}", "Hello {{ name }}"))
    [letter] = letters()
    assert letter.subject == "To {{ link }} Bcc: eve@evil.example"
    assert row.status_key not in letter.text


def test_nobody_to_write_to_is_said_before_anything_happens(job: Job, rosa: Account) -> None:
    bulk = prepared([make_application(make_person(email=None), job)], rosa)
    with pytest.raises(Conflict, match="Nobody would get"):
        send_letters_of(bulk, by=actor(rosa))
    bulk.refresh_from_db()
    assert bulk.done_at is None


@pytest.mark.parametrize("who", ["max_", "ines", "theo", "ada", "machine", "masked"])
def test_only_the_talent_team_begins_conversations(who: str, job: Job, rosa: Account) -> None:
    row = make_application(job=job)
    make_member(job, factories.max_())
    known = {"machine": Actor.machine("m"), "masked": Actor(role=actor(rosa).role, name="m")}
    by = known[who] if who in known else actor(getattr(factories, who)())
    with pytest.raises(NotAllowed):
        prepare_letters(Selection(ids=[row.pk]), by=by)


def test_another_colleagues_letter_is_neither_sent_nor_taken_back(job: Job, rosa: Account) -> None:
    other = actor(factories.make_account(role="recruiter"))
    bulk = prepared([make_application(job=job)], rosa)
    for deed in (lambda: send_letters_of(bulk, by=other), lambda: send_letters_of(bulk, by=actor(mia()))):
        with pytest.raises(NotFound):
            deed()
    send_letters_of(bulk, by=actor(rosa))
    with pytest.raises(NotAllowed):
        take_back_letters(bulk, by=other)
    assert take_back_letters(bulk, by=actor(mia())).kept == 0


def mia() -> Account:
    return factories.mia()


def test_the_audit_says_who_and_how_many_and_never_the_words(job: Job, rosa: Account) -> None:
    sent([make_application(job=job)], rosa, Letter("Quince-Canary", "Quince-Canary"))
    lines = AuditLine.objects.filter(verb__in=["hire.draft_letters", "hire.send_letters"])
    assert {line.actor_id for line in lines} == {rosa.pk}
    assert "Canary" not in str(list(AuditLine.objects.values_list("detail", flat=True)))
