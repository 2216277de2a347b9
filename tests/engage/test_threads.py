"""Conversations: a letter can be taken back, mail finds its person once, and doubt waits for a human."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.catalog.actions.erasure import erase_person
from segue.catalog.models import Person
from segue.engage.actions.arriving import hold_again, ignore_arrival, receive_mail, settle_arrival
from segue.engage.actions.sending import send_now
from segue.engage.actions.templates import FIELDS, fill_in, keep_template
from segue.engage.actions.threads import (
    keep_signature,
    need_no_answer,
    open_thread,
    say_in_thread,
    take_back_letter,
    write_in_thread,
)
from segue.engage.models import Arrival, ArrivalState, Attachment, Message, MessageState, Thread
from segue.engage.queries.threads import inbox, messages_of, thread_for, threads_visible_to
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.trust.models import Account, Purpose
from tests import factories
from tests.factories import actor

pytestmark = pytest.mark.django_db
MAIL = Actor.machine("mail")


def allowed(**fields: Any) -> Person:
    person = factories.make_person(**fields)
    factories.grant(person, Purpose.CONTACT)
    return person


def begun(rosa: Account, person: Person | None = None) -> tuple[Thread, Message]:
    by = actor(rosa)
    thread = open_thread(person or allowed(), subject="Coffee?", by=by)
    return thread, write_in_thread(thread, "Shall we talk?", by=by)


def sent(message: Message) -> Message:
    Message.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=clock.now())
    message.refresh_from_db()
    return message


def mail(
    sender: str, *, answers: str = "", key: str = "1", subject: str = "Re: Coffee?", **headers: str
) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = sender, subject, f"<{key}@people.example>"
    if answers:
        made["In-Reply-To"] = answers
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("Gladly.")
    return bytes(made)


def test_a_letter_waits_ten_seconds_and_can_be_taken_back(rosa: Account) -> None:
    _, letter = begun(rosa)
    send_now(str(letter.pk), by=MAIL)
    letter.refresh_from_db()
    assert letter.state == MessageState.SCHEDULED
    take_back_letter(letter, by=actor(rosa))
    Message.objects.filter(pk=letter.pk).update(send_at=clock.now() - timedelta(hours=1))
    send_now(str(letter.pk), by=MAIL)
    letter.refresh_from_db()
    assert letter.state == MessageState.CANCELLED
    with pytest.raises(Conflict):
        take_back_letter(letter, by=actor(rosa))


def test_a_letter_leaves_when_its_time_has_come(rosa: Account) -> None:
    _, letter = begun(rosa)
    Message.objects.filter(pk=letter.pk).update(send_at=clock.now() - timedelta(seconds=1))
    send_now(str(letter.pk), by=MAIL)
    letter.refresh_from_db()
    assert letter.state == MessageState.OUTBOX
    with pytest.raises(Conflict):
        take_back_letter(letter, by=actor(rosa))


def test_nobody_who_said_nothing_is_written_to_about_jobs(rosa: Account) -> None:
    silent = factories.make_person()
    with pytest.raises(NotAllowed, match="not said yes"):
        open_thread(silent, subject="A job for you", by=actor(rosa))
    assert open_thread(silent, subject="Your application", about="application:1", by=actor(rosa))


def test_who_wrote_to_us_may_be_answered(rosa: Account) -> None:
    silent = factories.make_person(email="silent@people.example")
    receive_mail(mail("silent@people.example", subject="A question"), by=MAIL)
    assert open_thread(silent, subject="Another thing", by=actor(rosa))


def test_an_answer_finds_its_conversation_and_waits_for_us(rosa: Account) -> None:
    thread, letter = begun(rosa)
    sent(letter)
    arrival = receive_mail(mail(thread.person.email or "", answers=letter.header_id), by=MAIL)
    assert (arrival.state, arrival.why, arrival.raw) == (ArrivalState.FILED, "answers_our_letter", None)
    thread.refresh_from_db()
    assert thread.waiting_since is not None
    assert [row.pk for row in inbox(actor(rosa)).rows] == [thread.pk]
    again = write_in_thread(thread, "Tuesday?", by=actor(rosa))
    assert again.references.split() == [letter.header_id, "<1@people.example>"]
    assert inbox(actor(rosa)).rows == []
    take_back_letter(again, by=actor(rosa))
    assert [row.pk for row in inbox(actor(rosa)).rows] == [thread.pk]  # they still wait


def test_the_same_mail_twice_is_one(rosa: Account) -> None:
    _, letter = begun(rosa)
    raw = mail(letter.to_address, answers=sent(letter).header_id)
    first = receive_mail(raw, by=MAIL)
    assert receive_mail(raw, by=MAIL) == first
    assert Message.objects.filter(state=MessageState.RECEIVED).count() == 1


@pytest.mark.parametrize(
    ("sender", "why"),
    [("eve@elsewhere.example", "answer_from_another_address"), ("nobody@people.example", "nobody_known")],
)
def test_doubt_waits_for_a_human_and_can_be_settled_and_undone(rosa: Account, sender: str, why: str) -> None:
    thread, letter = begun(rosa)
    answers = sent(letter).header_id if "another" in why else ""
    arrival = receive_mail(mail(sender, answers=answers), by=MAIL)
    assert (arrival.state, arrival.why) == (ArrivalState.HELD, why)
    assert not Message.objects.filter(state=MessageState.RECEIVED).exists()

    settle_arrival(arrival, person=thread.person, by=actor(rosa))
    assert [one.words for one in messages_of(thread, actor(rosa))] == ["Shall we talk?", "Gladly."]
    with pytest.raises(Conflict):
        ignore_arrival(arrival, by=actor(rosa))
    hold_again(arrival, by=actor(rosa))
    assert [one.words for one in messages_of(thread, actor(rosa))] == ["Shall we talk?"]
    ignore_arrival(arrival, by=actor(rosa))
    arrival.refresh_from_db()
    assert arrival.state == ArrivalState.IGNORED


def test_two_people_of_one_address_are_told_apart_by_a_human(rosa: Account) -> None:
    for name in ("Ada", "Ida"):
        person = factories.make_person(name=name, email=f"{name}@people.example")
        Person.objects.filter(pk=person.pk).update(email=None)
    first = factories.make_person(email="both@people.example")
    arrival = receive_mail(mail("BOTH@people.example"), by=MAIL)
    assert arrival.message is not None
    assert arrival.message.person_id == first.pk


def test_an_automatic_answer_is_kept_and_nobody_waits(rosa: Account) -> None:
    thread, letter = begun(rosa)
    raw = mail(letter.to_address, answers=sent(letter).header_id, Auto_Submitted="auto-replied")
    receive_mail(raw, by=MAIL)
    thread.refresh_from_db()
    assert thread.waiting_since is None
    assert messages_of(thread, actor(rosa))[-1].message.automatic


def test_a_letter_that_comes_back_says_so(rosa: Account) -> None:
    thread, letter = begun(rosa)
    sent(letter)
    raw = (
        "From: MAILER-DAEMON@mx.example\nMessage-ID: <b@mx.example>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nNo such user.\n"
        "--b\nContent-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {letter.header_id}\n\n--b--\n"
    )
    assert receive_mail(raw.encode(), by=MAIL).state == ArrivalState.BOUNCE
    letter.refresh_from_db()
    assert letter.state == MessageState.FAILED
    assert "No such user" in letter.error
    thread.refresh_from_db()
    assert thread.waiting_since is None


def test_files_that_came_along_are_kept_and_go_with_the_person(rosa: Account) -> None:
    person = allowed(email="ada@people.example")
    made = EmailMessage()
    made["From"], made["Message-ID"] = "ada@people.example", "<f@people.example>"
    made.set_content("Here.")
    made.add_attachment(b"words", maintype="text", subtype="plain", filename="cv.txt")
    receive_mail(bytes(made), by=MAIL)
    assert Attachment.objects.get().size == 5
    Thread.objects.filter(person=person).delete()
    assert not Attachment.objects.exists()
    assert not Arrival.objects.exists()


def test_who_may_read_which_conversation(rosa: Account, max_: Account, ines: Account, theo: Account) -> None:
    job = factories.make_job()
    person = allowed()
    about_his = open_thread(person, subject="His job", job=job, by=actor(rosa))
    general = open_thread(person, subject="Anything", by=actor(rosa))
    manager = Actor(role=Role.HIRING_MANAGER, name="Max", account_id=max_.pk, job_ids=frozenset({job.pk}))
    assert set(threads_visible_to(actor(rosa))) == {about_his, general}
    assert set(threads_visible_to(manager)) == {about_his}
    for other in (actor(ines), actor(theo), Actor.anonymous()):
        assert not threads_visible_to(other).exists()
    theirs = Actor(role=Role.CANDIDATE, name="", person_id=person.pk)
    assert set(threads_visible_to(theirs)) == {about_his, general}
    with pytest.raises(NotFound):
        thread_for(Actor(role=Role.CANDIDATE, name="", person_id=factories.make_person().pk), general.pk)


def test_a_candidate_sees_nothing_that_has_not_left(rosa: Account) -> None:
    thread, letter = begun(rosa)
    theirs = Actor(role=Role.CANDIDATE, name="Ada", person_id=thread.person_id)
    assert messages_of(thread, theirs) == []
    sent(letter)
    assert [one.words for one in messages_of(thread, theirs)] == ["Shall we talk?"]
    say_in_thread(thread, "Yes!", by=theirs)
    assert [row.pk for row in inbox(actor(rosa)).rows] == [thread.pk]
    need_no_answer(thread, by=actor(rosa))
    assert inbox(actor(rosa)).rows == []
    with pytest.raises(NotAllowed):
        say_in_thread(
            thread, "Me too", by=Actor(role=Role.CANDIDATE, name="", person_id=factories.make_person().pk)
        )


def test_an_inbox_of_many_is_read_page_by_page(rosa: Account) -> None:
    at = clock.now()
    for number in range(7):
        thread = open_thread(allowed(), subject=f"No. {number}", by=actor(rosa))
        since = at - timedelta(hours=number // 2)  # pairs at the same moment
        Thread.objects.filter(pk=thread.pk).update(waiting_since=since, last_at=since)
    for which in ("waiting", "all", "mine"):
        seen, after = [], ""
        while True:
            page = inbox(actor(rosa), which=which, after=after, size=2)
            seen += [row.subject for row in page.rows]
            after = page.next_after
            if not after:
                break
        assert len(seen) == len(set(seen)) == 7
    assert len(inbox(actor(rosa), after="nonsense").rows) == 7


@pytest.mark.parametrize("text", ["", "  \n", "x" * 50_001])
def test_a_letter_has_words_and_an_end(rosa: Account, text: str) -> None:
    thread, _ = begun(rosa)
    with pytest.raises(Invalid, match="characters"):
        write_in_thread(thread, text, by=actor(rosa))


def test_a_time_that_is_past_is_refused_and_nothing_is_written(rosa: Account) -> None:
    thread, _ = begun(rosa)
    with pytest.raises(Invalid, match="future"):
        write_in_thread(thread, "Hi", send_at=clock.now() - timedelta(hours=1), by=actor(rosa))
    assert thread.messages.count() == 1


def test_a_letter_ends_with_its_writers_signature(rosa: Account) -> None:
    keep_signature(secret_text="Rosa\nTalent team", by=actor(rosa))
    _, letter = begun(rosa)
    assert letter.text.endswith("\n\n-- \nRosa\nTalent team")


def test_a_kept_letter_names_only_what_can_be_filled_in(rosa: Account) -> None:
    by = actor(rosa)
    with pytest.raises(Invalid) as caught:
        keep_template("Hello", subject="Hi {{ firstname }}", secret_text="x", by=by)
    assert caught.value.field == "subject"
    assert "first_name" in caught.value.remedy
    with pytest.raises(Invalid, match="closed"):
        keep_template("Hello", subject="Hi", secret_text="Hi {{ name", by=by)
    kept = keep_template("Hello", subject="Hi", secret_text="Dear {{ first_name }}, about {{job}}.", by=by)
    with pytest.raises(Invalid, match="job"):
        fill_in(kept.text, {"first_name": "Ada", "job": " "})
    assert fill_in(kept.text, {"first_name": "Ada", "job": "Baker"}) == "Dear Ada, about Baker."
    with pytest.raises(Conflict):
        keep_template("Hello", subject="Hi", secret_text="x", by=by)


@given(values=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=20)), text=st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_letter_ever_leaves_with_a_place_unfilled(values: dict[str, str], text: str) -> None:
    """Whatever a name holds, even braces, is put in as it is, and what cannot be filled is refused."""
    whole = text + " ".join("{{ " + name + " }}" for name in values)
    try:
        said = fill_in(whole, values)
    except Invalid:
        return
    for value in values.values():
        assert value in said


def test_held_mail_goes_with_whom_it_comes_from(rosa: Account) -> None:
    person = factories.make_person(name="Zora Zimmer", email="zora@people.example")
    _, letter = begun(rosa)
    receive_mail(mail("Zora Zimmer <z@private.example>", answers=sent(letter).header_id), by=MAIL)
    receive_mail(mail("stranger@elsewhere.example").replace(b"<1@", b"<2@"), by=MAIL)
    erase_person(person, by=actor(rosa))
    assert [row.from_address for row in Arrival.objects.filter(state=ArrivalState.HELD)] == [
        "stranger@elsewhere.example"
    ]
