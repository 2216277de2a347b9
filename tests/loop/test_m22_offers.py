"""M22: an offer, from the application's page through two approvals and a real mail server to a signed yes."""

from __future__ import annotations

import email
import hashlib
import io
import re
from collections.abc import Callable
from datetime import timedelta
from email.message import Message as Mail
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, override_settings
from pypdf import PdfReader

from segue.catalog.models import JobStatus
from segue.engage.actions.sending import send_now
from segue.engage.models import Message, MessageState
from segue.hire.actions.offers.approving import set_approval_chain
from segue.hire.models import Application, Offer
from segue.hire.queries.offer_faults import offer_faults
from segue.kit import clock
from segue.kit.actor import Actor
from segue.trust.models import Account, Review
from tests import factories
from tests.factories import actor, make_application, make_job
from tests.ports.smtp.post_office import PostOffice, post_office

__all__ = ["post_office"]  # a fixture of the real peer
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.peer,
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
]
FORM = {
    "title": "Night nurse",
    "pay_amount": "64000",
    "pay_currency": "EUR",
    "pay_period": "year",
    "hours_per_week": "38.5",
    "place": "Berlin",
    "remote": "onsite",
    "template": "Dear {{ first_name }}, be our {{ title }} for {{ pay }}. {{ sender }}",
    "clauses": "A bicycle.",
}


def form(**change: str) -> dict[str, str]:
    """What Rosa types."""
    today = clock.now()
    days = {
        "starts_on": f"{today + timedelta(days=60):%Y-%m-%d}",
        "expires_at": f"{today + timedelta(days=7):%Y-%m-%d}T18:00",
    }
    return FORM | days | change


def post_all(post_office: PostOffice) -> list[Mail]:
    """Let everything that waits leave by the real server, and return what arrived, the oldest first."""
    post_office.letters.clear()
    with override_settings(
        MAIL_CHANNEL="segue.ports.smtp.SmtpChannel",
        SMTP_URL=f"smtp://127.0.0.1:{post_office.port}",
        MAIL_FROM="Lindenmoor <talent@employer.example>",
    ):
        waiting = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SCHEDULED])
        for message in waiting.order_by("created_at"):
            Message.objects.filter(pk=message.pk).update(send_at=clock.now() - timedelta(seconds=1))
            send_now(str(message.pk), by=Actor.machine("mail"))
    return [email.message_from_string(raw) for raw in post_office.letters]


def text_of(mail: Mail) -> str:
    return str(mail.get_payload(decode=True), "utf-8")  # type: ignore[arg-type]  # one part, of bytes


def link_in(mail: Mail) -> str:
    found = re.search(r"(/offer/\S+/)", text_of(mail))
    assert found is not None
    return found[1]


def test_from_the_first_draft_to_the_signed_yes(
    post_office: PostOffice, rosa: Account, client_as: Callable[[Account], Client]
) -> None:
    mia, max_ = factories.mia(), factories.max_()
    leyla = factories.make_person(name="ليلى العمري", email="leyla@people.example", time_zone="Asia/Dubai")
    application = make_application(leyla, make_job(title="Nurse"))
    factories.make_member(application.job, max_)
    set_approval_chain([max_.pk, mia.pk], by=actor(rosa))
    desk = client_as(rosa)

    # Rosa writes it; a slip is told beside its field, and nothing typed is lost
    new = f"/desk/applications/{application.pk}/offer"
    refused = desk.post(new, form(template="Dear {{ frist_name }}"))
    assert refused.status_code == 422
    assert "first_name" in refused.content.decode()
    desk.post(new, form())
    offer = Offer.objects.get()
    assert offer.expires_at.astimezone(ZoneInfo("Asia/Dubai")).hour == 18
    desk.post(f"/desk/offers/{offer.pk}/submit")

    # Max approves without seeing the figure, Mia with it
    (asked,) = post_all(post_office)
    assert asked["To"] == max_.email
    today = client_as(max_).get("/desk/").content.decode()
    assert "Offers that wait for your yes" in today
    before_max = client_as(max_).get(f"/desk/offers/{offer.pk}/").content.decode()
    assert "64,000" not in before_max
    assert "bicycle" not in before_max
    client_as(max_).post(f"/desk/offers/{offer.pk}/approve", {"comment": "Gladly"})
    assert "64,000" in client_as(mia).get(f"/desk/offers/{offer.pk}/").content.decode()
    client_as(mia).post(f"/desk/offers/{offer.pk}/approve")
    desk.post(f"/desk/offers/{offer.pk}/send")

    # Leyla gets a link; the page and the letter say the same, and looking changes nothing
    mail = post_all(post_office)[-1]
    assert mail["To"] == leyla.email
    assert "64" not in text_of(mail).replace(link_in(mail), "")
    assert "Asia/Dubai" in text_of(mail)
    window, page = Client(), link_in(mail)
    shown = window.get(page).content.decode()
    assert "EUR 64,000.00 a year" in shown
    letter = window.get(f"{page}letter.pdf")
    assert letter["Content-Type"] == "application/pdf"
    offer.refresh_from_db()
    assert hashlib.sha256(letter.content).hexdigest() == offer.sha256
    assert "A bicycle." in PdfReader(io.BytesIO(letter.content)).pages[0].extract_text()

    # She asks, and then signs with the code from her mailbox
    window.post(f"{page}ask/", {"text": "May I bring my dog?"})
    assert Message.objects.filter(kind="reply", text="May I bring my dog?").exists()
    window.post(f"{page}code/")
    code = re.search(r"\b\d{6}\b", text_of(post_all(post_office)[-1]))
    assert code is not None
    said = {"shown": offer.sha256, "code": code[0], "typed_name": "ليلى العمري"}
    assert window.post(f"{page}accept/", said).status_code == 422  # she did not tick the box
    answer = window.post(f"{page}accept/", said | {"agrees": "1"}, headers={"User-Agent": "Her phone"})
    assert answer.status_code == 303
    assert "You said yes" in window.get(page).content.decode()

    everything_follows(application, offer, page, desk, post_office)


def everything_follows(
    application: Application, offer: Offer, page: str, desk: Client, post_office: PostOffice
) -> None:
    """She is hired and welcomed, the job is filled, and the proof says how, without the team's words."""
    window = Client()
    application.refresh_from_db()
    job = application.job
    job.refresh_from_db()
    assert (application.outcome, job.status) == ("hired", JobStatus.FILLED)
    assert any("Welcome" in str(one["Subject"]) for one in post_all(post_office))
    proof = PdfReader(io.BytesIO(window.get(f"{page}proof.pdf").content)).pages[0].extract_text()
    assert offer.sha256 in proof.replace("\n", "")
    assert "Her phone" in proof
    assert "Gladly" not in proof
    assert desk.get(f"/desk/offers/{offer.pk}/evidence.pdf").status_code == 200
    assert offer_faults() == []
    assert not Review.objects.filter(kind="offer_held").exists()
