"""Rules in plain words, what is wrong with one, and which conditions may be proxies."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from segue.catalog.models import Remote
from segue.catalog.queries.skills import labels, skills_by_name
from segue.engine.segments import (
    Condition,
    Node,
    RuleSyntax,
    conditions,
    proxies_in,
    read_rule,
    said,
    segments_named,
)
from segue.kit.errors import Invalid
from segue.learn.models import Segment, SegmentKind
from segue.learn.queries.search.asking import met_all

SIGNAL_WORDS = {
    "card.clicked": gettext_lazy("opened a job"),
    "card.saved": gettext_lazy("saved a job"),
    "card.liked": gettext_lazy("liked a job"),
    "card.skipped": gettext_lazy("skipped a job"),
    "card.less": gettext_lazy("asked for less like a job"),
    "card.hidden": gettext_lazy("hid a job"),
    "job.dwelled": gettext_lazy("read a job"),
    "story.opened": gettext_lazy("opened a story"),
    "story.read": gettext_lazy("read a story to its end"),
    "video.finished": gettext_lazy("watched a video to its end"),
}
STAGE_WORDS = {
    "screen": gettext_lazy("screening"),
    "interview": gettext_lazy("an interview"),
    "onsite": gettext_lazy("final interviews"),
    "offer": gettext_lazy("an offer"),
    "hired": gettext_lazy("being hired"),
}
FIELD_WORDS = {  # as the editor calls them
    "near": gettext_lazy("Place"),
    "km": gettext_lazy("within km"),
    "countries": gettext_lazy("Countries"),
    "languages": gettext_lazy("Languages"),
    "titles": gettext_lazy("Titles"),
    "which": gettext_lazy("Which"),
    "skills": gettext_lazy("Skills"),
    "licences": gettext_lazy("Licences"),
    "at_least": gettext_lazy("at least"),
    "at_most": gettext_lazy("at most"),
    "level": gettext_lazy("at least"),
    "mode": gettext_lazy("Way of working"),
    "stance": gettext_lazy("Wish"),
    "what": gettext_lazy("What"),
    "days": gettext_lazy("in the last days"),
    "sources": gettext_lazy("Sources"),
    "purpose": gettext_lazy("They"),
    "signal": gettext_lazy("They"),
    "stage": gettext_lazy("Stage"),
    "segment": gettext_lazy("Segment"),
    "query": gettext_lazy("Search"),
}
LEVEL_WORDS = {
    "school": gettext_lazy("a school certificate"),
    "vocational": gettext_lazy("vocational training"),
    "bachelor": gettext_lazy("a bachelor's degree"),
    "master": gettext_lazy("a master's degree"),
    "doctorate": gettext_lazy("a doctorate"),
}
PURPOSE_WORDS = {
    "contact": gettext_lazy("may be written to"),
    "discovery": gettext_lazy("may be found by recruiters"),
    "profile": gettext_lazy("lets us use their profile"),
    "behaviour": gettext_lazy("lets us use their behaviour"),
}


@dataclass(frozen=True, slots=True)
class Leaning:
    """A condition that may stand in for a protected ground, and why."""

    number: int
    words: str
    ground: str
    reason: str


class Names:
    """What skills and other segments are called, looked up once for many rules."""

    def __init__(self, trees: Iterable[Node]) -> None:
        trees = list(trees)
        keys = {key for tree in trees for key in segments_named(tree) if _is_uuid(key)}
        named = {
            name for tree in trees for one in conditions(tree)
            for name in (*one.words("skills"), *one.words("licences"), one.text("what").partition(":")[2])
            if name
        }  # fmt: skip
        known = skills_by_name() if named else {}
        slugs = {name: known[met_all(name)] for name in named if met_all(name) in known}
        called = labels(set(slugs.values())) if slugs else {}
        self.skills: Mapping[str, str] = {name: called.get(slug, name) for name, slug in slugs.items()}
        found = Segment.objects.filter(pk__in=keys).values_list("pk", "name") if keys else []
        self.segments: Mapping[str, str] = {str(key): name for key, name in found}


def _is_uuid(key: str) -> bool:
    try:
        uuid.UUID(key)
    except ValueError:
        return False
    return True


def in_words(tree: Node, names: Names | None = None) -> str:
    """A rule as a sentence's end: "lives within 50 km of Berlin and knows Python". "everybody" for none."""
    known = names or Names([tree])
    text = said(
        tree,
        one=lambda condition: condition_words(condition, known),
        both=lambda parts: _(" and ").join(parts),
        either=lambda parts: _(" or ").join(parts),
        no=lambda words: _("not: %s") % words,
    )
    return text or _("everybody")


