"""What follows from a card's figures, one line each; none that its figure does not carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.measure.queries.personas.figures import LEAST, Figure, Verdict

WATCH = {
    "too_far": gettext_lazy("Show what is near, or can be done from home"),
    "pay": gettext_lazy("Say the pay first"),
    "level": gettext_lazy("Mind the level"),
    "hours": gettext_lazy("Say the hours first"),
    "not_my_field": gettext_lazy("Do not fill their mixes with other fields"),
    "seen_before": gettext_lazy("Do not show the same jobs again"),
}
SAID = {
    "not_my_field": gettext_lazy("Not my field"),
    "too_far": gettext_lazy("Too far"),
    "pay": gettext_lazy("Pay"),
    "level": gettext_lazy("Level"),
    "hours": gettext_lazy("Hours"),
    "seen_before": gettext_lazy("Seen before"),
    "other": gettext_lazy("Something else"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of advice and the figure it rests on. `do`: something to do, or to leave."""

    do: bool
    text: str
    evidence: str
    figure: str  # its key


def advice(
    responses: dict[str, list[Figure]],
    reasons: Iterable[Figure],
    wishes: Iterable[Figure],
    passages: Iterable[Figure],
) -> list[Line]:
    """Write the lines that figures which differ from everybody else's carry; what to do comes first."""
    lines = [*_of_responses(responses), *_of_reasons(reasons), *_of_wishes(wishes), *_of_passages(passages)]
    return sorted(lines, key=lambda line: not line.do)


def evidence_of(figure: Figure) -> str:
    """Say a figure in words: 42 % of 120, everybody else 28 %."""
    told = _("%(share).0f %% of %(n)d people") % {"share": 100 * figure.share, "n": figure.n}
    if figure.other_share is None:
        few = _("%(told)s; of everybody else too few to tell")
        return few % {"told": told} if figure.other_n >= LEAST else told
    return _("%(told)s; everybody else %(other).0f %%") % {"told": told, "other": 100 * figure.other_share}


def _of_responses(responses: dict[str, list[Figure]]) -> Iterator[Line]:
    for part, figures in responses.items():
        for one in figures:
            evidence, family = evidence_of(one), {"family": one.label}
            if part in ("saved", "opened") and one.verdict is Verdict.MORE:
                text = (
                    _("Lead with %(family)s: they save such jobs")
                    if part == "saved"
                    else _("Show %(family)s: they open such jobs")
                )
                yield Line(True, text % family, evidence, one.key)
            elif part == "skipped" and one.verdict is Verdict.MORE:
                yield Line(
                    False, _("Do not lead with %(family)s: they skip such jobs") % family, evidence, one.key
                )
            elif part == "saved" and one.verdict is Verdict.LESS:
                yield Line(False, _("Do not expect much of %(family)s") % family, evidence, one.key)


def _of_reasons(reasons: Iterable[Figure]) -> Iterator[Line]:
    for one in reasons:
        reason = one.key.removeprefix("reason-")
        if one.verdict is Verdict.MORE and reason in WATCH:
            yield Line(
                reason not in ("not_my_field", "seen_before"), str(WATCH[reason]), evidence_of(one), one.key
            )


def _of_wishes(wishes: Iterable[Figure]) -> Iterator[Line]:
    for one in wishes:
        if one.verdict is not Verdict.MORE:
            continue
        wanted = one.key.startswith("wish-+")
        text = (
            _("Say so where a job offers it: %(wish)s")
            if wanted
            else _("Leave out what they do not want: %(wish)s")
        )
        yield Line(wanted, text % {"wish": one.label}, evidence_of(one), one.key)


def _of_passages(passages: Iterable[Figure]) -> Iterator[Line]:
    for one in passages:
        if one.verdict is Verdict.LESS:
            text = _("Look why fewer come %(step)s") % {"step": one.label}
            yield Line(True, text, evidence_of(one), one.key)
