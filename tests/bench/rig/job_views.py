"""A log of job views, the last of each person held out in time: the part of `match` about behaviour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from scipy import sparse

from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.content import content_features
from segue.engine.rank import blend, weight_vector, weights_for
from segue.engine.sources.gram import Gram
from segue.engine.sources.linear import Ease
from segue.engine.taste import EventKind, Events, behaviour_score, fold_in
from segue.ports.embedder import MiniLMEmbedder
from tests.bench.rig.meaning import Meaning, Row, Rows, Scores, cpu_clock, read


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
