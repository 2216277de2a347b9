"""API keys: which there are, and whom one speaks for. The secrets are nowhere: only their digests."""

from __future__ import annotations

import hashlib
import uuid

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotFound
from segue.trust.models import ApiKey

MINDERS = frozenset({Role.ADMINISTRATOR, Role.MACHINE})


def secret_digest(secret: str) -> str:
    """Return what is kept of a secret: its SHA-256, in hex. Secrets are random, so no salt is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def keys_visible_to(actor: Actor) -> QuerySet[ApiKey]:
    """Return the keys, the living first, to administrators and our own commands; others see none."""
    rows = ApiKey.objects.select_related("owner").order_by("-revoked_at", "-pk")  # descending: nulls first
    return rows if actor.role in MINDERS else rows.none()


def key_by_id(actor: Actor, key_id: uuid.UUID | str) -> ApiKey:
    """Return one key by its id, or by its name where one living key has it. Raises NotFound."""
    try:
        wanted = Q(pk=uuid.UUID(str(key_id)))
    except ValueError:
        wanted = Q(name=str(key_id), revoked_at=None)
    found = keys_visible_to(actor).filter(wanted).first()
    if found is None:
        raise NotFound(_("There is no such key."), field="key", remedy=_("See: segue keys list"))
    return found


def key_of_secret(secret: str) -> ApiKey | None:
    """Return the living key a secret opens: its present one, or the one before within its grace."""
    at, digest = clock.now(), secret_digest(secret)
    opened = Q(digest=digest) | Q(old_digest=digest, old_until__gt=at)
    alive = Q(revoked_at=None, owner__is_active=True) & (Q(expires_at=None) | Q(expires_at__gt=at))
    return ApiKey.objects.filter(opened & alive).first()


def actor_of_key(key: ApiKey) -> Actor:
    """Return the program a key stands for: no colleague, whoever made it."""
    return Actor(
        role=Role.API_CLIENT, name=f"API key {key.name}", key_id=key.pk, scopes=frozenset(key.scopes)
    )
