"""Cover art for a job, drawn from the job itself: the department sets the colours, the occupation
the motif, and the job's own id the arrangement. The same job always gets the same cover."""

# ruff: noqa: E501 - a shape is one line

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable
from functools import lru_cache

# Three inks each: ground from, ground to, and the light that falls on it.
PALETTES = (
    ("#3b1c6b", "#c2255c", "#ffb37a"),
    ("#0b3b5c", "#12827c", "#d8f3a5"),
    ("#7a1f3d", "#e8590c", "#ffe08a"),
    ("#12264f", "#4263eb", "#9be7ff"),
    ("#15402d", "#3a8f4d", "#f6e27f"),
    ("#511a5c", "#9c36b5", "#ffc2e2"),
    ("#8a2c0d", "#f08c00", "#fff3bf"),
    ("#123a8c", "#1098ad", "#ffec99"),
    ("#2a1f5e", "#6741d9", "#a5f3d6"),
    ("#631330", "#d6336c", "#ffd8c2"),
    ("#2b4a12", "#82a914", "#fff9db"),
    ("#3b2f4f", "#8a5a83", "#ffd8a8"),
)
Draw = Callable[[random.Random, str], str]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2s(text.encode(), digest_size=4).digest(), "big")


def _sunrise(rng: random.Random, light: str) -> str:
    x, y = rng.randint(20, 80), rng.randint(46, 64)
    discs = "".join(
        f'<circle cx="{x}" cy="{y}" r="{r}" fill="{light}" fill-opacity="{o}"/>'
        for r, o in ((46, 0.12), (33, 0.2), (20, 0.92))
    )
    return (
        discs
        + f'<path d="M0 {y + 6}Q{rng.randint(25, 75)} {y - 12} 100 {y + 10}V100H0z" fill="#000" fill-opacity=".28"/>'
    )


def _waves(rng: random.Random, light: str) -> str:
    parts = []
    for i in range(5):
        y = 26 + i * 15 + rng.randint(-3, 3)
        lift = rng.randint(8, 18) * (1 if i % 2 else -1)
        parts.append(
            f'<path d="M0 {y}C30 {y - lift} 70 {y + lift} 100 {y}V100H0z" fill="{light}" '
            f'fill-opacity="{0.1 + i * 0.07:.2f}"/>'
        )
    return "".join(parts)


def _orbits(rng: random.Random, light: str) -> str:
    x, y = rng.randint(25, 75), rng.randint(30, 70)
    rings = "".join(
        f'<circle cx="{x}" cy="{y}" r="{r}" fill="none" stroke="{light}" stroke-width="2" stroke-opacity="{o}"/>'
        for r, o in ((18, 0.9), (30, 0.55), (43, 0.35), (57, 0.2))
    )
    turn = rng.random() * math.tau
    moon_x, moon_y = x + 30 * math.cos(turn), y + 30 * math.sin(turn)
    return f'{rings}<circle cx="{x}" cy="{y}" r="9" fill="{light}"/><circle cx="{moon_x:.1f}" cy="{moon_y:.1f}" r="5" fill="#fff"/>'


def _petals(rng: random.Random, light: str) -> str:
    count, start = rng.choice((5, 6, 8)), rng.randint(0, 60)
    leaves = "".join(
        f'<ellipse cx="50" cy="27" rx="{13 if count < 8 else 9}" ry="23" fill="{light}" fill-opacity=".42" '
        f'transform="rotate({start + i * 360 // count} 50 50)"/>'
        for i in range(count)
    )
    return f'{leaves}<circle cx="50" cy="50" r="9" fill="#fff" fill-opacity=".9"/>'


def _tiles(rng: random.Random, light: str) -> str:
    parts = []
    for row in range(4):
        for column in range(4):
            x, y, turn = column * 25, row * 25, rng.randrange(4) * 90
            parts.append(
                f'<path d="M{x} {y}h25a25 25 0 01-25 25z" fill="{light}" '
                f'fill-opacity="{rng.choice((0.12, 0.25, 0.5, 0.85))}" transform="rotate({turn} {x + 12.5} {y + 12.5})"/>'
            )
    return "".join(parts)


def _bars(rng: random.Random, light: str) -> str:
    return "".join(
        f'<rect x="{10 + i * 12}" y="{50 - h}" width="7" height="{2 * h}" rx="3.5" fill="{light}" '
        f'fill-opacity="{0.55 + 0.05 * (i % 4):.2f}"/>'
        for i, h in enumerate(rng.randint(8, 36) for _ in range(7))
    )


def _peaks(rng: random.Random, light: str) -> str:
    sun = f'<circle cx="{rng.randint(18, 82)}" cy="26" r="11" fill="{light}"/>'
    a, b = rng.randint(18, 42), rng.randint(58, 84)
    return (
        f'{sun}<path d="M0 84L{a} 42l24 30 V100H0z" fill="{light}" fill-opacity=".35"/>'
        f'<path d="M14 100L{b} 46l40 54z" fill="#000" fill-opacity=".3"/>'
        f'<path d="M0 100V86q50-16 100 2V100z" fill="#000" fill-opacity=".28"/>'
    )


def _drift(rng: random.Random, light: str) -> str:
    return (
        "".join(
            f'<circle cx="{rng.randint(0, 100)}" cy="{rng.randint(0, 100)}" r="{rng.randint(10, 34)}" '
            f'fill="{light}" fill-opacity="{rng.choice((0.14, 0.22, 0.34))}"/>'
            for _ in range(7)
        )
        + f'<circle cx="{rng.randint(30, 70)}" cy="{rng.randint(30, 70)}" r="12" fill="#fff" fill-opacity=".85"/>'
    )


def _weave(rng: random.Random, light: str) -> str:
    tilt = rng.choice((-35, -20, 20, 35))
    strands = "".join(
        f'<path d="M-30 {y}H130" stroke="{light}" stroke-width="{w}" stroke-opacity="{o}"/>'
        for y, w, o in zip(
            range(-10, 120, 13), (2, 5, 1, 8, 3, 2, 6, 1, 4, 2), (0.9, 0.35, 0.8, 0.2, 0.6) * 2, strict=True
        )
    )
    return f'<g transform="rotate({tilt} 50 50)">{strands}</g>'


MOTIFS: tuple[Draw, ...] = (_sunrise, _waves, _orbits, _petals, _tiles, _bars, _peaks, _drift, _weave)


def palette_of(department: str) -> tuple[str, str, str]:
    """Return the three inks of a department's covers."""
    return PALETTES[_number(department or "house") % len(PALETTES)]


@lru_cache(maxsize=4096)
def cover_art(key: str, department: str, occupation: str) -> str:
    """Return the inner SVG of a cover on a 100 × 100 grid; it refers to the gradients of `cover_grounds`."""
    palette = _number(department or "house") % len(PALETTES)
    motif = MOTIFS[_number(occupation or department or key) % len(MOTIFS)]
    rng = random.Random(key)  # noqa: S311 - a drawing, not a secret
    turn = rng.choice((0, 90, 180, 270))
    ground = (
        f'<rect width="100" height="100" fill="url(#ground-{palette})" transform="rotate({turn} 50 50)"/>'
    )
    return ground + motif(rng, PALETTES[palette][2])


@lru_cache(maxsize=1)
def cover_grounds() -> str:
    """Return the gradients all covers share; once a page, before the first cover."""
    return "".join(
        f'<linearGradient id="ground-{i}" x1="0" y1="0" x2="1" y2="1"><stop stop-color="{a}"/>'
        f'<stop offset="1" stop-color="{b}"/></linearGradient>'
        for i, (a, b, _) in enumerate(PALETTES)
    )
