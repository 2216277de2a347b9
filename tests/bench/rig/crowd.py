"""A large company in minutes: a smaller one, founded by the product itself, and its people many times over.

Each copy is a person of their own, with consents, résumés, facts, features, taste, applications and, one copy
in four, what they did; jobs stay as they are, unless they too are multiplied: then copies say what their
originals say, and nobody has acted on them yet. Nothing a page or a query touches is left out.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.models import Model

from segue.ports.postgres import Cluster

FOUNDED_AT_MOST = 5_000
JOBS_FOUNDED_AT_MOST = 10_000
ACTIVE_ONE_IN = 4  # of the copies, so many bring their visits
ONCE = "md5({} || ':' || n)"  # a key of a copy's own, the same in every table
TEXT_KEYS = {"external_id": "t.external_id || '-' || n", "status_key": ONCE.format("t.status_key")}
# table, columns that name a row of a copied table, other columns of a copy's own, whether only the active's
COPIED: tuple[tuple[str, tuple[str, ...], dict[str, str], bool], ...] = (
    ("catalog.Person", ("id",), TEXT_KEYS | {"email": "'p' || n || '.' || t.email"}, False),
    ("catalog.Resume", ("id", "person_id"), {}, False),
    ("catalog.Fact", ("person_id", "resume_id"), {}, False),
    ("trust.Consent", ("person_id",), {}, False),
    ("learn.PersonFeatures", ("person_id",), {}, False),
    ("learn.Taste", ("person_id",), {}, False),
    ("hire.Application", ("id", "person_id", "resume_id"), TEXT_KEYS, False),
    ("hire.StageEntry", ("application_id",), {}, False),
    ("listen.Signal", ("person_id",), {"message_id": ONCE.format("t.message_id")}, True),
    ("recommend.CardStance", ("person_id",), {"signal_id": "NULL", "exposure_id": "NULL"}, True),
)
OWN_ID = {"external_id": "CASE t.external_id WHEN '' THEN '' ELSE t.external_id || '-' || n END"}
COPIED_JOBS: tuple[tuple[str, tuple[str, ...], dict[str, str], bool], ...] = (
    ("catalog.Job", ("id",), OWN_ID, False),
    ("learn.JobFeatures", ("job_id",), {}, False),
)


def multiply_people(times: int) -> None:
    """Bring in `times` - 1 copies of everybody, all at once.

    They share name, birthday and telephone with their originals, so whoever looked for the same people would
    take them for one: nobody is asked to.
    """
    _multiply(COPIED, times)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kit_queuejob WHERE name = 'learn.find_same_people'")


def multiply_jobs(times: int) -> None:
    """Bring in `times` - 1 copies of every job, all at once.

    They say nothing new, so the lexicon is told that it has read them: fitting it anew would take longer.
    """
    _multiply(COPIED_JOBS, times)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE learn_model SET card = jsonb_set(card, '{jobs}', to_jsonb((card ->> 'jobs')::int * %s))"
            " WHERE kind = 'lexicon'",
            [times],
        )


def _multiply(copied: tuple[tuple[str, tuple[str, ...], dict[str, str], bool], ...], times: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the originals passed all checks
        for name, keys, others, active_only in copied:
            cursor.execute(
                _insert(apps.get_model(name), keys, others), [times - 1, ACTIVE_ONE_IN if active_only else 1]
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _insert(model: type[Model], keys: tuple[str, ...], others: dict[str, str]) -> str:
    meta = model._meta
    serial = meta.pk.column if meta.pk is not None and meta.pk.get_internal_type() == "BigAutoField" else ""
    said: dict[str, str] = {}
    for field in meta.concrete_fields:
        column = str(field.column)
        if column == serial:
            continue
        said[column] = _value(column, keys, others)
    whose = "t.person_id IS NOT NULL AND t.kind <> 'card.shown'" if meta.label == "listen.Signal" else "true"
    return (
        f"INSERT INTO {meta.db_table} ({', '.join(said)}) SELECT {', '.join(said.values())}"
        f" FROM {meta.db_table} t, generate_series(1, %s) n WHERE n %% %s = 0 AND {whose}"
    )


def _value(column: str, keys: tuple[str, ...], others: dict[str, str]) -> str:
    if column in keys:
        return f"{ONCE.format(f't.{column}::text')}::uuid"
    return others.get(column, f"t.{column}")


def people_to_found(people: int) -> tuple[int, int]:
    """How many to found, and how often they have to stand there, for so many in the end."""
    times = -(-people // FOUNDED_AT_MOST)
    return -(-people // times), times


def found_crowd(people: int, jobs: int) -> None:
    """Found a company of so many, once: a smaller one by the product's own hand, then its people again."""
    from segue.kit.actor import Actor
    from segue.measure.actions.world import found_company
    from segue.measure.queries.world import company_exists

    call_command("migrate", verbosity=0)
    if company_exists():
        return
    first, times = people_to_found(people)
    jobs_first, jobs_times = people_to_found(jobs) if jobs > JOBS_FOUNDED_AT_MOST else (jobs, 1)
    found_company(people=first, jobs=jobs_first, seed=1, by=Actor.machine("bench"))
    multiply_people(times)
    if jobs_times > 1:
        multiply_jobs(jobs_times)


def main() -> None:
    """Run as `python -m tests.bench.rig.crowd DATA_DIR PEOPLE JOBS`, with settings in the environment."""
    data_dir, people, jobs = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    (data_dir / "static").mkdir(parents=True, exist_ok=True)
    with Cluster(data_dir) as cluster:
        os.environ |= {
            "SEGUE_DATA_DIR": str(data_dir),
            "SEGUE_DATABASE_URL": cluster.ensure_running(),
            "SEGUE_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "segue.settings",
        }
        django.setup()
        found_crowd(people, jobs)
        connections.close_all()


if __name__ == "__main__":
    main()
