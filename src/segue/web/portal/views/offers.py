"""An offer's own page: what it says in plain words, the letter, and yes, no or a question.

The address is the key, and looking changes nothing. Whoever is signed in as somebody else, a colleague or
another candidate, is shown a kind word and not the offer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from segue.hire.actions.offers.answering import (
    Signing,
    accept_offer,
    ask_about_offer,
    decline_offer,
    is_freshly_signed_in,
    send_offer_code,
    words_agreed_to,
)
from segue.hire.actions.offers.ledger import Proof
from segue.hire.actions.offers.paper import print_certificate
from segue.hire.actions.offers.terms import said_in
from segue.hire.models import Offer, OfferState
from segue.hire.queries.offers import (
    answer_of,
    can_be_answered,
    code_is_out,
    is_theirs,
    letter_pdf,
    newest_out,
    offer_by_token,
    own_story_of,
    token_of,
)
from segue.hire.queries.teamwork import owner_of
from segue.kit import clock
from segue.kit.errors import Conflict, Invalid, NotFound, SegueError
from segue.trust.queries.contacts import contact_for
from segue.web.actors import actor_of
from segue.web.brands import wearing_of
from segue.web.papers import pdf_answer
from segue.web.portal.doors import SeeOther, address_of

Deed = Callable[[Offer], str]


@never_cache
@require_safe
def offer(request: HttpRequest, offer_token: str) -> HttpResponse:
    """Show an offer and how to answer it; one that has ended says so kindly, and is never gone."""
    try:
        row = offer_by_token(offer_token)
    except NotFound:
        return render(request, "portal/offer_unknown.html", status=404)
    return _page(request, row)


def _page(request: HttpRequest, row: Offer, refused: SegueError | None = None) -> HttpResponse:
    if not _may_read(request, row):
        return _private(render(request, "portal/offer_other.html"))
    actor, application = actor_of(request), row.application
    newer = newest_out(row)
    over = row.state == OfferState.EXPIRED or (row.state == OfferState.SENT and clock.now() >= row.expires_at)
    context: dict[str, Any] = {
        "offer": row,
        "token": token_of(row),
        "job": application.job,
        "person": application.person,
        "until": said_in(row.time_zone, row.expires_at),
        "can_answer": can_be_answered(row) and not over,
        "over": over,
        "newer": token_of(newer) if newer else "",
        "fresh": is_freshly_signed_in(row, actor),
        "code_out": code_is_out(row),
        "words": words_agreed_to(),
        "answer": answer_of(row),
        "contact": owner_of(application) or contact_for(application.job_id),
        "refused": refused,
        "typed": request.POST,
    } | wearing_of(application.job)
    status = refused.http_status if refused else 200
    return _private(render(request, "portal/offer.html", context, status=status))


def _may_read(request: HttpRequest, row: Offer) -> bool:
    actor = actor_of(request)
    return is_theirs(row, actor) or (actor.account_id is None and actor.person_id is None)


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "same-origin"  # the address is a key; our own forms must still say whence
    return response


@never_cache
@require_safe
def offer_letter(request: HttpRequest, offer_token: str) -> HttpResponse:
    """Hand out the letter as it was sent, byte for byte."""
    row = _found(offer_token)
    if row is None or not _may_read(request, row):
        return _home(offer_token)
    return pdf_answer(letter_pdf(row), f"offer-{row.version}.pdf")


@never_cache
@require_safe
def offer_proof(request: HttpRequest, offer_token: str) -> HttpResponse:
    """Hand out the certificate of what was shown and answered."""
    row = _found(offer_token)
    if row is None or not _may_read(request, row):
        return _home(offer_token)
    return pdf_answer(print_certificate(row, own_story_of(row)), f"evidence-{row.version}.pdf")


@require_POST
def offer_code(request: HttpRequest, offer_token: str) -> HttpResponse:
    """Send a code to the address the offer was sent to."""

    def deed(row: Offer) -> str:
        send_offer_code(row, by=actor_of(request), address=address_of(request))
        return _("The code is on its way to your mailbox.")

    return _do(request, offer_token, deed, place="#answer")


@require_POST
def offer_accept(request: HttpRequest, offer_token: str) -> HttpResponse:
    """Say yes and sign."""

    def deed(row: Offer) -> str:
        said = request.POST
        signing = Signing(
            typed_name=said.get("typed_name", ""),
            agrees=said.get("agrees") == "1",
            shown_sha256=said.get("shown", ""),
            code=said.get("code", ""),
            address=address_of(request),
            agent=request.headers.get("User-Agent", ""),
        )
        answered = accept_offer(row, signing=signing, by=actor_of(request))
        if answered.state == OfferState.HELD:
            return _("Your yes is kept. A person looks at it now.")
        return _("Welcome! Your yes has arrived.")

    return _do(request, offer_token, deed)


@require_POST
def offer_decline(request: HttpRequest, offer_token: str) -> HttpResponse:
    """Say no, with a reason or without."""

    def deed(row: Offer) -> str:
        proof = Proof(address=address_of(request), agent=request.headers.get("User-Agent", ""))
        decline_offer(row, secret_reason=request.POST.get("reason", ""), proof=proof, by=actor_of(request))
        return _("Thank you for telling us.")

    return _do(request, offer_token, deed)


@require_POST
def offer_ask(request: HttpRequest, offer_token: str) -> HttpResponse:
    """Ask a question: it goes into the conversation, and a person answers by mail."""

    def deed(row: Offer) -> str:
        ask_about_offer(row, secret_text=request.POST.get("text", ""), by=actor_of(request))
        return _("Sent. A person here answers by mail.")

    return _do(request, offer_token, deed)


def _do(request: HttpRequest, token: str, deed: Deed, place: str = "") -> HttpResponse:
    """Do it and come back; what is refused is told on the page, with all that was typed."""
    row = _found(token)
    if row is None or not _may_read(request, row):
        return _home(token)
    try:
        said = deed(row)
    except (Invalid, Conflict) as refused:
        return _page(request, offer_by_token(token), refused)
    messages.success(request, said)
    return SeeOther(reverse("portal:offer", args=[token]) + place)


def _found(token: str) -> Offer | None:
    try:
        return offer_by_token(token)
    except NotFound:
        return None


def _home(token: str) -> HttpResponse:
    """Lead to the page, which says why not."""
    return HttpResponseRedirect(reverse("portal:offer", args=[token]))
