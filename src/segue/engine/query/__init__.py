"""What a recruiter types to find people: read into a small tree, written back, turned into lexemes.

    nurse (icu OR "intensive care") -agency skill:ventilation near:"Leeds" within:30mi

Words must all be there, unless OR, NOT (or -), brackets, "phrases", word* or a field say otherwise.
"""

from segue.engine.query.reading import QuerySyntax, read_query
from segue.engine.query.tree import (
    FIELDS,
    All,
    AnyOf,
    Near,
    Node,
    Not,
    Term,
    all_of,
    any_of,
    leaves,
    negated,
)
from segue.engine.query.writing import write_query

__all__ = [
    "FIELDS",
    "All",
    "AnyOf",
    "Near",
    "Node",
    "Not",
    "QuerySyntax",
    "Term",
    "all_of",
    "any_of",
    "leaves",
    "negated",
    "read_query",
    "write_query",
]
