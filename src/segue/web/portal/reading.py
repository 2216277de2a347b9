"""What a résumé was read as, laid out for its owner: each line with its quote and how sure we are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.models import FactKind, FactSource
from segue.catalog.queries.resumes import ReadFact, Trouble
from segue.kit.errors import Invalid
from segue.web.portal.profile import in_words

QUITE_SURE, FAIRLY_SURE = 0.9, 0.7
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
_TROUBLES = {
    "end_before_start": gettext_lazy("This ends before it begins. When was it?"),
    "no_name": gettext_lazy("We could not make out your name."),
    "no_email": gettext_lazy("We found no e-mail address."),
    "no_positions": gettext_lazy("We found no jobs with dates. If you had some, add them in your own words."),
}


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a correction."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One thing read, as its owner sees it."""

    id: int
    label: str
    value: str
    quote: str
    sureness: str
    is_settled: bool
    inputs: list[Input]


def read_line(read: ReadFact) -> ReadLine:
    """Lay out one thing that was read."""
    fact = read.fact
    return ReadLine(
        id=fact.pk,
        label=str(fact.get_kind_display()),
        value=_in_full(fact.kind, fact.value),
        quote=read.quote,
        sureness=_sureness(fact.confidence),
        is_settled=fact.source == FactSource.CONFIRMED,
        inputs=_inputs(fact.kind, fact.value),
    )


def corrected(kind: str, posted: Mapping[str, str]) -> Any:
    """Return the value a correction makes. Raises Invalid where dates are none, or the wrong way round."""
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


def trouble_in_words(trouble: Trouble) -> tuple[str, str]:
    """Return what could not be read, in words, and the line it is about."""
    return str(_TROUBLES.get(trouble.code, trouble.code)), trouble.quote


def _sureness(confidence: float) -> str:
    if confidence >= QUITE_SURE:
        return _("We are quite sure")
    return _("Fairly sure") if confidence >= FAIRLY_SURE else _("Please check this")


def _in_full(kind: str, value: Any) -> str:
    words = in_words(kind, value)
    if kind not in _RECORDS or not value.get("start"):
        return words
    return f"{words}, {value['start']} – {value.get('end') or _('today')}"


def _inputs(kind: str, value: Any) -> list[Input]:
    if kind in _RECORDS:
        return [Input(name, str(label), str(value.get(name, ""))) for name, label in _RECORDS[kind]]
    return [Input("value", str(FactKind(kind).label), str(value))]
