"""An offer's papers: the letter that is sent, and the certificate of what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from segue.catalog.models import Remote
from segue.hire.actions.offers.terms import filled_in
from segue.hire.models import Offer, OfferDeed, OfferEvent
from segue.hire.paper import Section, Sheet, press
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.kit.tongues import speaking_to

YES = (OfferDeed.ACCEPTED, OfferDeed.HELD)


def print_letter(offer: Offer, *, at: datetime) -> bytes:
    """Return the letter as PDF: the words, the terms once more in rows, and what was added.

    It does not say until when it stands, for more time may be given. Raises Invalid where the letters of a
    text cannot be printed.
    """
    person = offer.application.person
    with speaking_to(person.locale):
        sections = [
            Section(text=offer.letter),
            Section(heading=_("What we offer"), rows=_rows(offer)),
        ]
        if offer.clauses:
            sections.append(Section(heading=_("What else we agree"), text=offer.clauses))
        sheet = Sheet(
            title=_("Offer: %s") % offer.title,
            sender=settings.EMPLOYER_NAME,
            sections=tuple(sections),
            foot=_("Version %(version)d of %(day)s") % {"version": offer.version, "day": f"{at:%Y-%m-%d}"},
            at=at.replace(microsecond=0),
            language=person.locale,
        )
    _check_printable(sheet)
    return press().printed(sheet)


def print_draft(offer: Offer, *, by: Actor) -> bytes:
    """Return the letter of an offer that is not sent yet, as it would be. Raises Invalid as sending does."""
    offer.letter = filled_in(offer, sender=by.name)
    return print_letter(offer, at=clock.now())


def _rows(offer: Offer) -> tuple[tuple[str, str], ...]:
    where = [offer.place, str(Remote(offer.remote).label) if offer.remote else ""]
    rows = (
        (_("For"), offer.application.person.name),
        (_("Position"), offer.title),
        (_("Pay, before tax"), offer.pay_said),
        (_("First day"), date_format(offer.starts_on, _("j F Y"))),
        (_("Hours a week"), format(offer.hours_per_week.normalize(), "f")),
        (_("Place"), ", ".join(part for part in where if part)),
    )
    return tuple(row for row in rows if row[1])


def _check_printable(sheet: Sheet) -> None:
    words = [sheet.title, sheet.sender, sheet.foot]
    for section in sheet.sections:
        words += [section.text, section.heading, *(part for row in section.rows for part in row)]
    missing = press().unprintable("".join(words))
    if missing:
        raise Invalid(
            _("We have no letters to print “%s” with.") % missing[:20],
            field="template",
            remedy=_("Write it in another script; a name may be written in two."),
        )


def print_certificate(offer: Offer, events: Sequence[OfferEvent]) -> bytes:
    """Return the evidence as PDF: what was shown, to whom, how we know, and the chain that seals it.

    Names that cannot be printed are written with question marks: the hashes are of the true ones.
    """
    answer = next((event for event in reversed(events) if event.kind in YES), None)
    answer = answer or next((event for event in reversed(events) if event.kind == OfferDeed.DECLINED), None)
    sections = [Section(heading=_("The document"), rows=_document(offer))]
    if answer is not None:
        sections.append(Section(heading=_("The answer"), rows=_answer(answer)))
    sections.append(Section(heading=_("Line by line"), rows=tuple(_line(event) for event in events)))
    sections.append(Section(text=_how_to_check()))
    sheet = Sheet(
        title=_("Certificate of evidence"),
        sender=settings.EMPLOYER_NAME,
        sections=tuple(_printable(section) for section in sections),
        foot=f"{offer.pk} · {events[-1].hash[:16] if events else ''}",
        at=(events[-1].at if events else offer.made_at).replace(microsecond=0),
    )
    return press().printed(sheet)


def _document(offer: Offer) -> tuple[tuple[str, str], ...]:
    return (
        (_("Offer"), str(offer.pk)),
        (_("Version"), str(offer.version)),
        (_("Made to"), offer.application.person.name),
        (_("Sent at"), _utc(offer.sent_at)),
        (_("Sent by"), offer.sent_by.name if offer.sent_by else ""),
        (_("SHA-256 of the letter"), offer.sha256),
    )


def _answer(event: OfferEvent) -> tuple[tuple[str, str], ...]:
    how = {
        "signed_in": _("They were signed in, by a fresh link sent to their address."),
        "code": _("They gave the code that was sent to their address."),
    }.get(event.identity, _("They used the link that was sent to their address."))
    rows = (
        (_("Answer"), str(event.get_kind_display())),
        (_("At"), _utc(event.at)),
        (_("Name typed"), event.typed_name),
        (_("How we know"), how),
        (_("Agreed to"), event.agreed_to),
        (_("Letter before them"), event.shown_sha256),
        (_("Address"), event.address),
        (_("Program"), event.agent),
    )
    return tuple(row for row in rows if row[1])


def _line(event: OfferEvent) -> tuple[str, str]:
    who = event.by_name or event.by_role
    return _utc(event.at), f"{event.get_kind_display()}: {who}\n{event.hash}"


def _how_to_check() -> str:
    return _(
        "Each line's hash covers all of its fields and the hash of the line before, so that no line can be "
        "changed, taken out or put in between without all later hashes changing. The SHA-256 of the letter "
        "can be worked out from the PDF with any program."
    )


def _printable(section: Section) -> Section:
    def drawn(text: str) -> str:
        missing = press().unprintable(text)
        return "".join("?" if one in missing else one for one in text)

    rows = tuple((drawn(label), drawn(value)) for label, value in section.rows)
    return Section(text=drawn(section.text), heading=section.heading, rows=rows)


def _utc(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at else ""
