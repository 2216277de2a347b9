"""What the lists of applications say about themselves: tabs, chips, the stages to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from segue.hire.models import BulkAction, BulkKind, Question, QuestionKind, Stage, StageSpec
from segue.hire.models.questions import SHORT
from segue.hire.queries.listing import NOBODY, Filters


@dataclass(frozen=True, slots=True)
class Tab:
    """One stage above a list."""

    key: str
    label: str
    count: int
    overdue: int
    query: str


def stage_tabs(
    stages: Sequence[StageSpec], counts: Mapping[str, tuple[int, int]], wanted: Filters
) -> list[Tab]:
    """Return a tab a stage, with the other filters kept."""
    shown = [spec for spec in stages if spec.kind != Stage.HIRED]
    return [
        Tab(spec.key, spec.label, *counts.get(spec.key, (0, 0)), replace(wanted, stage=spec.key).as_query())
        for spec in shown
    ]


def stage_options(stages: Sequence[StageSpec]) -> SafeString:
    """Write the stages one can move to, once for all menus of a page."""
    return format_html_join(
        "",
        '<option value="{}">{}</option>',
        ((spec.key, spec.label) for spec in stages if spec.kind != Stage.HIRED),
    )


def filter_chips(wanted: Filters) -> list[tuple[SafeString, str]]:
    """Return what narrows the list, in words, each with the address that lets it go."""
    said: list[tuple[str, SafeString]] = []
    if wanted.text:
        said.append(("text", format_html("“<bdi>{}</bdi>”", wanted.text)))
    if wanted.tag:
        said.append(("tag", format_html("# <bdi>{}</bdi>", wanted.tag)))
    if wanted.source:
        said.append(("source", format_html("{} <bdi>{}</bdi>", _("from"), wanted.source)))
    if wanted.since:
        said.append(("since", format_html("{} {}", _("applied since"), wanted.since.isoformat())))
    if wanted.owner:
        words = _("nobody’s") if wanted.owner == NOBODY else _("one owner’s")
        said.append(("owner", format_html("{}", words)))
    if wanted.overdue:
        said.append(("overdue", format_html("{}", _("overdue"))))
    if wanted.snoozed:
        said.append(("snoozed", format_html("{}", _("snoozed"))))
    if wanted.look:
        said.append(("look", format_html("{}", _("an answer wants a look"))))
    if wanted.held:
        said.append(("held", format_html("{}", _("held"))))
    if wanted.answer:
        said.append(("answer", format_html("“<bdi>{}</bdi>”", wanted.answer.partition("=")[2])))
    return [(words, _without(wanted, name)) for name, words in said]


def answer_choices(questions: Sequence[Question]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the short questions of a job with the answers a list can be narrowed to."""
    found = []
    for one in questions:
        if one.kind == QuestionKind.YES_NO:
            found.append((one.label, [(f"{one.key}=yes", _("Yes")), (f"{one.key}=no", _("No"))]))
        elif one.kind in SHORT:
            found.append((one.label, [(f"{one.key}={option}", option) for option in one.options]))
    return found


def _without(wanted: Filters, name: str) -> str:
    left = {
        "since": lambda: replace(wanted, since=None),
        "overdue": lambda: replace(wanted, overdue=False),
        "snoozed": lambda: replace(wanted, snoozed=False),
        "look": lambda: replace(wanted, look=False),
        "held": lambda: replace(wanted, held=False),
        "answer": lambda: replace(wanted, answer=""),
        "text": lambda: replace(wanted, text=""),
        "tag": lambda: replace(wanted, tag=""),
        "source": lambda: replace(wanted, source=""),
        "owner": lambda: replace(wanted, owner=""),
    }
    return left[name]().as_query()


def deed_words(bulk: BulkAction) -> str:
    """Say what was done to how many, in one line."""
    count, what = bulk.count, bulk.what
    words = {
        BulkKind.MOVE: _("%(count)d moved to %(name)s."),
        BulkKind.TAG: _("%(count)d tagged “%(tag)s”."),
        BulkKind.UNTAG: _("“%(tag)s” taken off %(count)d."),
        BulkKind.SNOOZE: _("%(count)d snoozed.") if what.get("until") else _("%(count)d woken."),
        BulkKind.ASSIGN: _("%(count)d given to %(name)s.") if what.get("owner") else _("%(count)d let go."),
        BulkKind.REJECT: _("%(count)d turned down, in your name."),
        BulkKind.MESSAGE: _("%(count)d written to: “%(subject)s”."),
    }[BulkKind(bulk.kind)]
    named = {name: what.get(name, "") for name in ("name", "tag", "subject")}
    said = words % {"count": count, **named}
    if not bulk.skipped:
        return said
    left = _("%d left out.") if bulk.kind == BulkKind.MESSAGE else _("%d needed no change.")
    return f"{said} {left % bulk.skipped}"
