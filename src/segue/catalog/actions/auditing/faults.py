"""The faults an audit can name, what each costs, and what mends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault. `weight`: what it breaks: 3 reaching people or telling them apart, 2 matching, 1 only
    reading. That is a judgement; where the effect on matching is measured, the measure counts."""

    code: str
    field: str
    weight: int
    title: Any
    remedy: Any

    @property
    def damage(self) -> str:
        """The damage that stands for this fault where its effect on matching is measured; "" for none."""
        return DAMAGES.get(self.code, "")

    @property
    def fixable(self) -> float:
        """The share of such faults that mending is thought to mend: ours to put right, or to be asked for."""
        return OURS if self.code in OURS_TO_MEND else TO_BE_ASKED


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of fault on the work list: how many, what one costs matching where that was measured, and what
    mending all of them is expected to gain (cost × number × share that can be mended)."""

    fault: Fault
    count: int
    cost: float | None = None

    @property
    def gain(self) -> float | None:
        return None if self.cost is None else self.cost * self.count * self.fault.fixable


# What the team can put right from what is there, and what somebody must be asked for. Both are judgements.
OURS, TO_BE_ASKED = 0.9, 0.4
REACHING = 3
OURS_TO_MEND = frozenset(
    {"unknown_country", "place_elsewhere", "unknown_time_zone", "unknown_skill", "mojibake", "name_missing"}
    | {"expired_open", "posted_in_future", "no_description", "same_person_twice", "same_resume_twice"}
)
# Which damage of `learn.damage` stands for which fault. Matching reads neither names, addresses nor dates of
# positions, so what is wrong with those costs it nothing, and is on the list for what else it breaks.
DAMAGES = {
    "place_elsewhere": "place_wrong",
    "unknown_country": "country_missing",
    "pay_without_currency_or_period": "pay_missing",
    "pay_implausible": "pay_wrong",
    "unknown_skill": "skill_unknown",
    "empty_resume": "resume_missing",
    "mojibake": "words_garbled",
    "no_description": "job_description_missing",
}


FAULTS: dict[str, Fault] = {
    fault.code: fault
    for fault in (
        Fault("bad_email", "email", 3, _("Not an e-mail address"), _("Ask for it, or take it out.")),
        Fault(
            "shared_mailbox",
            "email",
            3,
            _("A mailbox of an office, not of a person"),
            _("Ask for their own address."),
        ),
        Fault("bad_phone", "phone", 3, _("Not a telephone number"), _("Ask for it, with its country code.")),
        Fault(
            "no_way_to_reach",
            "email",
            3,
            _("Neither address nor number"),
            _("Find one, or let the record go."),
        ),
        Fault(
            "household_conflict",
            "phone",
            3,
            _("One number, two names"),
            _("See whether it is a household or a slip."),
        ),
        Fault(
            "same_person_twice",
            "name",
            3,
            _("The same name and number twice"),
            _("Look at them under “Same person?”."),
        ),
        Fault("same_resume_twice", "resume", 3, _("One résumé with two people"), _("Find out whose it is.")),
        Fault("name_missing", "name", 2, _("No name"), _("Ask for it.")),
        Fault("not_a_name", "name", 2, _("Not a name"), _("Write the name as the person does.")),
        Fault("unknown_country", "country", 2, _("No such country"), _("Use its two letters, such as DE.")),
        Fault(
            "place_elsewhere",
            "city",
            2,
            _("On the map far from the town it names"),
            _("Put the town or the point right."),
        ),
        Fault("unknown_time_zone", "time_zone", 2, _("No such time zone"), _("Write it as Europe/Berlin.")),
        Fault(
            "pay_without_currency_or_period",
            "pay",
            2,
            _("Pay without currency or period"),
            _("Say 3000, EUR, month."),
        ),
        Fault("pay_implausible", "pay", 2, _("Pay nobody would pay or take"), _("Check amount and period.")),
        Fault(
            "unknown_skill",
            "skills",
            2,
            _("A skill the vocabulary does not hold"),
            _("Add or join it under Skills."),
        ),
        Fault(
            "conflicting_facts",
            "facts",
            2,
            _("Two sources say different things"),
            _("Ask the person; their word counts."),
        ),
        Fault(
            "end_before_start",
            "position",
            2,
            _("A position that ended before it began"),
            _("Put the dates right."),
        ),
        Fault(
            "position_in_future",
            "position",
            2,
            _("A position that begins far ahead"),
            _("Put the dates right."),
        ),
        Fault(
            "position_too_long",
            "position",
            2,
            _("A position longer than a working life"),
            _("Put the dates right."),
        ),
        Fault("empty_resume", "resume", 1, _("A résumé with hardly a word"), _("Ask for it as text.")),
        Fault("mojibake", "text", 1, _("Garbled letters"), _("Import it again as UTF-8.")),
        Fault("stale", "facts", 1, _("Nothing new for three years"), _("Ask whether it still holds.")),
        Fault(
            "expired_open",
            "valid_through",
            3,
            _("Open past its last day"),
            _("Close it, or give it another day."),
        ),
        Fault(
            "posted_in_future", "posted_at", 2, _("Open, but posted in the future"), _("Put the date right.")
        ),
        Fault("no_description", "description", 2, _("Hardly a description"), _("Say what the work is.")),
    )
}


def by_worth(found: Mapping[str, int], costs: Mapping[str, float] | None = None) -> list[Work]:
    """Return what was found, what is most worth mending first.

    Reaching people and telling them apart comes first, the most rows first: nobody can be matched without.
    Then what costs matching most: by expected gain where `costs` (nDCG@10 a damaged row, by damage; 0 where
    none could be shown) has it, and after those by weight × rows × share that can be mended.
    """
    costs = costs or {}
    works = [
        Work(FAULTS[code], count, costs.get(FAULTS[code].damage))
        for code, count in found.items()
        if code in FAULTS
    ]
    return sorted(works, key=_worth)


def _worth(work: Work) -> tuple[int, float, float, str]:
    judged = work.fault.weight * work.count * work.fault.fixable
    if work.fault.weight == REACHING:
        return 0, -judged, 0.0, work.fault.code
    gain = work.gain
    return (1, -gain, -judged, work.fault.code) if gain else (2, -judged, 0.0, work.fault.code)
