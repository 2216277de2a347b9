"""API keys: made, rotated, revoked. A secret is returned once, to whoever asked, and kept nowhere."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.trust.models import Account, ApiKey
from segue.trust.queries.keys import MINDERS, secret_digest
from segue.trust.scopes import SCOPES

PREFIX = "segue_"  # so that scanners for leaked secrets can know one
UNDO = timedelta(hours=1)  # so long a revoked key can be brought back
MOST_PER_MIN = 6_000
LONGEST_GRACE_H = 24 * 30
USED_ONCE_A = timedelta(minutes=1)  # a busy key writes down its use no oftener


@action("trust.make_key")
def make_key(
    name: str,
    *,
    scopes: Sequence[str],
    owner: Account,
    by: Actor,
    days: int | None = 365,
    limit_per_min: int = 600,
) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, this once.

    Raises NotAllowed unless an administrator or our own command asks, Invalid for a bad name, scope,
    term or limit.
    """
    _minders_only(by)
    words = " ".join(name.split())
    if not 1 <= len(words) <= 80:
        raise Invalid(_("A key needs a name."), field="name", remedy=_("Say which program will use it."))
    _check_scopes(scopes)
    if days is not None and not 1 <= days <= 3650:
        raise Invalid(_("This is no length of time."), field="days", remedy=_("Use 1 to 3650 days."))
    if not 1 <= limit_per_min <= MOST_PER_MIN:
        remedy = _("Use 1 to %d a minute.") % MOST_PER_MIN
        raise Invalid(_("This is no limit."), field="limit_per_min", remedy=remedy)
    secret = _fresh_secret()
    key = ApiKey.objects.create(
        name=words,
        owner=owner,
        scopes=sorted(set(scopes)),
        limit_per_min=limit_per_min,
        hint=secret[-4:],
        digest=secret_digest(secret),
        expires_at=None if days is None else clock.now() + timedelta(days=days),
    )
    return key, secret


@action("trust.rotate_key")
def rotate_key(key: ApiKey, *, grace_h: float, by: Actor) -> str:
    """Give a key a new secret and return it, this once; the old one opens for `grace_h` hours more.

    Raises NotAllowed, Invalid for a grace out of range, Conflict for a key that has ended.
    """
    _minders_only(by)
    if not 0 <= grace_h <= LONGEST_GRACE_H:
        raise Invalid(
            _("This is no length of time."), field="grace_h", remedy=_("Use 0 to %d hours.") % LONGEST_GRACE_H
        )
    held = _held(key)
    if not held.is_alive():
        raise Conflict(_("This key has ended."), field="key", remedy=_("Make a new one."))
    secret, at = _fresh_secret(), clock.now()
    held.old_digest, held.old_hint = (held.digest, held.hint) if grace_h else (None, "")
    held.old_until = at + timedelta(hours=grace_h) if grace_h else None
    held.digest, held.hint = secret_digest(secret), secret[-4:]
    held.save(update_fields=["old_digest", "old_hint", "old_until", "digest", "hint"])
    return secret


@action("trust.revoke_key")
def revoke_key(key: ApiKey, *, by: Actor) -> ApiKey:
    """End a key at once; within an hour it can be brought back. Raises NotAllowed, Conflict."""
    _minders_only(by)
    held = _held(key)
    if held.revoked_at is not None:
        raise Conflict(_("This key is revoked already."), field="key", remedy=_("Nothing more to do."))
    held.revoked_at = clock.now()
    held.save(update_fields=["revoked_at"])
    return held


@action("trust.restore_key")
def restore_key(key: ApiKey, *, by: Actor) -> ApiKey:
    """Bring back a key revoked within the last hour. Raises NotAllowed, Conflict when it is too late."""
    _minders_only(by)
    held = _held(key)
    if held.revoked_at is None or held.revoked_at < clock.now() - UNDO:
        raise Conflict(
            _("This key cannot be brought back."), field="key", remedy=_("Make a new one with its scopes.")
        )
    held.revoked_at = None
    held.save(update_fields=["revoked_at"])
    return held


def note_use(key: ApiKey) -> None:
    """Write down that a key was used, at most once a minute; plumbing, and so without an audit line."""
    at = clock.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - USED_ONCE_A)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=at)


def _check_scopes(scopes: Sequence[str]) -> None:
    unknown = set(scopes) - set(SCOPES)
    if unknown or not scopes:
        raise Invalid(
            _("No such scope.") if unknown else _("A key without scopes opens nothing."),
            field="scopes",
            remedy=_("Choose among: %s.") % ", ".join(SCOPES),
        )


def _fresh_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def _held(key: ApiKey) -> ApiKey:
    return ApiKey.objects.select_for_update().get(pk=key.pk)


def _minders_only(by: Actor) -> None:
    if by.role not in MINDERS:
        raise NotAllowed(_("Only an administrator gives programs a way in."), remedy=_("Ask one."))
