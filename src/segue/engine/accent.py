"""One colour of a brand, made into what a page needs of it: readable on light ground and on dark.

Colours are "#rrggbb" in sRGB. Lightness is moved in OKLCH (Björn Ottosson, 2020, "A perceptual color space
for image processing"), which keeps the hue; contrast is WCAG 2.2's, from relative luminance. A colour that
would have to be moved so far that nobody would know it again is refused instead.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3 (AA)
# What an accent stands on: --bg, --surface, --raised, --sunken of tokens.css; a test holds them together.
LIGHT_GROUNDS = ("#fbf7f4", "#ffffff", "#ffffff", "#f2ebe6")
DARK_GROUNDS = ("#120e15", "#1c1722", "#262030", "#0c090e")
FURTHEST = 0.45  # of OKLCH lightness, which runs from 0 to 1
_STEP, _STRONGER = 0.005, 0.09


@dataclass(frozen=True, slots=True)
class Shades:
    """The colours of one theme: the accent, a stronger one, a soft ground, and what is written on each."""

    accent: str
    strong: str
    on_accent: str
    soft: str
    on_soft: str


class Unreadable(ValueError):
    """A colour too light or too dark to be known again; `nearest` is of the same hue and would do."""

    def __init__(self, nearest: str) -> None:
        super().__init__(nearest)
        self.nearest = nearest


def shades_of(accent: str) -> tuple[Shades, Shades]:
    """Return the shades on light and on dark ground. Raises Unreadable.

    >>> light, dark = shades_of("#a01858")
    >>> light.accent, contrast(dark.accent, "#1c1722") >= 4.5
    ('#a01858', True)
    """
    lightness, chroma, hue = _oklch(accent)
    softs = _hex(0.945, min(chroma, 0.03), hue), _hex(0.27, min(chroma, 0.06), hue)
    light = _readable(accent, (*LIGHT_GROUNDS, softs[0]), down=True)
    dark = _readable(accent, (*DARK_GROUNDS, softs[1]), down=False)
    too_light = lightness - _oklch(light)[0] - FURTHEST
    too_dark = _oklch(dark)[0] - lightness - FURTHEST
    if max(too_light, too_dark) > 0:
        back = 0.04  # well within, so that rounding takes nobody out again
        towards = -too_light - back if too_light > 0 else too_dark + back
        raise Unreadable(_hex(lightness + towards, chroma, hue))
    deep, bright = _moved(light, -_STRONGER), _moved(dark, _STRONGER)
    strong = _readable(deep, (*LIGHT_GROUNDS, softs[0]), down=True)
    on_dark = _hex(0.19, min(chroma, 0.05), hue)
    return (
        Shades(light, strong, "#ffffff", softs[0], strong),
        Shades(dark, bright, on_dark, softs[1], bright),
    )


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast of two colours, from 1 to 21.

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _readable(colour: str, grounds: Sequence[str], *, down: bool) -> str:
    """Return the colour itself, or the nearest darker or lighter one that can be read on every ground."""
    lightness, chroma, hue = _oklch(colour)
    while min(contrast(colour, ground) for ground in grounds) < LEAST_CONTRAST:
        lightness += -_STEP if down else _STEP
        colour = _hex(lightness, chroma, hue)
    return colour


def _moved(colour: str, by: float) -> str:
    lightness, chroma, hue = _oklch(colour)
    return _hex(min(max(lightness + by, 0.0), 1.0), chroma, hue)


def _channels(colour: str) -> tuple[float, float, float]:
    """Return linear red, green and blue in [0, 1]."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _channels(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """Return the colour as it can be shown: with less chroma where the screen has none so strong."""
    least, most = 0.0, chroma
    rgb = _rgb(lightness, most, hue)
    if not _shown(rgb):
        for _ in range(18):
            middle = (least + most) / 2
            least, most = (middle, most) if _shown(_rgb(lightness, middle, hue)) else (least, middle)
        rgb = _rgb(lightness, least, hue)
    return "#" + "".join(f"{round(255 * _gamma(min(max(part, 0.0), 1.0))):02x}" for part in rgb)


def _shown(rgb: tuple[float, float, float]) -> bool:
    return all(-1e-6 <= part <= 1 + 1e-6 for part in rgb)


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
