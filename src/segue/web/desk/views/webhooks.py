"""Webhooks: where events are sent, how each delivery went, and another chance for those that failed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.engage.actions.webhooks import EVENTS, send_soon
from segue.kit.errors import Invalid, SegueError
from segue.kit.paging import page_of
from segue.ports.webhooks import can_lead_outside
from segue.trust.actions.endpoints import (
    disable_endpoint,
    edit_endpoint,
    enable_endpoint,
    make_endpoint,
    queue_test_delivery,
    remove_endpoint,
    replay_delivery,
    rotate_endpoint_secret,
)
from segue.trust.models import DeliveryState, Endpoint
from segue.trust.queries.accounts import account_of
from segue.trust.queries.endpoints import (
    deliveries_of,
    delivery_for,
    endpoint_for,
    endpoints_visible_to,
    secret_of,
)
from segue.web.actors import actor_of
from segue.web.desk.doors import administrators, posts_only
from segue.web.desk.pages import PAGE_SIZE, desk_page, next_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast


@administrators
def webhooks_page(request: HttpRequest) -> HttpResponse:
    """List the endpoints with how they do; a new one starts with an address."""
    return _list(request)


def _list(request: HttpRequest, refused: SegueError | None = None) -> HttpResponse:
    return desk_page(
        request,
        "webhooks",
        "settings",
        tab="webhooks",
        rows=list(endpoints_visible_to(actor_of(request))),
        events=EVENTS,
        refused=refused,
        refused_words=in_words(refused) if refused else "",
        typed=request.POST,
        typed_kinds=request.POST.getlist("kinds") if refused else EVENTS,
        status=refused.http_status if refused else 200,
    )


def _typed_url(request: HttpRequest) -> str:
    """Return the address typed, unless nothing could ever be sent there; the sender asks again each time."""
    url: str = request.POST.get("url", "").strip()
    if not can_lead_outside(url, inside=frozenset(settings.WEBHOOK_INSIDE_HOSTS)):
        raise Invalid(
            _("Events are only sent outside, by https, on port 443 or 8443."),
            field="url",
            remedy=_(
                "Write it like https://hooks.example.com/segue. A receiver of your own network is allowed by "
                "SEGUE_WEBHOOK_INSIDE_HOSTS."
            ),
        )
    return url


@administrators
@posts_only
def webhook_new(request: HttpRequest) -> HttpResponse:
    """Make an endpoint and show its page, which has the secret."""
    actor = actor_of(request)
    try:
        endpoint = make_endpoint(
            _typed_url(request),
            kinds=request.POST.getlist("kinds"),
            known=EVENTS,
            note=request.POST.get("note", ""),
            owner=account_of(actor),
            by=actor,
        )
    except Invalid as refused:
        return _list(request, refused)
    leave_toast(request, Toast(_("Made. Send it a test.")))
    return SeeOther(reverse("desk:webhook", args=[endpoint.pk]))


@administrators
def webhook_page(request: HttpRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Show one endpoint: its secret, what it wants, and every delivery with its answer."""
    return _page(request, endpoint_for(actor_of(request), endpoint_id))


def _page(request: HttpRequest, endpoint: Endpoint, refused: SegueError | None = None) -> HttpResponse:
    state = request.GET.get("state", "")
    page = page_of(deliveries_of(endpoint, state), after=request.GET.get("after", ""), size=PAGE_SIZE)
    return desk_page(
        request,
        "webhook",
        "settings",
        tab="webhooks",
        endpoint=endpoint,
        secret=secret_of(endpoint),
        events=EVENTS,
        state=state,
        states=DeliveryState.choices,
        rows=page.rows,
        next_page=next_page(request, page.next_after),
        refused=refused,
        refused_words=in_words(refused) if refused else "",
        typed=request.POST if refused else {"url": endpoint.url, "note": endpoint.note},
        typed_kinds=request.POST.getlist("kinds") if refused else endpoint.kinds,
        status=refused.http_status if refused else 200,
    )


@administrators
@posts_only
def webhook_edit(request: HttpRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Change the address, or which events go there."""
    actor = actor_of(request)
    endpoint = endpoint_for(actor, endpoint_id)
    try:
        edit_endpoint(
            endpoint,
            url=_typed_url(request),
            kinds=request.POST.getlist("kinds"),
            known=EVENTS,
            note=request.POST.get("note", ""),
            by=actor,
        )
    except Invalid as refused:
        return _page(request, endpoint, refused)
    leave_toast(request, Toast(_("Saved.")))
    return SeeOther(reverse("desk:webhook", args=[endpoint_id]))


@administrators
@posts_only
def webhook_do(request: HttpRequest, endpoint_id: uuid.UUID) -> HttpResponse:
    """Send a test, rotate the secret, turn sending off or on, remove or bring back."""
    do = request.POST.get("do", "")
    page = reverse("desk:webhooks") if do == "remove" else reverse("desk:webhook", args=[endpoint_id])
    return do_and_return(request, page, lambda: _deed(request, do, endpoint_id))


def _deed(request: HttpRequest, do: str, endpoint_id: uuid.UUID) -> Toast:
    actor = actor_of(request)
    endpoint = endpoint_for(actor, endpoint_id, removed=do == "bring_back")
    if do == "test":
        send_soon([queue_test_delivery(endpoint, by=actor)])
        return Toast(_("A test is on its way. Load the page again to see the answer."))
    if do == "rotate":
        rotate_endpoint_secret(endpoint, by=actor)
        return Toast(_("A new secret signs; the old one signs beside it for a day."))
    if do == "off":
        disable_endpoint(endpoint, why=_("Turned off by %s.") % actor.name, by=actor)
        return Toast(_("Nothing is sent there. Events wait."), request.path, {"do": "on"})
    if do == "on":
        count = send_soon(enable_endpoint(endpoint, by=actor))
        return Toast(_("Events are sent there again; %d had waited.") % count, request.path, {"do": "off"})
    if do == "remove":
        remove_endpoint(endpoint, by=actor)
        return Toast(_("Removed."), request.path, {"do": "bring_back"})
    if do == "bring_back":
        remove_endpoint(endpoint, removed=False, by=actor)
        return Toast(_("It is back."))
    raise Invalid(_("There is no such verb."), field="do", remedy=_("Use the buttons."))


@administrators
@posts_only
def delivery_replay(request: HttpRequest, endpoint_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """Give one delivery that ended another day of attempts."""
    actor = actor_of(request)

    def deed() -> Toast:
        send_soon([replay_delivery(delivery_for(actor, delivery_id), by=actor)])
        return Toast(_("It is sent again, under the same id."))

    return do_and_return(request, reverse("desk:webhook", args=[endpoint_id]), deed)
