"""Ten thousand walks by anybody: no machine says no, no entry is lost or doubled, the ledger folds to state.

Each walk is a few random deeds, for one person's application or for many, by random actors, the honest and
the others; stages are renamed, added and taken away under their feet. SEGUE_WALKS says how many: 10,000 take
some minutes, a few hundred stand here for every day.
"""

from __future__ import annotations

import os
import random
from datetime import timedelta

import pytest

from segue.catalog.models import Job
from segue.hire.actions.applications import (
    hire_applicant,
    move_application,
    open_application,
    reject_application,
    withdraw_application,
)
from segue.hire.actions.bulk import Selection, assign_many, move_many, snooze_many, tag_many, undo_bulk
from segue.hire.actions.ledger import enter_stage
from segue.hire.actions.pipelines import set_stages, undo_stages
from segue.hire.actions.rejecting import prepare_rejection, reject_many, unopened
from segue.hire.actions.returning import return_to_application
from segue.hire.models import Application, BulkAction, BulkKind, StageEntry, StageSpec
from segue.hire.queries.ledger import ledger_faults
from segue.hire.queries.pipelines import pipeline_of, stages_of
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import SegueError
from segue.trust.models import Account
from tests import factories
from tests.factories import make_job, make_member, make_person
from tests.hire.test_machine import cast_of

WALKS = int(os.environ.get("SEGUE_WALKS", "300"))
IN_A_BLOCK = 100
REASONS = ("", "no", "Others have more years on nights")
DECIDERS = {Role.ADMINISTRATOR, Role.RECRUITER, Role.HIRING_MANAGER}


