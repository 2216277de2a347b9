"""Every kind has a shape: what fits is kept as plain values, what does not is refused with a remedy."""

from __future__ import annotations

import json
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.kit.errors import Invalid
from segue.listen.kinds import KINDS, TASTE_WEIGHTS, Kind, checked, clear_props, kind_of
from segue.listen.kinds.manual import manual
from segue.trust.models import Purpose

ROOT = Path(__file__).parents[2]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def test_the_manual_is_what_the_registry_says() -> None:
    written = (ROOT / "docs/signals.md").read_text(encoding="utf-8")
    assert written == manual(), "Run `segue signals > docs/signals.md`."


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_is_in_order(kind: Kind) -> None:
    assert kind.purpose in {*Purpose.values, "service"}
    assert kind.note.endswith(".")
    assert kind.name.count(".") == 1
    assert kind.own_only or not kind.beacon
    assert set(kind.upgrades) <= set(range(1, kind.version))
    assert len(kind.name) <= 60


def test_only_numbers_and_choices_stay_where_nobody_is() -> None:
    """A text or an id may tell of somebody; a stage is text by its table, and ours to choose."""
    for kind in KINDS.values():
        for name in kind.clear_fields - {"stage"}:
            held = set(get_args(kind.props.model_fields[name].annotation)) or {
                kind.props.model_fields[name].annotation
            }
            plain = {one for one in held if isinstance(one, type) and one is not type(None)}
            for one in plain:
                assert one in {int, float, bool} or issubclass(one, Enum), (kind.name, name)


def test_a_librarys_call_becomes_a_kind() -> None:
    assert kind_of("track", "card.shown").name == "card.shown"
    assert kind_of("track", "Signed Up").name == "event.tracked"
    assert kind_of("page", "card.shown").name == "page.viewed"
    assert kind_of("identify", "").name == "visitor.identified"
    with pytest.raises(Invalid, match="identify"):
        kind_of("shout", "")


def test_what_fits_comes_back_as_plain_values() -> None:
    card = uuid4()
    kept = checked(KINDS["card.shown"], {"exposure_id": str(card), "shown_s": "1.5"})
    assert kept == {"exposure_id": str(card), "shown_s": 1.5}
    assert checked(KINDS["card.liked"], {}) == {}
    assert checked(KINDS["event.tracked"], {"any": ["thing"]}) == {"any": ["thing"]}


@pytest.mark.parametrize(
    ("name", "props", "field", "remedy"),
    [
        ("job.dwelled", {}, "dwell_s", "docs/signals.md"),
        ("job.dwelled", {"dwell_s": -1}, "dwell_s", "docs/signals.md"),
        ("job.dwelled", {"dwell_s": float("inf")}, "dwell_s", "docs/signals.md"),
        ("job.dwelled", {"dwell_s": 3, "dwel_s": 4}, "dwel_s", "takes exposure_id"),
        ("card.dismissed", {"reason": "bored"}, "reason", "docs/signals.md"),
        ("stance.undone", {"how": "much"}, "how", "takes no props"),
    ],
)
def test_what_does_not_is_refused_with_a_remedy(
    name: str, props: dict[str, Any], field: str, remedy: str
) -> None:
    with pytest.raises(Invalid) as refused:
        checked(KINDS[name], props)
    assert refused.value.field == field
    assert remedy in refused.value.remedy


def test_an_older_version_is_brought_up_step_by_step() -> None:
    now = KINDS["job.dwelled"]
    kind = replace(
        now,
        version=3,
        upgrades={
            1: lambda old: {"seconds": old["ms"] / 1000},
            2: lambda old: {"dwell_s": old["seconds"]},
        },
    )
    assert checked(kind, {"ms": 4500}, version=1) == {"dwell_s": 4.5}
    assert checked(kind, {"seconds": 4.5}, version=2) == {"dwell_s": 4.5}
    assert checked(kind, {"dwell_s": 4.5}, version=3) == checked(kind, {"dwell_s": 4.5})
    for unknown in (0, 4):
        with pytest.raises(Invalid, match="version"):
            checked(kind, {}, version=unknown)


@given(
    kind=st.sampled_from(list(KINDS.values())), props=st.dictionaries(st.text(max_size=8), JSON, max_size=4)
)
def test_anything_is_either_refused_or_json(kind: Kind, props: dict[str, Any]) -> None:
    try:
        kept = checked(kind, props)
    except Invalid:
        return
    assert json.loads(json.dumps(kept)) == kept
    assert checked(kind, kept) == kept
    assert set(clear_props(kind, kept)) <= kind.clear_fields


def test_weights_are_those_the_taste_was_tuned_with() -> None:
    assert TASTE_WEIGHTS == {
        "card.clicked": 1.0,
        "job.dwelled": 0.5,
        "card.liked": 2.0,
        "card.saved": 3.0,
        "card.skipped": -1.0,
        "card.less": -2.0,
        "card.hidden": -3.0,
        "application.submitted": 4.0,
    }
