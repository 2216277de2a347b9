"""From what was typed to what is asked of the index: skills by any of their names, places on the map."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from segue.catalog.places import country_code, locate
from segue.catalog.queries.skills import skills_by_name
from segue.engine.lexicon import slug_of
from segue.engine.query import (
    All,
    AnyOf,
    Applied,
    Near,
    Node,
    Not,
    QuerySyntax,
    Term,
    all_of,
    any_of,
    leaves,
    negated,
    read_query,
)
from segue.engine.query.lexemes import findable, met
from segue.kit.errors import Invalid
from segue.learn.applied import applications_known

LONGEST_NAME = 4  # words of a skill's name that are recognised side by side
_DEGREES = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


@dataclass(frozen=True, slots=True)
class Ask:
    """A query understood: its tree, which skills its terms name, where its places are (degrees)."""

    tree: Node
    skills: Mapping[Term, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[Near, tuple[float, float]] = field(default_factory=dict)

    @property
    def wanted_skills(self) -> list[str]:
        terms = [leaf for leaf in leaves(self.tree) if isinstance(leaf, Term)]
        return list(dict.fromkeys(slug for term in terms for slug in self.skills.get(term, ())))

    @property
    def words(self) -> str:
        """What is asked for in free words, as one text."""
        free = ("", "title", "skill")
        return " ".join(t.text for t in leaves(self.tree) if isinstance(t, Term) and t.field in free)


def understand(text: str, *, skill: str = "", country: str = "") -> Ask:
    """Read a query, narrowed by a skill and a country. Raises Invalid, which says where and what to do."""
    try:
        tree = read_query(text)
    except QuerySyntax as wrong:
        raise in_words(wrong) from None
    narrowed = [Term(skill, "skill", quoted=True)] if skill else []
    narrowed += [Term(country, "country", quoted=True)] if country else []
    return ask_of(all_of([tree, *narrowed]))


def ask_of(tree: Node) -> Ask:
    """Find the skills and places a tree names. Raises Invalid for a country, place or status nobody knows."""
    known = skills_by_name()
    tree = _settled(findable(_with_long_names(tree, known)))
    every = [*leaves(tree), *leaves(tree, wanted=False)]
    terms = [leaf for leaf in every if isinstance(leaf, Term)]
    return Ask(
        tree,
        {term: slugs for term in terms if (slugs := _skills_of(term, known))},
        {leaf: place_of(leaf) for leaf in every if isinstance(leaf, Near)},
    )


def begins_so(tree: Node) -> Node:
    """The same tree with every plain word as the beginning of one, for when nobody has the words."""
    if isinstance(tree, All | AnyOf):
        joined = all_of if isinstance(tree, All) else any_of
        return joined(map(begins_so, tree.parts))
    if isinstance(tree, Term) and not (tree.quoted or tree.field):
        return Term(tree.text, begins=True)
    return tree  # what must not be there stays as it is: NOT never grows


def _with_long_names(tree: Node, known: Mapping[str, str]) -> Node:
    """Let words side by side that are one skill's name mean that skill too: machine learning."""
    if isinstance(tree, Not):
        return negated(_with_long_names(tree.part, known))
    if isinstance(tree, AnyOf):
        return any_of(_with_long_names(part, known) for part in tree.parts)
    if not isinstance(tree, All):
        return tree
    parts, rest = [], list(tree.parts)
    while rest:
        count = _long_name(rest, known)
        said = all_of(rest[:count]) if count > 1 else _with_long_names(rest[0], known)
        if count > 1:
            name = " ".join(term.text for term in rest[:count] if isinstance(term, Term))
            said = any_of([said, Term(known[met_all(name)], "skill", quoted=True)])
        parts.append(said)
        del rest[:count]
    return all_of(parts)


def _long_name(parts: list[Node], known: Mapping[str, str]) -> int:
    """How many of the first parts are plain words that together name a skill; 1 if none do."""
    plain = 0
    for part in parts[:LONGEST_NAME]:
        if not isinstance(part, Term) or part.field or part.quoted or part.begins:
            break
        plain += 1
    texts = [part.text for part in parts[:plain] if isinstance(part, Term)]
    return next((n for n in range(plain, 1, -1) if met_all(" ".join(texts[:n])) in known), 1)


