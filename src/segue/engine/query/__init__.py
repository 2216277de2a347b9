"""What a recruiter types to find people: read into a small tree, written back, turned into lexemes.

    nurse (icu OR "intensive care") -agency skill:ventilation near:"Leeds" within:30mi -status:rejected

Words must all be there, unless OR, NOT (or -), brackets, "phrases", word* or a field say otherwise. What is
said of applications side by side (status:rejected job:"Ward nurse") is said of one and the same application.
"""

from segue.engine.query.reading import QuerySyntax, read_query
from segue.engine.query.tree import (
    APPLIED,
    FIELDS,
    All,
    AnyOf,
    Applied,
    Leaf,
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
    "APPLIED",
    "FIELDS",
    "All",
    "AnyOf",
    "Applied",
    "Leaf",
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
