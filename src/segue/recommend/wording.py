"""Reasons and factors in words: the only place where a code becomes a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from segue.recommend.models import Shelf

SHELF_NOTES = {
    Shelf.WEEKLY_MIX: N_("Ten roles picked for you, new every Monday."),
    Shelf.NEW: N_("The latest openings, best fits first."),
    Shelf.BECAUSE: N_("More in the same spirit."),
    Shelf.STRETCH: N_("You have much of what they ask. The rest you could learn."),
    Shelf.RECRUITERS: N_("Chosen by hand by the people who hire."),
}


def shelf_title(shelf: str, anchor_title: str = "", *, liked: bool = False) -> str:
    """Return the heading of a shelf; one dealt around a job says what the person did with it."""
    if shelf == Shelf.BECAUSE and anchor_title and liked:
        return _("Because you liked %(title)s") % {"title": anchor_title}
    if shelf == Shelf.BECAUSE and anchor_title:
        return _("Because you saved %(title)s") % {"title": anchor_title}
    return str(Shelf(shelf).label)


def shelf_note(shelf: str) -> str:
    return _(SHELF_NOTES[Shelf(shelf)])


def skill_words(names: Sequence[str]) -> str:
    """Skills as a phrase: "Python, SQL and Docker"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def reason_text(code: str, args: Mapping[str, Any]) -> str:
    """Return one short sentence for a reason code; an unknown code says nothing it can't know."""
    teller = _REASONS.get(code)
    return teller(args) if teller else _("An open role you can have a look at.")


def _skills(args: Mapping[str, Any]) -> str:
    return _("You bring %(skills)s.") % {"skills": skill_words(args["matched"])}


def _place(args: Mapping[str, Any]) -> str:
    km = max(1, round(float(args["distance_km"])))
    return ngettext("%(km)d km from you.", "%(km)d km from you.", km) % {"km": km}


def _because(args: Mapping[str, Any]) -> str:
    title = args.get("title")
    if not title:
        return _("Close to jobs you liked.")
    return _("In the spirit of %(title)s, which you picked.") % {"title": title}


def _fresh(args: Mapping[str, Any]) -> str:
    days = round(float(args["age_days"]))
    if days < 1:
        return _("New today.")
    return ngettext("Posted %(days)d day ago.", "Posted %(days)d days ago.", days) % {"days": days}


def _stretch(args: Mapping[str, Any]) -> str:
    missing = args.get("missing") or []
    if not missing:
        return _("A step up from what you do now.")
    return _("A stretch: %(skills)s would be new to you.") % {"skills": skill_words(missing)}


def _pinned(args: Mapping[str, Any]) -> str:
    note = str(args.get("note") or "")
    return note or _("Our recruiters put this first.")


_REASONS = {
    "skills": _skills,
    "place": _place,
    "remote": lambda _args: _("You can do it from where you live."),
    "title": lambda args: _("Close to your work as %(title)s.") % {"title": args["title"]},
    "text": lambda _args: _("Reads like your experience."),
    "words": lambda args: _("Shares your words: %(words)s.") % {"words": ", ".join(args["words"])},
    "pay": lambda _args: _("Pays above your minimum."),
    "fresh": _fresh,
    "taste": lambda _args: _("Like what you open and save."),
    "because_saved": _because,
    "wish": lambda _args: _("Matches what you wish for."),
    "explore": lambda _args: _("Something a little different, to learn what you like."),
    "general": lambda _args: _("An open role you can have a look at."),
    "familiar": lambda _args: _("You saved this. It is still open."),
    "curated": lambda _args: _("Picked by our recruiters."),
    "pinned": _pinned,
    "stretch": _stretch,
}

REASONS = tuple(_REASONS)

FACTORS = {
    "text": (N_("Your experience"), N_("How near your résumé is to the whole advertisement.")),
    "title": (N_("Kind of work"), N_("How near this title is to your titles and profile.")),
    "words": (N_("Shared words"), N_("Uncommon words that stand in both texts.")),
    "skills": (N_("Skills"), N_("The share of the asked skills that you have.")),
    "place": (N_("Place"), N_("How well the workplace suits where you live.")),
    "pay": (N_("Pay"), N_("How far the pay lies above your minimum.")),
    "freshness": (N_("Newness"), N_("How recently it was posted.")),
    "behaviour": (N_("What you do here"), N_("Likeness to jobs you opened, saved, skipped or hid.")),
    "wish": (N_("Your wishes"), N_("What you asked for: on your taste page, and about remote work.")),
    "together": (N_("People like you"), N_("What others with a similar history went for.")),
}


def factor_words(name: str) -> tuple[str, str]:
    """Return a factor's label and its definition."""
    label, meaning = FACTORS.get(name, (name, ""))
    return _(label), _(meaning) if meaning else ""
