"""The candidate's answer: yes with proof of who says it, no, or a question. No machine answers."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from segue.engage.actions.threads import say_in_thread
from segue.engage.models import Message
from segue.hire.actions.deciding import openings_left, take_opening
from segue.hire.actions.offers.drafting import held_offer
from segue.hire.actions.offers.ledger import NOTHING, Proof, note
from segue.hire.actions.offers.letters import send_code_mail, tell_held, thread_of
from segue.hire.models import Offer, OfferDeed, OfferEvent, OfferState, Outcome
from segue.hire.queries.offers import CODE_LIFE, is_theirs, no_offer
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.kit.ratelimit import knock
from segue.kit.tongues import speaking_to
from segue.listen.actions.record import record
from segue.trust.actions.reviews import open_review
from segue.trust.models import Account

HOUR_S = 3600
FRESH = timedelta(minutes=30)  # a sign-in older than this is not asked to prove anything
LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Signing:
    """What somebody does to sign: a name, a yes to signing this way, and the letter they had before them.

    `code` is needed unless they are freshly signed in as the person.
    """

    typed_name: str
    agrees: bool
    shown_sha256: str
    code: str = ""
    address: str = ""
    agent: str = ""

    def __str__(self) -> str:
        return "a signature"


def words_agreed_to() -> str:
    """Return what a signature agrees to, as the page shows it and the evidence keeps it."""
    return _(
        "I accept this offer as the letter says it. I agree to sign electronically, and I know that "
        "my typed name counts like a signature on paper."
    )


def send_offer_code(offer: Offer, *, by: Actor, address: str = "") -> OfferEvent:
    """Send a code to the candidate's address. Raises NotFound, Conflict once it cannot be answered,
    TooMany past 5 an hour for an offer, or 30 for an address of the network."""
    knock("offer.code", str(offer.pk), limit=5, per_s=HOUR_S)
    if address:
        knock("offer.code.ip", address, limit=30, per_s=HOUR_S)
    return make_offer_code(offer, by=by)


@action("hire.make_offer_code")
def make_offer_code(offer: Offer, *, by: Actor) -> OfferEvent:
    """Write down that a code is sent, and send it: it is worked out from that line, and lies nowhere."""
    theirs(offer, by)
    row = held_offer(offer)
    must_be_answerable(row)
    if not row.application.person.email:
        raise Conflict(_("We have no address to send a code to."), remedy=_("Ask for a person."))
    event = note(row, OfferDeed.CODE_SENT, by=_candidate(row, by))
    send_code_mail(row, code_of(event), by=Actor.machine("offers"))
    return event


def code_of(event: OfferEvent) -> str:
    """Return the six digits a `code_sent` line stands for; only with our secret can they be worked out."""
    key = settings.SECRET_KEY.encode()
    digest = hmac.new(key, f"offer code {event.hash}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"


def accept_offer(offer: Offer, *, signing: Signing, by: Actor) -> Offer:
    """Say yes: see `sign_offer`. Raises TooMany past 10 tries an hour; tries are counted even if refused."""
    knock("offer.sign", str(offer.pk), limit=10, per_s=HOUR_S)
    return sign_offer(offer, signing=signing, by=by)


@action("hire.accept_offer")
def sign_offer(offer: Offer, *, signing: Signing, by: Actor) -> Offer:
    """Accept with proof: the evidence is written, the application hired, the job closed if it was the last.

    Where the last opening was taken a moment before, the yes is kept and a person looks at it: then the
    offer comes back as `held`, and nobody has been turned down.
    Raises NotFound, NotAllowed, Invalid (code, name, agreement), Conflict (ended, replaced, another letter).
    """
    theirs(offer, by)
    row = held_offer(offer)
    must_be_answerable(row)
    proof = _proof(row, signing, by)
    signer = _candidate(row, by)
    _job, left = openings_left(row.application)
    if left < 1:
        return _hold(row, proof, by=signer)
    note(row, OfferDeed.ACCEPTED, by=signer, proof=proof, version=row.version)
    _record("offer.accepted", row, by=signer)
    with speaking_to(settings.LANGUAGE_CODE):  # colleagues will read it, whatever the candidate speaks
        said = _("Accepted the offer of %s.") % (row.sent_by.name if row.sent_by else settings.EMPLOYER_NAME)
    take_opening(row.application, by=signer, decider=row.sent_by_id, reason=said)
    return row


def _hold(offer: Offer, proof: Proof, *, by: Actor) -> Offer:
    note(offer, OfferDeed.HELD, by=by, proof=proof, version=offer.version)
    person, job = offer.application.person, offer.application.job
    open_review("offer_held", person=person, job=job, days=1, by=Actor.machine("offers"))
    tell_held(offer, by=Actor.machine("offers"))
    return offer


@action("hire.decline_offer")
def decline_offer(offer: Offer, *, secret_reason: str = "", by: Actor, proof: Proof = NOTHING) -> Offer:
    """Say no, with a reason or without. The application stays open, and a person talks to them.

    Raises NotFound, NotAllowed, Conflict once it cannot be answered.
    """
    theirs(offer, by)
    row = held_offer(offer)
    must_be_answerable(row)
    row.reason = secret_reason.replace("\x00", "").strip()[:LONGEST_REASON]
    signer = _candidate(row, by)
    shown = replace(proof, shown_sha256=row.sha256)
    note(row, OfferDeed.DECLINED, by=signer, comment=row.reason, proof=shown, version=row.version)
    _record("offer.declined", row, by=signer)
    person, job = row.application.person, row.application.job
    open_review("offer_declined", person=person, job=job, days=2, by=Actor.machine("offers"))
    return row


@action("hire.ask_about_offer")
def ask_about_offer(offer: Offer, *, secret_text: str, by: Actor) -> Message:
    """Put a question into the application's conversation, whatever became of the offer.

    Raises NotFound, NotAllowed, Invalid for no words.
    """
    theirs(offer, by)
    knock("offer.ask", str(offer.pk), limit=20, per_s=HOUR_S)
    row = held_offer(offer)
    thread = thread_of(row.application, by=Actor.machine("offers"))
    owner = thread.person
    voice = Actor(role=Role.CANDIDATE, name=owner.name, person_id=owner.pk)
    message = say_in_thread(thread, secret_text, by=voice)
    note(row, OfferDeed.ASKED, by=_candidate(row, by), message=str(message.pk))
    return message


def theirs(offer: Offer, by: Actor) -> None:
    """Raise for anybody but the person, or a visitor who holds the link (whoever calls has checked it)."""
    if by.is_staff or by.is_machine or by.role is Role.API_CLIENT:
        raise NotAllowed(
            _("Only the candidate answers an offer."), field="offer", remedy=_("Let them answer it.")
        )
    if by.person_id is not None and not is_theirs(offer, by):
        raise no_offer()


def must_be_answerable(offer: Offer) -> None:
    """Raise Conflict for an offer that is not with the candidate any more, or whose time is over."""
    if offer.state != OfferState.SENT or offer.application.outcome != Outcome.OPEN:
        raise Conflict(_("This offer cannot be answered any more."), field="offer")
    if clock.now() >= offer.expires_at:
        raise Conflict(
            _("The time of this offer is over."), field="expires_at", remedy=_("Ask for more time below.")
        )


def _proof(offer: Offer, signing: Signing, by: Actor) -> Proof:
    name = " ".join(signing.typed_name.replace("\x00", "").split())[:300]
    if len(name) < 2:
        raise Invalid(_("Please sign with your name."), field="typed_name", remedy=_("Type it in full."))
    if not signing.agrees:
        raise Invalid(
            _("Signing this way needs your yes."),
            field="agrees",
            remedy=_("Tick the box, or ask for a letter on paper."),
        )
    if signing.shown_sha256 != offer.sha256:
        raise Conflict(
            _("The page you had before you is not this offer."), field="offer", remedy=_("Load it again.")
        )
    return Proof(
        identity=_identity(offer, signing, by),
        typed_name=name,
        agreed_to=words_agreed_to(),
        shown_sha256=offer.sha256,
        address=signing.address,
        agent=signing.agent,
    )


def _identity(offer: Offer, signing: Signing, by: Actor) -> str:
    if is_freshly_signed_in(offer, by):
        return "signed_in"
    event = OfferEvent.objects.filter(offer=offer, kind=OfferDeed.CODE_SENT).order_by("-pk").first()
    if event is None or clock.now() - event.at > CODE_LIFE:
        raise Invalid(
            _("We need to know that it is you."), field="code", remedy=_("Let us send you a code first.")
        )
    typed = re.sub(r"\D", "", signing.code)
    if not hmac.compare_digest(typed, code_of(event)):
        raise Invalid(
            _("That is not the code we sent."),
            field="code",
            remedy=_("Look at the newest mail, or let us send another."),
        )
    return "code"


def is_freshly_signed_in(offer: Offer, by: Actor) -> bool:
    """Say whether who asks is the person, and has shown it by a link to their address a moment ago."""
    if by.role is not Role.CANDIDATE or by.account_id is None or not is_theirs(offer, by):
        return False
    since = clock.now() - FRESH
    return Account.objects.filter(pk=by.account_id, is_active=True, last_login__gte=since).exists()


def _candidate(offer: Offer, by: Actor) -> Actor:
    """Return the candidate as the one who acts: themselves signed in, or who holds their link."""
    if by.person_id is not None:
        return by
    person = offer.application.person
    return Actor(role=Role.CANDIDATE, name=person.name, person_id=person.pk)


def _record(kind: str, offer: Offer, *, by: Actor) -> None:
    application = offer.application
    record(kind, by=by, person_id=application.person_id, job_id=application.job_id, version=offer.version)
