"""What a résumé was read as, laid out for its owner: each line with its quote and how sure we are."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.models import FactSource
from segue.catalog.queries.resumes import ReadFact, Trouble
from segue.web.portal.correcting import Input, inputs_of
from segue.web.portal.profile import in_full

QUITE_SURE, FAIRLY_SURE = 0.9, 0.7
_TROUBLES = {
    "end_before_start": gettext_lazy("This ends before it begins. When was it?"),
    "no_name": gettext_lazy("We could not make out your name."),
    "no_email": gettext_lazy("We found no e-mail address."),
    "no_positions": gettext_lazy("We found no jobs with dates. If you had some, add them in your own words."),
}


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
    value = in_full(fact.kind, fact.value)
    return ReadLine(
        id=fact.pk,
        label=str(fact.get_kind_display()),
        value=value,
        quote=read.quote,
        sureness=_sureness(fact.confidence),
        is_settled=fact.source == FactSource.CONFIRMED,
        inputs=inputs_of(fact.kind, fact.value, value),
    )


def trouble_in_words(trouble: Trouble) -> tuple[str, str]:
    """Return what could not be read, in words, and the line it is about."""
    return str(_TROUBLES.get(trouble.code, trouble.code)), trouble.quote


def _sureness(confidence: float) -> str:
    if confidence >= QUITE_SURE:
        return _("We are quite sure")
    return _("Fairly sure") if confidence >= FAIRLY_SURE else _("Please check this")
