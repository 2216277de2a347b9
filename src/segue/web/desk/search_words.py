"""A search in words: what was understood, and why somebody is in the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.engine.query import All, AnyOf, Applied, Near, Node, Not, Term
from segue.learn.applied import applications_known
from segue.learn.queries.search.asking import Ask
from segue.learn.queries.search.explaining import Why
from segue.web.places import country_name
from segue.web.quoting import Piece, Span, cut, quote

SHORT, MOST_QUOTES = 160, 3  # characters of a text that is shown whole; places shown of a longer one


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of why: where it is, and the words with the evidence marked."""

    where: str
    pieces: Sequence[Piece]


FIELD_WORDS = {
    "name": gettext_lazy("Name"),
    "title": gettext_lazy("Title"),
    "skill": gettext_lazy("Skill"),
    "city": gettext_lazy("City"),
    "country": gettext_lazy("Country"),
    "employer": gettext_lazy("Employer"),
    "school": gettext_lazy("School"),
    "education": gettext_lazy("Education"),
    "source": gettext_lazy("Came from"),
    "remote": gettext_lazy("Way of working"),
    "email": gettext_lazy("E-mail"),
    "resume": gettext_lazy("Résumé"),
    "near": gettext_lazy("Lives"),
    "application": gettext_lazy("Application"),
}


def field_words(field: str) -> str:
    """Name a field or a place in a profile."""
    return str(FIELD_WORDS.get(field, field))


def understood(ask: Ask, names: dict[str, str]) -> list[str]:
    """Say what was understood, a chip for each thing that must hold."""
    parts = ask.tree.parts if isinstance(ask.tree, All) else (ask.tree,)
    return [in_words(part, ask, names) for part in parts]


def in_words(node: Node, ask: Ask, names: dict[str, str]) -> str:
    """Say what a part of a search means."""
    if isinstance(node, Not):
        return _("not %s") % _inside(node.part, ask, names)
    if isinstance(node, All):
        return _(" and ").join(_inside(part, ask, names) for part in node.parts)
    if isinstance(node, AnyOf):
        return _(" or ").join(_inside(part, ask, names) for part in node.parts)
    if isinstance(node, Near):
        return _("within %(reach)s %(unit)s of %(place)s") % {
            "reach": f"{node.reach:g}",
            "unit": node.unit,
            "place": node.place,
        }
    if isinstance(node, Applied):
        return applications_known().words(node)
    return _term(node, [names.get(slug, slug) for slug in ask.skills.get(node, ())])


def _inside(node: Node, ask: Ask, names: dict[str, str]) -> str:
    said = in_words(node, ask, names)
    return f"({said})" if isinstance(node, All | AnyOf) else said


def _term(term: Term, skills: list[str]) -> str:
    if term.field == "skill":
        return _("skill: %s") % ", ".join(skills[:3])
    if term.field == "country":
        return country_name(term.text.upper())
    text = f"“{term.text}”" if term.quoted else f"{term.text}…" if term.begins else term.text
    if term.field:
        return f"{field_words(term.field)}: {text}"
    return _("%(word)s (also as a skill)") % {"word": text} if skills else text


def why_found(reasons: Sequence[Why], names: dict[str, str]) -> list[Reason]:
    """Say where each thing that was asked for is; what stands in the same text is marked in it together."""
    grouped: dict[tuple[str, str], list[Why]] = {}
    for why in reasons:
        grouped.setdefault((why.where, why.text), []).append(why)
    return [Reason(field_words(where), _pieces(group, names)) for (where, _text), group in grouped.items()]


def _pieces(group: Sequence[Why], names: dict[str, str]) -> list[Piece]:
    why = group[0]
    where = field_words(why.where)
    if why.where == "near":
        return [Piece(_away(why), where)]
    if why.where == "application":
        return [Piece(why.text, where)]
    said = {"skill": names.get(why.text, why.text), "country": country_name(why.text)}
    if why.where in said or why.where == "remote":
        return [Piece(said.get(why.where, why.text), where)]
    if len(why.text) <= SHORT:
        return cut(why.text, [Span(*one.span, where) for one in group])
    quoted = [quote(why.text, Span(*one.span, where), around=50) for one in group[:MOST_QUOTES]]
    return [piece for pieces in quoted for piece in pieces]


def _away(why: Why) -> str:
    if why.km < 1:
        return _("in %s") % why.text
    return _("%(km)s km from %(place)s") % {"km": round(why.km), "place": why.text}
