"""Brands: the names jobs are offered under, each with its colour as it will be on light and dark."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.catalog.actions.brands import checked_accent, edit_brand, make_brand, retire_brand
from segue.catalog.models import Brand
from segue.catalog.queries.brands import brand_for, brands_listed
from segue.kit.errors import Invalid, SegueError
from segue.web.actors import actor_of
from segue.web.brands import shown
from segue.web.desk.doors import administrators, posts_only
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return, leave_toast


@administrators
def brands_page(request: HttpRequest) -> HttpResponse:
    """List them, the living first; a new one starts with a name and a colour."""
    return _list(request)


def _list(request: HttpRequest, refused: SegueError | None = None) -> HttpResponse:
    rows = [(brand, shown(brand.accent)) for brand in brands_listed(actor_of(request))]
    return desk_page(request, "brands", "settings", rows=rows, **_form(request, refused))


def _form(request: HttpRequest, refused: SegueError | None, brand: Brand | None = None) -> dict[str, Any]:
    kept = {"name": brand.name, "accent": brand.accent} if brand else {}
    typed = request.POST if request.method == "POST" else kept
    return {
        "tab": "brands",
        "typed": typed,
        "preview": shown(typed.get("accent", "")),
        "refused": refused,
        "status": refused.http_status if refused else 200,
    }


@administrators
@posts_only
def brand_new(request: HttpRequest) -> HttpResponse:
    """Make a brand, or only show what its colour would look like."""
    said = request.POST
    try:
        if said.get("do") == "preview":
            checked_accent(said.get("accent", ""))
            return _list(request)
        brand = make_brand(
            said.get("name", ""),
            accent=said.get("accent", ""),
            key=said.get("key", ""),
            by=actor_of(request),
        )
    except Invalid as refused:
        return _list(request, refused)
    undo = reverse("desk:brand_retire", args=[brand.key])
    made = _("“%s” is there. Give it to jobs in their editor.") % brand.name
    leave_toast(request, Toast(made, undo, {"retired": "1"}))
    return SeeOther(reverse("desk:brands"))


@administrators
def brand_page(request: HttpRequest, brand_key: str) -> HttpResponse:
    """Show one brand and change it; the toast holds what it was before."""
    actor = actor_of(request)
    brand = brand_for(actor, brand_key)
    if request.method != "POST":
        return _page(request, brand)
    said, before = request.POST, {"name": brand.name, "accent": brand.accent}
    try:
        if said.get("do") == "preview":
            checked_accent(said.get("accent", ""))
            return _page(request, brand)
        edit_brand(brand, name=said.get("name", ""), accent=said.get("accent", ""), by=actor)
    except Invalid as refused:
        return _page(request, brand_for(actor, brand_key), refused)
    leave_toast(request, Toast(_("Saved."), request.path, before))
    return SeeOther(reverse("desk:brands"))


def _page(request: HttpRequest, brand: Brand, refused: SegueError | None = None) -> HttpResponse:
    return desk_page(request, "brand", "settings", brand=brand, **_form(request, refused, brand))


@administrators
@posts_only
def brand_retire(request: HttpRequest, brand_key: str) -> HttpResponse:
    """Let its jobs appear under the house, or under the brand again."""
    actor, retired = actor_of(request), request.POST.get("retired") == "1"

    def deed() -> Toast:
        brand = retire_brand(brand_for(actor, brand_key), retired=retired, by=actor)
        gone = _("“%s” is retired. Its jobs appear under the company's own name.")
        text = gone if retired else _("“%s” is in use again.")
        return Toast(text % brand.name, request.path, {"retired": "0" if retired else "1"})

    return do_and_return(request, reverse("desk:brands"), deed)
