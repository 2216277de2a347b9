"""The permission matrix as a table people can read; docs/permissions.md is this, printed."""

from __future__ import annotations

from collections.abc import Iterator

from segue.web.permissions import ANY_KEY, ASKERS, AT_THE_DESK, OPERATIONS, PAGES, Reach, Rule

_HEAD = """# Who may ask what

Printed by `./run segue permissions` from `src/segue/web/permissions.py`, and held to it by a test. **all**:
every row; **own**: for a candidate what is about them, for a colleague on a job's team what belongs to their
jobs, for a kept search its keeper; empty: refused. What is not in these tables is refused to everybody. A key
is let in by its scope; "any" means each living key.
"""
_WORDS = {Reach.ALL: "all", Reach.OWN: "own", Reach.NO: ""}


def as_markdown() -> str:
    """Return the whole document."""
    pages = [*_table("Pages", "page", PAGES)]
    operations = [*_table("The APIs", "operation", OPERATIONS)]
    return "\n".join([_HEAD, *pages, "", *operations]) + "\n"


def _table(title: str, what: str, rules: dict[str, Rule]) -> Iterator[str]:
    yield f"## {title}\n"
    yield " | ".join([f"| {what}", *(str(role).replace("_", " ") for role in ASKERS), "key's scope |"])
    yield "|" + "---|" * (len(ASKERS) + 2)
    for name, rule in rules.items():
        cells = [_WORDS[rule.who.get(role, Reach.NO)] for role in ASKERS]
        scope = "never" if rule is AT_THE_DESK else "any" if rule.scope == ANY_KEY else rule.scope
        yield " | ".join([f"| `{name}`", *cells, f"{scope} |"])
