"""Template tags both doors use: icons, covers, pay, places, times, names."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format, get_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _

from segue.web.covers import cover_art, cover_grounds
from segue.web.icons import ICONS
from segue.web.places import country_name
from segue.web.quoting import Piece

register = template.Library()
_LRI, _FSI, _PDI = "\u2066", "\u2068", "\u2069"  # isolates: what they hold turns nothing around it
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "INR": "₹", "JPY": "¥", "BRL": "R$"}


@lru_cache(maxsize=16)
def integrity(path: str) -> str:
    """Return the digest by which a browser checks that a static file is the one we meant.

    Raises FileNotFoundError for a path that is no static file.
    """
    found = finders.find(path)
    if found is None:
        raise FileNotFoundError(path)
    digest = hashlib.sha384(Path(found).read_bytes()).digest()
    return f"sha384-{base64.b64encode(digest).decode()}"


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Draw an icon; it is decoration, so the words beside it must carry the meaning."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        extra,
        mark_safe(ICONS[name]),  # noqa: S308 - our own drawing
    )


@register.simple_tag
def cover(job: Any, extra: str = "") -> SafeString:
    """Draw a job's cover art; needs {% cover_defs %} once on the page."""
    art = cover_art(str(job.pk), job.department, job.occupation)
    return format_html(
        '<div class="cover {}"><svg viewBox="0 0 100 100" aria-hidden="true" focusable="false">'
        "{}</svg></div>",
        extra,
        mark_safe(art),  # noqa: S308 - drawn from numbers, no text of anybody's in it
    )


@register.simple_tag
def cover_defs() -> SafeString:
    """Put the gradients all covers share on the page, once."""
    return format_html(
        '<svg class="cover-defs" aria-hidden="true" focusable="false"><defs>{}</defs></svg>',
        mark_safe(cover_grounds()),  # noqa: S308 - our own drawing
    )


def money(amount: Decimal | str, currency: str) -> str:
    """Write an amount as the reader's language does, with its sign or code where there is a currency."""
    return _with_sign(_figures(amount), currency)


def _figures(amount: Decimal | str) -> str:
    exact = Decimal(amount)
    has_cents = exact != exact.to_integral_value() and exact < 1000
    if not get_format("NUMBER_GROUPING"):  # Arabic, for Django; a long figure is hard to read without
        return f"{exact:,.2f}" if has_cents else f"{exact:,.0f}"
    return number_format(f"{exact:.2f}" if has_cents else f"{exact:.0f}", use_l10n=True, force_grouping=True)


def _with_sign(figures: str, currency: str) -> str:
    if not currency:
        return figures
    sign = _SIGNS.get(currency, f"{currency} ")
    return (pgettext("money", "%(sign)s%(figures)s") % {"sign": sign, "figures": figures}).strip()


def _in_order(range_: str) -> str:
    """Keep the lower figure before the higher one where the page runs from right to left."""
    return f"{_LRI}{range_}{_PDI}" if get_language_bidi() else range_


@register.filter
def pay(job: Any) -> str:
    """Say the pay with its currency and period, or nothing where it is not known."""
    low, high = job.pay_min, job.pay_max
    if low is None and high is None:
        return ""
    if low is None:
        words = _("up to %(pay)s") % {"pay": money(high, job.pay_currency)}
    elif high is None:
        words = _("from %(pay)s") % {"pay": money(low, job.pay_currency)}
    elif low == high:
        words = money(low, job.pay_currency)
    else:
        words = _in_order(_with_sign(f"{_figures(low)} – {_figures(high)}", job.pay_currency))
    period = str(job.get_pay_period_display()) if job.pay_period else ""
    return f"{words} {period}".strip()


@register.filter
def place(row: Any) -> str:
    """Say where: city and country, as far as known."""
    parts = [part for part in (row.city, country_name(row.country) if row.country else "") if part]
    if not get_language_bidi():
        return ", ".join(parts)
    # A town in Latin letters must not turn the order round: the country follows it all the same.
    return "\N{RIGHT-TO-LEFT MARK}" + "، ".join(f"{_FSI}{part}{_PDI}" for part in parts) if parts else ""


