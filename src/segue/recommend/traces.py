"""What a decision keeps so that its hands can be dealt again to the bit, packed small.

Of each position only the pool it was drawn from matters, some ten jobs with their worth there; a job that was
in no pool could not change the hand. So a trace is small however many jobs there are: about half a kilobyte
for one card, two for a shelf of ten.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.card_policy import CardBelief
from segue.engine.rank import Deal, Step, redeal
from segue.engine.sides import Field, Sides, judge
from segue.recommend.choosing import votes_of
from segue.recommend.ranking import Ranking
from segue.recommend.shelves import Hand

FORM = 1  # of what `trace_of` writes
LIST = "list"


def trace_of(ranking: Ranking, hands: Mapping[str, Hand]) -> dict[str, Any]:
    """Return one decision's trace: the model, a hash of all scores, and each hand by its shelf's name."""
    scores = np.ascontiguousarray(ranking.scores, dtype="<f8")
    return {
        "form": FORM,
        "model": ranking.model_text,
        "catalogue": ranking.catalogue.version,
        "day": ranking.today,
        "scores": hashlib.blake2b(scores.tobytes(), digest_size=32).hexdigest(),
        "hands": {name: _packed(hand, ranking) for name, hand in hands.items()},
    }


def _packed(hand: Hand, ranking: Ranking) -> dict[str, Any]:
    """Number the jobs of all pools by their place in one short list."""
    pools = [step.rows for step in hand.steps]
    rows, numbered = (
        np.unique(np.concatenate(pools), return_inverse=True) if pools else (np.empty(0, int),) * 2
    )
    jobs = ranking.catalogue.jobs
    worth = [step.worth for step in hand.steps]
    return {
        "seed": str(hand.seed),
        "epsilon": hand.epsilon,
        "lambda": hand.lambda_,
        "slot": hand.slot,
        "fixed": [str(jobs[pick.row].pk) for pick in hand.picks[: hand.fixed]],
        "jobs": _text(b"".join(jobs[row].pk.bytes for row in rows)),
        "scores": _text(ranking.scores[rows].astype("<f8").tobytes()),
        "sizes": [len(pool) for pool in pools],
        "pools": _text(numbered.astype("<u2").tobytes()),
        "worth": _text(np.concatenate(worth).astype("<f8").tobytes() if worth else b""),
        **_elected(hand, rows),
    }


def _elected(hand: Hand, rows: NDArray[np.intp]) -> dict[str, Any]:
    """Whose votes were counted, which, and what was seen of each job; nothing where no policy had a say."""
    if not hand.policy_hash:
        return {}
    none = [np.zeros(len(step.rows), dtype=np.int64) for step in hand.steps]
    votes = [
        step.votes if step.votes is not None else zero for step, zero in zip(hand.steps, none, strict=True)
    ]
    arms = np.array([hand.arms.get(int(row), 0) for row in rows], dtype="<u4")
    counted = np.concatenate(votes).astype("<u2").tobytes() if votes else b""
    return {"policy": hand.policy_hash, "arms": _text(arms.tobytes()), "votes": _text(counted)}


def trace_of_people(model: str, *, worth: Sequence[float], last: Sequence[bool]) -> dict[str, Any]:
    """Return the trace of people in an order: each one's score, and whom the law puts last."""
    return {
        "form": FORM,
        "model": model,
        "worth": _text(np.array(worth, dtype="<f8").tobytes()),
        "last": _text(np.array(last, dtype=np.uint8).tobytes()),
    }


def trace_of_sides(hash_: str, before: Field) -> dict[str, Any]:
    """Return what both sides were judged from, in the order laid, to judge them again by the same curves."""
    return {
        "hash": hash_,
        "family": before.family,
        "seats": before.seats,
        "want": _text(before.want_score.astype("<f8").tobytes()),
        "take": _text(before.take_score.astype("<f8").tobytes()),
        "applied": _text(before.applied.astype(np.uint8).tobytes()),
        "elsewhere": _text(before.elsewhere.astype("<i4").tobytes()),
    }


