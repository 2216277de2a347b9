"""Mail handed to a real server: a small one of our own, on this machine."""

from __future__ import annotations

import email
import smtplib
import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from segue.engage.channels import ChannelRefused
from segue.engage.models import Message
from segue.kit.errors import Invalid
from segue.ports.smtp import SmtpChannel, read_smtp_url
from segue.ports.smtp.lines import Lines

peer = [pytest.mark.peer, pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


class Sink(socketserver.ThreadingTCPServer):
    """Just enough of RFC 5321: it takes letters and remembers them, or answers as it was told."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.context = context
        self.letters: list[str] = []
        self.encrypted: list[bool] = []
        self.logins: list[str] = []
        self.answers: dict[str, str] = {}
        self.calls = 0
        self.gone = threading.Event()
        self.open: list[socket.socket] = []

    def hang_up(self) -> None:
        """End every line, as a server does that was silent for too long."""
        for line in self.open:
            line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up on us is part of the test."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.server.calls += 1
        self.server.open.append(self.connection)
        self.say("220 sink")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "STARTTLS":
                self.say("220 go")
                self.go_dark()
            elif verb == "DATA":
                self.take()
            elif verb == "QUIT":
                self.say("221 bye")
                self.server.gone.set()
                return
            else:
                self.say(self.answer(verb, line))

    def answer(self, verb: str, line: str) -> str:
        if verb == "EHLO":
            tls = "250-STARTTLS\r\n" if self.server.context and not self.is_dark() else ""
            return f"250-sink\r\n{tls}250-AUTH PLAIN\r\n250 SMTPUTF8"
        if verb == "AUTH":
            self.server.logins.append(line)
            return "235 welcome"
        return self.server.answers.get(verb, "250 fine")

    def take(self) -> None:
        self.say("354 tell")
        lines: list[str] = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line.removeprefix(".") if line.startswith("..") else line)
        self.server.letters.append("".join(lines))
        self.server.encrypted.append(self.is_dark())
        self.say(self.server.answers.get("DATA", "250 taken"))

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()

    def is_dark(self) -> bool:
        return isinstance(self.connection, ssl.SSLSocket)

    def go_dark(self) -> None:
        assert self.server.context is not None
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")


def run(sink: Sink) -> Iterator[Sink]:
    thread = threading.Thread(target=sink.serve_forever, daemon=True)
    thread.start()
    yield sink
    sink.shutdown()
    sink.server_close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    yield from run(Sink())


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for this machine that nobody but the test trusts."""
    path = tmp_path / "both.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=sink -addext subjectAltName=IP:127.0.0.1"
    try:
        subprocess.run(["openssl", *words.split(), "-keyout", path, "-out", tmp_path / "c.pem"],
                       check=True, capture_output=True)  # fmt: skip
    except FileNotFoundError:
        pytest.skip("Install openssl to test encrypted mail.")
    path.write_text(path.read_text() + (tmp_path / "c.pem").read_text())
    return path


@pytest.fixture
def secure_sink(certificate: Path) -> Iterator[Sink]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    yield from run(Sink(context))


def a_message() -> Message:
    return Message(to_address="ada@people.example", subject="Grüße, Ada", text="Hello Ada,\n.\nżółć 你好\n")


class TestSending:
    pytestmark = peer

    def test_a_letter_arrives_whole(self, sink: Sink) -> None:
        SmtpChannel(f"smtp://127.0.0.1:{sink.port}", sender="Talent <talent@employer.example>").send(
            a_message()
        )
        letter = email.message_from_string(sink.letters[0], policy=email.policy.default)
        assert (letter["To"], letter["Subject"]) == ("ada@people.example", "Grüße, Ada")
        assert letter["From"] == "Talent <talent@employer.example>"
        assert letter["Auto-Submitted"] == "auto-generated"
        assert letter.get_content().replace("\r\n", "\n") == "Hello Ada,\n.\nżółć 你好\n"

    def test_sent_twice_it_carries_one_id(self, sink: Sink) -> None:
        message = a_message()
        channel = SmtpChannel(f"smtp://127.0.0.1:{sink.port}", sender="talent@employer.example")
        channel.send(message)
        channel.send(message)
        ids = {email.message_from_string(letter)["Message-ID"] for letter in sink.letters}
        assert ids == {f"<{message.pk}@employer.example>"}

    @pytest.mark.parametrize(
        ("verb", "answer", "permanent"),
        [
            ("RCPT", "550 no such box", True),
            ("RCPT", "450 come back", False),
            ("MAIL", "550 not from you", True),
            ("DATA", "554 spam", True),
            ("DATA", "451 disk full", False),
        ],
    )
    def test_a_refusal_says_whether_to_come_back(
        self, sink: Sink, verb: str, answer: str, permanent: bool
    ) -> None:
        sink.answers[verb] = answer
        with pytest.raises(ChannelRefused) as refused:
            SmtpChannel(f"smtp://127.0.0.1:{sink.port}").send(a_message())
        assert refused.value.permanent is permanent

    def test_a_server_that_is_not_there_may_be_later(self) -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            with pytest.raises(ChannelRefused) as refused:
                SmtpChannel(f"smtp://127.0.0.1:{held.getsockname()[1]}").send(a_message())
        assert refused.value.permanent is False


class TestTheLine:
    """Opening one costs a handshake, and hanging up takes time in which a letter is not yet noted as sent."""

    pytestmark = peer

    def test_carries_one_letter_after_the_other(self, sink: Sink) -> None:
        for _ in range(5):
            SmtpChannel(f"smtp://127.0.0.1:{sink.port}").send(a_message())
        assert (len(sink.letters), sink.calls) == (5, 1)

    def test_that_the_server_let_go_is_opened_anew(self, sink: Sink) -> None:
        channel = SmtpChannel(f"smtp://127.0.0.1:{sink.port}")
        channel.send(a_message())
        sink.hang_up()
        channel.send(a_message())
        assert (len(sink.letters), sink.calls) == (2, 2)

    def test_is_not_kept_after_a_refusal(self, sink: Sink) -> None:
        channel = SmtpChannel(f"smtp://127.0.0.1:{sink.port}")
        sink.answers["RCPT"] = "450 come back"
        with pytest.raises(ChannelRefused):
            channel.send(a_message())
        sink.answers.clear()
        channel.send(a_message())
        assert (len(sink.letters), sink.calls) == (1, 2)

    def test_is_hung_up_when_its_time_is_over(self, sink: Sink) -> None:
        lines: Lines[int] = Lines(lambda port: smtplib.SMTP("127.0.0.1", port, timeout=5), life_s=0.2)
        with lines.to(sink.port) as line:
            assert line.noop()[0] == 250
        assert sink.gone.wait(5)

    def test_is_lent_to_one_thread_at_a_time(self, sink: Sink) -> None:
        channel = SmtpChannel(f"smtp://127.0.0.1:{sink.port}")
        with ThreadPoolExecutor(4) as people:
            list(people.map(channel.send, [a_message() for _ in range(40)]))
        assert len(sink.letters) == 40


class TestEncryption:
    pytestmark = peer

    def test_starttls_hides_the_letter_and_the_password(self, secure_sink: Sink, certificate: Path) -> None:
        url = f"smtp://talent:pa%20ss@127.0.0.1:{secure_sink.port}?tls=1&ca={certificate}"
        SmtpChannel(url).send(a_message())
        assert secure_sink.encrypted == [True]
        assert len(secure_sink.logins) == 1

    def test_a_certificate_nobody_vouches_for_gets_no_letter(self, secure_sink: Sink) -> None:
        with pytest.raises(ChannelRefused, match=r"(?i)certificate"):
            SmtpChannel(f"smtp://127.0.0.1:{secure_sink.port}?tls=1").send(a_message())
        assert secure_sink.letters == []

    def test_a_server_without_it_gets_no_letter(self, sink: Sink) -> None:
        with pytest.raises(ChannelRefused):
            SmtpChannel(f"smtp://127.0.0.1:{sink.port}?tls=1").send(a_message())
        assert sink.letters == []


class TestTheAddress:
    @pytest.mark.parametrize(
        ("url", "port", "security"),
        [
            ("smtp://mail.example.com", 587, "starttls"),
            ("smtp://mail.example.com:2525?tls=0", 2525, "none"),
            ("smtps://mail.example.com", 465, "tls"),
            ("smtp://localhost", 25, "none"),
            ("smtp://localhost?tls=1", 587, "starttls"),
        ],
    )
    def test_is_read(self, url: str, port: int, security: str) -> None:
        server = read_smtp_url(url)
        assert (server.port, server.security) == (port, security)

    def test_may_carry_a_login_with_odd_letters(self) -> None:
        server = read_smtp_url("smtp://me%40x:p%2Fw@mail.example.com?tls=1&ca=/etc/ca.pem")
        assert (server.user, server.password, server.ca_file) == ("me@x", "p/w", "/etc/ca.pem")

    @pytest.mark.parametrize(
        "url",
        ["", "mail.example.com", "http://mail.example.com", "smtp://", "smtp://h:port", "smtp://h?tls=maybe"],
    )
    def test_that_is_none_is_refused_with_the_remedy(self, url: str) -> None:
        with pytest.raises(Invalid) as refused:
            read_smtp_url(url)
        assert refused.value.field == "SEGUE_SMTP_URL"
        assert "smtp://" in refused.value.remedy

    def test_never_sends_a_password_in_the_clear(self) -> None:
        with pytest.raises(Invalid, match="unencrypted"):
            read_smtp_url("smtp://me:secret@mail.example.com?tls=0")
