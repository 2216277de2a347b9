"""Rules that say who belongs to a segment: a nested tree of conditions, read from JSON and written back.

    {"version": 1, "rule": {"all": [{"kind": "place", "near": "Berlin", "km": 50},
                                    {"any": [{"kind": "skills", "which": "all", "skills": ["python"]},
                                             {"not": {"kind": "fresh", "days": 30}}]}]}}

What a condition can be about is the vocabulary's alone; a protected attribute is none of it. Each kind names
the consent it needs, and where that is not given, neither the condition nor its opposite holds.
"""

from segue.engine.segments.protected import PROTECTED, protected_by, protected_name
from segue.engine.segments.proxies import PROXIES, Proxy, proxies_in
from segue.engine.segments.reading import RuleSyntax, read_condition, read_rule
from segue.engine.segments.tree import All, AnyOf, Condition, Node, Not, conditions, segments_named
from segue.engine.segments.vocabulary import EDUCATION, SIGNALS, STAGES, VOCABULARY, Field, Kind
from segue.engine.segments.writing import said, write_rule

__all__ = [
    "EDUCATION",
    "PROTECTED",
    "PROXIES",
    "SIGNALS",
    "STAGES",
    "VOCABULARY",
    "All",
    "AnyOf",
    "Condition",
    "Field",
    "Kind",
    "Node",
    "Not",
    "Proxy",
    "RuleSyntax",
    "conditions",
    "protected_by",
    "protected_name",
    "proxies_in",
    "read_condition",
    "read_rule",
    "said",
    "segments_named",
    "write_rule",
]
