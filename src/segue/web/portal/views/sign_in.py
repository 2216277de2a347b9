"""Signing in by a link in the mail; in the demo the mail lies in a built-in outbox."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from segue.engage.actions.sign_in import redeem_link, send_sign_in_link
from segue.engage.queries.outbox import outbox as messages_in_outbox
from segue.kit.errors import Invalid
from segue.web.actors import actor_of
from segue.web.portal.demo import demo_faces
from segue.web.portal.doors import SeeOther, address_of, next_of
from segue.web.signing_in import enter
from segue.web.zones import SESSION_ZONE

RECENT = 30


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for an address and send a link; the answer is the same whoever asks."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect("portal:home")
        return _ask(request)
    email = request.POST.get("email", "").strip()
    try:
        send_sign_in_link(
            email,
            base_url=settings.BASE_URL,
            next_path=next_of(request, ""),
            by=actor_of(request),
            ip=address_of(request),
        )
    except Invalid as refused:
        return _ask(request, error=f"{refused.message} {refused.remedy}", email=email, status=422)
    return render(request, "portal/sign_in_sent.html", {"email": email})


def _ask(request: HttpRequest, error: str = "", email: str = "", status: int = 200) -> HttpResponse:
    context = {"error": error, "email": email, "next": next_of(request, ""), "faces": demo_faces()}
    return render(request, "portal/sign_in.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def redeem(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button on GET, for programs that follow links in mail; sign in on POST."""
    if request.method != "POST":
        return render(request, "portal/redeem.html", {"next": next_of(request, "")})
    account = redeem_link(token)
    if account is None:
        return render(request, "portal/redeem_spent.html", status=410)
    answer = enter(request, account, how="link", next_path=next_of(request, ""))
    if account.person is not None and account.person.time_zone != "UTC":
        request.session[SESSION_ZONE] = account.person.time_zone
    return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out and go back to the start page."""
    logout(request)
    return SeeOther(reverse("portal:home"))


@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the latest messages: to everybody in the demo, else to administrators."""
    rows = list(messages_in_outbox(actor_of(request))[:RECENT])
    return render(request, "portal/outbox.html", {"rows": rows})
