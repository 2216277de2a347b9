"""The signals the ledger understands. A new behaviour to hear is one line here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its purpose (which consent it needs) and its weight in a taste, if any."""

    name: str
    purpose: str  # "behaviour" needs that consent; "service" is kept to run what was asked for
    weight: float = 0.0
    note: str = ""


_ALL = (
    Kind("card.shown", "behaviour", 0.0, "A card was on the screen."),
    Kind("card.clicked", "behaviour", 1.0, "A card's job was opened."),
    Kind("job.dwelled", "behaviour", 0.5, "A job page was read; props.dwell_s."),
    Kind("card.liked", "behaviour", 2.0, "Liked."),
    Kind("card.saved", "behaviour", 3.0, "Saved for later."),
    Kind("card.skipped", "behaviour", -1.0, "Skipped; another card takes its place."),
    Kind("card.not_now", "behaviour", 0.0, "Not now; comes back after props.until."),
    Kind("card.less", "behaviour", -2.0, "Less like this."),
    Kind("card.hidden", "behaviour", -3.0, "Never show this job again."),
    Kind("stance.undone", "behaviour", 0.0, "The last stance was taken back."),
    Kind("application.submitted", "service", 4.0, "Applied."),
    Kind("application.moved", "service", 0.0, "Moved to another stage."),
    Kind("application.withdrawn", "service", 0.0, "Withdrawn by the candidate."),
    Kind("application.decided", "service", 0.0, "A person decided."),
    Kind("taste.edited", "service", 0.0, "Wishes were changed or reset."),
    Kind("person.signed_in", "service", 0.0, "Signed in."),
)

KINDS = {kind.name: kind for kind in _ALL}
TASTE_WEIGHTS = {kind.name: kind.weight for kind in _ALL if kind.weight}
