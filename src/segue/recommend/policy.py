"""The mix policy as an artefact: what it sees of cards, what it believes, and its bytes in the registry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segue.engine.policy import DRAWS, Alphabet
from segue.recommend.models import Shelf
from segue.recommend.wording import REASONS

POLICY_KIND = "mix-policy"
ORDER_POLICY = "thompson-1"
CARD_POLICY = "mix-2"  # how cards are logged where a learned policy had a say: their chances are votes
NEW_DAYS = 7  # a job posted within so many days is marked new
MARKS = ("new", "remote", "paid")
RIVALS = (
    "text",
    "title",
    "words",
    "skills",
    "place",
    "remote",
    "pay",
    "fresh",
    "taste",
    "because_saved",
    "wish",
)
ALPHABET = Alphabet(tuple(shelf.value for shelf in Shelf), REASONS, MARKS, RIVALS)


@dataclass(frozen=True, eq=False)
class MixPolicy:
    """The policy in force: `draws` float64[F, D] of its posterior, and how crowded each job is."""

    hash: str
    alphabet: Alphabet
    mean: NDArray[np.float64]
    draws: NDArray[np.float64]
    load: Mapping[str, float] = field(default_factory=dict)  # open applications an opening, by job id
    lift: Mapping[str, float] = field(default_factory=dict)  # for groups of jobs that are seen too seldom

    def to_bytes(self) -> bytes:
        """One line of JSON, then the numbers; the same policy gives the same bytes."""
        head = {
            "policy": ORDER_POLICY,
            "shelves": self.alphabet.shelves,
            "reasons": self.alphabet.reasons,
            "marks": self.alphabet.marks,
            "crossed": self.alphabet.crossed,
            "features": len(self.mean),
            "draws": self.draws.shape[1],
            "load": dict(sorted(self.load.items())),
            "lift": dict(sorted(self.lift.items())),
        }
        numbers = np.concatenate([self.mean, self.draws.ravel()]).astype("<f8")
        return json.dumps(head).encode() + b"\n" + numbers.tobytes()

    @classmethod
    def from_bytes(cls, blob: bytes) -> MixPolicy:
        """Read what `to_bytes` wrote. Raises ValueError for anything else."""
        line, _, rest = blob.partition(b"\n")
        head = json.loads(line)
        numbers = np.frombuffer(rest, dtype="<f8").astype(np.float64)
        later = (
            tuple(head.get(name, ())) for name in ("marks", "crossed")
        )  # the first policies knew neither
        alphabet = Alphabet(tuple(head["shelves"]), tuple(head["reasons"]), *later)
        size, draws = int(head["features"]), int(head["draws"])
        if (
            head["policy"] != ORDER_POLICY
            or len(numbers) != size * (draws + 1)
            or size != len(alphabet.names)
        ):
            raise ValueError("these bytes are no mix policy of this version")
        return cls(
            hash=hashlib.sha256(blob).hexdigest(),
            alphabet=alphabet,
            mean=numbers[:size],
            draws=numbers[size:].reshape(size, draws),
            load=head["load"],
            lift=head.get("lift", {}),
        )


def no_policy() -> MixPolicy:
    """A policy that knows nothing, for tests and for measuring what one costs."""
    size = len(ALPHABET.names)
    bare = MixPolicy("", ALPHABET, np.zeros(size), np.zeros((size, DRAWS)))
    return MixPolicy.from_bytes(bare.to_bytes())
