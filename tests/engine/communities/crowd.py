"""A crowd of trades: people who know most of their own trade's skills, and a little of everything."""

from __future__ import annotations

import numpy as np

TRADES, SKILLS_EACH = 6, 5


def crowd(people: int, seed: int, *, trades: int = TRADES, first: int = 0) -> dict[str, frozenset[str]]:
    """Return people's skills by id; `of_trade` tells whose trade is whose."""
    rng = np.random.default_rng(seed)
    found = {}
    for number in range(first, first + people):
        trade = number % trades
        own = [f"t{trade}-{one}" for one in range(SKILLS_EACH) if rng.random() < 0.85]
        odd = [f"t{rng.integers(trades)}-{rng.integers(SKILLS_EACH)}"] if rng.random() < 0.3 else []
        found[f"p{number:05d}"] = frozenset([*own, *odd])
    return found


def of_trade(person: str, trades: int = TRADES) -> int:
    return int(person[1:]) % trades


def shuffled(known: dict[str, frozenset[str]], seed: int) -> dict[str, frozenset[str]]:
    """Return as many people with as many holders of each skill, and nothing else in common."""
    rng = np.random.default_rng(seed)
    people = sorted(known)
    found: dict[str, set[str]] = {person: set() for person in people}
    for slug in sorted({one for held in known.values() for one in held}):
        holders = sum(slug in held for held in known.values())
        for place in rng.permutation(len(people))[:holders].tolist():
            found[people[place]].add(slug)
    return {person: frozenset(held) for person, held in found.items()}
