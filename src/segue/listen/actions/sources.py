"""Letting something send events: making sources, and their keys' lives. A key is shown once, here."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.listen.models import ConsentBasis, Source, SourceKind, WriteKey
from segue.listen.queries.origins import read_origins
from segue.listen.queries.sources import key_digest, minds_sources

PRODUCT = "product"  # the name of our own pages as a source
NAME_LENGTH = 60
MOST_PER_S = 1_000_000
MOST_GRACE_H = 24 * 30
UNDO = timedelta(hours=24)  # so long an ended key can be brought back
_MARKS = {SourceKind.PRODUCT: "sgp_", SourceKind.BROWSER: "sgb_", SourceKind.SERVER: "sgs_"}
_BY_ITSELF = Actor.machine("segue")


def create_source(
    *,
    name: str,
    kind: str = SourceKind.BROWSER,
    origins: Sequence[str] = (),
    consent: str = ConsentBasis.CARRIED,
    limit_per_s: int = 10_000,
    by: Actor,
) -> tuple[Source, str]:
    """Make a source with its first key; return both: the key can never be read again.

    Raises NotAllowed unless an administrator or our own command asks, Invalid for a name, kind,
    origin, consent or limit out of form, Conflict where the name is taken.
    """
    key = new_write_key(kind)
    source = _add_source(
        name=_clean_name(name),
        kind=_not_ours(kind),
        origins=_origins_for(kind, origins),
        consent=_clean_consent(consent),
        limit_per_s=_clean_limit(limit_per_s),
        secret_key=key,
        by=by,
    )
    return source, key


@action("listen.create_source")
def _add_source(
    *, name: str, kind: str, origins: list[str], consent: str, limit_per_s: int, secret_key: str, by: Actor
) -> Source:
    _minders_only(by)
    try:
        with transaction.atomic():
            source = Source.objects.create(
                name=name, kind=kind, origins=origins, consent=consent, limit_per_s=limit_per_s
            )
    except IntegrityError:
        raise Conflict(
            _("There is a source named %(name)r already.") % {"name": name},
            field="name",
            remedy=_("Choose another name, or rotate the key of the one there is."),
        ) from None
    _add_key(source, secret_key)
    return source


def rotate_key(source: Source, *, grace_h: float = 24, by: Actor) -> str:
    """Give a source a new key and return it, once; the keys before live `grace_h` hours more.

    Raises NotAllowed, Invalid for a grace out of range, Conflict for a retired source or our own pages'.
    """
    if not 0 <= grace_h <= MOST_GRACE_H:
        raise Invalid(
            _("The old key can live 0 to %(hours)d hours more.") % {"hours": MOST_GRACE_H}, field="grace_h"
        )
    key = new_write_key(source.kind)
    _rotate(source, grace_h=grace_h, secret_key=key, by=by)
    return key


@action("listen.rotate_key")
def _rotate(source: Source, *, grace_h: float, secret_key: str, by: Actor) -> None:
    _minders_only(by)
    _changeable(Source.objects.select_for_update().get(pk=source.pk))
    until = clock.now() + timedelta(hours=grace_h)
    older = Q(expires_at__isnull=True) | Q(expires_at__gt=until)
    WriteKey.objects.filter(older, source=source).update(expires_at=until)
    _add_key(source, secret_key)


@action("listen.revoke_key")
def revoke_key(key: WriteKey, *, by: Actor) -> WriteKey:
    """End a key at once. Raises NotAllowed, Conflict where it has ended or is our own pages'."""
    _minders_only(by)
    key = WriteKey.objects.select_for_update(of=("self",)).select_related("source").get(pk=key.pk)
    _changeable(key.source)
    if key.expires_at is not None and key.expires_at <= clock.now():
        raise Conflict(_("This key has ended already."), field="key")
    key.expires_at = clock.now()
    key.save(update_fields=["expires_at"])
    return key


@action("listen.restore_key")
def restore_key(key: WriteKey, *, until: datetime | None = None, by: Actor) -> WriteKey:
    """Let a key that ended within the last day live on, until a moment or for good.

    Raises NotAllowed, Conflict where it ended longer ago: a key given up is not to be trusted again.
    """
    _minders_only(by)
    key = WriteKey.objects.select_for_update(of=("self",)).select_related("source").get(pk=key.pk)
    _changeable(key.source)
    if key.expires_at is not None and key.expires_at < clock.now() - UNDO:
        raise Conflict(
            _("This key ended more than a day ago."), field="key", remedy=_("Rotate: that makes a new one.")
        )
    key.expires_at = until
    key.save(update_fields=["expires_at"])
    return key


@action("listen.edit_source")
def edit_source(
    source: Source,
    *,
    origins: Sequence[str] | None = None,
    consent: str | None = None,
    limit_per_s: int | None = None,
    by: Actor,
) -> Source:
    """Change what a source may do; None leaves a thing as it is. Raises NotAllowed, Invalid."""
    _minders_only(by)
    source = Source.objects.select_for_update().get(pk=source.pk)
    if origins is not None:
        source.origins = _origins_for(source.kind, origins)
    if consent is not None:
        source.consent = _clean_consent(consent)
    if limit_per_s is not None:
        source.limit_per_s = _clean_limit(limit_per_s)
    source.save(update_fields=["origins", "consent", "limit_per_s"])
    return source


