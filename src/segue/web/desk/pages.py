"""Rendering a desk page: its place in the menu, the waiting toast, the next page of a list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from segue.kit.actor import Actor, Role
from segue.learn.queries.registry import sees_models
from segue.listen.queries.tally import sees_figures
from segue.web.actors import actor_of
from segue.web.desk.doors import HIRING_TEAM, POSTS_ONLY, page_above
from segue.web.desk.toast import take_toast

PAGE_SIZE = 50


def desk_page(
    request: HttpRequest, template: str, here: str, /, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a whole page; `here` is the menu entry it belongs to."""
    context |= {
        "here": here,
        "menu": menu_for(actor_of(request)),
        "toast": take_toast(request),
        "this_page": _this_page(request),
    }
    return render(request, f"desk/{template}.html", context, status=status)


def _this_page(request: HttpRequest) -> str:
    """Return where a form on this page should lead back to: never to an address that only takes POST."""
    if request.method == "GET":
        return request.get_full_path()
    return page_above(request.path) if POSTS_ONLY in request.META else request.path


def menu_for(actor: Actor) -> list[tuple[str, Any, str]]:
    """Return the (address name, title, shortcut letter) entries this role can open."""
    entries = [("home", _("Today"), "t")]
    entries.append(("jobs", _("Jobs"), "j"))
    if actor.finds_people:
        entries.append(("people", _("People"), "p"))
    if actor.is_talent_team:
        entries.append(("segments", _("Segments"), "e"))
        entries.append(("playlists", _("Playlists"), "l"))
        entries.append(("reviews", _("Reviews"), "r"))
    elif actor.role is Role.ANALYST:
        entries.append(("segments", _("Segments"), "e"))
    if may_decide(actor):
        entries.append(("offers", _("Offers"), "o"))
        entries.append(("inbox", _("Letters"), "i"))
    if sees_figures(actor):
        entries.append(("listening", _("Listening"), "h"))
    if sees_models(actor):
        entries.append(("models", _("Models"), "m"))
    if actor.role is Role.AUDITOR:  # administrators find it among the settings
        entries.append(("audit", _("Audit"), "a"))
    if actor.role is Role.ADMINISTRATOR:
        entries.append(("settings", _("Settings"), "s"))
    return entries


def may_see_applicants(actor: Actor) -> bool:
    """Say whether a job's title leads to its applicants, or is only a title."""
    return actor.role in HIRING_TEAM


def may_decide(actor: Actor) -> bool:
    """Say whether this colleague moves and decides applications, or only reads them."""
    return actor.is_talent_team or actor.role is Role.HIRING_MANAGER


def next_page(request: HttpRequest, next_after: str) -> str:
    """Return the address of the next page with the filters kept, or nothing at the end."""
    if not next_after:
        return ""
    kept = {key: value for key, value in request.GET.items() if key != "after" and value}
    return f"{request.path}?{urlencode(kept | {'after': next_after})}"
