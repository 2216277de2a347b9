"""Small pieces of the desk's pages: times, bars, quotes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from segue.catalog.models import ImportBatch
from segue.kit import clock
from segue.kit.actor import Actor
from segue.web.desk.import_words import KIND_WORDS
from segue.web.desk.slate_words import percent as chance
from segue.web.permissions import PAGES, Reach

register = template.Library()
register.filter("chance", chance)
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_EXACT_AFTER_DAYS = 60


@register.filter
def may(actor: Actor, page: str) -> bool:
    """Say whether a role reaches a page at all: a link that leads to a refusal is not shown."""
    return PAGES[page].reach_of(actor) is not Reach.NO


@register.filter
def ago(at: datetime | None) -> SafeString | str:
    """Show how long ago (or how far off) a moment is; the exact moment is in its title."""
    if at is None:
        return ""
    return _shown(at, _distance(at - clock.now(), at))


@register.filter
def since(at: datetime | None) -> SafeString | str:
    """Show how long something has gone on: "for 9 minutes"; the exact moment it began is in its title."""
    if at is None:
        return ""
    passed_s = (clock.now() - at).total_seconds()
    if passed_s > _EXACT_AFTER_DAYS * _DAY:
        words = _("since %(day)s") % {"day": date_format(timezone.localtime(at), _("j M Y"))}
    else:
        words = _("for %(span)s") % {"span": _in_units(max(passed_s, _MINUTE))}
    return _shown(at, words)


def _shown(at: datetime, words: str) -> SafeString:
    exact = timezone.localtime(at).strftime("%Y-%m-%d %H:%M %Z")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(timespec="seconds"), exact, words
    )


@register.filter
def sentence(words: str) -> str:
    """Begin what is said of a group like a sentence, also where it opens a bracket: "(Knows SQL or …"."""
    start = len(words) - len(words.lstrip("(“"))
    return words[:start] + words[start : start + 1].upper() + words[start + 1 :]


def _distance(ahead: timedelta, at: datetime) -> str:
    past = ahead < timedelta()
    total_s = abs(ahead).total_seconds()
    if total_s > _EXACT_AFTER_DAYS * _DAY:
        return date_format(timezone.localtime(at), _("j M Y"))
    if total_s < _MINUTE:
        return _("just now") if past else _("now")
    span = _in_units(total_s)
    return _("%(span)s ago") % {"span": span} if past else _("in %(span)s") % {"span": span}


def _in_units(total_s: float) -> str:
    if total_s < _HOUR:
        count = int(total_s // _MINUTE)
        return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
    if total_s < _DAY:
        count = int(total_s // _HOUR)
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    count = int(total_s // _DAY)
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


@register.filter
def import_kind(batch: ImportBatch) -> str:
    """Say what an import brings in."""
    return str(KIND_WORDS.get(batch.kind, ""))


@register.filter
def points(difference: float) -> str:
    """Show a difference of two shares in points of a hundred, with its sign: "+3", "−12", "0"."""
    rounded = round(difference * 100)
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded < 0 else "0"


@register.filter
def act_word(act: str) -> str:
    """Name what people did with a card."""
    return {"opened": _("Opened"), "saved": _("Saved"), "applied": _("Applied")}.get(act, act)


@register.filter
def percent(share: float | None) -> str:
    """Show a share of 1 as a whole percentage."""
    return "" if share is None else f"{round(share * 100)}\N{NO-BREAK SPACE}%"


@register.filter
def bar_width(share: float | None) -> int:
    """Return a bar's length in hundredths, kept between none and all."""
    return max(0, min(100, round((share or 0) * 100)))


_REVIEWS = {
    "overdue": gettext_lazy("Applications have waited too long, and nobody owns them"),
    "undecided": gettext_lazy("All scorecards are in, and nobody owns the decision"),
    "job_filled": gettext_lazy("The job is filled: write to those who still wait"),
    "match": gettext_lazy("Is this the same person?"),
    "colleague_left": gettext_lazy("A colleague has left: who takes over?"),
    "talk": gettext_lazy("Somebody asks to talk to a person"),
    "offer_declined": gettext_lazy("They said no to an offer: talk to them"),
    "offer_expired": gettext_lazy("An offer ran out: talk to them"),
    "offer_held": gettext_lazy("A yes came when the last opening was gone"),
    "offer_withdrawn": gettext_lazy("An offer was taken back: talk to them"),
    "contest": gettext_lazy("Somebody contests a decision"),
    "needs_look": gettext_lazy("An answer wants a look first"),
    "held_application": gettext_lazy("Did a person send this application?"),
}


@register.filter
def review_words(kind: str) -> str:
    """Say what a human task asks, in words; a kind we have no words for reads as its own name."""
    return str(_REVIEWS.get(kind) or kind.replace("_", " ").replace(".", " ").capitalize())
