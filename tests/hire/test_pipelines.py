"""A job's own stages: named, ordered, changed while people are on the way, and nobody lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from segue.catalog.models import Job
from segue.hire.actions.applications import Applicant, apply, move_application, withdraw_application
from segue.hire.actions.bulk import Selection, move_many, undo_bulk
from segue.hire.actions.pipelines import (
    choose_default_template,
    save_template,
    set_stages,
    undo_stages,
)
from segue.hire.actions.returning import return_to_application
from segue.hire.models import Application, Pipeline, StageEntry, StageSpec
from segue.hire.models.pipelines import FIRST_STAGES
from segue.hire.queries.ledger import ledger_faults
from segue.hire.queries.pipelines import pipeline_of, stages_of
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.trust.models import Account
from tests.factories import actor, make_application, make_job

pytestmark = pytest.mark.django_db
TRIAL = StageSpec("", "Trial day", "A day with us", "interview", 48, "hiring_manager")


@pytest.fixture
def job() -> Job:
    return make_job()


@pytest.fixture
def application(job: Job, ada: Account) -> Application:
    return apply(job, applicant=Applicant(name="Ada", email=ada.email), by=actor(ada))


def with_trial(job: Job) -> list[StageSpec]:
    stages = stages_of(job.pk)
    return [*stages[:3], TRIAL, *stages[3:]]


def test_a_job_keeps_the_stages_it_had_when_people_first_applied(
    application: Application, rosa: Account
) -> None:
    shorter = [spec for spec in FIRST_STAGES if spec.kind != "onsite"]
    choose_default_template(save_template("Short", stages=shorter, by=actor(rosa)), by=actor(rosa))
    assert [spec.key for spec in stages_of(application.job_id)] == [spec.key for spec in FIRST_STAGES]
    assert [spec.key for spec in stages_of(make_job().pk)] == [spec.key for spec in shorter]


def test_a_new_stage_is_walked_under_its_own_name_and_counts_as_its_kind(
    application: Application, rosa: Account
) -> None:
    set_stages(application.job, stages=with_trial(application.job), by=actor(rosa))
    moved = move_application(application, stage="trial-day", by=actor(rosa))
    assert (moved.stage, moved.step) == ("interview", "trial-day")
    assert moved.due_at == moved.moved_at + timedelta(hours=48)
    entry = StageEntry.objects.filter(application=moved).latest("pk")
    assert (entry.step, entry.step_name, entry.stage) == ("trial-day", "Trial day", "interview")
    # the same stage again changes nothing; a stage of the same kind is another stage
    assert move_application(moved, stage="trial-day", by=actor(rosa)).moved_at == moved.moved_at
    assert move_application(moved, stage="interview", by=actor(rosa)).step == "interview"
    assert not ledger_faults(job_id=application.job_id)


def test_a_stage_that_goes_moves_its_people_by_choice_and_undo_brings_all_back(
    application: Application, rosa: Account
) -> None:
    by, job = actor(rosa), application.job
    set_stages(job, stages=with_trial(job), by=by)
    stood = move_application(application, stage="trial-day", by=by)
    without = [spec for spec in stages_of(job.pk) if spec.key != "trial-day"]
    with pytest.raises(Conflict, match="1 people stand in “Trial day”"):
        set_stages(job, stages=without, by=by)
    pipeline = set_stages(job, stages=without, moves={"trial-day": "onsite"}, by=by)
    moved = Application.objects.get()
    assert (moved.step, moved.stage) == ("onsite", "onsite")
    undo_stages(pipeline, by=by)
    back = Application.objects.get()
    assert (back.step, back.stage, back.moved_at, back.due_at) == (
        "trial-day", "interview", stood.moved_at, stood.due_at,
    )  # fmt: skip
    assert "trial-day" in [spec.key for spec in stages_of(job.pk)]
    assert not ledger_faults(job_id=job.pk)
    assert Pipeline.objects.filter(job=job).count() == 4  # every version is kept


def test_names_and_order_change_while_the_ledger_keeps_the_words_of_its_time(
    application: Application, rosa: Account
) -> None:
    by, job = actor(rosa), application.job
    move_application(application, stage="screen", by=by)
    renamed = [
        replace(spec, name="First call") if spec.key == "screen" else spec for spec in stages_of(job.pk)
    ]
    set_stages(job, stages=renamed, by=by)
    move_application(application, stage="interview", by=by)
    move_application(application, stage="screen", by=by)
    labels = [entry.label for entry in StageEntry.objects.filter(application=application).order_by("pk")]
    assert labels == ["Applied", "Screening", "Interview", "First call"]


def test_a_changed_clock_counts_from_when_they_came(application: Application, rosa: Account) -> None:
    by, job = actor(rosa), application.job
    stages = [replace(spec, sla_hours=5) if spec.key == "applied" else spec for spec in stages_of(job.pk)]
    set_stages(job, stages=stages, by=by)
    row = Application.objects.get()
    assert row.due_at == row.moved_at + timedelta(hours=5)
    set_stages(job, stages=[replace(spec, sla_hours=None) for spec in stages], by=by)
    assert Application.objects.get().due_at is None


@pytest.mark.parametrize(
    "break_it",
    [
        lambda stages: stages[:-1],
        lambda stages: stages[1:],
        lambda stages: [spec for spec in stages if spec.kind != "offer"],
        lambda stages: list(reversed(stages)),
        lambda stages: [*stages, replace(stages[-1], key="", name="Hired twice")],
        lambda stages: [replace(stages[0], name="  "), *stages[1:]],
        lambda stages: [replace(stages[0], sla_hours=-1), *stages[1:]],
        lambda stages: [stages[0], replace(stages[0], key="again"), *stages[1:]],
        lambda stages: [stages[0], replace(stages[1], kind="interview"), *stages[2:]],
    ],
)
def test_stages_nobody_could_walk_are_refused(break_it: object, job: Job, rosa: Account) -> None:
    with pytest.raises(Invalid):
        set_stages(job, stages=break_it(stages_of(job.pk)), by=actor(rosa))  # type: ignore[operator]  # see above


@pytest.mark.parametrize("who", ["max_", "ines", "theo", "machine"])
def test_only_the_talent_team_changes_stages(who: str, job: Job) -> None:
    from tests import factories

    by = Actor.machine("helper") if who == "machine" else actor(getattr(factories, who)())
    with pytest.raises(NotAllowed):
        set_stages(job, stages=with_trial(job), by=by)


def test_rows_written_by_kind_alone_find_their_stage(job: Job, rosa: Account) -> None:
    stages = stages_of(job.pk)
    first = replace(TRIAL, key="", name="Phone", kind="screen")
    set_stages(job, stages=[stages[0], first, *stages[1:]], by=actor(rosa))
    assert pipeline_of(job.pk) is not None
    row = make_application(job=job, stage="screen")
    row.refresh_from_db()
    assert row.step == "phone"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE hire_application SET stage = 'offer' WHERE id = %s", [row.pk])
    row.refresh_from_db()
    assert row.step == "offer"


def test_a_template_saved_again_is_a_new_version_and_stays_the_default(rosa: Account) -> None:
    by = actor(rosa)
    one = choose_default_template(save_template("Shop floor", stages=FIRST_STAGES, by=by), by=by)
    shorter = [spec for spec in FIRST_STAGES if spec.kind != "onsite"]
    two = save_template("Shop floor", stages=shorter, by=by)
    assert (two.version, two.is_default) == (2, True)
    assert Pipeline.objects.get(pk=one.pk).stages != two.stages
    assert save_template("Shop floor", stages=shorter, by=by).pk == two.pk


def test_undo_leaves_those_whose_stage_was_taken_away_meanwhile(
    application: Application, rosa: Account
) -> None:
    by, row, job = actor(rosa), application, application.job
    set_stages(job, stages=with_trial(job), by=by)
    move_application(row, stage="trial-day", by=by)
    bulk = move_many(Selection(ids=[row.pk]), stage="screen", by=by)
    set_stages(job, stages=[spec for spec in stages_of(job.pk) if spec.key != "trial-day"], by=by)
    undone = undo_bulk(bulk, by=by)
    row.refresh_from_db()
    assert (undone.restored, [kept.pk for kept in undone.kept], row.step) == (0, [row.pk], "screen")
    assert not ledger_faults(job_id=job.pk)


def test_who_comes_back_to_a_stage_that_is_gone_stands_in_the_last_before_it(
    application: Application, ada: Account, rosa: Account
) -> None:
    by, job = actor(rosa), application.job
    move_application(application, stage="onsite", by=by)
    withdraw_application(application, reason="", by=actor(ada))
    set_stages(job, stages=[spec for spec in stages_of(job.pk) if spec.kind != "onsite"], by=by)
    back = return_to_application(application, by=actor(ada))
    assert (back.outcome, back.stage, back.step) == ("open", "interview", "interview")
    assert not ledger_faults(job_id=job.pk)