def tree_of(segment: Segment) -> Node:
    """A stored rule; everybody's, where it is of a version nobody reads any more."""
    try:
        return read_rule(segment.rule)
    except RuleSyntax:
        return read_rule({})


def words_of(segment: Segment, names: Names | None = None) -> str:
    """What a segment says in words: its rule, or its description where it has none."""
    if segment.kind != SegmentKind.RULE:
        return segment.description
    return in_words(tree_of(segment), names)


def leanings_of(segment: Segment) -> list[Leaning]:
    """What in a segment's rule may be a proxy."""
    return warnings_of(tree_of(segment)) if segment.kind == SegmentKind.RULE else []


def condition_words(condition: Condition, names: Names) -> str:
    """One condition in words."""
    return _WORDS[condition.kind](condition, names)


def warnings_of(tree: Node, names: Names | None = None) -> list[Leaning]:
    """What in a rule may be a proxy, each with its reason, in reading order."""
    known = names or Names([tree])
    every = list(conditions(tree))
    return [
        Leaning(number, condition_words(every[number], known), _(proxy.ground), _(proxy.reason))
        for number, proxy in proxies_in(tree)
    ]


def _listed(words: Iterable[str], last: str) -> str:
    every = list(words)
    return last.join([", ".join(every[:-1]), every[-1]]) if len(every) > 1 else "".join(every)


def _or(words: Iterable[str]) -> str:
    return _listed(words, _(" or "))


def _skills(condition: Condition, names: Names) -> str:
    skills = [names.skills.get(one, one) for one in condition.words("skills")]
    which = condition.text("which")
    if which == "none":
        return _("knows none of %s") % _or(skills)
    return _("knows %s") % (_or(skills) if which == "any" else _listed(skills, _(" and ")))


def _licences(condition: Condition, names: Names) -> str:
    held = [names.skills.get(one, one) for one in condition.words("licences")]
    return _("holds %s") % (_or(held) if condition.text("which") == "any" else _listed(held, _(" and ")))


def _years(condition: Condition, _names: Names) -> str:
    low, high = condition.number("at_least"), condition.number("at_most")
    if low is not None and high is not None:
        return _("has %(low)g to %(high)g years in work") % {"low": low, "high": high}
    if low is not None:
        words = ngettext("has at least one year in work", "has at least %(n)g years in work", _counted(low))
        return words % {"n": low}
    most = high or 0
    return ngettext("has at most one year in work", "has at most %(n)g years in work", _counted(most)) % {
        "n": most
    }


def _counted(number: float) -> int:
    """Return what a language counts by; a broken number takes the form of the many."""
    return int(number) if number == int(number) else 100


def _wish(condition: Condition, names: Names) -> str:
    group, _colon, name = condition.text("what").partition(":")
    if group == "remote" and name in Remote.values:
        called = str(Remote(name).label)
    else:
        called = names.skills.get(name, name) if group == "skill" else name
    return (_("wishes for %s") if condition.text("stance") == "for" else _("wishes for no %s")) % called


def _did(condition: Condition, _names: Names) -> str:
    return _often(condition, str(SIGNAL_WORDS[condition.text("signal")]))


def _applied(condition: Condition, _names: Names) -> str:
    return _often(condition, _("applied"))


def _often(condition: Condition, deed: str) -> str:
    low, high = condition.number("at_least"), condition.number("at_most")
    if high == 0:
        text = _("never %s") % deed
    elif low is not None and high is not None:
        text = _("%(deed)s %(low)d to %(high)d times") % {"deed": deed, "low": low, "high": high}
    elif low is not None:
        text = ngettext(
            "%(deed)s at least once", "%(deed)s at least %(times)d times", int(low)
        ) % {"deed": deed, "times": low}  # fmt: skip
    else:
        times = int(high or 0)
        text = ngettext("%(deed)s at most once", "%(deed)s at most %(times)d times", times) % {
            "deed": deed,
            "times": times,
        }
    return _lately(text, condition)


