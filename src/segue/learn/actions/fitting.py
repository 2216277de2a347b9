"""From words to numbers: fit the lexicon, then read every job and every consenting person."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TypeVar

import numpy as np

from segue.catalog.models import PRESENT, Job, JobStatus, Person, Skill
from segue.engine.text import Vocabulary
from segue.engine.vectors import document_vectors, mix, unit_rows
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.queue import enqueue
from segue.learn.actions.registry import install_model, register_model
from segue.learn.lexicon import Lexicon
from segue.learn.models import JobFeatures, Model, ModelState, PersonFeatures
from segue.learn.packing import Vector, pack_counts, pack_vector
from segue.learn.queries.lexicon import LEXICON, active_hash, embedder, lexicon_named, scale_of
from segue.learn.queries.readable import readable_resumes
from segue.learn.queries.registry import was_given_up
from segue.learn.queries.words import past_titles
from segue.learn.texts import Words, words_of_job, words_of_person
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted_to

MAX_TERMS = 8_000
REFIT_AT_GROWTH = 1.5
BATCH = 1_000
T = TypeVar("T")
F = TypeVar("F", JobFeatures, PersonFeatures)


@action("learn.refresh_features")
def refresh_features(*, by: Actor, refit: bool = False) -> dict[str, int]:
    """Bring the lexicon and all features up to date; unchanged rows are not touched.

    The lexicon is fitted anew when there is none, when the jobs have grown by half, or when
    asked; the rest is incremental by a hash of the words read. Returns counts of rows written.
    """
    model_hash = fit_lexicon(by=by) if refit or _lexicon_is_stale() else active_hash()
    if not model_hash:
        return {"jobs": 0, "people": 0}
    lexicon = lexicon_named(model_hash)
    return {"jobs": _read_jobs(lexicon), "people": _read_people(lexicon)}


def _lexicon_is_stale() -> bool:
    champion = Model.objects.filter(kind=LEXICON, state=ModelState.CHAMPION)
    card = champion.values_list("card", flat=True).first()
    if card is None:
        return True
    if card.get("embedder") != embedder().model_hash or "scale" not in card:
        return True
    published = Job.objects.exclude(status=JobStatus.DRAFT).count()
    return published > int(card["jobs"]) * REFIT_AT_GROWTH


@action("learn.fit_lexicon")
def fit_lexicon(*, by: Actor) -> str:
    """Fit words, weights and vectors on all published jobs; return the new lexicon's hash.

    Returns "" where there is no job to learn from. Fitting the same texts gives the same hash.
    """
    jobs = Job.objects.exclude(status=JobStatus.DRAFT).order_by("pk")
    texts = [words_of_job(job).body for job in jobs.iterator()]
    if not texts:
        return ""
    skills = list(Skill.objects.order_by("slug").values_list("slug", "label", "synonyms"))
    labels = [label for _, label, _ in skills]
    vocabulary = Vocabulary.fit(
        [*texts, *labels],
        min_df=2 if len(texts) >= 50 else 1,
        max_terms=MAX_TERMS,
        bigrams=False,
    )
    embed = embedder()
    lexicon = Lexicon(
        vocabulary=vocabulary,
        term_vectors=embed.embed(list(vocabulary.terms)),
        skill_slugs=tuple(slug for slug, _, _ in skills),
        skill_vectors=embed.embed(labels),
        embedder_hash=embed.model_hash,
        scale=scale_of(labels, [more for _, _, more in skills]),
    )
    return _put_in_force(lexicon, jobs=len(texts), by=by)


def _put_in_force(lexicon: Lexicon, *, jobs: int, by: Actor) -> str:
    """Register what was fitted and let it reign, unless a colleague gave this very one up."""
    card = {
        "jobs": jobs,
        "terms": len(lexicon.vocabulary),
        "skills": len(lexicon.skill_slugs),
        "embedder": lexicon.embedder_hash,
        "scale": asdict(lexicon.scale),
        "data_until": clock.now().isoformat(timespec="seconds"),
        "settings": {"max_terms": MAX_TERMS, "bigrams": False},
    }
    model = register_model(kind=LEXICON, blob=lexicon.to_bytes(), card=card, by=by)
    if model.state != ModelState.CHAMPION and not was_given_up(model.pk):
        install_model(model, reason="fitted on the published jobs", by=by)
    return active_hash()


def read_all(model_hash: str) -> None:
    """Read every job by a lexicon that has just come into force; people follow as a job of the queue."""
    _read_jobs(lexicon_named(model_hash))
    enqueue("learn.refresh", unique_key="learn.refresh")


def rehearse() -> None:
    """Read one job and keep nothing: whoever publishes the first does not wait for what reading loads."""
    job, in_force = Job.objects.first(), active_hash()
    if job is not None and in_force:
        packed_features([words_of_job(job)], lexicon_named(in_force))


def _read_jobs(lexicon: Lexicon, ids: Sequence[uuid.UUID] | None = None) -> int:
    read = JobFeatures.objects.filter(model_hash=lexicon.hash)
    rows = Job.objects.all()
    if ids is not None:
        read, rows = read.filter(pk__in=ids), rows.filter(pk__in=ids)
    known = dict(read.values_list("job_id", "source_hash"))
    written = 0
    for batch in _batches(rows.order_by("pk").iterator(BATCH)):
        stale = [(job, words) for job in batch if known.get(job.pk) != (words := words_of_job(job)).hash]
        features = packed_features([words for _, words in stale], lexicon)
        made = [
            JobFeatures(job_id=job.pk, source_hash=words.hash, model_hash=lexicon.hash, **numbers)
            for (job, words), numbers in zip(stale, features, strict=True)
        ]
        _upsert(JobFeatures, made, key="job")
        written += len(made)
    return written


def _read_people(lexicon: Lexicon, ids: Sequence[uuid.UUID] | None = None) -> int:
    """Read those who allow it; what was read of those who no longer do is deleted."""
    rows = Person.objects.filter(PRESENT)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    written = 0
    for batch in _batches(rows.order_by("pk").iterator(BATCH)):
        granted = purposes_granted_to([person.pk for person in batch])
        willing = [p for p in batch if Purpose.PROFILE in granted.get(p.pk, frozenset())]
        unwilling = [p.pk for p in batch if Purpose.PROFILE not in granted.get(p.pk, frozenset())]
        PersonFeatures.objects.filter(person_id__in=unwilling).delete()
        written += _read_batch(willing, lexicon)
    return written


def _read_batch(people: list[Person], lexicon: Lexicon) -> int:
    ids = [person.pk for person in people]
    known = dict(
        PersonFeatures.objects.filter(person_id__in=ids, model_hash=lexicon.hash).values_list(
            "person_id", "source_hash"
        )
    )
    resumes, titles = readable_resumes(ids), past_titles(ids)
    stale = []
    for person in people:
        words = words_of_person(person, resumes.get(person.pk, ""), titles.get(person.pk, []))
        if known.get(person.pk) != words.hash:
            stale.append((person, words))
    features = packed_features([words for _, words in stale], lexicon, personal=True)
    made = [
        PersonFeatures(person_id=person.pk, source_hash=words.hash, model_hash=lexicon.hash, **numbers)
        for (person, words), numbers in zip(stale, features, strict=True)
    ]
    _upsert(PersonFeatures, made, key="person")
    return len(made)


def packed_features(
    words: Sequence[Words], lexicon: Lexicon, *, personal: bool = False
) -> list[dict[str, bytes]]:
    """Return the packed numbers of each text: body vector, title vector and term counts."""
    if not words:
        return []
    counts = lexicon.vocabulary.counts([one.body for one in words])
    bags = document_vectors(counts, lexicon.term_vectors, lexicon.vocabulary.idf)
    vectors = mix([_skill_bags(words, lexicon), bags], [1.0, 0.5])  # weights: tests/bench/match.py
    titles = sorted({one.title for one in words})
    title_vectors = dict(zip(titles, embedder().embed(titles, personal=personal), strict=True))
    return [
        {
            "vector": pack_vector(vectors[i]),
            "title_vector": pack_vector(
                title_vectors[one.title] if one.title else np.zeros(lexicon.dim, np.float32)
            ),
            "terms": pack_counts(counts, i),
        }
        for i, one in enumerate(words)
    ]


def _skill_bags(words: Sequence[Words], lexicon: Lexicon) -> Vector:
    """float32[n, D]: the mean direction of each text's named skills; zero where none is known."""
    out = np.zeros((len(words), lexicon.dim), dtype=np.float32)
    for row, one in zip(out, words, strict=True):
        columns = [lexicon.skill_column[slug] for slug in one.skills if slug in lexicon.skill_column]
        if columns:
            row[:] = lexicon.skill_vectors[columns].sum(axis=0)
    return unit_rows(out)


def _upsert(model: type[F], rows: Sequence[F], *, key: str) -> None:
    fields = ["source_hash", "model_hash", "vector", "title_vector", "terms", "made_at"]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[key], update_fields=fields, batch_size=500
    )


def _batches(rows: Iterator[T]) -> Iterator[list[T]]:
    batch: list[T] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


@action("learn.read_job")
def read_job(job_id: uuid.UUID, *, by: Actor) -> int:
    """Bring one job's features up to date; without a lexicon there is nothing to do yet."""
    model_hash = active_hash()
    return _read_jobs(lexicon_named(model_hash), [job_id]) if model_hash else 0


@action("learn.read_person")
def read_person(person_id: uuid.UUID, *, by: Actor) -> int:
    """Bring one person's features up to date with their words and their consent."""
    model_hash = active_hash()
    return _read_people(lexicon_named(model_hash), [person_id]) if model_hash else 0