def worth_again(told: Mapping[str, Any], sides: Sides) -> list[float] | None:
    """Judge both sides again; None where a side is silent. Raises ValueError, KeyError for another form."""
    before = Field(
        want_score=np.frombuffer(_bytes(told["want"]), dtype="<f8"),
        take_score=np.frombuffer(_bytes(told["take"]), dtype="<f8"),
        applied=np.frombuffer(_bytes(told["applied"]), dtype=np.uint8).astype(np.bool_),
        elsewhere=np.frombuffer(_bytes(told["elsewhere"]), dtype="<i4").astype(np.int64),
        family=told["family"],
        seats=told["seats"],
    )
    worth = judge(sides, before).worth
    return None if worth is None else worth.tolist()


def people_again(trace: Mapping[str, Any], ids: Sequence[str]) -> list[str]:
    """Put people in order again from their trace. Raises ValueError where it tells of others."""
    worth = np.frombuffer(_bytes(trace["worth"]), dtype="<f8").tolist()
    last = np.frombuffer(_bytes(trace["last"]), dtype=np.uint8).tolist()
    told = zip(last, [-one for one in worth], ids, strict=True)
    return [person_id for _, _, person_id in sorted(told)]


@dataclass(frozen=True, eq=False)
class Recorded:
    """A hand as it was recorded."""

    seed: int
    epsilon: float
    fixed: tuple[uuid.UUID, ...]
    jobs: tuple[uuid.UUID, ...]
    scores: NDArray[np.float64]
    steps: tuple[Step, ...]
    slot: int | None = None
    policy_hash: str = ""
    arms: NDArray[np.uint32] | None = None

    def votes_part(self, belief: CardBelief) -> int | None:
        """The first position whose votes are not those this belief gives, counted from the drawn ones."""
        for position, step in enumerate(self.steps):
            if step.votes is not None and self.arms is not None:
                again = votes_of(belief, step.worth, self.arms[step.rows])
                if not np.array_equal(again, step.votes):
                    return position
        return None

    def dealt_again(self) -> list[tuple[uuid.UUID, float]]:
        """Return each place's job with its chance, drawn anew from the record."""
        hand: Deal = redeal(self.steps, np.random.default_rng(self.seed), self.epsilon, slot=self.slot)
        drawn = zip(hand.indices, hand.propensities, strict=True)
        return [(job, 1.0) for job in self.fixed] + [(self.jobs[row], float(p)) for row, p in drawn]


def recorded(packed: Mapping[str, Any]) -> Recorded:
    """Unpack one hand. Raises ValueError, KeyError or TypeError for what `trace_of` did not write."""
    ids = _bytes(packed["jobs"])
    rows = np.frombuffer(_bytes(packed["pools"]), dtype="<u2").astype(np.intp)
    worth = np.frombuffer(_bytes(packed["worth"]), dtype="<f8")
    ends = np.cumsum(packed["sizes"]).astype(int)
    if len(rows) != len(worth) or len(rows) != (ends[-1] if len(ends) else 0):
        raise ValueError("pools and sizes do not fit")
    cuts = ends[:-1]
    votes = _votes(packed, cuts, len(rows)) or [None] * len(ends)
    steps = zip(np.split(rows, cuts), np.split(worth, cuts), votes, strict=True) if len(ends) else ()
    jobs = tuple(uuid.UUID(bytes=ids[at : at + 16]) for at in range(0, len(ids), 16))
    if len(rows) and int(rows.max()) >= len(jobs):
        raise ValueError("a pool names a job that is not there")
    return Recorded(
        seed=int(packed["seed"]),
        epsilon=float(packed["epsilon"]),
        fixed=tuple(uuid.UUID(job) for job in packed["fixed"]),
        jobs=jobs,
        scores=np.frombuffer(_bytes(packed["scores"]), dtype="<f8"),
        steps=tuple(Step(pool, values, counted) for pool, values, counted in steps),
        slot=packed.get("slot"),
        policy_hash=packed.get("policy", ""),
        arms=np.frombuffer(_bytes(packed["arms"]), dtype="<u4") if "arms" in packed else None,
    )


def _votes(
    packed: Mapping[str, Any], cuts: NDArray[np.int64], size: int
) -> list[NDArray[np.int64] | None] | None:
    """The votes of each position; none where no policy chose, as at a place kept for exploration."""
    if "votes" not in packed:
        return None
    counted = np.frombuffer(_bytes(packed["votes"]), dtype="<u2").astype(np.int64)
    if len(counted) != size:
        raise ValueError("votes and pools do not fit")
    return [part if part.any() else None for part in np.split(counted, cuts)]


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
