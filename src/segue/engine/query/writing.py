"""A tree as somebody would type it; reading that again gives the same tree."""

from __future__ import annotations

from segue.engine.query.tree import APPLIED, All, AnyOf, Applied, Near, Node, Not, Term


def write_query(node: Node) -> str:
    """Write a tree that was read, or made of such by `all_of`, `any_of` and `negated`.

    >>> write_query(All((Term("nurse"), AnyOf((Term("icu"), Term("intensive care", quoted=True))))))
    'nurse (icu OR "intensive care")'
    """
    if isinstance(node, All):
        return "".join(
            _glue(before, part) + _inside(part, AnyOf)
            for before, part in zip((None, *node.parts), node.parts, strict=False)
        )
    if isinstance(node, AnyOf):
        return " OR ".join(_inside(part) for part in node.parts)
    if isinstance(node, Not):
        return "-" + _inside(node.part, All, AnyOf)
    if isinstance(node, Applied):
        return " ".join(f'{name}:"{said}"' for name in APPLIED if (said := getattr(node, name)))
    return _near(node) if isinstance(node, Near) else _term(node)


def _glue(before: Node | None, part: Node) -> str:
    """A space; AND between two applications, which side by side would be read as one."""
    said = before.part if isinstance(before, Not) else before
    if isinstance(said, Applied) and isinstance(part, Applied):
        return " AND "
    return " " if before else ""


def _inside(part: Node, *bracketed: type) -> str:
    written = write_query(part)
    return f"({written})" if isinstance(part, bracketed) else written


def _near(near: Near) -> str:
    return f'near:"{near.place}" within:{near.reach:g}{near.unit}'


def _term(term: Term) -> str:
    text = f'"{term.text}"' if term.quoted else term.text
    field = f"{term.field}:" if term.field else ""
    return f"{field}{text}{'*' if term.begins else ''}"
