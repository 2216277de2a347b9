"""What two records have in common and where they differ, field by field: the reasons a person is shown."""

from __future__ import annotations

from typing import Literal, NamedTuple

from segue.engine.same_person.agreement import COLUMNS, Agreement
from segue.engine.same_person.names import Agree

How = Literal["same", "nickname", "swapped", "close", "different"]


class Sign(NamedTuple):
    """One field, and how the two stand to each other in it."""

    field: str  # "given", "family", or one of COLUMNS
    how: How

    @property
    def speaks_for(self) -> bool:
        return self.how != "different"


def signs_of(agreement: Agreement, place: int) -> list[Sign]:
    """Return what is known of one pair; a field that either leaves empty is left out."""
    signs = [*_of_names(agreement, place)]
    for column in COLUMNS:
        mark = int(getattr(agreement, column)[place])
        if mark:
            signs.append(Sign(column, "same" if mark > 0 else "different"))
    return signs


def _of_names(agreement: Agreement, place: int) -> list[Sign]:
    found = []
    for part in ("given", "family"):
        level = Agree(int(getattr(agreement, part)[place]))
        if level is Agree.UNKNOWN:
            continue
        how: How = "different" if level is Agree.DIFFERENT else "close" if level is Agree.CLOSE else "same"
        if how == "same" and part == "given" and agreement.nickname[place]:
            how = "nickname"
        elif how == "same" and agreement.swapped[place]:
            how = "swapped"
        found.append(Sign(part, how))
    return found
