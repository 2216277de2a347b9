"""Robots, prefetchers and hands too fast to be hands are heard, and trusted with nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from segue.listen import quality
from segue.listen.models import SourceKind, Tier
from segue.listen.quality import Pace, tier_of

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148"
)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "verified", "tier"),
    [
        (SourceKind.SERVER, False, Tier.A),
        (SourceKind.PRODUCT, True, Tier.B),
        (SourceKind.PRODUCT, False, Tier.C),
        (SourceKind.BROWSER, True, Tier.B),
        (SourceKind.BROWSER, False, Tier.C),
    ],
)
@pytest.mark.parametrize("agent", [CHROME, PHONE, ""])
def test_what_a_sender_can_show_for_itself(kind: str, verified: bool, tier: Tier, agent: str) -> None:
    assert tier_of(kind=kind, verified=verified, user_agent=agent) == (tier, ())


@pytest.mark.parametrize(
    ("agent", "flag"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "robot"),
        ("curl/8.5.0", "robot"),
        (CHROME.replace("Chrome", "HeadlessChrome"), "headless"),
        ("Mozilla/5.0 (X11; Linux) PhantomJS/2.1", "headless"),
        ("BarracudaCentral/1.0", "scanner"),
        ("Mozilla/5.0 (Windows NT 10.0) Mimecast URL Protect", "scanner"),
    ],
)
def test_programs_that_say_so(agent: str, flag: str) -> None:
    for kind in SourceKind.values:
        tier, flags = tier_of(kind=kind, verified=True, user_agent=agent)
        assert tier is Tier.D
        assert flag in flags


@pytest.mark.parametrize(
    ("hint", "flag"), [("webdriver", "webdriver"), ("prefetch", "prefetch"), ("too_fast", "pace")]
)
def test_programs_that_show_it(hint: str, flag: str) -> None:
    said = {hint: True}
    assert tier_of(kind="product", verified=True, user_agent=CHROME, **said) == (Tier.D, (flag,))


def test_a_reader_is_never_too_fast() -> None:
    """Somebody who scrolls through a page of forty cards every ten seconds, for an hour."""
    pace = Pace()
    for page in range(360):
        at = NOON + timedelta(seconds=10 * page)
        assert not any(pace.is_superhuman(1, "ada", at + timedelta(milliseconds=25 * i)) for i in range(40))


def test_a_script_is_and_stands_alone_with_it() -> None:
    pace = Pace()
    script = [pace.is_superhuman(1, "script", NOON + timedelta(milliseconds=20 * i)) for i in range(1000)]
    assert not any(script[:200])
    assert all(script[300:])
    assert not pace.is_superhuman(1, "ada", NOON)
    assert not pace.is_superhuman(2, "script", NOON), "another source, another visitor"
    assert not pace.is_superhuman(1, "script", NOON + timedelta(minutes=5)), "and it may come to rest"


def test_a_queue_sent_late_keeps_its_own_times() -> None:
    """Events kept through a tunnel arrive at once, and happened one after another."""
    pace = Pace()
    assert not any(pace.is_superhuman(1, "ada", NOON + timedelta(seconds=i)) for i in range(2000))


def test_memory_of_visitors_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "MOST_VISITORS", 10)
    pace = Pace()
    for visitor in range(50):
        pace.is_superhuman(1, str(visitor), NOON)
    assert len(pace._visitors) == 10