def met_all(name: str) -> str:
    """Fold a name of several words so that its spellings meet."""
    return " ".join(met(word) for word in name.replace("-", " ").split())


def _skills_of(term: Term, known: Mapping[str, str]) -> tuple[str, ...]:
    if term.field == "skill":
        if term.begins:
            begins = met_all(term.text)
            found = {slug for name, slug in known.items() if name.startswith(begins)}
            return tuple(sorted(found)) or (slug_of(term.text),)
        return (known.get(met_all(term.text)) or slug_of(term.text),)
    if term.field or term.begins:
        return ()
    slug = known.get(met_all(term.text))
    return (slug,) if slug else ()


def _settled(tree: Node) -> Node:
    """Write countries as the index does, and states of applications. Raises Invalid for what nobody knows."""
    if isinstance(tree, Not):
        return negated(_settled(tree.part))
    if isinstance(tree, All | AnyOf):
        return (all_of if isinstance(tree, All) else any_of)(map(_settled, tree.parts))
    if isinstance(tree, Term) and tree.field == "country":
        code = country_code(tree.text)
        if not code:
            raise Invalid(
                _("“%s” is no country we know.") % tree.text,
                field="q",
                remedy=_("Write its name, or two letters, such as DE."),
            )
        return Term(code.lower(), "country", quoted=True)
    return applications_known().settled(tree) if isinstance(tree, Applied) else tree


def place_of(near: Near) -> tuple[float, float]:
    """Where a place is, in degrees north and east. Raises Invalid for one nobody knows."""
    if found := _DEGREES.fullmatch(near.place):
        lat, lon = float(found.group(1)), float(found.group(2))
        if abs(lat) <= 90 and abs(lon) <= 180:
            return lat, lon
    city, comma, country = near.place.rpartition(",")
    place = (locate(city.strip(), country_code(country)) if comma else None) or locate(near.place.strip())
    if place is None:
        raise Invalid(
            _("We do not know where “%s” is.") % near.place,
            field="q",
            remedy=_('Name a larger city nearby, or give degrees, such as near:"52.5, 13.4".'),
        )
    return place.lat, place.lon


def in_words(wrong: QuerySyntax) -> Invalid:
    """Say what cannot be read, where, and what to do."""
    message, remedy = _said(wrong.code)
    return Invalid(message % {"at": wrong.at, "word": wrong.word}, field="q", remedy=remedy)


def _said(code: str) -> tuple[str, str]:
    said = {
        "open_bracket": (_("A bracket is open since character %(at)d."), _("Close it with ).")),
        "stray_bracket": (
            _("The bracket at character %(at)d closes nothing."),
            _("Take it away, or open one before."),
        ),
        "empty_brackets": (_("The brackets at character %(at)d are empty."), _("Put words in them.")),
        "open_quote": (_("A quote is open since character %(at)d."), _('Close it with ".')),
        "nothing_before": (
            _("Nothing stands before %(word)s at character %(at)d."),
            _("Write a word before it."),
        ),
        "nothing_after": (_("Nothing follows %(word)s at character %(at)d."), _("Write a word after it.")),
        "no_value": (_("Nothing follows %(word)s at character %(at)d."), _("Write a word right after it.")),
        "bad_distance": (
            _("There is no distance at character %(at)d."),
            _("Write it as within:50km or within:30mi."),
        ),
        "within_alone": (
            _("The distance at character %(at)d needs a place."),
            _('Write near:"Berlin" within:50km.'),
        ),
        "bad_remote": (
            _("“%(word)s” at character %(at)d is no way of working."),
            _("Use remote, hybrid or onsite."),
        ),
        "too_long": (_("This is longer than %(word)s characters."), _("Shorten it.")),
        "too_deep": (_("Brackets stand more than %(word)s deep in each other."), _("Use fewer.")),
        "too_many": (_("These are more than %(word)s words."), _("Use fewer.")),
    }
    return said[code]
