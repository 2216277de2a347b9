"""M22: one hire and one kind no, in a browser and through real mail (SMTP, IMAP, Chromium).

Rosa posts a job, feeds carry it out, Zoë applies on her phone with a résumé that is read for her, is
screened, interviewed and offered the job, and signs by the link in her mailbox. Bo hears no from Rosa, who
says why; he writes back, and his letter comes home.
"""

from __future__ import annotations

import email
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.message import Message as Mail
from typing import TYPE_CHECKING

import feedparser
import pytest
from django.test import override_settings

from segue.catalog.models import Job, JobStatus
from segue.engage.actions.fetching import fetch_mail
from segue.engage.actions.sending import send_now
from segue.engage.models import Message, MessageState
from segue.hire.actions.kits import KitWords, save_kit
from segue.hire.actions.offers.approving import set_approval_chain
from segue.hire.models import Application, Competency, Scorecard
from segue.hire.queries.ledger import ledger_faults
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.queue import work_off
from segue.ports.imap import ImapMailbox
from segue.trust.models import Account
from tests import factories
from tests.factories import actor
from tests.ports.imap.test_imap import _inside, server, url
from tests.ports.smtp.post_office import PostOffice, post_office

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SignIn = Callable[["Page", Account], None]
__all__ = ["post_office", "server"]  # fixtures of the real peers
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]
PHONE = {"width": 390, "height": 844}
A_MINUTE_MS = 60_000  # a busy machine is slow, not wrong
RESUME = """Zoë Ågren
zoe@people.example
+46 70 123 45 67

Experience
Night nurse, North Clinic, Mar 2019 - now
Looked after twelve beds of intensive care.

Education
BSc Nursing, Lund University, 2018
"""


class Post:
    """The real mail server, and what has arrived in mailboxes so far."""

    def __init__(self, post_office: PostOffice) -> None:
        self.post_office = post_office

    def collect(self) -> list[Mail]:
        """Let the queue work and everything that waits leave; return what arrived, the oldest first."""
        self.post_office.letters.clear()
        with override_settings(
            MAIL_CHANNEL="segue.ports.smtp.SmtpChannel",
            SMTP_URL=f"smtp://127.0.0.1:{self.post_office.port}",
            MAIL_FROM="Lindenmoor <talent@employer.example>",
        ):
            work_off()
            waiting = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SCHEDULED])
            ids = [str(pk) for pk in waiting.order_by("created_at").values_list("pk", flat=True)]
            waiting.update(send_at=clock.now() - timedelta(seconds=1))  # the seconds to think again are over
            for pk in ids:
                send_now(pk, by=Actor.machine("mail"))
        return [email.message_from_string(raw) for raw in self.post_office.letters]

    def last_to(self, address: str) -> str:
        """Return the words of the newest letter to somebody."""
        return [words_of(mail) for mail in self.collect() if address in str(mail["To"])][-1]


def words_of(mail: Mail) -> str:
    return str(mail.get_payload(decode=True), "utf-8")  # type: ignore[arg-type]  # one part, of bytes


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    """Zoë's phone."""
    context = browser.new_context(base_url=site, viewport=PHONE, has_touch=True, is_mobile=True)
    window = context.new_page()
    window.set_default_timeout(A_MINUTE_MS)
    yield window
    context.close()


@pytest.fixture
def desk(page: Page, sign_in: SignIn) -> Page:
    """Rosa at her desk; Max approves offers, Ines interviews."""
    page.set_default_timeout(A_MINUTE_MS)
    sign_in(page, factories.rosa())
    return page


def post_a_job(desk: Page) -> Job:
    desk.goto("/desk/jobs/new")
    words = {
        "title": "Night nurse",
        "city": "Lund",
        "country": "SE",
        "pay_min": "42000",
        "pay_currency": "SEK",
    }
    words["description"] = "Look after twelve beds, with two colleagues and good coffee."
    for name, said in words.items():
        desk.locator(f"#id_{name}").fill(said)
    desk.locator("#id_pay_period").select_option("month")
    desk.get_by_role("button", name="Save the draft").click()
    desk.get_by_role("button", name="Open the job").click()
    desk.get_by_role("button", name="Close the job").wait_for()
    return Job.objects.get(title="Night nurse")


