"""One letter to many: written, looked at as two of them get it, sent, and watched."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localtime

from segue.engage.actions.templates import FIELDS
from segue.engage.queries.letters import template_for, templates_of
from segue.hire.actions.deciding import TIME_TO_UNDO
from segue.hire.actions.letters_to_many import draft_letters, send_letters_of
from segue.hire.models import Application, BulkAction
from segue.hire.queries.letters_to_many import (
    LEFT,
    Ground,
    Letter,
    Written,
    applications_of_rows,
    languages_of,
    letters_for,
    picked_by,
    progress_of,
    reasons_of,
    reasons_written_down,
    written_to,
)
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, SegueError
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.letter_words import typed_time
from segue.web.desk.list_words import deed_words
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words

NAMED = 20  # of those left out, for each reason
UNDO_MINUTES = int(TIME_TO_UNDO.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why some get no letter: in words, how many, and the first of them."""

    words: str | Promise
    count: int
    applications: list[Application]


@talent_team
def bulk_letter(request: HttpRequest, letters_id: uuid.UUID) -> HttpResponse:
    """Write the letter; what was typed is kept when something is refused."""
    actor = actor_of(request)
    bulk = letters_for(actor, letters_id, own=True)
    if bulk.done_at is not None:
        return SeeOther(reverse("desk:bulk_letter_check", args=[bulk.pk]))
    if request.method != "POST":
        return _form(request, bulk, _typed_before(Letter.of(bulk)))
    typed = {
        name: request.POST.get(name, "") for name in ("subject", "text", "ground", "language", "send_at")
    }
    try:
        if request.POST.get("do") == "fill":
            return _form(request, bulk, typed | _from_template(request, actor, typed))
        draft_letters(bulk, secret_letter=_read(typed), by=actor)
    except SegueError as error:
        return _form(request, bulk, typed, refusal=error)
    return SeeOther(reverse("desk:bulk_letter_check", args=[bulk.pk]))


def _typed_before(letter: Letter) -> dict[str, str]:
    at = letter.send_at
    return {
        "subject": letter.subject,
        "text": letter.text,
        "ground": str(letter.ground),
        "language": letter.language,
        "send_at": localtime(at).strftime("%Y-%m-%dT%H:%M") if at else "",
    }


def _read(typed: dict[str, str]) -> Letter:
    ground = Ground.NEWS if typed["ground"] == Ground.NEWS else Ground.APPLICATION
    at: datetime | None = typed_time(typed["send_at"])
    return Letter(typed["subject"], typed["text"], ground, typed["language"], at)


def _from_template(request: HttpRequest, actor: Actor, typed: dict[str, str]) -> dict[str, str]:
    """Put a kept letter before what was typed, its places still open: each person's fill them."""
    wanted = request.POST.get("template", "")
    if not wanted:
        return {}
    kept = template_for(actor, wanted)
    text = f"{kept.text}\n\n{typed['text'].strip()}".strip()
    return {"subject": typed["subject"].strip() or kept.subject, "text": text}


def _form(
    request: HttpRequest, bulk: BulkAction, typed: dict[str, str], refusal: SegueError | None = None
) -> HttpResponse:
    names = dict(settings.LANGUAGES)
    languages = [(key, names[key], count) for key, count in languages_of(picked_by(bulk)) if key in names]
    return desk_page(
        request,
        "bulk_letter",
        "jobs",
        status=refusal.http_status if refusal else 200,
        bulk=bulk,
        typed=typed,
        templates=list(templates_of(actor_of(request))),
        places=["{{ " + name + " }}" for name in FIELDS],
        languages=languages if len(languages) > 1 else [],
        minutes=UNDO_MINUTES,
        refusal=in_words(refusal) if refusal else "",
        refused=refusal.field if refusal else "",
    )


@talent_team
def bulk_letter_check(request: HttpRequest, letters_id: uuid.UUID) -> HttpResponse:
    """Show the letter as the first person gets it and as one more does, how many get none, and why."""
    actor = actor_of(request)
    bulk = letters_for(actor, letters_id)
    letter, is_own = Letter.of(bulk), bulk.by_account_id == actor.account_id
    if not letter.text:
        return SeeOther(reverse("desk:bulk_letter", args=[bulk.pk]) if is_own else reverse("desk:bulk"))
    is_sent = bulk.done_at is not None
    reasons = reasons_written_down(bulk) if is_sent else reasons_of(picked_by(bulk), letter)
    getting = [key for key, why in reasons.items() if not why]
    shown = _place(request.GET.get("person", ""), len(getting))
    return desk_page(
        request,
        "bulk_letter_check",
        "jobs",
        bulk=bulk,
        letter=letter,
        is_own=is_own,
        language=dict(settings.LANGUAGES).get(letter.language, ""),
        getting=len(getting),
        left=_left_out(reasons),
        left_count=len(reasons) - len(getting),
        previews=_previews(getting, shown, letter),
        another=shown + 1 if shown + 1 < len(getting) else 1,
        minutes=UNDO_MINUTES,
        goes_at=datetime.fromisoformat(bulk.what["at"]) if is_sent else letter.send_at,
        progress=progress_of([bulk])[bulk.pk] if is_sent else None,
    )


def _place(typed: str, count: int) -> int:
    """Which one more to show beside the first: 1, unless the address names another."""
    place = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 1
    return place if 0 < place < count else 1


def _previews(getting: list[int], other: int, letter: Letter) -> list[Written]:
    keys = [getting[at] for at in dict.fromkeys((0, other)) if at < len(getting)]
    found = applications_of_rows(keys)
    shown = []
    for key in keys:
        with suppress(Invalid):  # their name was taken out since it was sent
            shown.append(written_to(found[key], letter))
    return shown


def _left_out(reasons: dict[int, str]) -> list[LeftOut]:
    keys: dict[str, list[int]] = {}
    for key, why in reasons.items():
        keys.setdefault(why, []).append(key)
    named = applications_of_rows([key for why in LEFT for key in keys.get(why, ())[:NAMED]])
    return [
        LeftOut(words, len(keys[why]), [named[key] for key in keys[why][:NAMED] if key in named])
        for why, words in LEFT.items()
        if why in keys
    ]


@talent_team
@posts_only
def bulk_letter_send(request: HttpRequest, letters_id: uuid.UUID) -> HttpResponse:
    """Send it, in the name of who signed in."""
    actor = actor_of(request)

    def run() -> Toast:
        bulk = send_letters_of(letters_for(actor, letters_id, own=True), by=actor)
        return Toast(deed_words(bulk), reverse("desk:bulk_undo", args=[bulk.pk]))

    return do_and_return(request, reverse("desk:bulk_letter_check", args=[letters_id]), run)
