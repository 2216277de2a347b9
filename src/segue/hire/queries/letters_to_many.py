"""A letter to many: who gets it, who does not and why, how it reads for each, and how far it has come."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.models import Person
from segue.engage.actions.templates import check_words, fill_in
from segue.hire.models import Application, BulkAction, BulkKind, BulkRow, Outcome
from segue.hire.queries.holding import is_held
from segue.hire.queries.letter_values import values_of
from segue.hire.queries.teamwork import bulk_for
from segue.kit.actor import Actor
from segue.kit.errors import NotFound
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted_to

NAMES = frozenset({"name", "first_name"})  # what alone may be unknown of somebody who applied
SIGNED = "\n\n-- \n"


class Ground(StrEnum):
    """What a letter is about: the ground on which it may be written."""

    APPLICATION = "application"  # under way: that is ground enough
    NEWS = "news"  # other jobs, or events: only to who said yes to such letters


LEFT: dict[str, str | Promise] = {
    "withdrew": gettext_lazy("has withdrawn"),
    "settled": gettext_lazy("is decided already"),
    "held": gettext_lazy("is held, and nobody has let it in yet"),
    "no_yes": gettext_lazy("has not said yes to letters about jobs"),
    "no_address": gettext_lazy("has no e-mail address"),
    "no_name": gettext_lazy("has no name to put in"),
    "language": gettext_lazy("reads another language"),
    "twice": gettext_lazy("gets it for another application"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written to many, its places not filled in yet; who signs is set when it is sent."""

    subject: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    ground: Ground = Ground.APPLICATION
    language: str = ""  # only to who reads it; empty for all
    send_at: datetime | None = None
    sender: str = ""
    signature: str = field(default="", repr=False)

    @classmethod
    def of(cls, bulk: BulkAction) -> Letter:
        """Return the letter a deed keeps, or an empty one."""
        kept: dict[str, Any] = bulk.what.get("letter", {})
        at = kept.get("send_at")
        return cls(
            **kept
            | {
                "ground": Ground(kept.get("ground", Ground.APPLICATION)),
                "send_at": datetime.fromisoformat(at) if at else None,
            }
        )

    def as_kept(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return {
            "subject": self.subject,
            "text": self.text,
            "ground": str(self.ground),
            "language": self.language,
            "send_at": self.send_at.isoformat() if self.send_at else None,
            "sender": self.sender,
            "signature": self.signature,
        }

    @property
    def places(self) -> frozenset[str]:
        """The places it names. Raises Invalid for one that does not exist."""
        return check_words(self.subject, field="subject") | check_words(self.text, field="text")


class Picked(NamedTuple):
    """One row of a deed, and all that decides whether a letter goes there."""

    row_id: int
    human_id: uuid.UUID  # whoever it is now: two records that were merged are one human
    outcome: str
    is_held: bool
    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as one person gets it."""

    person: Person
    application: Application
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sent deed has come: how many of each, and of those left out, how many why."""

    waiting: int = 0  # not written yet, or written and not gone out
    gone: int = 0
    failed: int = 0
    back: int = 0
    left: dict[str, int] = field(default_factory=dict)


def letters_for(by: Actor, bulk_id: uuid.UUID, *, own: bool = False) -> BulkAction:
    """Return a letter to many: one's own, or any for an administrator, unless only `own` ones are meant.

    Raises NotFound.
    """
    bulk = bulk_for(by, bulk_id)
    if bulk.kind != BulkKind.MESSAGE or (own and bulk.by_account_id != by.account_id):
        raise NotFound(_("There is no such letter."))
    return bulk


def picked_by(bulk: BulkAction, only: Sequence[int] | None = None) -> list[Picked]:
    """Return whom a deed picked, in the order of its rows; `only` some of them."""
    rows = BulkRow.objects.filter(bulk=bulk).order_by("pk")
    rows = rows if only is None else rows.filter(pk__in=only)
    rows = rows.annotate(held=is_held("application_id"))
    names = ("pk", "application__outcome", "held")
    own = tuple(f"application__person__{name}" for name in ("pk", "email", "name", "locale"))
    other = tuple(f"application__person__merged_into__{name}" for name in ("pk", "email", "name", "locale"))
    return [_picked(*row) for row in rows.values_list(*names, *own, *other)]


def _picked(pk: int, outcome: str, held: bool, *people: Any) -> Picked:
    human, email, name, locale = people[4:] if people[4] is not None else people[:4]
    return Picked(pk, human, outcome, held, email or "", name, language_of(locale))


def language_of(locale: str) -> str:
    """Return the language of a locale: "de" of "de-AT"."""
    return locale.lower().replace("_", "-").partition("-")[0]


def reasons_of(picked: Sequence[Picked], letter: Letter) -> dict[int, str]:
    """Say of each row why no letter goes there; empty where one does. One human gets it once."""
    said_yes: dict[uuid.UUID, frozenset[str]] = {}
    if letter.ground == Ground.NEWS:
        said_yes = purposes_granted_to({one.human_id for one in picked})
    named = bool(letter.places & NAMES)
    got: set[uuid.UUID] = set()
    found = {}
    for one in picked:
        why = _why_not(one, letter, named=named, said_yes=said_yes)
        if not why and one.human_id in got:
            why = "twice"
        if not why:
            got.add(one.human_id)
        found[one.row_id] = why
    return found


def _why_not(one: Picked, letter: Letter, *, named: bool, said_yes: dict[uuid.UUID, frozenset[str]]) -> str:
    about_it = letter.ground == Ground.APPLICATION
    if about_it and one.outcome == Outcome.WITHDRAWN:
        return "withdrew"
    if about_it and one.outcome != Outcome.OPEN:
        return "settled"
    checks = (
        ("held", one.is_held),
        ("no_yes", not about_it and Purpose.CONTACT not in said_yes.get(one.human_id, ())),
        ("no_address", not one.email.strip()),
        ("no_name", named and not one.name.strip()),
        ("language", bool(letter.language) and one.language != letter.language),
    )
    return next((why for why, holds in checks if holds), "")


def reasons_written_down(bulk: BulkAction) -> dict[int, str]:
    """Return of a sent deed's rows why each got no letter; empty where it does or did."""
    rows = BulkRow.objects.filter(bulk=bulk).order_by("pk").values_list("pk", "after")
    return {key: became.get("left", "") for key, became in rows}


def applications_of_rows(row_ids: Sequence[int]) -> dict[int, Application]:
    """Return the applications of a deed's rows, with all that a letter says of them."""
    rows = BulkRow.objects.filter(pk__in=row_ids)
    rows = rows.select_related("application__job__brand", "application__person__merged_into")
    return {row.pk: row.application for row in rows}


def written_to(application: Application, letter: Letter) -> Written:
    """Return the letter as this person gets it. Raises Invalid where a place cannot be filled."""
    person = application.person.merged_into or application.person
    values = values_of(person, job=application.job, about=application, sender=letter.sender)
    subject = " ".join(fill_in(letter.subject, values, field="subject").split())[:200]
    text = fill_in(letter.text, values)
    return Written(
        person, application, subject, f"{text}{SIGNED}{letter.signature}" if letter.signature else text
    )


_HAVE_ONE = """
SELECT m.person_id FROM hire_bulkrow r JOIN engage_message m ON m.id = (r.after ->> 'message')::uuid
WHERE r.bulk_id = %s AND m.person_id = ANY(%s)
"""


def who_has_one(bulk: BulkAction, human_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return who of these has a letter of this deed, also one written to a record now merged into them."""
    with connection.cursor() as cursor:
        cursor.execute(_HAVE_ONE, [bulk.pk, list(human_ids)])
        return {key for (key,) in cursor.fetchall()}


def languages_of(picked: Iterable[Picked]) -> list[tuple[str, int]]:
    """Return which languages these people read and how many each, the most read first."""
    return Counter(one.language for one in picked).most_common()


# Each row of a deed is in exactly one of these states, so that they always add up to how many were picked.
_STATES = """
SELECT r.bulk_id, CASE
    WHEN r.after ? 'left' THEN r.after ->> 'left'
    WHEN r.after ? 'back' OR m.state = 'cancelled' THEN ':back'
    WHEN m.state IN ('sent', 'outbox') THEN ':gone'
    WHEN m.state = 'failed' THEN ':failed'
    ELSE ':waiting' END AS state, count(*)
FROM hire_bulkrow r LEFT JOIN engage_message m ON m.id = (r.after ->> 'message')::uuid
WHERE r.bulk_id = ANY(%s) GROUP BY 1, 2
"""


def progress_of(bulks: Iterable[BulkAction]) -> dict[uuid.UUID, Progress]:
    """Return how far each of these letters has come, in one query."""
    ids = [bulk.pk for bulk in bulks if bulk.kind == BulkKind.MESSAGE]
    counts: dict[uuid.UUID, dict[str, int]] = {key: {} for key in ids}
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_STATES, [ids])
            for key, state, count in cursor.fetchall():
                counts[key][state] = count
    return {key: _progress(each) for key, each in counts.items()}


def _progress(counts: dict[str, int]) -> Progress:
    ours = {name: counts.get(f":{name}", 0) for name in ("waiting", "gone", "failed", "back")}
    return Progress(**ours, left={why: counts[why] for why in LEFT if counts.get(why)})
