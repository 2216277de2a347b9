"""What a fact may serve, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


def purposes_said(purposes: Iterable[str]) -> str:
    """Say what a fact may serve: "recruiting"; a purpose somebody else named stays as they named it."""
    ours = {"recruiting": _("recruiting")}
    return ", ".join(ours.get(purpose, purpose) for purpose in purposes)
