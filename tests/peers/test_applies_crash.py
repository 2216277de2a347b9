"""People apply while web and worker are killed: who got an answer is there once, and each mail has gone out.

    SEGUE_APPLIES=1000 ./run test tests/peers/test_applies_crash.py

Real parts: granian as it is served, `segue worker`, PostgreSQL, an SMTP server. A form that gets no answer
is sent again, as a browser does; it carries its key. A mail whose sender died after the server's yes goes
out again under its own Message-ID, which is what mail servers fold by, so mails are counted by that.
"""

from __future__ import annotations

import email
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import signing

from segue.catalog.models import Job, Person
from segue.engage.models import Message, MessageState
from segue.hire.models import Application
from segue.hire.queries.ledger import ledger_faults
from segue.kit.models import QueueJob
from tests.conftest import address_of_test_database
from tests.factories import make_job
from tests.ports.smtp.post_office import PostOffice, post_office

__all__ = ["post_office"]  # a fixture of the real peer
pytestmark = [
    pytest.mark.peer,
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("SEGUE_APPLIES"), reason="takes minutes: set SEGUE_APPLIES to a number"
    ),
]
APPLIES = int(os.environ.get("SEGUE_APPLIES") or 120)
AT_ONCE, STRIKES = 8, 6
PATIENCE_S = 600
TOKEN = "t" * 32


class Product:
    """The processes that are struck, and come back as a supervisor would bring them."""

    def __init__(self, post_office: PostOffice) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.environment = os.environ | {
            "SEGUE_DATABASE_URL": address_of_test_database(),
            "SEGUE_BASE_URL": f"http://127.0.0.1:{self.port}",
            "SEGUE_MAIL_CHANNEL": "segue.ports.smtp.SmtpChannel",
            "SEGUE_SMTP_URL": f"smtp://127.0.0.1:{post_office.port}?tls=0",
            "PYTHONPATH": os.pathsep.join([".", "src"]),
        }
        serve = ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        self.commands = {
            "web": [
                *serve,
                "--workers",
                "1",
                "--blocking-threads",
                "4",
                "--no-log",
                "segue.web.wsgi:application",
            ],
            "worker": ["segue", "worker"],
        }
        self.running = {name: self._start(name) for name in self.commands}

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", *self.commands[name]]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            command, env=self.environment, stdout=quiet, stderr=quiet, start_new_session=True
        )

    def strike(self, name: str) -> None:
        """Kill -9, the whole group, and start anew; a dead worker's lease ends at once, not in a minute."""
        self.end(name)
        if name == "worker":
            QueueJob.objects.exclude(leased_by="").update(leased_until="2000-01-01T00:00Z")
        self.running[name] = self._start(name)

    def end(self, name: str) -> None:
        os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running[name].wait()


@pytest.fixture
def product(post_office: PostOffice, transactional_db: None) -> Iterator[Product]:
    made = Product(post_office)
    yield made
    for name in made.running:
        made.end(name)


def apply_until_answered(port: int, job_id: uuid.UUID, number: int) -> str:
    """Send one person's form, again and again if need be; return the page it led to."""
    stamp = signing.dumps([str(job_id), f"form-{number}", time.time() - 60], salt="segue.portal.apply")
    form = {
        "csrfmiddlewaretoken": TOKEN,
        "stamp": stamp,
        "name": f"Per Son{number}",
        "email": f"p{number}@people.example",
        "resume_text": f"Nurse number {number}, ten years of nights.",
        "do": "send",
    }
    headers = {"Cookie": f"csrftoken={TOKEN}", "Content-Type": "application/x-www-form-urlencoded"}
    home = (f"127.{1 + number // 250}.{1 + number % 250}.1", 0)  # everybody sits in a network of their own
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=home)
        try:
            line.request("POST", f"/jobs/{job_id}/apply/", urllib.parse.urlencode(form), headers)
            answer = line.getresponse()
            answer.read()
            if answer.status == 303:
                return str(answer.headers["Location"])
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
        finally:
            line.close()
    return ""


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"It never came about: {what}.")
        time.sleep(0.1)


def strike_along(product: Product, answered: list[str], everything: threading.Event) -> list[str]:
    """Kill web and worker in turn, spread over the answers; return what was struck."""
    struck: list[str] = []
    for number in range(STRIKES):
        goal = (number + 1) * APPLIES // (STRIKES + 2)
        while len(answered) < goal and not everything.is_set():
            time.sleep(0.02)
        product.strike(("web", "worker")[number % 2])
        struck.append(("web", "worker")[number % 2])
    return struck


def test_what_was_answered_is_there_once_and_every_mail_goes_out(
    product: Product, post_office: PostOffice
) -> None:
    job, answered, everything = make_job(title="Night nurse"), [], threading.Event()

    def apply(number: int) -> None:
        answered.append(apply_until_answered(product.port, job.pk, number))

    with ThreadPoolExecutor(AT_ONCE) as people:
        done = [people.submit(apply, number) for number in range(APPLIES)]
        struck = strike_along(product, answered, everything)
        for each in done:
            each.result()
    assert Counter(struck) == {"web": STRIKES // 2, "worker": STRIKES // 2}
    _everybody_is_there_once(job, answered)
    until(lambda: not _unsent(), "all mails sent")
    _every_mail_arrived_once(post_office)


def _everybody_is_there_once(job: Job, answered: list[str]) -> None:
    assert "" not in answered
    assert len(set(answered)) == APPLIES, "two people were led to one page"
    rows = Application.objects.filter(job=job)
    assert Counter(rows.values_list("person__email", flat=True)) == Counter(
        f"p{number}@people.example" for number in range(APPLIES)
    )
    assert {urllib.parse.urlsplit(page).path for page in answered} == {
        f"/a/{row.status_key}/" for row in rows
    }
    assert Person.objects.filter(email__startswith="p").count() == APPLIES
    assert not ledger_faults()


def _unsent() -> bool:
    waits = QueueJob.objects.filter(name="engage.send_message").exists()
    return waits or Message.objects.exclude(state=MessageState.SENT).exists()


def _every_mail_arrived_once(post_office: PostOffice) -> None:
    came = [email.message_from_string(raw) for raw in post_office.letters]
    ids_by_address: dict[str, set[str]] = {}
    for mail in came:
        ids_by_address.setdefault(str(mail["To"]), set()).add(str(mail["Message-ID"]))
    told = Message.objects.filter(to_address__startswith="p")
    assert len(ids_by_address) == APPLIES == told.count()
    assert {len(ids) for ids in ids_by_address.values()} == {1}
    assert len(came) - APPLIES <= STRIKES // 2, (
        "only the mail a worker held when it was killed may come again"
    )
