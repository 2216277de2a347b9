"""What every peer sends, and what must then lie in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from segue.catalog.models import Person
from segue.listen.models import Signal, Source

VISITOR = "visitor-1"
ADA = "ada@people.example"  # who signs in half-way; she has said yes
ID = {"anonymousId": VISITOR}
EACH_CALL: list[dict[str, Any]] = [
    {"call": "identify", "userId": ADA, "traits": {"plan": "trial"}, **ID},
    {"call": "track", "event": "Guide Opened", "properties": {"chapter": 3, "who": "Zoë 🦊"}, **ID},
    {"call": "page", "name": "Careers", "properties": {"path": "/careers"}, **ID},
    {"call": "screen", "name": "Lobby", "properties": {"wing": "north"}, **ID},
    {"call": "group", "groupId": "crew-9", "traits": {"size": 4}, **ID},
    {"call": "alias", "previousId": VISITOR, "userId": ADA},
]
EACH_ROW = Counter(
    {
        ("visitor.identified", ""): 1,
        ("event.tracked", "Guide Opened"): 1,
        ("page.viewed", "Careers"): 1,
        ("screen.viewed", "Lobby"): 1,
        ("visitor.grouped", ""): 1,
        ("visitor.aliased", ""): 1,
    }
)
STEPS = 45  # more than two of the libraries' usual batches of twenty


def steps(number: int = STEPS) -> list[dict[str, Any]]:
    """Return calls that can be told apart, so that a lost one and a double one cannot hide each other."""
    return [{"call": "track", "event": "Step", "properties": {"number": i}, **ID} for i in range(number)]


def stored(source: Source) -> list[Signal]:
    return list(Signal.objects.filter(source=source).order_by("id"))


def kinds(rows: Sequence[Signal]) -> Counter[tuple[str, str]]:
    return Counter((row.kind, row.event) for row in rows)


def assert_each_call_once(rows: Sequence[Signal], *, without: Sequence[str] = ()) -> None:
    """All of EACH_CALL lies there once, as it was sent, beside nothing but the steps."""
    wanted = Counter({row: n for row, n in EACH_ROW.items() if row[0] not in without})
    assert kinds([row for row in rows if row.event != "Step"]) == wanted
    by_kind = {row.kind: row for row in rows if row.event != "Step"}
    assert by_kind["event.tracked"].props["chapter"] == 3
    assert by_kind["event.tracked"].props["who"] == "Zoë 🦊"
    assert by_kind["page.viewed"].props["path"] == "/careers"
    assert by_kind["visitor.grouped"].props == {"size": 4, "groupId": "crew-9"}
    assert by_kind["visitor.identified"].props["plan"] == "trial"
    assert len({row.message_id for row in rows}) == len(rows)


def assert_steps_once(rows: Sequence[Signal], number: int = STEPS) -> None:
    numbers = sorted(row.props["number"] for row in rows if row.event == "Step")
    assert numbers == list(range(number))


def assert_whose(rows: Sequence[Signal], ada: Person) -> None:
    """A secret key's word is enough to say who it is; what she did before is hers too, or a visitor's."""
    named = {row.kind: row.person_id for row in rows if row.kind in {"visitor.identified", "visitor.aliased"}}
    assert named == {"visitor.identified": ada.pk, "visitor.aliased": ada.pk}
    assert {row.anonymous_id for row in rows} == {VISITOR}
    assert {row.person_id for row in rows} <= {ada.pk, None}


def seconds_before_received(row: Signal) -> float:
    return (row.received_at - row.at).total_seconds()
