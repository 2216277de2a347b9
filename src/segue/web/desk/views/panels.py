"""Who interviews somebody: asked and released on the application's page."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from segue.hire.actions.panels import ask_interviewer, release_interviewer
from segue.hire.queries.applications import application_for
from segue.hire.queries.scorecards import colleagues_who_interview, panelist_for
from segue.kit.actor import TALENT_TEAM, Role
from segue.kit.errors import Invalid
from segue.trust.models import Account
from segue.web.actors import actor_of, staff_only
from segue.web.desk.doors import posts_only
from segue.web.desk.toast import Toast, do_and_return

arrangers = staff_only(*TALENT_TEAM, Role.HIRING_MANAGER, Role.COORDINATOR)
END_OF_WORK = time(18)


@arrangers
@posts_only
def panel_ask(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Ask a colleague for an interview and its scorecard; the toast takes it back."""
    actor = actor_of(request)
    application = application_for(actor, application_id)

    def deed() -> Toast:
        said = request.POST
        account, due = _colleague(said.get("account", "")), day_end(said.get("due", ""))
        place = ask_interviewer(application, account=account, step=said.get("step", ""), due_at=due, by=actor)
        undo = reverse("desk:panel_release", args=[application_id, place.pk])
        return Toast(_("%s is asked.") % (account.name or account.email), undo)

    return do_and_return(request, _page(application_id), deed)


@arrangers
@posts_only
def panel_release(request: HttpRequest, application_id: uuid.UUID, panelist_id: uuid.UUID) -> HttpResponse:
    """Ask a colleague no more, or again as before."""
    actor, back = actor_of(request), request.POST.get("back_again") == "1"
    application = application_for(actor, application_id)
    here = reverse("desk:panel_release", args=[application_id, panelist_id])

    def deed() -> Toast:
        place = release_interviewer(panelist_for(actor, application, panelist_id), back=back, by=actor)
        name = place.account.name or place.account.email
        if back:
            return Toast(_("%s is asked again.") % name, here)
        return Toast(_("%s is not asked any more.") % name, here, {"back_again": "1"})

    return do_and_return(request, _page(application_id), deed)


def day_end(text: str) -> datetime | None:
    """Return the end of the working day somebody chose, or nothing. Raises Invalid for what is no day."""
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or day.year > timezone.localdate().year + 2:
        raise Invalid(_("This is no day."), field="due", remedy=_("Choose one, or leave it empty."))
    at = timezone.make_aware(datetime.combine(day, END_OF_WORK))
    return at if at > timezone.now() or day != timezone.localdate() else at + timedelta(hours=6)


def _colleague(text: str) -> Account:
    try:
        found = colleagues_who_interview().filter(pk=uuid.UUID(text)).first()
    except ValueError:
        found = None
    if found is None:
        raise Invalid(_("Say who is asked."), field="account", remedy=_("Choose from the list."))
    return found


def _page(application_id: uuid.UUID) -> str:
    return reverse("desk:application", args=[application_id]) + "#panel"
