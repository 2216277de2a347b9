"""A brand's colour on our pages: readable everywhere, or refused with one that would do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segue.engine.accent import (
    DARK_GROUNDS,
    LEAST_CONTRAST,
    LIGHT_GROUNDS,
    Shades,
    Unreadable,
    contrast,
    shades_of,
)

TOKENS = Path("src/segue/web/static/segue/tokens.css").read_text(encoding="utf-8")
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def token(name: str) -> tuple[str, str]:
    found = re.search(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", TOKENS)
    assert found is not None
    return found[1], found[2]


def least_of(shades: Shades, grounds: tuple[str, ...], inks: tuple[str, ...]) -> float:
    """The least contrast of everything that is written in these shades or on them."""
    pairs = [(ink, ground) for ink in (shades.accent, shades.strong) for ground in (*grounds, shades.soft)]
    pairs += [(shades.on_accent, shades.accent), (shades.on_accent, shades.strong)]
    pairs += [(ink, shades.soft) for ink in (shades.on_soft, *inks)]
    return min(contrast(one, other) for one, other in pairs)


@example("#000000")
@example("#ffffff")
@example("#ffff00")
@example("#000080")
@given(COLOURS)
def test_any_colour_is_readable_in_both_themes_or_refused(colour: str) -> None:
    try:
        light, dark = shades_of(colour)
    except Unreadable as no:
        light, dark = shades_of(no.nearest)  # what is proposed instead would do
    inks = token("text"), token("muted")
    assert least_of(light, LIGHT_GROUNDS, tuple(ink[0] for ink in inks)) >= LEAST_CONTRAST
    assert least_of(dark, DARK_GROUNDS, tuple(ink[1] for ink in inks)) >= LEAST_CONTRAST
    for shade in (*_all(light), *_all(dark)):
        assert re.fullmatch(r"#[0-9a-f]{6}", shade)


def _all(shades: Shades) -> tuple[str, ...]:
    return shades.accent, shades.strong, shades.on_accent, shades.soft, shades.on_soft


def test_a_colour_that_can_be_read_as_it_is_stays_as_it_is() -> None:
    assert shades_of("#a01858")[0].accent == "#a01858"
    assert shades_of("#ffcc00")[1].accent == "#ffcc00"


@pytest.mark.parametrize("colour", ["#000000", "#0a0a0a", "#ffffff", "#fefefe"])
def test_what_is_all_but_black_or_white_would_not_be_known_again(colour: str) -> None:
    with pytest.raises(Unreadable):
        shades_of(colour)


def test_the_grounds_are_those_of_the_stylesheet() -> None:
    grounds = [token(name) for name in ("bg", "surface", "raised", "sunken")]
    assert tuple(zip(*grounds, strict=True)) == (LIGHT_GROUNDS, DARK_GROUNDS)
