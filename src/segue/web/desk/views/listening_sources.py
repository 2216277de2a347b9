"""Who may send events: sources, their keys, and how they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, SegueError
from segue.listen.actions.sources import (
    UNDO,
    create_source,
    edit_source,
    restore_key,
    restore_source,
    retire_source,
    revoke_key,
    rotate_key,
)
from segue.listen.models import ConsentBasis, Source, SourceKind, WriteKey
from segue.listen.queries.rejected import rejected_since
from segue.listen.queries.sources import key_for, source_for, sources_visible_to
from segue.listen.queries.tally import HOURS, Heard, heard_by_source
from segue.web.actors import actor_of
from segue.web.desk.charts import columns
from segue.web.desk.doors import administrators, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.snippets import snippets_for
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast

DAY = timedelta(days=1)
LISTED_KEYS = 20
GRACES_H = (
    (24, _lazy("one day")),
    (168, _lazy("one week")),
    (1, _lazy("one hour")),
    (0, _lazy("not at all")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A source with how it does."""

    source: Source
    heard: Heard
    rejected: int
    chart: SafeString


@administrators
def sources_list(request: HttpRequest) -> HttpResponse:
    """List every source with what it sent lately; a new one starts with a name."""
    return _list(request)


def _list(request: HttpRequest, refused: SegueError | None = None) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    heard, rejected = heard_by_source(actor, at), rejected_since(actor, at - DAY)
    rows = [_line(source, heard, rejected) for source in sources_visible_to(actor)]
    return desk_page(
        request,
        "sources",
        "listening",
        tab="sources",
        rows=sorted(rows, key=lambda line: line.source.retired_at is not None),
        refused=refused,
        refused_words=in_words(refused) if refused else "",
        typed=request.POST,
        status=refused.http_status if refused else 200,
    )


def _line(source: Source, heard: dict[int | None, Heard], rejected: dict[int | None, int]) -> Line:
    own = heard.get(source.pk) or Heard()
    return Line(source, own, rejected.get(source.pk, 0), columns(own.by_hour))


@administrators
@posts_only
def source_new(request: HttpRequest) -> HttpResponse:
    """Make a source and show its key, this once, in the answer itself: nothing keeps it."""
    try:
        source, key = create_source(
            name=request.POST.get("name", ""),
            kind=request.POST.get("kind", SourceKind.BROWSER),
            origins=request.POST.get("origins", "").split(),
            by=actor_of(request),
        )
    except (Invalid, Conflict) as refused:
        return _list(request, refused)
    return _page(request, source_for(actor_of(request), source.pk), key=key)


@administrators
def source_page(request: HttpRequest, source_id: int) -> HttpResponse:
    """Show one source: how it does, its keys, what it may do, and lines to set a sender up with."""
    return _page(request, source_for(actor_of(request), source_id))


def _page(
    request: HttpRequest, source: Source, *, key: str = "", refused: SegueError | None = None
) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    line = _line(source, heard_by_source(actor, at), rejected_since(actor, at - DAY))
    hour = at.replace(minute=0, second=0, microsecond=0)
    hours = [hour - timedelta(hours=back) for back in range(HOURS)]
    answer = desk_page(
        request,
        "source",
        "listening",
        source=source,
        line=line,
        hours=list(zip(hours, line.heard.by_hour[::-1], strict=True)),
        key=key,
        keys=[(row, _may_return(row, at)) for row in source.keys.all()][:LISTED_KEYS],
        endpoint=settings.COLLECT_URL,
        snippets=snippets_for(source, key),
        graces=GRACES_H,
        typed=request.POST.dict() if refused else as_typed(source),
        bases=ConsentBasis.choices,
        refused=refused,
        refused_words=in_words(refused) if refused else "",
        is_ours=source.kind == SourceKind.PRODUCT,
        status=refused.http_status if refused else 200,
    )
    if key:
        add_never_cache_headers(answer)
    return answer


def _may_return(key: WriteKey, at: datetime) -> bool:
    return key.expires_at is not None and key.expires_at > at - UNDO


@administrators
@posts_only
def source_edit(request: HttpRequest, source_id: int) -> HttpResponse:
    """Change origins, consent or limit; undo puts the old ones back."""
    actor = actor_of(request)
    source = source_for(actor, source_id)
    before = as_typed(source)
    try:
        edit_source(source, by=actor, **_read_settings(request.POST))
    except Invalid as refused:
        return _page(request, source, refused=refused)
    leave_toast(request, Toast(_("Saved. Collectors know within seconds."), request.path, before))
    return SeeOther(reverse("desk:source", args=[source_id]))


def as_typed(source: Source) -> dict[str, str]:
    """Return a source's settings as its form has them."""
    return {
        "origins": "\n".join(source.origins),
        "consent": source.consent,
        "limit": str(source.limit_per_s),
    }


def _read_settings(form: QueryDict) -> dict[str, Any]:
    limit = form.get("limit", "").strip()
    if not (limit.isascii() and limit.isdigit() and len(limit) < 10):
        raise Invalid(_("The limit is a whole number."), field="limit_per_s", remedy=_("Write 10000."))
    return {
        "origins": form.get("origins", "").split(),
        "consent": form.get("consent", ""),
        "limit_per_s": int(limit),
    }


@administrators
@posts_only
def source_rotate(request: HttpRequest, source_id: int) -> HttpResponse:
    """Make a new key and show it, this once; the old one lives as long as was said."""
    actor = actor_of(request)
    source = source_for(actor, source_id)
    grace = request.POST.get("grace_h", "24")
    try:
        key = rotate_key(source, grace_h=int(grace) if grace.isdigit() else -1, by=actor)
    except (Invalid, Conflict) as refused:
        leave_toast(request, Toast(in_words(refused), refused=True))
        return SeeOther(reverse("desk:source", args=[source_id]))
    return _page(request, source_for(actor, source_id), key=key)


@administrators
@posts_only
def source_key(request: HttpRequest, source_id: int) -> HttpResponse:
    """End a key now, or let one that just ended live on, as it did before."""
    actor = actor_of(request)
    page = reverse("desk:source", args=[source_id])
    return do_and_return(request, page, lambda: _end_or_restore(request, actor, source_id))


def _end_or_restore(request: HttpRequest, actor: Actor, source_id: int) -> Toast:
    key = key_for(actor, source_id, request.POST.get("key", ""))
    fields = {"key": str(key.pk), "do": "restore", "until": ""}
    if request.POST.get("do") == "restore":
        restore_key(key, until=_until(request.POST.get("until", "")), by=actor)
        return Toast(_("The key opens again."), request.path, fields | {"do": "end"})
    if key.expires_at is not None:
        fields["until"] = key.expires_at.isoformat()
    revoke_key(key, by=actor)
    return Toast(_("The key has ended. Collectors know within seconds."), request.path, fields)


def _until(said: str) -> datetime | None:
    """Return when a key was to end; what is no moment with a zone means for good."""
    try:
        at = parse_datetime(said)
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


@administrators
@posts_only
def source_retire(request: HttpRequest, source_id: int) -> HttpResponse:
    """Hear nothing more from a source, or hear it again."""
    actor = actor_of(request)
    source = source_for(actor, source_id)

    def deed() -> Toast:
        if request.POST.get("retired") == "0":
            restore_source(source, by=actor)
            return Toast(_("It is heard again."), request.path, {"retired": "1"})
        retire_source(source, by=actor)
        return Toast(_("Retired: its keys open nothing."), request.path, {"retired": "0"})

    return do_and_return(request, reverse("desk:source", args=[source_id]), deed)
