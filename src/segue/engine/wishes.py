"""A stated wish is a prior: it holds from the first day, and what somebody does outweighs it slowly.

For one attribute, a wish s in [-1, 1] counts like `STRENGTH` acts that all say s; an act
of weight w (a save +3, a skip -1, halved every month) says sign(w) with mass |w|:

    settled = (STRENGTH · s + Σ w) / (STRENGTH + Σ |w|)

So with no behaviour it is the wish; one save against it moves it a fifth of the way; whoever wishes for one
thing and does another for weeks is believed by what they do. It rises with the wish and with every act for
it, stays in [-1, 1], and goes to the mean of what was done as that grows: the mean of a Beta, on [-1, 1].
"""

from __future__ import annotations

STRENGTH = 12.0  # four saves' worth: below them the word leads, above them the deed


def settled(stated: float, total: float, mass: float, *, strength: float = STRENGTH) -> float:
    """What is believed of one attribute: `stated` in [-1, 1], `total` Σ w and `mass` Σ |w| of the acts.

    Raises ValueError for a wish outside [-1, 1], |total| above mass, or a strength that is not above 0.

    >>> [round(settled(1.0, total, abs(total)), 2) for total in (0.0, -3.0, -12.0, -120.0)]
    [1.0, 0.6, 0.0, -0.82]
    """
    if not -1.0 <= stated <= 1.0:
        raise ValueError("a wish lies in [-1, 1]")
    if abs(total) > mass + 1e-9 or strength <= 0.0:
        raise ValueError("acts cannot say more than they weigh, and a wish counts for something")
    return (strength * stated + total) / (strength + mass)
