"""The form of a pipeline's stages: a row a stage, and one empty row to add another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from segue.hire.models import StageSpec
from segue.kit.errors import Invalid

MOST_ROWS = 25


@dataclass(frozen=True, slots=True)
class StageRow:
    """One row of the form: the stage as typed, its place, and whether it goes and whereto its people go."""

    spec: StageSpec
    place: int
    count: int = 0
    goes: bool = False
    to: str = ""


def rows_for(stages: Sequence[StageSpec], counts: dict[str, int]) -> list[StageRow]:
    """Return the rows a form begins with."""
    return [StageRow(spec, at + 1, counts.get(spec.key, 0)) for at, spec in enumerate(stages)]


def read_rows(said: QueryDict) -> tuple[list[StageSpec], dict[str, str]]:
    """Return the stages in the order typed, and for those that go whereto their people go.

    An empty row is no stage. Raises Invalid for a clock that is no number.
    """
    kept: list[tuple[float, int, StageSpec]] = []
    moves: dict[str, str] = {}
    for at in range(MOST_ROWS):
        name = said.get(f"name-{at}")
        if name is None or not (name.strip() or said.get(f"key-{at}")):
            continue
        spec = StageSpec(
            key=said.get(f"key-{at}", ""),
            name=name,
            candidate_name=said.get(f"told-{at}", ""),
            kind=said.get(f"kind-{at}", ""),
            sla_hours=_hours(said.get(f"hours-{at}", ""), name),
            duty=said.get(f"duty-{at}", "recruiter"),
        )
        if spec.key and said.get(f"goes-{at}"):
            moves[spec.key] = said.get(f"to-{at}", "")
        else:
            kept.append((_place(said.get(f"place-{at}", ""), at), at, spec))
    return [spec for _place_, _at, spec in sorted(kept, key=lambda row: row[:2])], moves


def _hours(text: str, name: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid(
            _("The clock of “%s” is not a number of hours.") % name,
            field="hours",
            remedy=_("Leave it empty for no clock."),
        )
    return int(text)


def _place(text: str, at: int) -> float:
    try:
        place = float(text)
    except ValueError:
        return at + 1.0
    return place if -1e6 < place < 1e6 else at + 1.0
