"""The picture that others show when somebody shares a job: drawn here, from the job alone, 1200 × 630.

It is the same for everybody and kept by the hash of what it says, so that a picture is drawn once. A title in
letters that our fonts do not have is left out, never drawn as boxes: what shows the picture shows the title
beside it anyway.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
import uuid
from dataclasses import astuple, dataclass
from functools import lru_cache

import fontpkg_amiri
import fontpkg_ibm_plex_serif
from django.core.cache import cache
from django.http import HttpRequest
from PIL import Image, ImageDraw, ImageFont, features

from segue.catalog.models import Job
from segue.catalog.queries.brands import brand_worn, name_worn, shades_worn
from segue.catalog.queries.jobs import job_for
from segue.web.actors import actor_of
from segue.web.covers import palette_of
from segue.web.marks import pay, place

SIZE = (1200, 630)
EDGE = 80
KEPT_S = 24 * 3600
LOOK = "3"  # changes with how cards are drawn, so that no old one is shown
_WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class CardWords:
    """What a card says, and the inks of the job's own cover."""

    title: str
    facts: str
    employer: str
    inks: tuple[str, str, str]


def card_words(job: Job) -> CardWords:
    """Return what a job's card says: what anybody may read of it."""
    facts = [place(job), job.get_remote_display() if job.remote else "", pay(job)]
    said = " · ".join(str(part) for part in facts if part)
    return CardWords(job.title, said, name_worn(job), _inks(job))


def _inks(job: Job) -> tuple[str, str, str]:
    """Return the inks of the brand that is worn, else of the department's covers."""
    brand = brand_worn(job)
    shades = shades_worn(brand) if brand else None
    if shades is None:
        return palette_of(job.department)
    light, dark = shades
    return light.strong, light.accent, dark.strong


def version_of(words: CardWords) -> str:
    """Return a name for exactly this picture; it is in the picture's address."""
    said = "\x1f".join([LOOK, *astuple(words)[:3], *words.inks])
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def card_stamp(request: HttpRequest, job_id: uuid.UUID) -> str:
    """Return the picture's ETag; a job nobody may see has none, and none is drawn."""
    return f'"{version_of(card_words(job_for(actor_of(request), job_id)))}"'


def card_of(words: CardWords) -> bytes:
    """Return the picture as PNG, drawn once for what it says."""
    key = f"social_card:{version_of(words)}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = drawn(words)
        cache.set(key, kept, KEPT_S)
    return kept


def drawn(words: CardWords) -> bytes:
    """Draw a card."""
    ground, light, spark = (_rgb(ink) for ink in words.inks)
    picture = _slope(ground, light)
    draw = ImageDraw.Draw(picture, "RGBA")
    for size, shade in ((420, 26), (290, 38), (160, 60)):
        draw.ellipse((1110 - size, 90 - size, 1110 + size, 90 + size), fill=(*spark, shade))
    _write(draw, words.employer, 40, (EDGE, 70), limit=1)
    bottom = _write(draw, words.title, 76, (EDGE, 190), limit=3)
    _write(draw, words.facts, 38, (EDGE, max(bottom + 26, 470)), limit=2)
    draw.rounded_rectangle((EDGE, 590, EDGE + 180, 598), radius=4, fill=(*spark, 255))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _slope(one: tuple[int, int, int], other: tuple[int, int, int]) -> Image.Image:
    """Return the ground: one ink running into the other, darkened so that white can be read on it."""
    across = Image.linear_gradient("L").rotate(90).resize(SIZE)
    blend = Image.composite(Image.new("RGB", SIZE, other), Image.new("RGB", SIZE, one), across)
    return Image.blend(blend, Image.new("RGB", SIZE, (0, 0, 0)), 0.38)


def _write(draw: ImageDraw.ImageDraw, text: str, size: int, at: tuple[int, int], *, limit: int) -> int:
    """Write a text in lines, smaller where a word is too wide; return where it ends."""
    clean = " ".join("".join(c for c in text if unicodedata.category(c)[0] != "C").split())
    backwards = _is_arabic(clean)
    if not clean or not _can_write(clean, backwards=backwards):
        return at[1]
    width = SIZE[0] - 2 * EDGE
    font = _font(size, backwards=backwards)
    while size > 28 and max(font.getlength(word) for word in clean.split()) > width:
        size -= 4
        font = _font(size, backwards=backwards)
    x, y = (SIZE[0] - EDGE if backwards else at[0]), at[1]
    for line in _lines(clean, font, width, limit):
        draw.text((x, y), line, font=font, fill=_WHITE, anchor="ra" if backwards else "la")
        y += int(size * 1.2)
    return y


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int, limit: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        elif len(lines) < limit:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1].rstrip('.,;:')} …"
            break
    return lines


def _is_arabic(text: str) -> bool:
    return any(unicodedata.bidirectional(c) in {"AL", "R"} for c in text)


@lru_cache(maxsize=32)
def _font(size: int, *, backwards: bool) -> ImageFont.FreeTypeFont:
    folder, name = (
        (fontpkg_amiri.ROOT, "Amiri-Bold.ttf")
        if backwards
        else (fontpkg_ibm_plex_serif.ROOT, "IBMPlexSerif-SemiBold.ttf")
    )
    return ImageFont.truetype(str(folder / "files" / name), size)


@lru_cache(maxsize=2)
def _nothing(*, backwards: bool) -> bytes:
    return bytes(_font(40, backwards=backwards).getmask("\U0010fffe"))


def _can_write(text: str, *, backwards: bool) -> bool:
    """Say whether the font has every letter; Arabic must be joined too, which takes a shaping library."""
    if backwards and not features.check("raqm"):
        return False
    font, nothing = _font(40, backwards=backwards), _nothing(backwards=backwards)
    return all(c.isspace() or bytes(font.getmask(c)) != nothing for c in set(text))


def _rgb(ink: str) -> tuple[int, int, int]:
    return int(ink[1:3], 16), int(ink[3:5], 16), int(ink[5:7], 16)
