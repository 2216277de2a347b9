"""What the audit lines can answer."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import NotAllowed
from segue.trust.models import AuditLine

READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
_NUMBERED = re.compile(r"\w+:[0-9a-f-]{1,36}|\(\d+ (?:characters|items)\)|\(erased\)")


def has_done(verb: str, subject: Model, *, by: Actor) -> bool:
    """Say whether this very account has done `verb` to this row before."""
    if by.account_id is None:
        return False
    return AuditLine.objects.filter(
        subject_type=type(subject).__name__, subject_id=str(subject.pk), verb=verb, actor_id=by.account_id
    ).exists()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the audit is asked for; empty means any. `actor` is an id or words of a colleague's name."""

    actor: str = ""
    subject: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Wanted:
        """Read an address's query; what cannot be read is left out."""
        plain = {
            name: said.get(name, "").replace("\x00", "").strip() for name in ("actor", "subject", "verb")
        }
        return cls(
            actor=plain["actor"][:100],
            subject=plain["subject"][:64],
            verb=plain["verb"][:80],
            since=_day(said.get("since", "")),
            until=_day(said.get("until", "")),
        )

    def as_query(self) -> str:
        pairs = [(name, getattr(self, name)) for name in ("actor", "subject", "verb", "since", "until")]
        return urlencode({name: str(value) for name, value in pairs if value})


def sees_audit(by: Actor) -> bool:
    """Say whether this actor reads who did what."""
    return by.role in READERS or by.is_machine


def audit_lines(by: Actor, wanted: Wanted) -> QuerySet[AuditLine]:
    """Return the lines asked for, in no order. Raises NotAllowed for all but administrators and auditors."""
    if not sees_audit(by):
        raise NotAllowed(_("Who did what is for administrators and auditors."))
    rows = AuditLine.objects.all()
    if wanted.actor:
        key = _uuid(wanted.actor)
        staff = [role.value for role in STAFF | {Role.API_CLIENT, Role.MACHINE}]
        by_name = Q(actor_name__icontains=wanted.actor, actor_role__in=staff)
        rows = rows.filter(Q(actor_id=key) if key else by_name)
    if wanted.subject:
        rows = rows.filter(subject_id=wanted.subject)
    if wanted.verb:
        rows = rows.filter(verb__startswith=wanted.verb)
    if wanted.since:
        rows = rows.filter(at__gte=datetime.combine(wanted.since, time.min, UTC))
    if wanted.until:
        rows = rows.filter(at__lt=datetime.combine(wanted.until, time.min, UTC) + timedelta(days=1))
    return rows


@dataclass(frozen=True, slots=True)
class Told:
    """A line as this reader may have it: an auditor sees deeds, not what they say of people."""

    line: AuditLine
    actor: str
    detail: dict[str, Any]


def told(line: AuditLine, by: Actor) -> Told:
    """Return a line for a reader. Auditors see candidates as such, and of the detail no words."""
    if by.role is not Role.AUDITOR:
        return Told(line, line.actor_name or line.actor_role, line.detail)
    is_staff = line.actor_role in {role.value for role in STAFF | {Role.API_CLIENT, Role.MACHINE}}
    actor = line.actor_name if is_staff and line.actor_name else line.actor_role
    return Told(line, actor, {name: _masked(value) for name, value in line.detail.items()})


def _masked(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and _NUMBERED.fullmatch(value):
        return value
    return f"({len(value)} characters)" if isinstance(value, str) else "(…)"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
