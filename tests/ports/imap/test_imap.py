"""A real IMAP server on this machine (pymap), and letters that go out, are answered, and come home once."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from segue.engage.actions.fetching import fetch_mail
from segue.engage.mailboxes import MailboxRefused
from segue.engage.models import Arrival, MailboxMark, Message, MessageState
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.ports.imap import ImapMailbox
from segue.ports.imap.mailbox import read_imap_url
from tests import factories

peer = [pytest.mark.peer, pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]
MAIL = Actor.machine("mail")


@pytest.fixture
def server() -> Iterator[int]:
    """A server with a mailbox of ours, empty but for what a test puts there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("pymap")
    command = [str(program), "--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict"]
    command += ["--demo-data", "--demo-user", "talent", "--demo-password", "s3cret/word"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        with _inside(port) as box:
            box.select("INBOX")
            box.store("1:*", "+FLAGS", "\\Deleted")
            box.expunge()
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the mail server has stopped"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    pytest.fail("the mail server does not answer")


@contextlib.contextmanager
def _inside(port: int) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4("127.0.0.1", port) as box:
        box.login("talent", "s3cret/word")
        yield box


def url(port: int) -> str:
    return f"imap://talent:s3cret%2Fword@127.0.0.1:{port}/INBOX"


def put(port: int, key: str, sender: str = "ada@people.example", text: str = "Hello") -> None:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = sender, f"No. {key}", f"<{key}@people.example>"
    made.set_content(text)
    with _inside(port) as box:
        box.append("INBOX", "", "", bytes(made).replace(b"\n", b"\r\n"))


@pytest.mark.django_db
class TestMailbox:
    pytestmark = peer

    def test_each_mail_comes_in_once_and_stays_where_it_is(self, server: int) -> None:
        factories.make_person(email="ada@people.example")
        put(server, "1")
        put(server, "2", sender="stranger@elsewhere.example")
        assert fetch_mail(by=MAIL, box=ImapMailbox(url(server))) == 2
        assert fetch_mail(by=MAIL, box=ImapMailbox(url(server))) == 0
        put(server, "3")
        assert fetch_mail(by=MAIL, box=ImapMailbox(url(server))) == 1
        assert Message.objects.filter(state=MessageState.RECEIVED).count() == 2
        assert Arrival.objects.filter(state="held").count() == 1
        with _inside(server) as box:
            assert box.select("INBOX", readonly=True)[1] == [b"3"]
            assert box.search(None, "UNSEEN")[1][0].split() == [b"1", b"2", b"3"]

    def test_a_mark_that_was_lost_doubles_nothing(self, server: int) -> None:
        factories.make_person(email="ada@people.example")
        put(server, "1")
        fetch_mail(by=MAIL, box=ImapMailbox(url(server)))
        MailboxMark.objects.all().delete()
        assert fetch_mail(by=MAIL, box=ImapMailbox(url(server))) == 1  # read again, and known
        assert Message.objects.filter(state=MessageState.RECEIVED).count() == 1

    def test_a_server_that_numbers_anew_is_read_from_the_start(self, server: int) -> None:
        put(server, "1")
        fetch_mail(by=MAIL, box=ImapMailbox(url(server)))
        MailboxMark.objects.update(validity=1)
        assert fetch_mail(by=MAIL, box=ImapMailbox(url(server))) == 1
        assert Arrival.objects.count() == 1

    def test_what_is_no_mail_does_not_stop_the_rest(self, server: int) -> None:
        with _inside(server) as box:
            box.append("INBOX", "", "", b"no headers at all\r\n\r\nx\r\n")
        put(server, "2")
        assert fetch_mail(by=MAIL, box=ImapMailbox(url(server))) == 2
        assert Arrival.objects.count() == 1

    def test_a_refused_password_is_told_and_kept(self, server: int) -> None:
        box = ImapMailbox(url(server).replace("s3cret", "wrong"))
        with pytest.raises(MailboxRefused):
            fetch_mail(by=MAIL, box=box)
        assert MailboxMark.objects.get().error


@pytest.mark.parametrize(
    "wrong", ["http://x", "imaps://host/INBOX", "imaps://user:p@host:port/", "", "imap://:p@host/"]
)
def test_an_address_that_is_none_says_how_one_looks(wrong: str) -> None:
    with pytest.raises(Invalid, match="imaps://user:password@"):
        read_imap_url(wrong)


def test_passwords_travel_encrypted_but_on_this_machine() -> None:
    assert read_imap_url("imap://u:p@mail.example/").security == "starttls"
    assert read_imap_url("imaps://u:p@mail.example/Jobs%20in").folder == "Jobs in"
    assert read_imap_url("imap://u:p@127.0.0.1").security == "none"
