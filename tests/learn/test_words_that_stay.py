"""Whatever is said of people is handed to the embedder as that, so one elsewhere can refuse it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from segue.kit.actor import Actor
from segue.learn.actions.fitting import refresh_features
from segue.learn.actions.vocabulary import propose_skills
from segue.learn.queries.lexicon import embedder
from segue.learn.queries.search.closeness import closeness_of
from segue.ports.embedder import NullEmbedder
from tests.factories import grant, make_job, make_person, make_resume, make_skill

pytestmark = pytest.mark.django_db
US = Actor.machine("test")
HEARD: dict[bool, set[str]] = {True: set(), False: set()}


class Listening(NullEmbedder):
    def embed(self, texts: Sequence[str], *, personal: bool = False) -> NDArray[np.float32]:
        HEARD[personal] |= set(texts)
        return super().embed(texts)


@pytest.fixture(autouse=True)
def _listening(settings: Any) -> Iterator[None]:
    settings.EMBEDDER = f"{__name__}.Listening"
    embedder.cache_clear()
    yield
    embedder.cache_clear()


def test_titles_searches_and_terms_of_people_are_never_sent_as_if_they_were_postings() -> None:
    make_skill("welding")
    make_job(title="Welder", description="Welding of ships.", required_skills=["welding"])
    for number in range(3):
        person = make_person(headline=f"Astrologer {number}", skills=["welding"])
        make_resume(person, text="Skills: harp tuning, kite making, rope walking, glass blowing.")
        grant(person)
    refresh_features(by=US)
    propose_skills(by=US)
    closeness_of("astrologer from Leeds", [person.pk])
    personal = {"Astrologer 0", "harp tuning", "astrologer from Leeds"}
    assert personal <= HEARD[True]
    assert not any("strologer" in text or "harp tuning" in text for text in HEARD[False])
    assert "Welder" in HEARD[False]
