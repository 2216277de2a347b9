"""The real model does the talking here; no stand-in could show that it understands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from segue.learn.embedding import Embedder
from segue.ports.embedder import EmbedderUnavailable, MiniLMEmbedder, NullEmbedder


@pytest.fixture(scope="module")
def minilm() -> MiniLMEmbedder:
    return MiniLMEmbedder()


@pytest.fixture(params=["minilm", "null"])
def embedder(request: pytest.FixtureRequest, minilm: MiniLMEmbedder) -> Embedder:
    return minilm if request.param == "minilm" else NullEmbedder()


def test_rows_have_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed(["nurse", "truck driver with a clean record", "Ærø"])
    assert vectors.shape == (3, embedder.dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dim)


def test_an_empty_text_is_not_an_error(embedder: Embedder) -> None:
    assert np.isfinite(embedder.embed([""])).all()


def test_company_and_order_do_not_change_a_vector(embedder: Embedder) -> None:
    alone = embedder.embed(["python"])[0]
    texts = ["a far longer text about night shifts on a ward", "python", "nurse"] * 20
    crowd = embedder.embed(texts)
    np.testing.assert_allclose(crowd[1], alone, atol=1e-5)
    np.testing.assert_allclose(embedder.embed(texts[::-1])[-2], alone, atol=1e-5)


def test_hashes_tell_models_apart(minilm: MiniLMEmbedder) -> None:
    hashes = {minilm.model_hash, MiniLMEmbedder(max_tokens=8).model_hash}
    hashes |= {NullEmbedder().model_hash, NullEmbedder(64).model_hash}
    assert len(hashes) == 4
    assert NullEmbedder().model_hash.startswith("null-")


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("js", "javascript", "plumbing"),
        ("registered nurse", "hospital nursing", "truck driver"),
        ("lorry driver", "truck driving", "accountant"),
        ("bookkeeping", "accounting", "welding"),
        ("k8s", "kubernetes", "bricklaying"),
        ("attorney", "lawyer", "barista"),
    ],
)
def test_the_model_knows_what_words_mean(minilm: MiniLMEmbedder, word: str, near: str, far: str) -> None:
    it, close, distant = minilm.embed([word, near, far])
    assert it @ close > it @ distant + 0.1


def test_long_texts_are_cut_not_refused(minilm: MiniLMEmbedder) -> None:
    long = "nurse " * 5_000
    assert minilm.embed([long]) @ minilm.embed(["nurse " * 300]).T == pytest.approx(1.0, abs=1e-4)


def test_a_changed_weights_file_is_refused(tmp_path: Path) -> None:
    forged = tmp_path / "model.onnx"
    forged.write_bytes(b"not the model")
    with pytest.raises(EmbedderUnavailable, match="not the one") as caught:
        MiniLMEmbedder(weights=forged).embed(["nurse"])
    assert "Install the locked requirements" in caught.value.remedy


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match="cannot be read"):
        MiniLMEmbedder(vocabulary=tmp_path / "absent.txt").embed(["nurse"])


def test_nothing_is_loaded_before_it_is_needed(tmp_path: Path) -> None:
    assert MiniLMEmbedder(weights=tmp_path / "absent").model_hash


def test_the_null_embedder_knows_spelling_only() -> None:
    nurse, nurses, lawyer, attorney = NullEmbedder().embed(["nurse", "nurses", "lawyer", "attorney"])
    assert nurse @ nurses > 0.4
    assert abs(lawyer @ attorney) < 0.3


def test_the_null_embedder_never_changes() -> None:
    """Stored vectors stay comparable across releases: these numbers are pinned."""
    row = NullEmbedder(8).embed(["Nurse"])[0]
    np.testing.assert_allclose(
        row,
        [0.0, 0.0, -0.4082, -0.4082, -0.8165, 0.0, 0.0, 0.0],
        atol=1e-4,
    )
    assert NullEmbedder(8).model_hash == "null-char-ngrams-3-5-v1-8"
    with pytest.raises(ValueError, match="dim"):
        NullEmbedder(0)
