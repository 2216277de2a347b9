"""What to say after a one-tap answer, and how it is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from segue.kit import clock

# The buttons of a card: name of the button -> (stance, days until it may come back).
ANSWERS: dict[str, tuple[str, int]] = {
    "saved": ("saved", 0),
    "liked": ("liked", 0),
    "skipped": ("skipped", 0),
    "less": ("less", 0),
    "hidden": ("hidden", 0),
    "not_now_week": ("not_now", 7),
    "not_now_month": ("not_now", 30),
    "not_now_quarter": ("not_now", 91),
}
LEAVES_THE_SHELF = frozenset({"skipped", "less", "hidden", "not_now"})


def read_answer(button: str) -> tuple[str, datetime | None]:
    """Return the stance a button stands for, and until when; an unknown button is passed on to be refused."""
    stance, days = ANSWERS.get(button, (button, 0))
    return stance, clock.now() + timedelta(days=days) if days else None


def said_of(stance: str, title: str) -> str:
    """Say in a few words what has just happened."""
    words = {
        "saved": _("Saved: %(title)s"),
        "liked": _("You like %(title)s. More like it will come."),
        "skipped": _("Skipped: %(title)s"),
        "less": _("Fewer like %(title)s from now on."),
        "hidden": _("Hidden: %(title)s"),
        "not_now": _("Put off: %(title)s"),
    }
    return words.get(stance, "%(title)s") % {"title": title}
