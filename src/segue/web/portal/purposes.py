"""The exact words shown beside each switch; they are stored with every answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from segue.trust.models import Purpose

TEXTS = {
    Purpose.PROFILE: _(
        "You may use my profile and résumé to choose jobs for me. Without this, my profile is only "
        "read by people, for the jobs I apply for."
    ),
    Purpose.BEHAVIOUR: _(
        "You may use what I do here (what I open, save, like, skip and read) to choose jobs for me. "
        "Without this, what I do is only counted, and nobody can tell that it was me."
    ),
    Purpose.DISCOVERY: _(
        "Recruiters of this employer may find me and suggest other roles to me. Without this, they see "
        "me only for the jobs I apply for."
    ),
    Purpose.CONTACT: _(
        "You may write to me about jobs and events. Without this, you write to me only about my own "
        "applications and when I ask for a link to sign in."
    ),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One switch: its purpose, its words, and where it stands."""

    key: str
    title: str
    text: str
    granted: bool


def choices(granted: frozenset[str]) -> list[Choice]:
    """Return the switches in order, as this person has set them."""
    return [Choice(p.value, str(p.label), str(TEXTS[p]), p.value in granted) for p in Purpose]