class Walk:
    """A company of one job with a hundred applicants, and everybody who might try something."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.cast = cast_of()
        self.job = make_job(openings=60)
        make_member(self.job, factories.max_())
        make_member(self.job, factories.ines(), duty="interviewer")
        self.cast["max"] = factories.actor(factories.max_())
        self.cast["ines"] = factories.actor(factories.ines())
        self.rows = [self.arrive() for _ in range(IN_A_BLOCK)]
        self.done = self.refused = 0

    def arrive(self) -> Application:
        row = Application(job=self.job, person=make_person())
        enter_stage(row, stage="applied", by=Actor.machine("form"))
        return row

    def go(self, number: int) -> None:
        """Take one walk: three to seven deeds, most of them about one application."""
        own = self.rows[number % IN_A_BLOCK]
        deeds = [
            self.move,
            self.move,
            self.move,
            self.decide,
            self.withdraw,
            self.many,
            self.many,
            self.stages,
        ]
        for _ in range(self.dice.randint(3, 7)):
            by = self.dice.choice(list(self.cast.values()))
            if self.dice.random() < 0.5:
                by = self.cast[self.dice.choice(["rosa", "max", "mia"])]
            try:
                self.dice.choice(deeds)(own, by)
                self.done += 1
            except SegueError:
                self.refused += 1

    def move(self, own: Application, by: Actor) -> None:
        keys = [spec.key for spec in stages_of(self.job.pk)]
        move_application(own, stage=self.dice.choice([*keys, "rejected", ""]), by=by)

    def decide(self, own: Application, by: Actor) -> None:
        if self.dice.random() < 0.3:
            hire_applicant(own, by=by)
            return
        if self.dice.random() < 0.7:
            open_application(own, by=by)
        reject_application(own, reason=self.dice.choice(REASONS), by=by)

    def withdraw(self, own: Application, by: Actor) -> None:
        if self.dice.random() < 0.3:
            withdraw_application(own, reason=self.dice.choice(["", "Rang today"]), by=by)
        elif self.dice.random() < 0.5:
            return_to_application(own, by=Actor(Role.CANDIDATE, person_id=own.person_id))

    def many(self, own: Application, by: Actor) -> None:
        some = self.dice.sample(self.rows, self.dice.randint(0, 6))
        chosen = Selection(ids=[row.pk for row in [own, *some]])
        verb = self.dice.choice(["move", "move", "tag", "snooze", "assign", "undo", "undo", "reject"])
        if verb == "move":
            move_many(chosen, stage=self.dice.choice(["screen", "interview", "offer", "hired", "x"]), by=by)
        elif verb == "tag":
            tag_many(chosen, tag=self.dice.choice(["night", ""]), off=self.dice.random() < 0.3, by=by)
        elif verb == "snooze":
            snooze_many(chosen, until=clock.now() + timedelta(days=self.dice.choice([-1, 2])), by=by)
        elif verb == "assign":
            owner = Account.objects.filter(role__in=["recruiter", "interviewer"]).order_by("?").first()
            assign_many(chosen, owner=owner, by=by)
        elif verb == "undo":
            last = BulkAction.objects.filter(undone_at=None).order_by("-at")[: self.dice.randint(1, 4)]
            undo_bulk(list(last)[-1], by=by) if last else None
        else:
            self.reject(chosen, by)

    def reject(self, chosen: Selection, by: Actor) -> None:
        waiting = BulkAction.objects.filter(kind=BulkKind.REJECT, done_at=None).order_by("-at").first()
        if waiting is None or self.dice.random() < 0.5:
            waiting = prepare_rejection(chosen, reason=self.dice.choice(REASONS), by=by)
        for row in unopened(waiting, by):
            if self.dice.random() < 0.9:
                open_application(row, by=by)
        reject_many(waiting, by=by)

    def stages(self, own: Application, by: Actor) -> None:
        if self.dice.random() < 0.7:
            return
        stages, newest = stages_of(self.job.pk), pipeline_of(self.job.pk)
        if newest is not None and self.dice.random() < 0.3:
            undo_stages(newest, by=by)
        elif len(stages) > 7:
            gone = self.dice.choice([spec for spec in stages if spec.kind == "interview"])
            left = [spec for spec in stages if spec != gone]
            moves = {gone.key: self.dice.choice(left).key} if self.dice.random() < 0.8 else {}
            set_stages(self.job, stages=left, moves=moves, by=by)
        else:
            new = StageSpec("", f"Round {self.dice.randint(1, 9)}", "", "interview", 24)
            set_stages(self.job, stages=[*stages[:2], new, *stages[2:]], by=by)


def stands(job: Job) -> None:
    """What must hold after any walks."""
    assert ledger_faults(job_id=job.pk) == []
    keys = {spec.key: spec.kind for spec in stages_of(job.pk)}
    for row in Application.objects.filter(job=job).select_related("decided_by"):
        if row.outcome == "open":
            assert keys.get(row.step) == row.stage, "somebody stands in a stage that is not there"
        if row.outcome == "rejected":
            assert row.decided_by is not None
            assert row.decided_by.is_active
            assert Role(row.decided_by.role) in DECIDERS
            assert len(row.decision_reason) >= 10
    lines = StageEntry.objects.filter(application__job=job).order_by("application_id", "pk")
    first = True
    application = None
    for line in lines:
        first = line.application_id != application
        application = line.application_id
        assert first or line.by_role != Role.MACHINE
    assert not StageEntry.objects.filter(outcome="rejected", by_role=Role.MACHINE).exists()


@pytest.mark.django_db
def test_no_walk_breaks_the_law_or_the_ledger() -> None:
    done = refused = 0
    outcomes: set[str] = set()
    for block in range((WALKS + IN_A_BLOCK - 1) // IN_A_BLOCK):
        walk = Walk(random.Random(f"walks {block}"))
        for number in range(IN_A_BLOCK):
            walk.go(number)
        stands(walk.job)
        done, refused = done + walk.done, refused + walk.refused
        outcomes |= set(Application.objects.filter(job=walk.job).values_list("outcome", flat=True))
    # the property must not hold because nothing happens
    assert outcomes == {"open", "hired", "rejected", "withdrawn"}
    assert min(done, refused) > WALKS / 2
