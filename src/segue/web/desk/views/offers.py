"""Offers at the desk: the list, one offer, writing it, and every verb of its way."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.hire.actions.offers.approving import approve_offer, return_offer, submit_offer
from segue.hire.actions.offers.drafting import change_offer, draft_offer
from segue.hire.actions.offers.sending import extend_offer, send_offer, take_on, withdraw_offer
from segue.hire.actions.offers.terms import said_in
from segue.hire.models import Application, Offer, OfferState
from segue.hire.models.offers import IN_HAND
from segue.hire.queries.applications import application_for
from segue.hire.queries.offers import (
    approvals_of,
    approvals_waiting,
    offer_for,
    offer_template_for,
    offer_templates,
    offers_of,
    offers_visible_to,
    sees_offer_pay,
    story_of,
    turn_of,
)
from segue.kit import clock
from segue.kit.errors import Conflict, Invalid, SegueError
from segue.kit.paging import keyset_page
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders, posts_only, talent_team
from segue.web.desk.offer_form import (
    OfferForm,
    first_values,
    note_refusal,
    read_moment,
    shown_moment,
    values_of,
)
from segue.web.desk.pages import desk_page, next_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return, leave_toast

PAGE = 50


@deciders
def offers(request: HttpRequest) -> HttpResponse:
    """List offers, the last moved first, and what waits for one's own yes above them."""
    actor, state = actor_of(request), request.GET.get("state", "")
    rows = offers_visible_to(actor)
    if state in OfferState.values:
        rows = rows.filter(state=state)
    page = keyset_page(rows, ("moved_at", "pk"), after=request.GET.get("after", ""), size=PAGE)
    return desk_page(
        request,
        "offers",
        "offers",
        rows=page.rows,
        next_page=next_page(request, page.next_after),
        waiting=approvals_waiting(actor),
        states=OfferState.choices,
        state=state,
        now=clock.now(),
    )