def move_on(desk: Page, row: Application, step: str) -> None:
    """One stage further, by the button at the top."""
    desk.goto(f"/desk/applications/{row.pk}/")
    desk.locator(f"[data-step=forward][value={step}]").first.click()
    desk.get_by_role("button", name="Undo").first.wait_for()
    assert Application.objects.get(pk=row.pk).step == step
    desk.goto(f"/desk/applications/{row.pk}/")


def apply_on_the_phone(phone: Page, job: Job) -> Application:
    """Three fields at most: her résumé is read, she looks it over, and sends it."""
    phone.goto("/jobs/")
    phone.get_by_role("link", name="Night nurse").first.click()
    phone.get_by_role("link", name="Apply").first.click()
    file = {"name": "zoe.txt", "mimeType": "text/plain", "buffer": RESUME.encode()}
    phone.locator("input[type=file]").set_input_files(file)
    phone.get_by_role("button", name="Read it and fill this in for me").click()
    phone.get_by_role("heading", name="This is what we read").wait_for()
    assert phone.locator("#id_name").input_value() == "Zoë Ågren"
    assert phone.locator("#id_email").input_value() == "zoe@people.example"
    phone.get_by_role("button", name="Send application").click()
    phone.get_by_text("Thank you. It has arrived.").wait_for()
    return Application.objects.get(job=job, person__name="Zoë Ågren")


def ask_to_interview(desk: Page, who: Account) -> None:
    panel = desk.locator("#panel")
    if not panel.get_by_label("Whom").is_visible():
        panel.get_by_text("Ask somebody").click()
    panel.get_by_label("Whom").select_option(str(who.pk))
    panel.get_by_role("button", name="Ask", exact=True).click()
    desk.locator("#panel").get_by_text(who.name).first.wait_for()


def interview(browser: Browser, site: str, sign_in: SignIn, who: Account, words: str) -> None:
    """An interviewer fills in their card, in a window of their own."""
    context = browser.new_context(base_url=site)
    window = context.new_page()
    window.set_default_timeout(A_MINUTE_MS)
    sign_in(window, who)
    window.goto("/desk/scorecards/")
    window.locator("a[href^='/desk/scorecards/']", has_text="Zoë Ågren").first.click()
    window.locator("input[name=rating-care][value='3']").check(force=True)
    window.locator("input[name=recommendation][value=yes]").check(force=True)
    window.get_by_label("In a few words, why").fill(words)
    window.get_by_role("button", name="Hand in").click()
    window.get_by_text("Yours is in").wait_for()
    context.close()


def make_the_offer(desk: Page, row: Application) -> None:
    desk.goto(f"/desk/applications/{row.pk}/offer")
    desk.locator("#id_pay_amount").fill("43000")
    desk.locator("#id_pay_currency").fill("SEK")
    desk.locator("#id_pay_period").select_option("month")
    desk.locator("#id_hours_per_week").fill("38")
    desk.locator("#id_starts_on").fill(f"{clock.now() + timedelta(days=40):%Y-%m-%d}")
    desk.locator("#id_expires_at").fill(f"{clock.now() + timedelta(days=7):%Y-%m-%dT18:00}")
    desk.get_by_role("button", name="Save the draft").click()
    desk.get_by_role("button", name="Ask for approval").click()
    desk.get_by_role("heading", name="Approvals").wait_for()


def sign(phone: Page, post: Post) -> None:
    found = re.search(r"(/offer/\S+/)", post.last_to("zoe@people.example"))
    assert found is not None
    phone.goto(found[1])
    phone.get_by_role("button", name="Send me a code").click()
    phone.get_by_label("The code from the mail").wait_for()
    code = re.search(r"\b\d{6}\b", post.last_to("zoe@people.example"))
    assert code is not None
    phone.get_by_label("The code from the mail").fill(code[0])
    phone.get_by_label("Your full name").fill("Zoë Ågren")
    phone.locator("[name=agrees]").check()
    phone.get_by_role("button", name="Yes, I accept").click()
    phone.get_by_text("You said yes. Welcome!").wait_for()


