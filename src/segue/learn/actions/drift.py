"""Watch whether what an artefact reads or says is still spread as it was when it came into force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from segue.catalog.models import Job
from segue.engine.drift import LEAST, counts_in, reference_of, stability_index
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.models import Drift, JobFeatures, Model
from segue.learn.queries.lexicon import LEXICON, champion_hash, lexicon_named

WORDS = "words known"


@action("learn.measure_drift")
def measure_drift(model: Model, *, measures: Mapping[str, Sequence[float]], by: Actor) -> int:
    """Lay each measure beside its reference; the first time there is enough of one, it becomes the reference.

    Returns how many could be compared. A measure with less than `LEAST` values says nothing either way,
    and what it last said is forgotten. Raises ValueError for NaN.
    """
    known = {row.measure: row for row in Drift.objects.select_for_update().filter(model=model)}
    compared = 0
    for name, values in measures.items():
        row = known.get(name)
        if row is None:
            _keep_reference(model, name, values)
        else:
            compared += _compare(row, values)
    return compared


def _keep_reference(model: Model, name: str, values: Sequence[float]) -> None:
    if len(values) >= LEAST:
        edges, counts = reference_of(values)
        Drift.objects.create(model=model, measure=name, reference={"edges": edges, "counts": counts})


def _compare(row: Drift, values: Sequence[float]) -> bool:
    row.measured_at, row.index, row.noise, row.counts = clock.now(), None, None, []
    if len(values):
        row.counts = counts_in(row.reference["edges"], values)
        row.index, row.noise = stability_index(row.reference["counts"], row.counts)
    row.save()
    return bool(len(values))


@action("learn.watch_lexicon")
def watch_lexicon(*, by: Actor) -> int:
    """Compare the jobs read since the reference with those the lexicon was fitted on."""
    hash_ = champion_hash(LEXICON)
    if not hash_:
        return 0
    model = Model.objects.defer("blob").get(pk=hash_)
    taken = Drift.objects.filter(model=model, measure=WORDS).values_list("reference_at", flat=True).first()
    return measure_drift(model, measures=_job_measures(hash_, since=taken), by=by)


def _job_measures(hash_: str, since: object) -> dict[str, list[float]]:
    """What the lexicon finds in each job's text: how many of its words, and of its skills, it knows."""
    known = lexicon_named(hash_).skill_column
    jobs = Job.objects.filter(features__model_hash=hash_)
    if since is not None:
        jobs = jobs.filter(features__made_at__gt=since)
    rows = list(jobs.values_list("pk", "required_skills"))
    terms = JobFeatures.objects.filter(job_id__in=[pk for pk, _ in rows]).values_list("job_id", "terms")
    words = {job_id: len(packed) / 8 for job_id, packed in terms}  # four bytes a word, four its count
    return {
        WORDS: [words.get(pk, 0.0) for pk, _ in rows],
        "skills known": [float(sum(slug in known for slug in slugs)) for _, slugs in rows],
    }