@deciders
def offer_page(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Show an offer as this colleague may see it: its terms, whose yes it has, its ledger."""
    return _page(request, offer_for(actor_of(request), offer_id))


def _page(
    request: HttpRequest, offer: Offer, *, refused: SegueError | None = None, doing: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    turn = turn_of(offer)
    return desk_page(
        request,
        "offer",
        "offers",
        offer=offer,
        sees_pay=sees_offer_pay(actor, offer),
        approvals=approvals_of(offer),
        is_my_turn=turn is not None and turn.account_id == actor.account_id,
        story=story_of(offer, actor),
        others=[each for each in offers_of(offer.application, actor) if each.pk != offer.pk],
        in_hand=offer.state in IN_HAND,
        until=shown_moment(offer.expires_at, offer.time_zone),
        until_said=said_in(offer.time_zone, offer.expires_at),
        now=clock.now(),
        refused=refused,
        doing=doing,
        typed=request.POST,
        status=422 if refused else 200,
    )


@talent_team
def offer_new(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Write an offer, or its next version; what was typed is kept when something is refused."""
    actor = actor_of(request)
    application = application_for(actor, application_id)
    zone = application.person.time_zone
    before = offers_of(application, actor).first()
    if before is not None and before.state in IN_HAND and request.method != "POST":
        return SeeOther(reverse("desk:offer_edit", args=[before.pk]))
    if request.method != "POST":
        initial = first_values(application)
        if before is not None:
            initial = values_of(before) | {"expires_at": initial["expires_at"]}
        return _editor(request, OfferForm(initial=_from_letter(request, initial), zone=zone), application)
    form = OfferForm(request.POST, zone=zone)
    if form.is_valid():
        try:
            offer = draft_offer(application, terms=form.terms(), by=actor)
        except (Invalid, Conflict) as error:
            note_refusal(form, error)
        else:
            leave_toast(request, Toast(_("Drafted. Nobody has seen it yet.")))
            return SeeOther(reverse("desk:offer", args=[offer.pk]))
    return _editor(request, form, application)


@talent_team
def offer_edit(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Change an offer that is not sent; approvals that were given begin anew."""
    actor = actor_of(request)
    offer = offer_for(actor, offer_id)
    if request.method != "POST":
        initial = _from_letter(request, values_of(offer))
        return _editor(request, OfferForm(initial=initial, zone=offer.time_zone), offer.application, offer)
    form = OfferForm(request.POST, zone=offer.time_zone)
    if form.is_valid():
        try:
            change_offer(offer, terms=form.terms(), by=actor)
        except (Invalid, Conflict) as error:
            note_refusal(form, error)
        else:
            leave_toast(request, Toast(_("Saved.")))
            return SeeOther(reverse("desk:offer", args=[offer_id]))
    return _editor(request, form, offer.application, offer)


def _from_letter(request: HttpRequest, initial: dict[str, object]) -> dict[str, object]:
    """Put a kept letter in the place of the first one, where the address names one."""
    try:
        chosen = uuid.UUID(request.GET.get("letter", ""))
    except ValueError:
        return initial
    return initial | {"template": offer_template_for(chosen).text}


def _editor(
    request: HttpRequest, form: OfferForm, application: Application, offer: Offer | None = None
) -> HttpResponse:
    return desk_page(
        request,
        "offer_edit",
        "offers",
        form=form,
        application=application,
        offer=offer,
        letters=list(offer_templates()),
        status=422 if form.is_bound else 200,
    )


@talent_team
@posts_only
def offer_submit(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Put a draft before its approvers."""

    def deed(offer: Offer) -> str:
        row = submit_offer(offer, by=actor_of(request))
        return _("Ready to send.") if row.state == OfferState.APPROVED else _("The first approver is asked.")

    return _do(request, offer_id, deed)


@deciders
@posts_only
def offer_approve(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Say yes when it is one's turn."""

    def deed(offer: Offer) -> str:
        approve_offer(offer, comment=request.POST.get("comment", ""), by=actor_of(request))
        return _("Approved in your name.")

    return _do(request, offer_id, deed)


@deciders
@posts_only
def offer_return(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Send an offer back with a word on what should change."""

    def deed(offer: Offer) -> str:
        return_offer(offer, comment=request.POST.get("comment", ""), by=actor_of(request))
        return _("Sent back. It is a draft again.")

    return _do(request, offer_id, deed)


@talent_team
@posts_only
def offer_send(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Print the letter and send the way to it."""

    def deed(offer: Offer) -> str:
        send_offer(offer, by=actor_of(request))
        return _("Sent. It lies in their conversation, too.")

    return _do(request, offer_id, deed)


@talent_team
@posts_only
def offer_extend(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Give more time, by the candidate's own clocks."""

    def deed(offer: Offer) -> str:
        try:
            until = read_moment(request.POST.get("expires_at", ""), offer.time_zone)
        except forms.ValidationError as error:
            raise Invalid(error.messages[0], field="expires_at") from None
        extend_offer(offer, until=until, by=actor_of(request))
        return _("They have more time, and know it.")

    return _do(request, offer_id, deed)


@talent_team
@posts_only
def offer_withdraw(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Take an offer back, in the name of who signed in and for their reason."""
    actor = actor_of(request)
    offer = offer_for(actor, offer_id)
    try:
        withdraw_offer(offer, reason=request.POST.get("reason", ""), by=actor)
    except (Invalid, Conflict) as error:
        return _page(request, offer_for(actor, offer_id), refused=error, doing="withdraw")
    leave_toast(request, Toast(_("Taken back in your name.")))
    return SeeOther(reverse("desk:offer", args=[offer_id]))


@talent_team
@posts_only
def offer_take_on(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Hire somebody whose yes came a moment too late."""

    def deed(offer: Offer) -> str:
        take_on(offer, by=actor_of(request))
        return _("Hired. Congratulations to all of you.")

    return _do(request, offer_id, deed)


def _do(request: HttpRequest, offer_id: uuid.UUID, deed: Callable[[Offer], str]) -> HttpResponse:
    offer = offer_for(actor_of(request), offer_id)
    page = reverse("desk:offer", args=[offer_id])
    return do_and_return(request, page, lambda: Toast(deed(offer)))
