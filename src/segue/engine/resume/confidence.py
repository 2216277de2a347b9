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
    "name": (-2.26, {"bold": 2.25, "first": 0.44, "largest": 2.25, "like_email": 1.13, "top": 0.84}),
    "email": (-0.80, {"in_contact": 4.70}),
    "phone": (-1.01, {"in_contact": 4.30, "labelled": 0.57, "plus": 1.16}),
    "city": (-0.13, {"known": 2.61, "labelled": 1.88, "postcode": 1.81, "stated": 1.87}),
    # not measured by the bench, so never sure
    "country": (-0.13, {"known": 1.30, "stated": 1.30}),
    "locale": (-0.24, {"lead": 3.88, "many": 2.60}),
    "position": (
        -3.85,
        {
            "both": 1.75,
            "fit": 0.37,
            "inherited": 1.33,
            "long": -0.32,
            "margin": 2.56,
            "named": 0.92,
            "several": 1.75,
            "usual": 1.29,
        },
    ),
    "education": (
        -3.33,
        {"both": 1.31, "exact": 0.35, "fit": 1.86, "margin": 0.70, "named": 1.24, "usual": 1.31},
    ),
}


def confidence(kind: str, features: Mapping[str, float]) -> float:
    """Return the chance that a field with these features is right, in (0, .98].

    >>> 0 < confidence("email", {}) <= MOST
    True
    """
    constant, weights = WEIGHTS[kind]
    score = constant + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return round(min(MOST, 1.0 / (1.0 + exp(-score))), 3)
