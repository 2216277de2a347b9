"""Who may send events, and how a key is told from another. Keys themselves are nowhere: only digests."""

from __future__ import annotations

import hashlib

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotFound
from segue.listen.models import Source, WriteKey

MINDERS = frozenset({Role.ADMINISTRATOR, Role.MACHINE})
NAMED_AT_MOST = 12  # so many sources an error names, to help with a typing slip


def key_digest(key: str) -> str:
    """Return what we keep of a write key: its SHA-256, in hex. Keys are random, so no salt is needed."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def minds_sources(actor: Actor) -> bool:
    """Say whether this actor looks after sources: their keys, and what was refused."""
    return actor.role in MINDERS


def sources_visible_to(actor: Actor) -> QuerySet[Source]:
    """Return the sources this actor looks after, each with its keys; others see none."""
    rows = Source.objects.prefetch_related(Prefetch("keys", WriteKey.objects.order_by("-id"))).order_by(
        "name"
    )
    return rows if minds_sources(actor) else rows.none()


def source_for(actor: Actor, id_or_name: int | str) -> Source:
    """Return one source by id or by name; raise NotFound that names the ones there are."""
    wanted = str(id_or_name).strip()
    rows = sources_visible_to(actor)
    is_id = wanted.isascii() and wanted.isdigit() and len(wanted) < 19
    found = rows.filter(Q(pk=int(wanted)) if is_id else Q(name=wanted)).first()
    if found is None:
        names = list(rows.values_list("name", flat=True)[: NAMED_AT_MOST + 1])
        raise NotFound(
            _("There is no source %(name)r.") % {"name": wanted[:60]}, field="source", remedy=_known(names)
        )
    return found


def key_for(actor: Actor, source_id: int, key_id: int | str) -> WriteKey:
    """Return one of a source's keys, or say it is not there."""
    keys = source_for(actor, source_id).keys.all()
    found = next((key for key in keys if str(key.pk) == str(key_id)), None)
    if found is None:
        raise NotFound(_("This source has no such key."), field="key", remedy=_("Reload the page."))
    return found


def source_of_key(key: str) -> Source | None:
    """Return the source a key opens now: neither of them ended. One question."""
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
    rows = WriteKey.objects.filter(alive, digest=key_digest(key), source__retired_at__isnull=True)
    row = rows.select_related("source").first()
    return row.source if row else None


def _known(names: list[str]) -> str:
    if not names:
        return _("Make one: segue source create NAME")
    more = " …" if len(names) > NAMED_AT_MOST else ""
    return _("There are: %(names)s.") % {"names": ", ".join(names[:NAMED_AT_MOST]) + more}
