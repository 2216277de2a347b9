"""How well the engine matches, on two real sets, beside named peers in the same run.

    ./run bench match --data PATH [--json]

PATH holds matching/, job-views/ and taxonomy/, or is matching/ itself, the others beside it.

A figure here is a figure for these sets only. The default weights were chosen with both in view, so read
them as "in sample"; the peers' settings were given the same courtesy (best of several).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.content import FEATURES, content_features
from segue.engine.lexicon import SkillVocabulary, skills_in
from segue.engine.lexicon_data import STARTER_SKILLS
from segue.engine.rank import DEFAULT_WEIGHTS, blend, weight_vector, weights_for
from segue.engine.skills import near_skills
from segue.engine.sources.gram import Gram
from segue.engine.sources.linear import Ease
from segue.engine.taste import EventKind, Events, behaviour_score, fold_in
from segue.engine.text import Vocabulary
from segue.engine.vectors import centre, document_vectors, mean_vector, mix
from segue.ports.embedder import MiniLMEmbedder
from tests.bench.rig.match_terms import bench_skills, bench_titles

Rows = list[dict[str, str]]
Scores = NDArray[np.float64]

WORD_SHARE = 0.5
WORDS_ALONE = "… sublinear_tf, English stop words"
OURS = "**Segue content hybrid**"
MAX_TERMS = 8_000


@dataclass
class Row:
    """One line of the result table."""

    section: str
    method: str
    figures: dict[str, str]
    cpu_s: float


@contextmanager
def cpu_clock() -> Iterator[Callable[[], float]]:
    start = time.process_time()
    yield lambda: time.process_time() - start


def read(path: Path) -> Rows:
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Meaning:
    """Everything that turns text into the engine's columns: one per set, fitted on both sides' texts."""

    def __init__(self, texts: Sequence[str], embedder: MiniLMEmbedder) -> None:
        self.embedder = embedder
        self.skills = SkillVocabulary([(skill.slug, skill.labels) for skill in STARTER_SKILLS])
        self.column = {slug: i for i, slug in enumerate(self.skills.slugs)}
        self.words = Vocabulary.fit(texts, min_df=2, max_terms=MAX_TERMS)
        self.skill_vectors = embedder.embed([skill.label for skill in STARTER_SKILLS])
        self.word_vectors = embedder.embed(self.words.terms)
        counts = self.skill_counts(texts)
        df = np.diff(counts.tocsc().indptr)
        self.skill_idf = np.log((1.0 + len(texts)) / (1.0 + df)) + 1.0
        self.skill_mean = np.zeros(embedder.dim, dtype=np.float32)
        self.skill_mean = mean_vector(self.bags(texts, counts))

    def skill_counts(self, texts: Sequence[str]) -> sparse.csr_array:
        rows = [skills_in(text, self.skills) for text in texts]
        matrix = sparse.lil_array((len(texts), len(self.column)))
        for i, found in enumerate(rows):
            for slug, count in found.items():
                matrix[i, self.column[slug]] = count
        return matrix.tocsr()

    def bags(self, texts: Sequence[str], counts: sparse.csr_array) -> NDArray[np.float32]:
        by_skill = document_vectors(counts, self.skill_vectors, self.skill_idf)
        by_word = document_vectors(self.words.counts(texts), self.word_vectors, self.words.idf)
        return mix([by_skill, by_word], [1.0, WORD_SHARE])

    def documents(
        self, texts: Sequence[str]
    ) -> tuple[NDArray[np.float32], sparse.csr_array, sparse.csr_array]:
        """(centred bags, tf-idf, skill counts)."""
        counts = self.skill_counts(texts)
        return centre(self.bags(texts, counts), self.skill_mean), self.words.tfidf(texts), counts

    def titles(self, titles: Sequence[str]) -> NDArray[np.float32]:
        distinct = sorted(set(titles))
        vectors = self.embedder.embed(distinct)
        mean = mean_vector(vectors)
        position = {title: i for i, title in enumerate(distinct)}
        return centre(vectors, mean)[[position[title] for title in titles]]


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


def segue_features(ads: Rows, resumes: Rows, embedder: MiniLMEmbedder) -> Scores:
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
    return content_features(people, jobs, today=0.0, near=near_skills(meaning.skill_vectors))


def bench_matching(folder: Path, embedder: MiniLMEmbedder) -> list[Row]:
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


# --- job views, temporal leave-last ---------------------------------------------------------------


@dataclass
class Views:
    """Views in time order, with the last view of everyone who has two or more held out."""

    jobs: Rows
    people: dict[str, dict[str, str]]
    history: dict[str, list[tuple[int, float]]]
    held_out: dict[str, int]
    now_day: dict[str, float]


def read_views(folder: Path) -> Views:
    jobs = read(folder / "jobs.csv")
    row_of = {job["id"]: i for i, job in enumerate(jobs)}
    by_person: dict[str, list[tuple[float, int]]] = {}
    for view in read(folder / "interactions.csv"):
        if view["job_id"] in row_of:
            at = datetime.fromisoformat(view["at"]).timestamp() / 86_400
            by_person.setdefault(view["person_id"], []).append((at, row_of[view["job_id"]]))
    history: dict[str, list[tuple[int, float]]] = {}
    held_out: dict[str, int] = {}
    now_day: dict[str, float] = {}
    for person, views in by_person.items():
        views.sort()
        last_job = views[-1][1]
        before = [(job, at) for at, job in views[:-1] if job != last_job]
        if before:
            # "Now" is the last view we may know of, not the moment of the click to be guessed.
            history[person], held_out[person], now_day[person] = before, last_job, before[-1][1]
        else:
            history[person] = [(job, at) for at, job in views[:-1]]
    people = {person["id"]: person for person in read(folder / "people.csv")}
    return Views(jobs, people, history, held_out, now_day)


def view_columns(
    views: Views, embedder: MiniLMEmbedder, testers: list[str]
) -> tuple[JobColumns, PersonColumns]:
    job_texts = [job["text"] for job in views.jobs]
    profiles = [views.people.get(person, {}) for person in testers]
    person_texts = [f"{p.get('text', '')} ; {p.get('interests', '')}" for p in profiles]
    meaning = Meaning([*job_texts, *person_texts], embedder)
    size = {"dim": embedder.dim, "words": len(meaning.words), "skills": len(meaning.column)}
    vec, words, asked = meaning.documents(job_texts)
    jobs = replace(
        JobColumns.blank(range(len(job_texts)), **size),
        vec=vec,
        words=words,
        title_vec=meaning.titles(job_texts),
        required=(asked > 0).astype(np.float64),
        place=np.array([job["place"] for job in views.jobs], dtype=object),
        region=np.array([job["state"] for job in views.jobs], dtype=object),
    )
    vec, words, held = meaning.documents(person_texts)
    people = replace(
        PersonColumns.blank(range(len(testers)), **size),
        vec=vec,
        words=words,
        skills=(held > 0).astype(np.float64),
        place=np.array([p.get("place", "") for p in profiles], dtype=object),
        region=np.array([p.get("place", "").rpartition(", ")[2] for p in profiles], dtype=object),
    )
    return jobs, people


def recall_at_10(views: Views, testers: list[str], score: Callable[[int], Scores]) -> dict[str, str]:
    viewed = {job for seen in views.history.values() for job, _ in seen}
    hits: list[bool] = []
    cold_hits: list[bool] = []
    for i, person in enumerate(testers):
        scores = score(i).astype(np.float64, copy=True)
        scores[[job for job, _ in views.history[person]]] = -np.inf
        # Ties are broken by the job's number: nobody gains from where the answer happens to stand.
        hit = bool((np.argsort(-scores, kind="stable")[:10] == views.held_out[person]).any())
        hits.append(hit)
        if views.held_out[person] not in viewed:
            cold_hits.append(hit)
    cold = len(cold_hits) / len(hits)
    return {"recall@10": f"{np.mean(hits):.3f}", f"cold ({cold:.0%})": f"{np.mean(cold_hits):.3f}"}


def bench_views(folder: Path, embedder: MiniLMEmbedder) -> list[Row]:
    views = read_views(folder)
    testers = sorted(views.held_out)
    section = f"job views, {len(testers)} people × {len(views.jobs)} jobs"
    table: list[Row] = []

    with cpu_clock() as spent:
        counts = Counter(job for seen in views.history.values() for job, _ in seen)
        popular = np.array([float(counts[job]) for job in range(len(views.jobs))])
        table.append(Row(section, "popularity", recall_at_10(views, testers, lambda _: popular), spent()))

    with cpu_clock() as spent:
        ease = _ease(views, testers)
        table.append(Row(section, "EASE alone", recall_at_10(views, testers, lambda i: ease[i]), spent()))

    with cpu_clock() as spent:
        jobs, people = view_columns(views, embedder, testers)
        reading = spent()
    events = [
        Events.of((job, EventKind.CLICK, at) for job, at in views.history[person]) for person in testers
    ]

    def behaviour(i: int) -> Scores:
        taste = fold_in(events[i], jobs, now_day=views.now_day[testers[i]])
        return behaviour_score(taste, jobs)

    def hybrid(i: int, *, with_behaviour: bool = True) -> Scores:
        acted = behaviour(i)[None, :] if with_behaviour else None
        weights = weight_vector(weights_for(len(set(events[i].job))))
        return blend(content_features(people.pick([i]), jobs, today=0.0, behaviour=acted), weights)[0]

    for method, score in (
        ("Segue content, no behaviour", lambda i: hybrid(i, with_behaviour=False)),
        ("Segue behaviour alone (place + title + text)", behaviour),
        ("**Segue content + behaviour**", hybrid),
    ):
        with cpu_clock() as spent:
            figures = recall_at_10(views, testers, score)
        table.append(Row(section, method, figures, reading + spent()))
    return table


def _ease(views: Views, testers: list[str]) -> Scores:
    everyone = sorted(views.history)
    events = [(i, job, at) for i, person in enumerate(everyone) for job, at in views.history[person]]
    person, job, at = (np.array(column) for column in zip(*events, strict=True))
    shape = (len(everyone), len(views.jobs))
    order = np.lexsort((at, job, person))  # of several views of a job the latest counts
    person, job, at = person[order], job[order], at[order]
    latest = np.diff(person * shape[1] + job, append=-1) != 0
    faded = np.exp2((at - at.max()) / 60.0)[latest]
    history = sparse.csr_array((faded, (person[latest], job[latest])), shape=shape)
    # Jobs nobody viewed have no column worth inverting.
    seen = np.unique(job)
    scores = np.zeros((len(testers), len(views.jobs)))
    position = {name: i for i, name in enumerate(everyone)}
    rows = np.array([position[name] for name in testers])
    ease = Ease(l2=20.0, gram=Gram.of(sparse.csr_array(history[:, seen])))
    scores[:, seen] = ease.scores_of(sparse.csr_array(history[rows][:, seen]))
    return scores


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


def bench_terms(taxonomy: Path, embedder: MiniLMEmbedder) -> list[Row]:
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
            ("meaning alone (MiniLM)", hits.meaning),
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
    parser.add_argument("--json", action="store_true", help="print one line of JSON; leaves job-views out")
    arguments = parser.parse_args(argv)
    data = arguments.data if not (arguments.data / "ads.csv").exists() else arguments.data.absolute().parent
    # Read at library load: if it is set, these figures are about 1.2 × too slow.
    blas = os.environ.get("OPENBLAS_CORETYPE")
    told = f"OPENBLAS_CORETYPE: {f'set to {blas}: unset it for a fair figure' if blas else 'unset'}"
    print(told, file=sys.stderr if arguments.json else sys.stdout)
    embedder = MiniLMEmbedder()
    table: list[Row] = []
    benches: list[tuple[str, str, Callable[[Path, MiniLMEmbedder], list[Row]]]] = [
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
