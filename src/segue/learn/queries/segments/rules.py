"""From a stored rule to one that can be asked: all that its conditions name is looked up."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from segue.catalog.places import country_code
from segue.catalog.queries.skills import skills_by_name
from segue.engine.lexicon import slug_of
from segue.engine.query import Near
from segue.engine.segments import Condition, Node, RuleSyntax, conditions, read_rule, segments_named
from segue.kit.errors import Invalid
from segue.learn.models import Segment, SegmentState
from segue.learn.queries.search.asking import met_all, place_of, understand
from segue.learn.queries.segments.statement import Understood
from segue.learn.queries.segments.wording import refused, tree_of
from segue.learn.queries.tastes import GROUPS


def understand_rule(rule: Mapping[str, Any], *, of: uuid.UUID | None = None) -> Understood:
    """Read a stored rule; `of` is the segment it is to be of. Raises Invalid: where, what, and what to do."""
    try:
        tree = read_rule(rule)
    except RuleSyntax as wrong:
        raise refused(wrong) from None
    return understand_tree(tree, of=of)


def understand_tree(tree: Node, *, of: uuid.UUID | None = None) -> Understood:
    """Look up what a tree names. Raises Invalid for a place, a country, a wish or a segment nobody knows."""
    every = list(conditions(tree))
    known = skills_by_name()
    _no_circle(tree, of)
    for wish in (one.text("what") for one in every if one.kind == "wish"):
        if wish.partition(":")[0] not in GROUPS or not wish.partition(":")[2]:
            raise Invalid(
                _("“%s” is nothing people can wish for.") % wish,
                field="rule",
                remedy=_("Write skill:, department:, remote: or country: and what."),
            )
    return Understood(
        tree,
        places={near: place_of(Near(near)) for near in _texts(every, "place", "near")},
        skills={
            name: known.get(met_all(name)) or slug_of(name)
            for one in every
            for name in (*one.words("skills"), *one.words("licences"))
        },
        countries={name: _country(name) for one in every for name in one.words("countries")},
        asks={query: understand(query) for query in _texts(every, "text", "query")},
    )


def _texts(every: list[Condition], kind: str, field: str) -> Iterator[str]:
    yield from (one.text(field) for one in every if one.kind == kind)


def _country(name: str) -> str:
    code = country_code(name)
    if not code:
        raise Invalid(
            _("“%s” is no country we know.") % name,
            field="rule",
            remedy=_("Write its name, or two letters, such as DE."),
        )
    return code


def _no_circle(tree: Node, of: uuid.UUID | None) -> None:
    """Follow the segments a rule asks for; none may lead back to `of`, and each must be there."""
    waiting, met = list(segments_named(tree)), set()
    while waiting:
        key = waiting.pop()
        if key in met:
            continue
        met.add(key)
        found = _segment(key)
        if of is not None and found.pk == of:
            raise Invalid(
                _("A segment cannot ask for itself, nor for one that asks for it."),
                field="rule",
                remedy=_("Take “%s” out of the rule.") % found.name,
            )
        waiting += segments_named(tree_of(found))


def _segment(key: str) -> Segment:
    try:
        found = Segment.objects.filter(pk=uuid.UUID(key), state=SegmentState.ACTIVE).first()
    except ValueError:
        found = None
    if found is None:
        raise Invalid(
            _("The rule asks for a segment that is not there."),
            field="rule",
            remedy=_("Choose one of the list, or take the condition out."),
        )
    return found


def in_order(segments: list[Segment]) -> list[Segment]:
    """The same segments, each behind those its rule asks for."""
    by_key = {str(segment.pk): segment for segment in segments}
    ordered: dict[str, Segment] = {}

    def put(key: str) -> None:
        if key in by_key and key not in ordered:
            for before in segments_named(tree_of(by_key[key])):
                put(before)
            ordered[key] = by_key[key]

    for key in by_key:
        put(key)
    return list(ordered.values())
