"""An audit line says how something was asked for: short, without secrets, and in nobody's class names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from segue.kit.action import action
from segue.kit.actor import Actor
from segue.trust.models import Account, AuditLine
from tests.factories import actor


@dataclass(frozen=True)
class Terms:
    pay: int


@action("kit.try_out")
def try_out(subject: object, *, by: Actor, **said: object) -> None:
    """Do nothing, and be written down."""


@pytest.mark.django_db
def test_a_line_keeps_what_can_be_read_and_leaves_out_the_rest(rosa: Account) -> None:
    try_out(
        rosa,
        by=actor(rosa),
        stage="screen",
        pay=Decimal("50.5"),
        since=date(2026, 1, 2),
        whom=rosa,
        rows=[1, 2, 3],
        words="x" * 500,
        secret_note="not for here",
        terms=Terms(7),
    )
    assert AuditLine.objects.get(verb="kit.try_out").detail == {
        "stage": "screen",
        "pay": "50.5",
        "since": "2026-01-02",
        "whom": f"Account:{rosa.pk}",
        "rows": "(3 items)",
        "words": "(500 characters)",
    }
