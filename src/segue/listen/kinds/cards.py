"""What candidates do with cards, jobs and stories."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from segue.listen.kinds.kind import Clear, Kind, Props, PropsDict

A_DAY_S = 86_400.0


class DismissReason(StrEnum):
    """Why a card was put away; the candidate picks one, or none."""

    NOT_MY_FIELD = "not_my_field"
    TOO_FAR = "too_far"
    PAY = "pay"
    LEVEL = "level"
    HOURS = "hours"
    SEEN_BEFORE = "seen_before"
    OTHER = "other"


class OnCard(Props):
    """The card it was done to. An exposure's id leads to its person, so it is never left in clear."""

    exposure_id: UUID | None = None
    job_id: UUID | None = None


class Shown(OnCard):
    shown_s: Clear[float | None] = Field(None, ge=0, le=A_DAY_S)
    position: Clear[int | None] = Field(None, ge=0, le=10_000)


class Dismissed(OnCard):
    reason: Clear[DismissReason]


class Dwelled(OnCard):
    dwell_s: Clear[float] = Field(ge=0, le=A_DAY_S)
    beat: Clear[int] = Field(1, ge=1, le=100_000)  # which stretch of one reading: they add up


class Postponed(Props):
    until: datetime | None = None


class Story(OnCard):
    story_id: str = Field(max_length=100)
    seconds: Clear[float | None] = Field(None, ge=0, le=A_DAY_S)


class Video(OnCard):
    video_id: str = Field(max_length=100)
    percent: Clear[int] = Field(ge=0, le=100)
    seconds: Clear[float | None] = Field(None, ge=0, le=A_DAY_S)


def _page(name: str, weight: float, note: str, props: type[Props]) -> Kind:
    return Kind(name, "behaviour", weight, note, props=props, own_only=True, beacon=True)


def _without_before(props: PropsDict) -> PropsDict:
    """Until version 1 a stance carried the one it replaced; now that lies with the stance itself."""
    return {name: value for name, value in props.items() if name != "before"}


def _stance(name: str, weight: float, note: str, props: type[Props] = Props) -> Kind:
    upgrades = {1: _without_before}
    return Kind(name, "behaviour", weight, note, version=2, props=props, own_only=True, upgrades=upgrades)


CARDS = (
    _page("card.shown", 0.0, "At least half of a card was on the screen for a second.", Shown),
    _page("card.clicked", 1.0, "A card's job was opened.", OnCard),
    _page("card.dismissed", 0.0, "A reason was given for putting a card away.", Dismissed),
    _page("job.dwelled", 0.5, "A job was read: visible, focused, for so long.", Dwelled),
    _page("story.opened", 0.0, "A story was opened.", Story),
    _page("story.read", 0.0, "A story was read to its end.", Story),
    _page("video.started", 0.0, "A video began to play.", Video),
    _page("video.progressed", 0.0, "A video was watched up to so many percent.", Video),
    _page("video.finished", 0.0, "A video was watched to its end.", Video),
    _stance("card.liked", 2.0, "Liked."),
    _stance("card.saved", 3.0, "Saved for later."),
    _stance("card.skipped", -1.0, "Skipped; another card takes its place."),
    _stance("card.not_now", 0.0, "Not now; comes back after `until`.", Postponed),
    _stance("card.less", -2.0, "Less like this."),
    _stance("card.hidden", -3.0, "Never show this job again."),
    Kind("stance.undone", "behaviour", 0.0, "The last stance was taken back.", own_only=True),
)