def _lately(text: str, condition: Condition) -> str:
    days = condition.number("days")
    if days is None:
        return text
    return ngettext("%(text)s today", "%(text)s in the last %(days)d days", int(days)) % {
        "text": text,
        "days": days,
    }


def _segment(condition: Condition, names: Names) -> str:
    return _("is in the segment “%s”") % names.segments.get(condition.text("segment"), "?")


_WORDS: dict[str, Callable[[Condition, Names], str]] = {
    "place": lambda c, n: (
        _("lives within %(km)g km of %(place)s") % {"km": c.number("km") or 0, "place": c.text("near")}
    ),
    "country": lambda c, n: _("lives in %s") % _or(c.words("countries")),
    "language": lambda c, n: _("uses our pages in %s") % _or(c.words("languages")),
    "title": lambda c, n: _("has worked as %s") % _or(f"“{one}”" for one in c.words("titles")),
    "skills": _skills,
    "licences": _licences,
    "years": _years,
    "education": lambda c, n: _("has at least %s") % LEVEL_WORDS[c.text("level")],
    "remote": lambda c, n: _("wants to work: %s") % str(Remote(c.text("mode")).label).lower(),
    "wish": _wish,
    "fresh": lambda c, n: _lately(_("changed their profile"), c),
    "known": lambda c, n: _lately(_("came to us"), c),
    "source": lambda c, n: _("came by way of %s") % _or(c.words("sources")),
    "consent": lambda c, n: str(PURPOSE_WORDS[c.text("purpose")]),
    "did": _did,
    "seen": lambda c, n: _lately(_("was here"), c),
    "applied": _applied,
    "stage": lambda c, n: _lately(_("reached %s") % STAGE_WORDS[c.text("stage")], c),
    "segment": _segment,
    "text": lambda c, n: _("is found by “%s”") % c.text("query"),
}


class Unfilled(Invalid):
    """A condition still lacks what it asks for: a mistake only where it is to be kept so."""

    code = "unfilled"


def refused(wrong: RuleSyntax) -> Invalid:
    """Say what cannot be read in a rule, where, and what to do; kindly where it is protected."""
    if wrong.code == "protected":
        return Invalid(
            _("“%(word)s” says something of %(ground)s. Nobody is grouped by that here.")
            % {"word": wrong.word, "ground": _(wrong.ground)},
            field=wrong.at or "rule",
            remedy=_("Ask for what the work needs: a skill, a place, a wish that somebody stated."),
        )
    message, remedy = _refusals()[wrong.code]
    kind = Unfilled if wrong.code in {"missing", "missing_one_of"} else Invalid
    word = FIELD_WORDS.get(wrong.word, wrong.word)
    return kind(message % {"word": word}, field=wrong.at or "rule", remedy=remedy)


def _refusals() -> dict[str, tuple[str, str]]:
    return {
        "not_a_rule": (
            _("Here should stand a condition or a group, not %(word)s."),
            _('Write {"kind": …}, {"all": […]}, {"any": […]} or {"not": …}.'),
        ),
        "unknown_version": (_("This rule is of version %(word)s."), _('Write "version": 1.')),
        "too_deep": (_("Groups stand more than %(word)s deep in each other."), _("Use fewer.")),
        "too_many": (_("These are more than %(word)s conditions."), _("Split it into two segments.")),
        "unknown_kind": (
            _("There is no condition called “%(word)s”."),
            _("Use one of those the editor offers; docs/operations.md lists them."),
        ),
        "unknown_field": (_("A condition of this kind has no “%(word)s”."), _("Take it out.")),
        "missing": (_("“%(word)s” is missing."), _("Fill it in.")),
        "missing_one_of": (_("One of these must be said: %(word)s."), _("Fill one in.")),
        "bad_text": (_("This must be a text of up to %(word)s characters."), _("Write it shorter.")),
        "bad_list": (_("This must be a list of up to %(word)s words."), _("Shorten the list.")),
        "bad_choice": (_("“%(word)s” is not one of the choices."), _("Choose one of the list.")),
        "bad_number": (_("This is no number that fits here: %(word)s."), _("Write one that does.")),
        "out_of_order": (
            _("The least is more than the most, %(word)s."),
            _("Swap them, or leave one empty."),
        ),
        "bad_query": (
            _("The search cannot be read (%(word)s)."),
            _("Try it on the page of people; it says what is wrong."),
        ),
    }
