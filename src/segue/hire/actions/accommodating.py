"""What somebody needs to be different, and the one colleague who arranges it.

The words are for that colleague alone: they are in no review, note, letter, signal, search or feature, and
audit lines name the request without repeating it. An administrator can read them too, so that nothing is
lost when a colleague leaves.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from segue.engage.actions.messages import write_message
from segue.hire.actions.deciding import named_human
from segue.hire.models import Accommodation, Application, Need
from segue.hire.queries.access import not_there
from segue.hire.queries.accommodations import accommodation_for
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.trust.queries.contacts import arranger_for

LONGEST = 3_000


@action("hire.ask_accommodation")
def ask_accommodation(
    application: Application,
    *,
    secret_needs: Sequence[str],
    secret_text: str,
    by: Actor,
    confirmed: bool = True,
) -> Accommodation:
    """Ask for something to be different; asking again changes what was asked and not yet arranged.

    What a stranger asks under a known address (not `confirmed`) stands beside it and says so. For the person
    themselves, the holder of the status link, and the form. Raises NotFound for others, Invalid for nothing.
    """
    own = by.person_id is not None and by.person_id == application.person_id
    if application.is_receipt or not (own or application.opened_by_key or by.is_machine):
        raise not_there()
    needs = [need for need in Need.values if need in secret_needs]
    words = secret_text.replace("\x00", "").strip()
    if not needs and not words:
        raise Invalid(
            _("Say what you need."),
            field="need_text",
            remedy=_("Choose something, or write it in your words."),
        )
    if len(words) > LONGEST:
        raise Invalid(_("This is too long."), field="need_text", remedy=_("Keep it under 3,000 characters."))
    rows = Accommodation.objects.select_for_update().filter(application_id=application.pk, withdrawn_at=None)
    known = rows.filter(arranged_at=None, confirmed=True).first() if confirmed else None
    row = known or Accommodation(application_id=application.pk, confirmed=confirmed)
    row.needs, row.text, row.asked_at = needs, words, clock.now()
    row.contact = row.contact or arranger_for(application.job_id)
    row.save()
    _tell(row, by=by)
    return row


@action("hire.withdraw_accommodation")
def withdraw_accommodation(accommodation: Accommodation, *, by: Actor, back: bool = False) -> Accommodation:
    """Take a request back, or bring it back; what it said is kept until it is erased with its person."""
    application = accommodation.application
    own = by.person_id is not None and by.person_id == application.person_id
    if not (own or application.opened_by_key):
        raise not_there()
    accommodation.withdrawn_at = None if back else clock.now()
    accommodation.save(update_fields=["withdrawn_at"])
    return accommodation


@action("hire.arrange_accommodation")
def arrange_accommodation(accommodation: Accommodation, *, secret_words: str, by: Actor) -> Accommodation:
    """Say what is arranged, in the name of the colleague whose turn it is; empty words take it back.

    The person reads it on their page. Raises NotFound for other colleagues.
    """
    named_human(by)
    row = accommodation_for(by, accommodation.pk)
    row.arranged = secret_words.replace("\x00", "").strip()[:LONGEST]
    row.arranged_at = clock.now() if row.arranged else None
    row.save(update_fields=["arranged", "arranged_at"])
    return row


def _tell(row: Accommodation, *, by: Actor) -> None:
    """Tell the colleague that somebody asked: without a name or a word of it, for mails are read by many."""
    if row.contact is None:
        return
    link = settings.BASE_URL.rstrip("/") + "/desk/accommodations/"
    body = _("somebody who applied asks for something to be different. It is for you alone:\n%s") % link
    greeting = _("Hello %(name)s,") % {"name": row.contact.name}
    write_message(
        to=row.contact.email,
        subject=_("Somebody asks for something to be different"),
        text=f"{greeting}\n\n{body}\n\n{settings.EMPLOYER_NAME}",
        kind="accommodation_asked",
        by=by,
        once_for=f"{row.pk}:{row.asked_at:%Y-%m-%d}",
    )
