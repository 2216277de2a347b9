"""A mail is read as it came, whoever wrote it and whatever is wrong with it."""

from __future__ import annotations

from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engage.letters import new_words, read_letter


def mail(text: str = "Yes, gladly.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = headers.pop("From", "Ada Lovelace <Ada@People.example>")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def test_who_what_and_in_answer_to_what() -> None:
    told = read_letter(
        bytes(
            mail(
                Subject="Re: Coffee?",
                Message_ID="<2@people.example>",
                References="<0@us.example> <1@us.example>",
                In_Reply_To="<1@us.example>",
                Date="Sun, 29 Nov 2026 10:00:00 +0100",
            )
        )
    )
    assert (told.from_name, told.from_address) == ("Ada Lovelace", "ada@people.example")
    assert told.subject == "Re: Coffee?"
    assert told.answers == ("<0@us.example>", "<1@us.example>")
    assert told.at is not None
    assert told.at.hour == 10
    assert not told.automatic


def test_every_alphabet_is_read() -> None:
    made = mail("أنا مهتم جداً", From="زينب <zainab@people.example>", Subject="وظيفة")
    told = read_letter(bytes(made))
    assert (told.from_name, told.subject, told.text) == ("زينب", "وظيفة", "أنا مهتم جداً")


def test_a_page_of_html_is_read_for_its_words() -> None:
    made = EmailMessage()
    made["From"] = "ada@people.example"
    made.set_content(
        "<head><title>x</title></head><p>Dear Rosa,</p><script>alert(1)</script>"
        "<div>yes&nbsp;&amp; no<br>Ada</div>",
        subtype="html",
    )
    assert read_letter(bytes(made)).text == "Dear Rosa,\n\nyes & no\nAda"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<l.x>"},
    ],
)
def test_a_machine_that_answers_is_known_by_its_headers(headers: dict[str, str]) -> None:
    assert read_letter(bytes(mail(**headers))).automatic
    assert not read_letter(bytes(mail(Auto_Submitted="no"))).automatic


def test_files_come_with_safe_names() -> None:
    made = mail()
    made.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="../../cv.pdf")
    (file,) = read_letter(bytes(made)).files
    assert (file.name, file.content_type, file.content) == (".._.._cv.pdf", "application/pdf", b"%PDF-1.4")


def test_a_delivery_report_names_what_came_back() -> None:
    raw = (
        b"From: MAILER-DAEMON@mx.example\nSubject: Undelivered\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        b"--b\nContent-Type: text/plain\n\nNo such user.\n"
        b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        b"Final-Recipient: rfc822; gone@people.example\nAction: failed\nStatus: 5.1.1\n\n"
        b"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1@us.example>\nSubject: Coffee?\n\n--b--\n"
    )
    told = read_letter(raw)
    assert told.bounced == ("<1@us.example>",)
    assert told.for_good
    delayed = raw.replace(b"Action: failed", b"Action: delayed")
    assert read_letter(delayed).bounced == ()


def test_what_has_no_sender_is_no_mail() -> None:
    with pytest.raises(ValueError, match="no sender"):
        read_letter(b"Subject: x\n\ny")
    with pytest.raises(ValueError, match="25 MB"):
        read_letter(b"x" * (25 * 1024 * 1024 + 1))


@pytest.mark.parametrize(
    "quote",
    [
        "On Mon, 1 Dec 2026 at 10:00, Rosa <rosa@us.example> wrote:\n> Coffee?",
        "Am 1. Dezember 2026 um 10:00 Uhr schrieb Rosa <rosa@us.example>:\n> Kaffee?",
        "Le lun. 1 déc. 2026 à 10:00, Rosa <rosa@us.example> a écrit :\n> Un café ?",
        "El lun, 1 dic 2026 a las 10:00, Rosa <rosa@us.example> escribió:\n> ¿Un café?",
        "-----Original Message-----\nFrom: Rosa",
        "> Coffee?\n> Rosa",
    ],
)
def test_what_is_quoted_below_is_parted_from_what_is_new(quote: str) -> None:
    assert new_words(f"Yes.\n\nAda\n\n{quote}") == ("Yes.\n\nAda", quote)


def test_an_answer_between_the_lines_is_kept_whole() -> None:
    text = "> Coffee?\nYes.\n> When?\nToday."
    assert new_words(text) == (text, "")


@given(st.binary(max_size=2_000))
def test_nothing_that_comes_in_breaks_the_reader(noise: bytes) -> None:
    for raw in (
        noise,
        b"From: a@b.example\n" + noise,
        b"From: a@b.example\nContent-Type: multipart/mixed\n\n" + noise,
    ):
        with suppress(ValueError):
            told = read_letter(raw)
            assert "\x00" not in told.text + told.subject + told.from_name


@given(st.text(max_size=300))
def test_parting_loses_no_words(text: str) -> None:
    words, quoted = new_words(text)
    assert "".join((words + quoted).split()) == "".join(text.split())
