"""Writing an offer down, changing it, and the letters colleagues keep to start from."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from segue.engage.actions.templates import check_words
from segue.hire.actions.deciding import named_human
from segue.hire.actions.offers.ledger import note
from segue.hire.actions.offers.terms import PLACES, checked
from segue.hire.models import (
    Application,
    ApprovalState,
    Offer,
    OfferApproval,
    OfferDeed,
    OfferTemplate,
    Outcome,
    Terms,
)
from segue.hire.models.offers import IN_HAND
from segue.hire.queries.access import not_there
from segue.hire.queries.offers import no_offer
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound


@action("hire.draft_offer")
def draft_offer(application: Application, *, terms: Terms, by: Actor) -> Offer:
    """Write the next version of an offer; one that is with the candidate stands until this one is sent.

    Raises NotAllowed, NotFound, Invalid, Conflict where the application is settled, an offer was accepted,
    or another version is being prepared.
    """
    account_id = offer_maker(by)
    row = held_application(application)
    if row.outcome != Outcome.OPEN:
        raise Conflict(_("This application is already settled."), field="application")
    if Offer.objects.filter(application=row, state__in=IN_HAND).exists():
        raise Conflict(
            _("Another version is being prepared."), field="offer", remedy=_("Change that one instead.")
        )
    if Offer.objects.filter(application=row, state="held").exists():
        raise Conflict(
            _("They have said yes already."), field="offer", remedy=_("Take them on, or withdraw it first.")
        )
    last = Offer.objects.filter(application=row).order_by("-version").first()
    offer = Offer(
        application=row,
        version=last.version + 1 if last else 1,
        time_zone=row.person.time_zone,
        made_by_id=account_id,
    )
    _put(offer, checked(terms))
    offer.save(force_insert=True)
    note(offer, OfferDeed.DRAFTED, by=by, version=offer.version, terms=offer.terms_digest())
    return offer


@action("hire.change_offer")
def change_offer(offer: Offer, *, terms: Terms, by: Actor) -> Offer:
    """Change what is not sent yet. Approvals were for other terms and begin anew; the same changes nothing.

    Raises NotAllowed, NotFound, Invalid, Conflict once it is sent.
    """
    offer_maker(by)
    row = held_offer(offer)
    if row.state not in IN_HAND:
        raise Conflict(
            _("What was sent stays as it was sent."), field="offer", remedy=_("Write a new version.")
        )
    before = row.terms_digest()
    _put(row, checked(terms))
    if row.terms_digest() == before:
        return row
    void_approvals(row)
    note(row, OfferDeed.CHANGED, by=by, version=row.version, terms=row.terms_digest())
    return row


def void_approvals(offer: Offer) -> None:
    """Let go of every approval there was, for they were given to something else."""
    rows = OfferApproval.objects.filter(offer=offer).exclude(state=ApprovalState.VOID)
    rows.update(state=ApprovalState.VOID)


@action("hire.keep_offer_template")
def keep_offer_template(
    name: str, *, secret_text: str, by: Actor, template_id: uuid.UUID | None = None
) -> OfferTemplate:
    """Keep a letter of offer, new or changed. Raises NotAllowed, Invalid for places nobody can fill, Conflict
    for a name that is taken."""
    offer_maker(by)
    title, text = " ".join(name.split())[:120], secret_text.replace("\x00", "").strip()
    for value, field in ((title, "name"), (text, "text")):
        if not value:
            raise Invalid(_("This must not be empty."), field=field, remedy=_("Write something."))
    check_words(text, field="text", known=PLACES)
    row = OfferTemplate.objects.filter(pk=template_id).first() if template_id else OfferTemplate()
    if row is None:
        raise NotFound(_("There is no such letter."), field="template")
    row.name, row.text, row.changed_at, row.retired_at = title, text, clock.now(), None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict(
            _("There is a letter of that name."), field="name", remedy=_("Choose another name.")
        ) from None
    return row


@action("hire.retire_offer_template")
def retire_offer_template(template: OfferTemplate, *, by: Actor, back: bool = False) -> OfferTemplate:
    """Take a letter off the list; with `back`, put it there again. Raises NotAllowed."""
    offer_maker(by)
    template.retired_at = None if back else clock.now()
    template.save(update_fields=["retired_at"])
    return template


def offer_maker(by: Actor) -> uuid.UUID:
    """Return the account of who makes offers: a named colleague of the talent team, who sees pay."""
    if not by.is_talent_team:
        raise NotAllowed(
            _("Offers are made by the talent team."), field="offer", remedy=_("Ask a recruiter.")
        )
    return named_human(by)


def held_application(application: Application) -> Application:
    """Lock an application's row. Raises NotFound."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("person", "job")
    row = rows.filter(pk=application.pk).first()
    if row is None:
        raise not_there()
    return row


def held_offer(offer: Offer) -> Offer:
    """Lock an offer, its application before it: whoever settles either waits here. Raises NotFound."""
    application = held_application(Application(pk=offer.application_id))
    row = Offer.objects.select_for_update().filter(pk=offer.pk).first()
    if row is None:
        raise no_offer()
    row.application = application
    return row


def _put(offer: Offer, terms: Terms) -> None:
    for name in Terms.__dataclass_fields__:
        setattr(offer, name, getattr(terms, name))
