"""One deed on many applications, its undo, and saying no to many after a sample was read."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from segue.hire.actions.bulk import Selection, assign_many, move_many, snooze_many, tag_many, undo_bulk
from segue.hire.actions.letters_to_many import prepare_letters, take_back_letters
from segue.hire.actions.rejecting import prepare_rejection, reject_many, spare, unopened
from segue.hire.models import BulkAction, BulkKind
from segue.hire.queries.letters_to_many import progress_of
from segue.hire.queries.listing import Filters, tomorrow_morning
from segue.hire.queries.teamwork import bulk_actions_of, bulk_for, colleagues_who_own, rows_of
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders, posts_only
from segue.web.desk.list_words import deed_words
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import SeeOther, Toast, back_from, do_and_return, in_words, leave_toast

LISTED = 30
SHOWN = 50
LONGEST_SNOOZE_DAYS = 365


@deciders
def bulk_list(request: HttpRequest) -> HttpResponse:
    """Show what this colleague did to many, the latest first, each with its way back."""
    bulks = list(bulk_actions_of(actor_of(request))[:LISTED])
    progress = progress_of(bulks)
    rows = [(bulk, deed_words(bulk), progress.get(bulk.pk)) for bulk in bulks]
    return desk_page(request, "bulk_list", "jobs", rows=rows)


@deciders
@posts_only
def bulk_do(request: HttpRequest) -> HttpResponse:
    """Do to the ticked applications, or to all that match, what the pressed button says."""
    actor, deed = actor_of(request), request.POST.get("do", "")
    if deed in {"reject", "message"}:
        return _prepare(request, actor, deed)

    def run() -> Toast:
        bulk = _deed(deed, request.POST, _selection(request.POST), actor)
        return Toast(deed_words(bulk), reverse("desk:bulk_undo", args=[bulk.pk]))

    return do_and_return(request, reverse("desk:jobs"), run)


def _deed(deed: str, said: QueryDict, selection: Selection, actor: Actor) -> BulkAction:
    if deed == "move":
        return move_many(selection, stage=said.get("stage", ""), by=actor)
    if deed in {"tag", "untag"}:
        return tag_many(selection, tag=said.get("tag", ""), off=deed == "untag", by=actor)
    if deed == "snooze":
        return snooze_many(selection, until=_until(said.get("days", "")), by=actor)
    if deed == "assign":
        key = said.get("owner", "")
        owner = next((one for one in colleagues_who_own() if str(one.pk) == key), None)
        if key and owner is None:
            raise NotFound(_("There is no such colleague."), remedy=_("Choose from the list."))
        return assign_many(selection, owner=owner, by=actor)
    raise Invalid(_("Say what to do."), remedy=_("Press one of the buttons."))


def _selection(said: QueryDict) -> Selection:
    if said.get("all") == "1":
        job = _key(said.get("job", ""))
        return Selection(matching=Filters.read(QueryDict(said.get("query", "")).dict(), job))
    return Selection(ids=[key for text in said.getlist("ids") if (key := _key(text))])


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _until(text: str) -> datetime | None:
    """Read a number of days; 0 wakes."""
    if not (text.isascii() and text.isdigit()) or int(text) > LONGEST_SNOOZE_DAYS:
        raise Invalid(_("Say for how many days."), field="days", remedy=_("From 0 (awake) to 365."))
    return tomorrow_morning(int(text)) if int(text) else None


@deciders
@posts_only
def bulk_undo(request: HttpRequest, bulk_id: uuid.UUID) -> HttpResponse:
    """Put everything back as it was; who was changed since is named and left alone."""
    actor = actor_of(request)

    def run() -> Toast:
        bulk = bulk_for(actor, bulk_id)
        if bulk.kind == BulkKind.MESSAGE:
            return _taken_back(take_back_letters(bulk, by=actor))
        came_to = undo_bulk(bulk, by=actor)
        said = _("%d are as they were.") % came_to.restored
        if came_to.kept:
            names = ", ".join(row.person.name or _("No name given") for row in came_to.kept[:5])
            said += " " + _("Changed since, and left alone: %s.") % names
        return Toast(said)

    return do_and_return(request, reverse("desk:bulk"), run)


def _taken_back(bulk: BulkAction) -> Toast:
    back, gone = progress_of([bulk])[bulk.pk].back, bulk.kept
    said = ngettext("%d letter is taken back.", "%d letters are taken back.", back) % back
    if gone:
        said += " " + ngettext("%d had left already.", "%d had left already.", gone) % gone
    else:
        said += " " + _("Nobody has read any of it.")
    return Toast(said)


def _prepare(request: HttpRequest, actor: Actor, deed: str) -> HttpResponse:
    """Write down whom a rejection or a letter is about, and lead on to what comes before it."""
    said = request.POST
    try:
        if deed == "message":
            bulk = prepare_letters(_selection(said), by=actor)
        else:
            bulk = prepare_rejection(_selection(said), reason=said.get("reason", ""), by=actor)
    except (Invalid, NotFound) as error:
        leave_toast(request, Toast(in_words(error), refused=True))
        return SeeOther(back_from(request, reverse("desk:jobs")))
    return SeeOther(reverse("desk:bulk_letter" if deed == "message" else "desk:bulk_reject", args=[bulk.pk]))


@deciders
def bulk_reject(request: HttpRequest, bulk_id: uuid.UUID) -> HttpResponse:
    """Show whom a rejection would turn down: the sample to open first, and the rest by name."""
    actor = actor_of(request)
    bulk = _rejection(actor, bulk_id)
    unread = {row.pk for row in unopened(bulk, actor)}
    rows = [(row, row.application_id in unread) for row in rows_of(bulk)[:SHOWN]]
    return desk_page(
        request,
        "bulk_reject",
        "jobs",
        bulk=bulk,
        rows=rows,
        unread=len(unread),
        more=max(0, bulk.count - len(rows)),
    )


@deciders
@posts_only
def bulk_spare(request: HttpRequest, bulk_id: uuid.UUID, row_id: int) -> HttpResponse:
    """Take one person out of a rejection that is being prepared."""
    actor = actor_of(request)
    here = reverse("desk:bulk_reject", args=[bulk_id])

    def run() -> Toast:
        row = rows_of(_rejection(actor, bulk_id)).filter(pk=row_id).first()
        if row is None:
            raise NotFound(_("They are not among these."))
        spare(row, by=actor)
        return Toast(_("%s stays.") % (row.application.person.name or _("No name given")))

    return do_and_return(request, here, run)


@deciders
@posts_only
def bulk_reject_confirm(request: HttpRequest, bulk_id: uuid.UUID) -> HttpResponse:
    """Say no to all of them, in the name of who signed in."""
    actor = actor_of(request)

    def run() -> Toast:
        done = reject_many(_rejection(actor, bulk_id), by=actor)
        left = " " + _("%d were changed meanwhile and left alone.") % done.kept if done.kept else ""
        return Toast(_("%d decisions are on record in your name.") % done.count + left)

    return do_and_return(request, reverse("desk:bulk_reject", args=[bulk_id]), run)


def _rejection(actor: Actor, bulk_id: uuid.UUID) -> BulkAction:
    bulk = bulk_for(actor, bulk_id)
    if bulk.kind != BulkKind.REJECT:
        raise NotFound(_("There is no such rejection."))
    return bulk
