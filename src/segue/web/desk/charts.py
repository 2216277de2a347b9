"""Small charts as drawings: the numbers stand beside them in a table, so the drawing is decoration."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, GAP = 4, 24, 1


def columns(values: Sequence[int], extra: str = "") -> SafeString:
    """Draw one column a value, the largest as high as the drawing; a quiet one leaves a thin foot."""
    most = max(values, default=0)
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"{}/>',
        (
            (i * WIDTH, f"{HEIGHT - height:.1f}", WIDTH - GAP, f"{height:.1f}", _kind(value))
            for i, value in enumerate(values)
            for height in [_height(value, most)]
        ),
    )
    return format_html(
        '<svg class="spark {}" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false">{}</svg>',
        extra,
        len(values) * WIDTH - GAP,
        HEIGHT,
        bars,
    )


def _height(value: int, most: int) -> float:
    return max(HEIGHT * value / most, 2.0) if value > 0 else 0.75


def _kind(value: int) -> SafeString:
    return SafeString("") if value > 0 else SafeString(' class="spark-none"')
