"""A playlist's settings, from a form and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from segue.catalog.queries.skills import labels
from segue.kit.errors import Invalid
from segue.recommend.actions.playlists import CAPS
from segue.recommend.models import Playlist
from segue.web.desk.job_form import skill_slugs

_END_OF_DAY = time(23, 59, 59, tzinfo=UTC)


def read_settings(posted: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings as the verb takes them. Raises Invalid for a day that is none."""
    audience = {}
    if country := posted.get("country", "").strip().upper():
        audience["country"] = country
    if slugs := skill_slugs(posted.get("skill", "")):
        audience["skill"] = slugs[0]
    if segment := posted.get("segment", "").strip():
        audience["segment"] = segment
    return {
        "title": posted.get("title", ""),
        "note": posted.get("note", ""),
        "audience": audience,
        "expires_at": last_moment(posted.get("expires", "")),
        "caps": {
            name: _most(posted[f"most_{name}"], name)
            for name in CAPS
            if posted.get(f"most_{name}", "").strip()
        },
    }


def _most(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Invalid(
            _("“%(text)s” is not a number.") % {"text": text},
            field=f"most_{name}",
            remedy=_("Write a whole number, or leave it empty for no limit."),
        ) from None


def last_moment(day: str) -> datetime | None:
    """Return the last moment of a day somebody typed; nothing typed is no end. Raises Invalid."""
    if not day.strip():
        return None
    try:
        return datetime.combine(date.fromisoformat(day.strip()), _END_OF_DAY)
    except ValueError:
        raise Invalid(
            _("“%(day)s” is not a day.") % {"day": day},
            field="expires",
            remedy=_("Write it like 2027-01-31, or leave it empty."),
        ) from None


def settings_as_typed(playlist: Playlist) -> dict[str, str]:
    """Return the settings as somebody would have typed them: the form's start, and undo's fields."""
    audience = playlist.audience or {}
    skill = str(audience.get("skill", ""))
    return {
        "title": playlist.title,
        "note": playlist.note,
        "country": str(audience.get("country", "")),
        "skill": labels([skill])[skill] if skill else "",
        "segment": str(audience.get("segment", "")),
        "expires": playlist.expires_at.date().isoformat() if playlist.expires_at else "",
        **{f"most_{name}": str((playlist.caps or {}).get(name, "")) for name in CAPS},
    }


def audience_words(playlist: Playlist) -> str:
    """Say in words who sees the list."""
    audience = playlist.audience or {}
    parts = [str(audience[key]) for key in ("country", "skill") if audience.get(key)]
    parts += [_("a segment")] if audience.get("segment") else []
    return " · ".join(parts) if parts else _("Everyone")
