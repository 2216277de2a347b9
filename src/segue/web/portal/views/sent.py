"""What somebody does with an application they have sent: its documents, what they need, how it felt."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from segue.hire.actions.accommodating import ask_accommodation, withdraw_accommodation
from segue.hire.actions.impressions import say_impression
from segue.hire.queries.accommodations import own_accommodations
from segue.hire.queries.applications import application_by_status_key
from segue.kit.errors import Invalid, NotFound
from segue.web.actors import actor_of
from segue.web.portal.doors import SeeOther


@require_safe
def document(request: HttpRequest, status_key: str) -> HttpResponse:
    """Hand back the résumé that came with an application, as the text we read."""
    row = application_by_status_key(status_key)
    if row.is_receipt or row.resume is None:
        raise NotFound(_("No résumé came with this application."))
    response = HttpResponse(row.resume.text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="resume.txt"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
def needs(request: HttpRequest, status_key: str) -> HttpResponse:
    """Ask for something to be different, or change what was asked."""
    row = application_by_status_key(status_key)
    try:
        ask_accommodation(
            row,
            secret_needs=request.POST.getlist("need"),
            secret_text=request.POST.get("need_text", ""),
            by=actor_of(request),
        )
        messages.info(
            request,
            _("Thank you. It goes to one person, who answers here."),
            reverse("portal:needs_withdraw", args=[status_key]),
        )
    except Invalid as refused:
        messages.info(request, f"{refused.message} {refused.remedy}".strip())
    return SeeOther(reverse("portal:status", args=[status_key]) + "#needs")


@require_POST
def needs_withdraw(request: HttpRequest, status_key: str) -> HttpResponse:
    """Take the newest request back, or bring it back."""
    row = application_by_status_key(status_key)
    actor = actor_of(request)
    back = request.POST.get("back") == "1"
    mine = [one for one in own_accommodations(row, actor) if (one.withdrawn_at is not None) == back]
    if mine:
        withdraw_accommodation(mine[0], back=back, by=actor)
        messages.info(request, _("It stands again.") if back else _("Taken back."))
    return SeeOther(reverse("portal:status", args=[status_key]) + "#needs")


@require_POST
def felt(request: HttpRequest, status_key: str) -> HttpResponse:
    """Say how applying felt."""
    row = application_by_status_key(status_key)
    said = {"secret_score": request.POST.get("score", ""), "secret_text": request.POST.get("text", "")}
    try:
        say_impression(row, **said, by=actor_of(request))
        messages.info(request, _("Thank you. We count it, without your name."))
    except Invalid as refused:
        messages.info(request, refused.message)
    return SeeOther(reverse("portal:status", args=[status_key]) + "#felt")
