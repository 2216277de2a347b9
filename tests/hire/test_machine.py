"""Whatever anybody tries in whatever order: machines reject nobody, and the ledger explains it all."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from segue.hire.actions.applications import (
    Applicant,
    apply,
    hire_applicant,
    move_application,
    open_application,
    reject_application,
    withdraw_application,
)
from segue.hire.models import Application, Outcome, Stage, StageEntry
from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import SegueError
from segue.trust.models import Account
from tests import factories
from tests.factories import actor, make_account, make_job, make_member

DECIDERS = {Role.ADMINISTRATOR, Role.RECRUITER, Role.HIRING_MANAGER}
WHO = (
    "ada", "eve", "rosa", "max", "stranger manager", "ines", "theo", "mia", "retired",
    "machine", "masked machine", "visitor",
)  # fmt: skip
VERBS = st.one_of(
    st.tuples(st.just("move"), st.sampled_from([*Stage.values, "rejected", ""])),
    st.tuples(st.just("reject"), st.sampled_from(["", "no", "          ", "Not enough evidence of driving"])),
    st.tuples(st.just("withdraw"), st.sampled_from(["", "Rang today"])),
    st.tuples(st.sampled_from(["hire", "open", "apply"]), st.just("")),
)
STEPS = st.lists(st.tuples(st.sampled_from(WHO), VERBS), min_size=1, max_size=14)
FORM = Applicant(name="Ada", email="ada@people.example")


def cast_of() -> dict[str, Actor]:
    """Everybody who might try, the honest and the others."""
    retired = make_account(role=Role.RECRUITER, name="Rita", is_active=False)
    cast: dict[str, Account] = {
        "ada": factories.ada(),
        "eve": factories.eve(),
        "rosa": factories.rosa(),
        "max": factories.max_(),
        "stranger manager": make_account(role=Role.HIRING_MANAGER, name="Moe"),
        "ines": factories.ines(),
        "theo": factories.theo(),
        "mia": factories.mia(),
        "retired": retired,
    }
    masked = Actor(role=Role.RECRUITER, name="ranker 3000")
    others = {"machine": Actor.machine("ranker"), "masked machine": masked, "visitor": Actor.anonymous()}
    return {name: actor(account) for name, account in cast.items()} | others


def attempt(verb: str, detail: str, application: Application, by: Actor) -> None:
    """Try it; a typed refusal is a fine answer, anything else is a bug."""
    try:
        if verb == "move":
            move_application(application, stage=detail, by=by)
        elif verb == "reject":
            reject_application(application, reason=detail, by=by)
        elif verb == "withdraw":
            withdraw_application(application, reason=detail, by=by)
        elif verb == "hire":
            hire_applicant(application, by=by)
        elif verb == "open":
            open_application(application, by=by)
        elif by.person_id == application.person_id:
            apply(application.job, applicant=FORM, by=by)
    except SegueError:
        pass


class StateMachine(TestCase):
    """Random walks through the verbs, each step checked."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_no_walk_breaks_the_law(self, steps: list[tuple[str, tuple[str, str]]]) -> None:
        job = make_job(openings=2)
        make_member(job, factories.max_())
        make_member(job, factories.ines(), duty="interviewer")
        cast = cast_of()
        apply(job, applicant=FORM, by=cast["ada"])
        settled: dict[object, tuple[str, str]] = {}
        for who, (verb, detail) in steps:
            latest = Application.objects.order_by("-applied_at", "-pk").first()
            assert latest is not None
            attempt(verb, detail, latest, cast[who])
            for application in Application.objects.all():
                self.stands_explained(application)
                self.stays_settled(application, settled)

    def stands_explained(self, application: Application) -> None:
        """The ledger begins with the application and ends where it stands; a no names its human."""
        ledger = list(StageEntry.objects.filter(application=application).order_by("pk"))
        assert (ledger[0].stage, ledger[0].outcome) == ("applied", "open")
        assert (ledger[-1].stage, ledger[-1].outcome) == (application.stage, application.outcome)
        assert ledger[-1].at == application.moved_at
        assert all(entry.outcome == Outcome.OPEN for entry in ledger[:-1])
        assert (application.outcome == Outcome.HIRED) == (application.stage == Stage.HIRED)
        for entry in ledger[1:]:
            assert entry.by_role != Role.MACHINE
        if application.outcome == Outcome.REJECTED:
            decider = application.decided_by
            assert decider is not None
            assert decider.is_active
            assert Role(decider.role) in DECIDERS & STAFF
            assert ledger[-1].by_account_id == decider.pk
            assert len(application.decision_reason) >= 10

    def stays_settled(self, application: Application, settled: dict[object, tuple[str, str]]) -> None:
        """An outcome is terminal; a second try is a second application."""
        now = (application.stage, application.outcome)
        if application.outcome != Outcome.OPEN:
            assert settled.setdefault(application.pk, now) == now
        else:
            assert application.pk not in settled


@pytest.mark.django_db
def test_a_walk_that_should_reach_each_end_does() -> None:
    """Guards the property above against passing because nothing ever happens."""
    for verbs, outcome in (
        ([("open", ""), ("reject", "Not enough evidence of driving")], "rejected"),
        ([("move", "offer"), ("hire", "")], "hired"),
        ([("withdraw", "Rang today")], "withdrawn"),
    ):
        job = make_job()
        application = apply(job, applicant=FORM, by=actor(factories.ada()))
        for verb, detail in verbs:
            attempt(verb, detail, application, actor(factories.rosa()))
        application.refresh_from_db()
        assert application.outcome == outcome