@action("listen.retire_source")
def retire_source(source: Source, *, by: Actor) -> Source:
    """Hear nothing more from a source; what it said stays. Raises NotAllowed, Conflict for our own pages."""
    _minders_only(by)
    source = Source.objects.select_for_update().get(pk=source.pk)
    _changeable(source)
    source.retired_at = clock.now()
    source.save(update_fields=["retired_at"])
    return source


@action("listen.restore_source")
def restore_source(source: Source, *, by: Actor) -> Source:
    """Hear a retired source again, with the keys it had. Raises NotAllowed."""
    _minders_only(by)
    source = Source.objects.select_for_update().get(pk=source.pk)
    source.retired_at = None
    source.save(update_fields=["retired_at"])
    return source


def product_key() -> str:
    """Return the key our own pages send: the same in every process, from the site's secret, asking nobody.

    It opens nothing until `product_source()` has been called once; collectors do so when they start.
    """
    drawn = hmac.new(settings.SECRET_KEY.encode(), b"segue.listen.product-key", hashlib.sha256)
    return _MARKS[SourceKind.PRODUCT] + drawn.hexdigest()[:32]


def product_source() -> Source:
    """Return our own pages as a source, with its key known; made on first use, whoever races.

    Where the site's secret changed, the key before lives one more day: pages that are open still send it.
    """
    digest = key_digest(product_key())
    row = WriteKey.objects.filter(digest=digest).select_related("source").first()
    return row.source if row else _ensure_product(digest, by=_BY_ITSELF)


@action("listen.ensure_product_source")
def _ensure_product(digest: str, *, by: Actor) -> Source:
    source, _made = Source.objects.get_or_create(name=PRODUCT, defaults={"kind": SourceKind.PRODUCT})
    until = clock.now() + UNDO
    source.keys.filter(expires_at__isnull=True).exclude(digest=digest).update(expires_at=until)
    hint = _hint(product_key())
    WriteKey.objects.get_or_create(digest=digest, defaults={"source": source, "hint": hint})
    return source


def new_write_key(kind: str) -> str:
    """Draw a key: a mark that says what it is (sgb_ browser, sgs_ server), and 128 random bits in hex."""
    return _MARKS[_clean_kind(kind)] + secrets.token_hex(16)


def _add_key(source: Source, key: str) -> WriteKey:
    return WriteKey.objects.create(source=source, digest=key_digest(key), hint=_hint(key))


def _hint(key: str) -> str:
    return f"…{key[-4:]}"


def _minders_only(by: Actor) -> None:
    if not minds_sources(by):
        raise NotAllowed(
            _("Only an administrator decides who may send events."), remedy=_("Ask an administrator.")
        )


def _changeable(source: Source) -> None:
    """Refuse what would silence our own pages, or give a key to a source nobody hears."""
    if source.kind == SourceKind.PRODUCT:
        raise Conflict(
            _("This source is our own pages: its key follows the site's secret."),
            field="source",
            remedy=_("To change the key, change SEGUE_SECRET_KEY."),
        )
    if source.retired_at is not None:
        raise Conflict(_("This source is retired."), field="source", remedy=_("Restore it first."))


def _clean_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise Invalid(
            _("A source has a name of 1 to %(length)d characters.") % {"length": NAME_LENGTH}, field="name"
        )
    if name.isdigit() or name.casefold() == PRODUCT:
        raise Invalid(
            _("%(name)r cannot be a source's name.") % {"name": name},
            field="name",
            remedy=_("Say where the events come from, like career-site."),
        )
    return name


def _clean_kind(kind: str) -> SourceKind:
    if kind not in SourceKind.values:
        raise Invalid(_("No such kind of source."), field="kind", remedy=_("Use browser or server."))
    return SourceKind(kind)


def _not_ours(kind: str) -> str:
    if kind == SourceKind.PRODUCT:
        raise Invalid(
            _("Our own pages are a source already."), field="kind", remedy=_("Use browser or server.")
        )
    return kind


def _origins_for(kind: str, origins: Sequence[str]) -> list[str]:
    if _clean_kind(kind) is SourceKind.SERVER and origins:
        raise Invalid(
            _("A server has no origin: only browsers say one."),
            field="origins",
            remedy=_("Leave origins out, or make a browser source."),
        )
    return read_origins(origins)


def _clean_consent(consent: str) -> str:
    if consent not in ConsentBasis.values:
        raise Invalid(_("No such basis of consent."), field="consent", remedy=_("Use carried or assured."))
    return consent


def _clean_limit(limit_per_s: int) -> int:
    if not 1 <= limit_per_s <= MOST_PER_S:
        raise Invalid(
            _("A source may send 1 to %(most)d events a second.") % {"most": MOST_PER_S}, field="limit_per_s"
        )
    return limit_per_s
