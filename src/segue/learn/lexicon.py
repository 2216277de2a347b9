"""The fitted lexicon: words and skills of this employer's jobs, each with a weight and a vector.

It is drawn from public job texts and the skill vocabulary only, so it holds nothing about anybody.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from segue.engine.scale import Scale
from segue.engine.text import Vocabulary


@dataclass(frozen=True, eq=False)
class Lexicon:
    """`term_vectors` float32[V, D] and `skill_vectors` float32[S, D] in the order of their names.

    `scale` is what their embedder's similarities mean on these skills; lexicons of before it was measured
    have the one they were read by.
    """

    vocabulary: Vocabulary
    term_vectors: NDArray[np.float32]
    skill_slugs: tuple[str, ...]
    skill_vectors: NDArray[np.float32]
    embedder_hash: str
    scale: Scale = field(default_factory=Scale)
    hash: str = ""
    skill_column: dict[str, int] = field(default_factory=dict)

    @property
    def dim(self) -> int:
        return int(self.term_vectors.shape[1])

    def to_bytes(self) -> bytes:
        """Return one canonical archive: equal lexicons give equal bytes."""
        buffer = io.BytesIO()
        told = {"skills": self.skill_slugs, "embedder": self.embedder_hash, "scale": asdict(self.scale)}
        names = json.dumps(told).encode()
        np.savez(
            buffer,
            vocabulary=np.frombuffer(self.vocabulary.to_bytes(), dtype=np.uint8),
            names=np.frombuffer(names, dtype=np.uint8),
            terms=self.term_vectors.astype(np.float16),
            skills=self.skill_vectors.astype(np.float16),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, blob: bytes) -> Lexicon:
        """Read what `to_bytes` wrote."""
        with np.load(io.BytesIO(blob), allow_pickle=False) as archive:
            names = json.loads(archive["names"].tobytes())
            slugs = tuple(names["skills"])
            return cls(
                vocabulary=Vocabulary.from_bytes(archive["vocabulary"].tobytes()),
                term_vectors=archive["terms"].astype(np.float32),
                skill_slugs=slugs,
                skill_vectors=archive["skills"].astype(np.float32),
                embedder_hash=names["embedder"],
                scale=Scale(**names.get("scale", {})),
                hash=hashlib.sha256(blob).hexdigest(),
                skill_column={slug: i for i, slug in enumerate(slugs)},
            )
