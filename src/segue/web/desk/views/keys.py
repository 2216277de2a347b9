"""API keys: which programs may come in, and what each may do."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from segue.kit import clock
from segue.kit.errors import Conflict, Invalid, SegueError
from segue.trust.actions.keys import UNDO, make_key, restore_key, revoke_key, rotate_key
from segue.trust.queries.accounts import account_of
from segue.trust.queries.keys import key_by_id, keys_visible_to
from segue.trust.scopes import SCOPES
from segue.web.actors import actor_of
from segue.web.desk.doors import administrators, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast

LISTED = 200
TERMS = (
    ("365", _lazy("one year")),
    ("90", _lazy("90 days")),
    ("30", _lazy("30 days")),
    ("", _lazy("no end")),
)
GRACES_H = (
    (24, _lazy("one day")),
    (168, _lazy("one week")),
    (1, _lazy("one hour")),
    (0, _lazy("not at all")),
)


@administrators
def keys_page(request: HttpRequest) -> HttpResponse:
    """List the keys with what each opens and when it last did; make a new one."""
    return _page(request)


def _page(
    request: HttpRequest, *, fresh: tuple[Any, str] | None = None, refused: SegueError | None = None
) -> HttpResponse:
    rows = list(keys_visible_to(actor_of(request))[:LISTED])
    answer = desk_page(
        request,
        "keys",
        "settings",
        tab="keys",
        rows=rows,
        may_return={row.pk for row in rows if row.revoked_at and row.revoked_at > clock.now() - UNDO},
        now=clock.now(),
        scopes=SCOPES.items(),
        terms=TERMS,
        graces=GRACES_H,
        fresh=fresh,
        refused=refused,
        refused_words=in_words(refused) if refused else "",
        typed=request.POST if refused else {"days": "365", "limit": "600"},
        typed_scopes=request.POST.getlist("scopes") if refused else [],
        status=refused.http_status if refused else 200,
    )
    if fresh:
        add_never_cache_headers(answer)
    return answer


@administrators
@posts_only
def key_new(request: HttpRequest) -> HttpResponse:
    """Make a key and show its secret, this once, in the answer itself."""
    actor = actor_of(request)
    days, limit = request.POST.get("days", ""), request.POST.get("limit", "600")
    try:
        fresh = make_key(
            request.POST.get("name", ""),
            scopes=request.POST.getlist("scopes"),
            owner=account_of(actor),
            days=_whole(days) if days else None,
            limit_per_min=_whole(limit),
            by=actor,
        )
    except Invalid as refused:
        return _page(request, refused=refused)
    return _page(request, fresh=fresh)


@administrators
@posts_only
def key_rotate(request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
    """Give a key a new secret and show it, this once; the old one opens as long as was said."""
    actor = actor_of(request)
    try:
        key = key_by_id(actor, key_id)
        secret = rotate_key(key, grace_h=_whole(request.POST.get("grace_h", "24")), by=actor)
    except (Invalid, Conflict) as refused:
        leave_toast(request, Toast(in_words(refused), refused=True))
        return SeeOther(reverse("desk:keys"))
    return _page(request, fresh=(key, secret))


@administrators
@posts_only
def key_revoke(request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
    """End a key at once, or bring it back within the hour."""
    actor = actor_of(request)

    def deed() -> Toast:
        key = key_by_id(actor, key_id)
        if request.POST.get("do") == "restore":
            restore_key(key, by=actor)
            return Toast(_("“%s” opens again.") % key.name, request.path, {"do": "revoke"})
        revoke_key(key, by=actor)
        return Toast(_("“%s” opens nothing any more.") % key.name, request.path, {"do": "restore"})

    return do_and_return(request, reverse("desk:keys"), deed)


def _whole(said: str) -> int:
    """Read a whole number; anything else is one that every check refuses."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else -1
