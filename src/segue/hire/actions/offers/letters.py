"""What we write to somebody about an offer. No letter says what is paid: mail is no place for that."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from segue.catalog.queries.brands import name_worn
from segue.engage.actions.messages import write_message
from segue.engage.actions.threads import open_thread, write_in_thread
from segue.engage.links import offer_path
from segue.engage.models import Message, Thread
from segue.hire.actions.offers.terms import said_in
from segue.hire.models import Application, Offer
from segue.hire.queries.offers import token_of
from segue.kit.actor import Actor
from segue.kit.tongues import speaking_to


def offer_link(offer: Offer) -> str:
    """Return the address of the offer's page, as the letter holds it."""
    return settings.BASE_URL.rstrip("/") + offer_path(token_of(offer))


def thread_of(application: Application, *, by: Actor) -> Thread:
    """Return the conversation about an application, beginning it where there is none."""
    about = f"application:{application.pk}"
    known = Thread.objects.filter(about=about).select_related("person").order_by("-last_at").first()
    if known is not None:
        return known
    subject = _("Your application: %s") % application.job.title
    return open_thread(application.person, subject=subject, job=application.job, about=about, by=by)


def tell_sent(offer: Offer, *, by: Actor) -> Message:
    """Send the way to the offer, in the name of who made it."""
    return _write(
        offer,
        gettext_noop(
            "we have an offer for you: %(title)s.\n\n"
            "Read it here, ask what you like, and say yes or no in peace. "
            "It stands until %(until)s:\n%(link)s\n\n"
            "The link is yours alone. Please do not pass it on."
        ),
        by=by,
    )


def tell_extended(offer: Offer, *, by: Actor) -> Message:
    """Say that there is more time."""
    return _write(
        offer,
        gettext_noop(
            "you have more time: our offer now stands until %(until)s.\n\nIt is still here:\n%(link)s"
        ),
        by=by,
    )


def tell_withdrawn(offer: Offer, *, by: Actor) -> Message:
    """Take an offer back as kindly as that can be done; the internal reason stays inside."""
    return _write(
        offer,
        gettext_noop(
            "we are sorry: we have to take our offer for %(title)s back. This was decided by a person here, "
            "and it is no judgement on you. Please write or call: we would like to talk to you about it.\n\n"
            "What was offered stays readable here:\n%(link)s"
        ),
        by=by,
    )


def tell_soon_over(offer: Offer, *, by: Actor) -> Message | None:
    """Remind once, a day before the end, in nobody's name."""
    person = offer.application.person
    if not person.email:
        return None
    with speaking_to(person.locale):
        body = _(
            "our offer stands until %(until)s. If you need more time, say so: we gladly talk.\n\n%(link)s"
        )
        return write_message(
            to=person.email,
            subject=_("Our offer stands a little longer: %s") % offer.title,
            text=_letter(offer, body),
            kind="offer_soon_over",
            person=person,
            by=by,
            once_for=f"{offer.pk}:{offer.expires_at.isoformat()}",
        )


def tell_held(offer: Offer, *, by: Actor) -> Message | None:
    """Say kindly that their yes is heard, and that a person has to look before it counts."""
    person = offer.application.person
    if not person.email:
        return None
    with speaking_to(person.locale):
        body = _(
            "thank you for your yes. It reached us a moment after the last opening was taken, so a person "
            "here looks at it now and writes to you within a day. Your yes is kept.\n\n%(link)s"
        )
        return write_message(
            to=person.email,
            subject=_("Your yes has arrived: %s") % offer.title,
            text=_letter(offer, body),
            kind="offer_held",
            person=person,
            by=by,
            once_for=str(offer.pk),
        )


def send_code_mail(offer: Offer, code: str, *, by: Actor) -> Message:
    """Send the code that shows whose address it is."""
    person = offer.application.person
    with speaking_to(person.locale):
        words = _(
            "here is your code to confirm that it is you:\n\n%(code)s\n\n"
            "It works for half an hour, on the page of your offer alone. "
            "If you did not ask for it, you need not do anything."
        )
        text = f"{_greeting(offer)}\n\n{words % {'code': code}}\n\n{name_worn(offer.application.job)}"
        return write_message(
            to=person.email or "",
            subject=_("Your code"),
            text=text,
            kind="offer_code",
            person=person,
            by=by,
        )


def _write(offer: Offer, body: str, *, by: Actor) -> Message:
    person = offer.application.person
    with speaking_to(person.locale):
        return write_in_thread(thread_of(offer.application, by=by), _letter(offer, _(body)), by=by)


def _letter(offer: Offer, body: str) -> str:
    words = {
        "title": offer.title,
        "until": said_in(offer.time_zone, offer.expires_at),
        "link": offer_link(offer),
    }
    return f"{_greeting(offer)}\n\n{body % words}\n\n{name_worn(offer.application.job)}"


def _greeting(offer: Offer) -> str:
    name = offer.application.person.name
    return _("Hello %(name)s,") % {"name": name} if name else _("Hello,")
