"""The calls of the common analytics libraries. What they carry is the sender's; we keep it as it came."""

from __future__ import annotations

from segue.listen.kinds.kind import AnyProps, Kind


class Page(AnyProps):
    """What page libraries usually send; any of it may be missing, or be something else."""

    url: object = None
    path: object = None
    title: object = None
    referrer: object = None
    search: object = None


CALLS = (
    Kind("event.tracked", "behaviour", 0.0, "A `track` call; `event` is its name.", props=AnyProps),
    Kind("page.viewed", "behaviour", 0.0, "A `page` call; `event` is the page's name.", props=Page),
    Kind("screen.viewed", "behaviour", 0.0, "A `screen` call; `event` is its name.", props=AnyProps),
    Kind("visitor.identified", "behaviour", 0.0, "An `identify` call; its traits.", props=AnyProps),
    Kind("visitor.grouped", "behaviour", 0.0, "A `group` call; its traits.", props=AnyProps),
    Kind("visitor.aliased", "behaviour", 0.0, "An `alias` call: two ids are one visitor.", props=AnyProps),
)

KIND_OF_CALL = {
    "track": "event.tracked",
    "page": "page.viewed",
    "screen": "screen.viewed",
    "identify": "visitor.identified",
    "group": "visitor.grouped",
    "alias": "visitor.aliased",
}
