"""How far an event can be trusted, before anybody looks at what it says."""

from __future__ import annotations

import re
from collections import OrderedDict
from datetime import datetime
from functools import lru_cache

from segue.engine.robots import leaky_level
from segue.listen.models import SourceKind, Tier

_HEADLESS = re.compile(
    r"HeadlessChrome|PhantomJS|SlimerJS|Electron/|puppeteer|playwright|Selenium|jsdom|Cypress", re.IGNORECASE
)
# What opens the links of a letter before (or instead of) its reader.
_SCANNER = re.compile(
    r"Barracuda|Mimecast|Proofpoint|urldefense|SafeLinks|BingPreview|Outlook-?ATP|Symantec|MessageLabs"
    r"|TrendMicro|FireEye|Sophos|Cisco-?(IronPort|ESA)|ZScaler|GoogleImageProxy|YahooMailProxy"
    r"|Google-Safety|WebSense|Forcepoint|Cloudmark|Vade ?Secure|LinkScanner|VirusTotal",
    re.IGNORECASE,
)
LONGEST_AGENT = 500
BURST = 200.0  # events at once: a long page of cards, scrolled through and through again
HAND_PER_S = 5.0  # events a second a person keeps up
MOST_VISITORS = 50_000
_A, _B, _C, _D = Tier  # asked for at every event: an enum's attributes are dear
_SERVER = str(SourceKind.SERVER)


def tier_of(
    *,
    kind: SourceKind | str,
    verified: bool,
    user_agent: str,
    webdriver: bool = False,
    prefetch: bool = False,
    too_fast: bool = False,
) -> tuple[Tier, tuple[str, ...]]:
    """Return the tier and the flags that say why.

    `user_agent` is the visitor's: for a server source what its event's context says (or nothing), never
    the library's own. `verified`: a page of ours with its token, or a user id with its user token.
    """
    flags = agent_flags(user_agent[:LONGEST_AGENT])
    if webdriver or prefetch or too_fast:
        marks = {"webdriver": webdriver, "prefetch": prefetch, "pace": too_fast}
        flags = (*flags, *(name for name, is_so in marks.items() if is_so))
    if flags:
        return _D, flags
    if kind == _SERVER:
        return _A, ()
    return (_B if verified else _C), ()


@lru_cache(maxsize=8192)
def agent_flags(user_agent: str) -> tuple[str, ...]:
    """Return what a user agent gives away: "robot", "headless", "scanner". Few agents send most events."""
    from crawleruseragents import is_crawler

    found = {
        "robot": bool(user_agent) and is_crawler(user_agent),
        "headless": _HEADLESS.search(user_agent) is not None,
        "scanner": _SCANNER.search(user_agent) is not None,
    }
    return tuple(name for name, is_so in found.items() if is_so)


class Pace:
    """Remembers how fast each visitor of a process has been, and forgets the longest silent first."""

    def __init__(self) -> None:
        self._visitors: OrderedDict[tuple[int, str], tuple[float, float]] = OrderedDict()

    def is_superhuman(self, source_id: int, visitor: str, at: datetime) -> bool:
        """Count one event that happened at `at`; say whether they come faster than a hand can make them.

        Times are those of the events, so a queue kept through a tunnel and sent at once is no robot.
        """
        key, now_s = (source_id, visitor), at.timestamp()
        level, last_s = self._visitors.pop(key, (0.0, now_s))
        level = leaky_level(level, now_s - last_s, leak_per_s=HAND_PER_S)
        self._visitors[key] = (min(level, 2 * BURST), max(now_s, last_s))
        if len(self._visitors) > MOST_VISITORS:
            self._visitors.popitem(last=False)
        return level > BURST
