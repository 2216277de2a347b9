"""How the owner puts a fact right: the fields of its form, and what they make when they come back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.models import FactKind, PayPeriod, Remote
from segue.kit.errors import Invalid
from segue.web.places import COUNTRIES

_WHEN = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
_RECORDS: dict[str, tuple[tuple[str, Any], ...]] = {
    FactKind.POSITION: (
        ("title", gettext_lazy("Job title")),
        ("employer", gettext_lazy("Employer")),
        ("start", gettext_lazy("From (2019-03)")),
        ("end", gettext_lazy("To (empty if you are still there)")),
    ),
    FactKind.EDUCATION: (
        ("title", gettext_lazy("Degree")),
        ("school", gettext_lazy("School")),
        ("start", gettext_lazy("From (2015-09)")),
        ("end", gettext_lazy("To")),
    ),
}
_PAY: tuple[tuple[str, Any], ...] = (
    ("amount", gettext_lazy("Amount")),
    ("currency", gettext_lazy("Currency (EUR)")),
    ("period", gettext_lazy("For")),
)
# An address is a way to sign in and coordinates are nobody's words: neither is typed over here.
_NOT_TYPED = frozenset({FactKind.EMAIL, FactKind.LOCATION})


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a correction; with `choices` (value, words) one of them is picked."""

    name: str
    label: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()


def inputs_of(kind: str, value: Any, in_words: str) -> list[Input]:
    """Return the fields in which a fact is put right; none where it is not typed over."""
    if kind in _NOT_TYPED:
        return []
    if kind in _RECORDS:
        return [Input(name, str(label), str(value.get(name, ""))) for name, label in _RECORDS[kind]]
    if kind == FactKind.PAY_FLOOR:
        periods = _choices(PayPeriod.choices)
        return [
            Input(name, str(label), str(value.get(name, "")), periods if name == "period" else ())
            for name, label in _PAY
        ]
    said = in_words if kind in {FactKind.SKILL, FactKind.LICENCE} else str(value)
    return [Input("value", str(FactKind(kind).label), said, _choices_for(kind))]


def corrected(kind: str, posted: Mapping[str, str]) -> Any:
    """Return the value a correction makes. Raises Invalid where dates are none, or the wrong way round."""
    if kind in _NOT_TYPED:
        raise Invalid(_("This cannot be changed here."), field="value", remedy=_("Take it out instead."))
    if kind == FactKind.PAY_FLOOR:
        return {name: posted.get(name, "").strip() for name, _label in _PAY}
    if kind not in _RECORDS:
        return posted.get("value", "").strip()
    record = {name: posted.get(name, "").strip() for name, _label in _RECORDS[kind]}
    for name in ("start", "end"):
        if record[name] and not _WHEN.fullmatch(record[name]):
            raise Invalid(
                _("“%s” is not a month.") % record[name], field=name, remedy=_("Write it as 2019-03.")
            )
    if record["end"] and record["end"] < record["start"][: len(record["end"])]:
        raise Invalid(_("This ends before it begins."), field="end", remedy=_("Change one of the two dates."))
    return record


def _choices_for(kind: str) -> tuple[tuple[str, str], ...]:
    if kind == FactKind.REMOTE:
        return _choices(Remote.choices)
    if kind in {FactKind.COUNTRY, FactKind.PERMIT}:
        named = [(code, str(name)) for code, name in COUNTRIES.items()]
        return tuple(sorted(named, key=lambda pair: pair[1]))
    return ()


def _choices(pairs: Any) -> tuple[tuple[str, str], ...]:
    return tuple((value, str(words)) for value, words in pairs if value)
