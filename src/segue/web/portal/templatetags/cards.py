"""Cards are many and alike: each job's is rendered once, and filled in for each person.

A home holds some forty cards; rendering each from its templates took most of the time of the page.
What differs between two people's cards of one job (the exposure, the reason, the form's token) is
left as a hole, and holes are filled by replacing text.
"""

from __future__ import annotations

import re
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from segue.catalog.models import Job
from segue.recommend.cards import Card

register = template.Library()

# Nobody outside this process can know these, so nobody's text can contain them.
_EXPOSURE = uuid.uuid4()
_REASON = secrets.token_hex(16)
_TOKEN = secrets.token_hex(16)
_BETWEEN_TAGS = re.compile(r">\s+<")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What the cards of one job have in common; the row itself is not part of the key."""

    job_id: uuid.UUID
    updated_at: datetime
    stance: str | None
    language: str | None
    prefix: str  # of addresses, which a language may begin
    job: Job = field(compare=False)


@lru_cache(maxsize=4096)
def _rendered(pattern: _Pattern) -> str:
    card = Card(
        _EXPOSURE, pattern.job, shelf="", position=0, reason=_REASON, score=0.0, stance=pattern.stance
    )
    return _BETWEEN_TAGS.sub(
        "><", render_to_string("portal/_card.html", {"card": card, "csrf_token": _TOKEN})
    )


@register.simple_tag(takes_context=True)
def shelf_card(context: template.Context, card: Card) -> SafeString:
    """Show a card of a shelf with its answers."""
    whose = (get_language(), get_script_prefix())
    pattern = _Pattern(card.job.pk, card.job.updated_at, card.stance, *whose, card.job)
    filled = (
        _rendered(pattern)
        .replace(str(_EXPOSURE), str(card.exposure_id))
        .replace(_TOKEN, str(context.get("csrf_token", "")))
        .replace(_REASON, escape(card.reason))
    )
    return mark_safe(filled)  # noqa: S308 - rendered by a template; what is filled in is escaped
