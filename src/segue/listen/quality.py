"""How far an event can be trusted, before anybody looks at what it says."""

from __future__ import annotations

import re
from functools import lru_cache

from segue.listen.models import SourceKind, Tier

_HEADLESS = re.compile(
    r"HeadlessChrome|PhantomJS|SlimerJS|Electron/|puppeteer|playwright|Selenium|jsdom|Cypress", re.IGNORECASE
)


def tier_of(
    *,
    kind: SourceKind | str,
    verified: bool,
    user_agent: str,
    webdriver: bool = False,
    prefetch: bool = False,
) -> tuple[Tier, tuple[str, ...]]:
    """Return the tier and the flags that say why.

    `user_agent` is the visitor's: for a server source what its event's context says (or nothing), never
    the library's own. `verified`: a page of ours with its token, or a user id with its user token.
    """
    flags = (
        *agent_flags(user_agent[:500]),
        *(("webdriver",) if webdriver else ()),
        *(("prefetch",) if prefetch else ()),
    )
    if flags:
        return Tier.D, flags
    if kind == SourceKind.SERVER:
        return Tier.A, ()
    return (Tier.B if verified else Tier.C), ()


@lru_cache(maxsize=8192)
def agent_flags(user_agent: str) -> tuple[str, ...]:
    """Return what a user agent gives away: "robot", "headless". Cached, for few agents send most events."""
    from crawleruseragents import is_crawler

    found = []
    if user_agent and is_crawler(user_agent):
        found.append("robot")
    if _HEADLESS.search(user_agent):
        found.append("headless")
    return tuple(found)
