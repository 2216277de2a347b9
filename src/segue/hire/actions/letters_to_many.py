"""One letter to many: picked, written, looked at, sent in pieces, and taken back as far as it has not left.

Whom a deed picked stands in its `BulkRow`s from the beginning; what became of each is written beside it. A
piece and its marks are one transaction, and a letter's id is made of the deed and the person, so that nobody
gets it twice: not when a worker dies, not when two of them meet, not when the button is pressed again.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from segue.engage.actions.many_letters import (
    LONGEST_SUBJECT,
    Draft,
    check_letter,
    id_of_letter,
    send_letters,
    unwrite_letters,
)
from segue.engage.actions.templates import fill_in, without_places
from segue.engage.actions.threads import UNDO_S
from segue.engage.queries.letters import signature_of
from segue.hire.actions.bulk import Selection, begin_bulk, selected_keys
from segue.hire.actions.deciding import TIME_TO_UNDO, named_human
from segue.hire.models import BulkAction, BulkKind, BulkRow
from segue.hire.queries.letters_to_many import (
    Letter,
    applications_of_rows,
    picked_by,
    progress_of,
    reasons_of,
    who_has_one,
    written_to,
)
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.kit.queue import enqueue

PIECE = 500


@action("hire.prepare_letters")
def prepare_letters(selection: Selection, *, by: Actor) -> BulkAction:
    """Write down to whom somebody means to write; nobody is written to yet. Raises NotAllowed, Invalid."""
    named_human(by)
    if not by.is_talent_team:
        raise NotAllowed(_("Only the talent team begins conversations."))
    keys = selected_keys(selection, by)
    bulk = begin_bulk(BulkKind.MESSAGE, {}, len(keys), 0, by=by)
    bulk.done_at = None
    bulk.save(update_fields=["done_at"])
    rows = [BulkRow(bulk=bulk, application_id=key) for key in sorted(keys)]
    BulkRow.objects.bulk_create(rows, batch_size=2000)
    return bulk


@action("hire.draft_letters")
def draft_letters(bulk: BulkAction, *, secret_letter: Letter, by: Actor) -> BulkAction:
    """Keep what is to be written, once every place in it is one that can be filled.

    Raises Invalid, NotFound for somebody else's, Conflict for one that was sent.
    """
    row = _own(bulk, by)
    if row.done_at is not None:
        raise Conflict(_("This letter was sent already."), remedy=_("Load the page again."))
    letter = checked(secret_letter, by)
    row.what = {"letter": letter.as_kept(), "subject": without_places(letter.subject)}
    row.save(update_fields=["what"])
    return row


def checked(letter: Letter, by: Actor) -> Letter:
    """Return the letter tidied and signed. Raises Invalid for what no letter may be."""
    tidy = replace(
        letter,
        subject=" ".join(letter.subject.replace("\x00", "").split())[:LONGEST_SUBJECT],
        text=letter.text.replace("\x00", "").strip(),
        sender=by.name,
        signature=signature_of(by),
    )
    check_letter(tidy.subject, tidy.text, send_at=tidy.send_at)
    if tidy.language and tidy.language not in dict(settings.LANGUAGES):
        raise Invalid(
            _("There is no such language."), field="language", remedy=_("Choose one from the list.")
        )
    same_for_all = {"sender": by.name, "employer": settings.EMPLOYER_NAME}
    for place in tidy.places & same_for_all.keys():
        fill_in(f"{{{{ {place} }}}}", same_for_all)
    return tidy


@action("hire.send_letters")
def send_letters_of(bulk: BulkAction, *, by: Actor) -> BulkAction:
    """Send what was looked at: whoever gets none is written down with the reason, the rest is a job's.

    It leaves after five minutes, or at the time that was set. Pressed twice it is sent once. Raises NotFound
    for somebody else's, Conflict where it was taken back or nobody would get it, Invalid for a time now past.
    """
    row = _own(bulk, by)
    if row.undone_at is not None:
        raise Conflict(_("This letter was taken back."), remedy=_("Pick them again, and write another."))
    if row.done_at is not None:
        return row
    letter = checked(Letter.of(row), by)
    reasons = reasons_of(picked_by(row), letter)
    getting = sum(not why for why in reasons.values())
    if not getting:
        raise Conflict(
            _("Nobody would get this letter."), remedy=_("See why, and change it or whom you pick.")
        )
    _mark_left(reasons)
    at = clock.now()
    goes_at = letter.send_at or at + TIME_TO_UNDO
    row.what |= {"letter": letter.as_kept(), "at": goes_at.isoformat()}
    row.done_at, row.count, row.skipped = at, getting, len(reasons) - getting
    row.save(update_fields=["what", "done_at", "count", "skipped"])
    _promise_piece(row.pk, after=0)
    return row


@action("hire.write_letters")
def write_piece(bulk: BulkAction, *, after: int, by: Actor) -> int:
    """Write the letters of the next rows behind `after`, and promise the piece that follows.

    Who withdrew, or was merged into somebody who has theirs, since it was sent gets none. Nothing is written
    once it was taken back.
    """
    row = BulkAction.objects.select_for_update().get(pk=bulk.pk)
    if row.done_at is None or row.undone_at is not None:
        return 0
    behind = BulkRow.objects.filter(bulk=row, pk__gt=after).order_by("pk")
    piece = dict(behind.values_list("pk", "after")[:PIECE])
    pending = [key for key, became in piece.items() if not became]
    written = _write(row, pending, by=by) if pending else 0
    if len(piece) == PIECE:
        _promise_piece(row.pk, after=max(piece))
    return written


def _write(bulk: BulkAction, row_ids: Sequence[int], *, by: Actor) -> int:
    letter = Letter.of(bulk)
    picked = picked_by(bulk, only=row_ids)
    humans = {one.row_id: one.human_id for one in picked}
    reasons = reasons_of(picked, letter)
    have = who_has_one(bulk, humans.values())
    reasons |= {key: "twice" for key, human in humans.items() if not reasons[key] and human in have}
    left = _mark_left(reasons)
    if left:
        bulk.count, bulk.skipped = bulk.count - left, bulk.skipped + left
        bulk.save(update_fields=["count", "skipped"])
    going = [key for key, why in reasons.items() if not why]
    ids = {key: id_of_letter(bulk.pk, humans[key]) for key in going}
    found = applications_of_rows(going)
    drafts = []
    for key in going:
        said = written_to(found[key], letter)
        about = f"application:{said.application.pk}"
        drafts.append(Draft(ids[key], said.person, said.application.job_id, about, said.subject, said.text))
    goes_at = max(datetime.fromisoformat(bulk.what["at"]), clock.now() + timedelta(seconds=UNDO_S))
    _mark("message", {key: str(letter_id) for key, letter_id in ids.items()})
    return send_letters(drafts, author_id=bulk.by_account_id, send_at=goes_at, by=by) if drafts else 0


@action("hire.take_back_letters")
def take_back_letters(bulk: BulkAction, *, by: Actor) -> BulkAction:
    """Take back every letter that has not left; `kept` counts those that had, and `count` stays as it was.

    Raises NotAllowed for anybody but who sent it and administrators, Conflict where nothing waits any more.
    """
    named_human(by)
    row = BulkAction.objects.select_for_update().get(pk=bulk.pk)
    if row.by_account_id != by.account_id and by.role.value != "administrator":
        raise NotAllowed(_("Only who did this takes it back."))
    if row.done_at is None or row.undone_at is not None:
        raise Conflict(_("This cannot be taken back any more."), remedy=_("Load the page again."))
    rows = BulkRow.objects.filter(bulk=row)
    ids = [
        uuid.UUID(each)
        for each in rows.filter(after__has_key="message").values_list("after__message", flat=True)
    ]
    back = unwrite_letters(ids, by=by)
    pending = rows.filter(after={})
    if not back and not pending.exists():
        raise Conflict(
            _("Every one of these letters has left already."), remedy=_("Write another that puts it right.")
        )
    pending.update(after={"back": True})
    rows.filter(after__message__in=[str(each) for each in back]).update(after={"back": True})
    left = progress_of([row])[row.pk]
    row.undone_at, row.kept = clock.now(), left.gone + left.failed
    row.save(update_fields=["undone_at", "kept"])
    return row


def _own(bulk: BulkAction, by: Actor) -> BulkAction:
    named_human(by)
    row = BulkAction.objects.select_for_update().filter(pk=bulk.pk, by_account_id=by.account_id).first()
    if row is None or row.kind != BulkKind.MESSAGE:
        raise NotFound(_("There is no such letter of yours."))
    return row


def _promise_piece(bulk_id: uuid.UUID, *, after: int) -> None:
    enqueue("hire.write_letters", unique_key=f"letters:{bulk_id}:{after}", bulk_id=str(bulk_id), after=after)


def _mark_left(reasons: Mapping[int, str]) -> int:
    left = {key: why for key, why in reasons.items() if why}
    _mark("left", left)
    return len(left)


def _mark(name: str, values: Mapping[int, str]) -> None:
    """Write beside each row what became of it, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE hire_bulkrow r SET after = jsonb_build_object(%s::text, v.said)"
            " FROM unnest(%s::bigint[], %s::text[]) AS v (id, said) WHERE r.id = v.id",
            [name, list(values), list(values.values())],
        )