@register.filter
def country(code: str) -> str:
    return country_name(code or "")


@register.filter
def initials(name: str) -> str:
    """Return up to two first letters of a name in any alphabet."""
    words = [word for word in (name or "").split() if word[0].isalnum()]
    picked = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0] for word in picked).upper() or "?"


@register.simple_tag
def when(at: datetime | None, *, with_time: bool = False) -> SafeString:
    """Show a moment in the reader's own time zone, with the machine-readable one beside it."""
    if at is None:
        return SafeString("")
    local = timezone.localtime(at)
    words = date_format(local, _("j F Y, H:i") if with_time else _("j F Y"))
    zone = f" {local.tzname()}" if with_time else ""
    return format_html('<time datetime="{}">{}{}</time>', at.isoformat(), words, zone)


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: object) -> str:
    """Return this page's query string with some keys changed (None takes a key away)."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in {None, ""}:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else request.path


@register.simple_tag(takes_context=True)
def here(context: template.Context, *prefixes: str) -> SafeString:
    """Mark a link whose page this is: the path starts with one of these (a lone "/" must match whole)."""
    request = context.get("request")
    path = request.path_info if request else ""
    on = any(path == p if p == "/" else path.startswith(p) for p in prefixes)
    return SafeString('aria-current="page"') if on else SafeString("")


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Look a key up in a mapping."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.simple_tag
def bar(share: float) -> SafeString:
    """Draw a share in [-1, 1] as a bar from the middle; the number stands beside it in words."""
    width = min(100.0, abs(share) * 100)
    x = 100.0 if share >= 0 else 100.0 - width
    kind = "plus" if share >= 0 else "minus"
    return format_html(
        '<svg viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar-{}" x="{}" width="{}" height="10"/><rect class="bar-middle" x="99.5" width="1" '
        'height="10"/></svg>',
        kind,
        f"{x:.1f}",
        f"{width:.1f}",
    )


@register.filter
def signed(value: float) -> str:
    """Write a contribution with its sign and three decimals."""
    return f"{value:+.3f}".replace("-", "−")


@register.filter
def prose(text: str) -> SafeString:
    """Set plain text as paragraphs, short lists and small headings; nothing in it is taken for markup."""
    blocks = [
        block.splitlines() for block in (text or "").replace("\r\n", "\n").split("\n\n") if block.strip()
    ]
    return format_html_join("", "{}", ((part,) for block in blocks for part in _set_block(block)))


def _set_block(lines: list[str]) -> list[SafeString]:
    """Set one block: a short first line over more is a heading; lines that start with a dash are items."""
    parts: list[SafeString] = []
    if (
        len(lines) > 1
        and len(lines[0]) <= 60
        and not _is_item(lines[0])
        and lines[0].rstrip()[-1:] not in ".,;"
    ):
        parts.append(format_html('<h3 dir="auto">{}</h3>', lines[0].rstrip(":")))
        lines = lines[1:]
    for are_items, group in groupby(lines, key=_is_item):
        rows = list(group)
        if are_items:
            items = format_html_join(
                "", '<li dir="auto">{}</li>', ((row.strip()[1:].strip(),) for row in rows)
            )
            parts.append(format_html("<ul>{}</ul>", items))
        else:
            parts.append(format_html('<p dir="auto">{}</p>', "\n".join(rows)))
    return parts


def _is_item(line: str) -> bool:
    return line.lstrip().startswith(("- ", "* ", "• "))


@register.filter
def marked(pieces: list[Piece]) -> SafeString:
    """Write pieces of text with the evidence marked; each mark says what it is evidence of."""
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html('<mark title="{}">{}</mark>', piece.label, piece.text)
                if piece.label
                else piece.text,
            )
            for piece in pieces
        ),
    )
