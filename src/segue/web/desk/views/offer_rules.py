"""What offers go by: who approves them, the letters they begin with, and their papers."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.hire.actions.offers.approving import set_approval_chain
from segue.hire.actions.offers.drafting import keep_offer_template, retire_offer_template
from segue.hire.actions.offers.paper import print_certificate, print_draft
from segue.hire.actions.offers.terms import PLACES, first_letter
from segue.hire.models import Offer
from segue.hire.queries.offers import (
    chains,
    letter_pdf,
    offer_for,
    offer_template_for,
    offer_templates,
    story_of,
    who_may_approve,
)
from segue.kit.actor import Actor
from segue.kit.errors import SegueError
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.pages import desk_page
from segue.web.desk.reach import desk_jobs
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast
from segue.web.papers import pdf_answer

NEW = "new"
MOST_JOBS = 200
SEATS = 4  # how many approvers the form has room for


@talent_team
def offer_letter(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Hand out the letter: as it was sent, or as it would be."""
    actor = actor_of(request)
    offer = offer_for(actor, offer_id)
    return pdf_answer(_letter(offer, actor), f"offer-{offer.version}.pdf")


def _letter(offer: Offer, actor: Actor) -> bytes:
    return letter_pdf(offer) if offer.sent_at else print_draft(offer, by=actor)


@talent_team
def offer_proof(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Hand out the certificate of evidence."""
    actor = actor_of(request)
    offer = offer_for(actor, offer_id)
    return pdf_answer(print_certificate(offer, story_of(offer, actor)), f"evidence-{offer.version}.pdf")


@talent_team
def offer_chains(request: HttpRequest) -> HttpResponse:
    """Show and set who approves: for all, for a department, or for one job."""
    actor, refusal, status = actor_of(request), "", 200
    if request.method == "POST":
        try:
            _set_chain(request, actor)
        except SegueError as error:
            refusal, status = in_words(error), error.http_status
        else:
            leave_toast(request, Toast(_("Kept. Offers under way keep the chain they began with.")))
            return SeeOther(reverse("desk:offer_chains"))
    return desk_page(
        request,
        "offer_chains",
        "offers",
        rows=chains(actor),
        colleagues=list(who_may_approve()),
        departments=_departments(actor),
        jobs=list(desk_jobs(actor).filter(status="open").order_by("title")[:MOST_JOBS]),
        seats=range(1, SEATS + 1),
        typed=request.POST,
        refusal=refusal,
        status=status,
    )


def _departments(actor: Actor) -> list[str]:
    named = desk_jobs(actor).exclude(department="").order_by("department")
    return list(named.values_list("department", flat=True).distinct())


def _set_chain(request: HttpRequest, actor: Actor) -> None:
    kind, _colon, value = request.POST.get("whose", "").partition(":")
    named = [_id(text) for text in request.POST.getlist("approver") if text]
    job = desk_jobs(actor).filter(pk=_id(value)).first() if kind == "job" else None
    department = value if kind == "department" else ""
    set_approval_chain(named, job=job, department=department, by=actor)


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)  # nobody's: the verb says so


@talent_team
def offer_letters(request: HttpRequest) -> HttpResponse:
    """List the letters of offer, and edit one; what was typed is kept when something is refused."""
    actor, chosen, refusal, status = actor_of(request), request.GET.get("edit", ""), "", 200
    row = offer_template_for(_id(chosen)) if chosen and chosen != NEW else None
    typed = {"name": row.name if row else "", "text": row.text if row else first_letter()}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        try:
            kept = keep_offer_template(
                typed["name"], secret_text=typed["text"], template_id=row.pk if row else None, by=actor
            )
        except SegueError as error:
            refusal, status = in_words(error), error.http_status
        else:
            leave_toast(request, Toast(_("“%s” is kept.") % kept.name))
            return SeeOther(reverse("desk:offer_letters"))
    return desk_page(
        request,
        "offer_letters",
        "offers",
        rows=list(offer_templates()),
        editing=chosen or (NEW if refusal else ""),
        places=["{{ " + name + " }}" for name in PLACES],
        refusal=refusal,
        status=status,
        **typed,
    )


@talent_team
@posts_only
def offer_letter_retire(request: HttpRequest, offer_template_id: uuid.UUID) -> HttpResponse:
    """Take a letter off the list, or put it there again."""
    actor, back = actor_of(request), request.POST.get("again") == "1"
    row = offer_template_for(offer_template_id)

    def deed() -> Toast:
        retire_offer_template(row, by=actor, back=back)
        if back:
            return Toast(_("“%s” is on the list again.") % row.name)
        undo = reverse("desk:offer_letter_retire", args=[offer_template_id])
        return Toast(_("“%s” is off the list.") % row.name, undo, {"again": "1"})

    return do_and_return(request, reverse("desk:offer_letters"), deed)