def test_from_the_posting_to_the_signature(
    desk: Page, phone: Page, browser: Browser, site: str, sign_in: SignIn, post_office: PostOffice
) -> None:
    post, rosa, max_, ines = Post(post_office), factories.rosa(), factories.max_(), factories.ines()
    job = post_a_job(desk)
    factories.make_member(job, max_)
    factories.make_member(job, ines, duty="interviewer")
    care = Competency("care", "Care", anchors=("none", "some", "good", "rare"))
    save_kit(job, step="interview", words=KitWords("How she works", ("Tell me",), (care,)), by=actor(rosa))

    # the feeds carry it out
    atom = feedparser.parse(desk.request.get("/jobs.atom").body())
    assert [entry.title for entry in atom.entries] == ["Night nurse"]
    assert "Night nurse" in desk.request.get("/jobs/indeed.xml").text()

    # Zoë applies, and has a page of her own and a letter that leads there
    row = apply_on_the_phone(phone, job)
    assert f"/a/{row.status_key}/" in post.last_to("zoe@people.example")

    # Rosa reads, screens, and asks Max and Ines
    desk.goto(f"/desk/applications/{row.pk}/")
    assert desk.get_by_text("twelve beds of intensive care").first.is_visible()
    for step in ("screen", "interview"):
        move_on(desk, row, step)
    for who in (max_, ines):
        ask_to_interview(desk, who)
    for who in (max_, ines):
        interview(browser, site, sign_in, who, f"{who.name} would work with her")
    assert Scorecard.objects.filter(application=row, submitted_at__isnull=False).count() == 2

    # the debrief leads on, the offer is approved by Max and Mia and leaves
    desk.goto(f"/desk/applications/{row.pk}/debrief/")
    assert desk.get_by_text("Max").first.is_visible()
    desk.get_by_role("button", name=re.compile("^On to")).click()
    desk.get_by_text("Decided").first.wait_for()
    move_on(desk, row, "offer")
    mia = factories.mia()
    set_approval_chain([max_.pk, mia.pk], by=actor(rosa))
    make_the_offer(desk, row)
    for who in (max_, mia):
        sign_in(desk, who)
        desk.goto("/desk/offers/")
        desk.get_by_role("link", name="Zoë Ågren").first.click()
        desk.get_by_role("button", name="Approve").click()
        desk.get_by_role("button", name="Approve").wait_for(
            state="detached"
        )  # "Approved" the first has said too
    sign_in(desk, rosa)
    desk.reload()
    desk.get_by_role("button", name="Send it").click()
    desk.get_by_text("runs out").first.wait_for()

    # Zoë signs by the link and the code of her mailbox
    sign(phone, post)

    # everything follows
    row.refresh_from_db()
    job.refresh_from_db()
    assert (row.outcome, job.status) == ("hired", JobStatus.FILLED)
    assert any("Welcome" in str(mail["Subject"]) for mail in post.collect())
    assert not ledger_faults()


def test_a_kind_no_and_the_letter_that_comes_home(
    desk: Page, phone: Page, post_office: PostOffice, server: int
) -> None:
    post, rosa = Post(post_office), factories.rosa()
    bo = factories.make_person(name="Bo Ek", email="bo@people.example")
    row = factories.make_application(bo, factories.make_job(title="Night nurse"))

    # no machine and no colleague who has not looked can say it; Rosa looks, and says why
    desk.goto(f"/desk/applications/{row.pk}/")
    desk.get_by_text("Say no", exact=True).click()
    desk.get_by_label("Your reason").fill("We need somebody who has worked at night. Your care shows.")
    desk.get_by_role("button", name="Say no, with this reason").click()
    desk.get_by_role("heading", name="Decided").wait_for()
    row.refresh_from_db()
    assert (row.outcome, row.decided_by) == ("rejected", rosa)
    out = next(mail for mail in post.collect() if "bo@people.example" in str(mail["To"]))

    # his page is still there, kind, with a way to a person
    phone.goto(f"/a/{row.status_key}/")
    phone.get_by_text("Talk to a person").first.wait_for()

    # he answers from his own mailbox, and Rosa reads it in hers
    answer = EmailMessage()
    answer["From"], answer["Subject"] = "Bo Ek <bo@people.example>", f"Re: {out['Subject']}"
    answer["Message-ID"], answer["In-Reply-To"] = "<1@people.example>", out["Message-ID"]
    answer.set_content("Thank you for saying why.")
    with _inside(server) as box:
        box.append("INBOX", "", "", bytes(answer).replace(b"\n", b"\r\n"))
    assert fetch_mail(by=Actor.machine("mail"), box=ImapMailbox(url(server))) == 1
    desk.goto("/desk/inbox/")
    desk.get_by_role("link", name="Bo Ek").first.click()
    desk.get_by_text("Thank you for saying why.").first.wait_for()
