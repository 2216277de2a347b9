"""Notes, what the person is told comes next, and the views a colleague keeps."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from segue.hire.actions.teamwork import drop_view, save_view, say_next_step, withdraw_note, write_note
from segue.hire.queries.applications import application_for
from segue.hire.queries.listing import Filters
from segue.hire.queries.teamwork import note_for, view_for
from segue.kit.errors import Invalid
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders, hiring_team, posts_only
from segue.web.desk.toast import Toast, do_and_return


@hiring_team
@posts_only
def note_write(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Write a note; the toast holds the way back."""
    actor = actor_of(request)
    application = application_for(actor, application_id)

    def deed() -> Toast:
        said = request.POST
        note = write_note(
            application, text=said.get("text", ""), visibility=said.get("visibility", "team"), by=actor
        )
        return Toast(_("Noted."), reverse("desk:note_withdraw", args=[application_id, note.pk]))

    return do_and_return(request, reverse("desk:application", args=[application_id]), deed)


@hiring_team
@posts_only
def note_withdraw(request: HttpRequest, application_id: uuid.UUID, note_id: uuid.UUID) -> HttpResponse:
    """Take one's own note away, or bring it back."""
    actor, back = actor_of(request), request.POST.get("back_again") == "1"
    here = reverse("desk:note_withdraw", args=[application_id, note_id])

    def deed() -> Toast:
        withdraw_note(note_for(actor, note_id), by=actor, back=back)
        if back:
            return Toast(_("The note is there again."), here)
        return Toast(_("The note is gone."), here, {"back_again": "1"})

    return do_and_return(request, reverse("desk:application", args=[application_id]), deed)


@deciders
@posts_only
def next_step(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Say what the person is told comes next; the toast puts back what stood there."""
    actor = actor_of(request)
    application = application_for(actor, application_id)
    before = {"words": application.next_step, "puts_back": "1"}
    if application.next_at:
        before["at"] = timezone.localtime(application.next_at).strftime("%Y-%m-%dT%H:%M")

    def deed() -> Toast:
        at = _moment(request.POST.get("at", ""))
        words, puts_back = request.POST.get("words", ""), "puts_back" in request.POST
        say_next_step(application, words=words, at=at, by=actor, puts_back=puts_back)
        return Toast(
            _("They see it on their page."), reverse("desk:next_step", args=[application_id]), before
        )

    return do_and_return(request, reverse("desk:application", args=[application_id]), deed)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None:
        raise Invalid(_("This is no date and time."), field="at", remedy=_("Choose one, or leave it empty."))
    return timezone.make_aware(at) if timezone.is_naive(at) else at


@hiring_team
@posts_only
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list one came from."""
    said = QueryDict(request.POST.get("query", "")).dict()

    def deed() -> Toast:
        kept = save_view(
            Filters.read(said, None).as_query(), name=request.POST.get("name", ""), by=actor_of(request)
        )
        return Toast(_("Kept as “%s”.") % kept.name, reverse("desk:view_drop", args=[kept.pk]))

    return do_and_return(request, reverse("desk:mine"), deed)


@hiring_team
@posts_only
def view_drop(request: HttpRequest, view_id: uuid.UUID) -> HttpResponse:
    """Let a view go; the toast holds the way back."""
    actor = actor_of(request)

    def deed() -> Toast:
        kept = view_for(actor, view_id)
        fields = {"query": kept.query, "name": kept.name}
        drop_view(kept, by=actor)
        return Toast(_("“%s” is gone.") % fields["name"], reverse("desk:view_save"), fields)

    return do_and_return(request, reverse("desk:mine"), deed)
