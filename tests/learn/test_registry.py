"""The registry: one champion a kind, every step recorded, and a way back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from segue.engine.drift import LEAST, Verdict
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.learn.actions.drift import measure_drift, watch_lexicon
from segue.learn.actions.fitting import fit_lexicon, refresh_features
from segue.learn.actions.registry import (
    challenge_model,
    install_model,
    promote_model,
    register_model,
    retire_model,
    roll_back_model,
    sweep_models,
)
from segue.learn.models import JobFeatures, Model, ModelState, Reign
from segue.learn.queries.lexicon import LEXICON, active_hash, champion_hash
from segue.learn.queries.registry import blob_of, drift_of, model_named, registry
from segue.recommend.actions.mixes import open_home
from segue.recommend.actions.watching import watch_cards
from segue.trust.actions.decisions import write_decision
from segue.trust.models import Account, AuditLine
from tests.factories import actor, make_job, make_person
from tests.recommend.stage import MACHINE, market, own

pytestmark = pytest.mark.django_db
KIND = "tea"


def made(blob: bytes = b"one", **more: Any) -> Model:
    return register_model(kind=KIND, blob=blob, card={"data_until": "2026-11-01"}, by=MACHINE, **more)


def reigning(*blobs: bytes) -> list[Model]:
    """Let these reign one after the other."""
    rows = [made(blob) for blob in blobs]
    for row in rows:
        install_model(row, reason="better figures", by=MACHINE)
    return rows


def back(reason: str = "too bitter") -> Model:
    return roll_back_model(kind=KIND, reason=reason, by=MACHINE)


class Registry(RuleBasedStateMachine):
    """Any order of verbs keeps one champion at most, and the way back is the way that was come."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.states: dict[bytes, str] = {}
        self.stack: list[bytes] = []
        self.steps = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def do(self, allowed: bool, verb: Callable[[], object]) -> None:
        """Do it where it is allowed; where it is not it is refused and changes nothing."""
        before = self.lines()
        if allowed:
            verb()
            assert self.lines() > before
            return
        with pytest.raises(Conflict), transaction.atomic():
            verb()
        assert self.lines() == before

    def lines(self) -> int:
        return AuditLine.objects.filter(verb__startswith="learn.").count()

    def row(self, blob: bytes) -> Model:
        return Model.objects.get(pk=hashlib.sha256(blob).hexdigest())

    blobs = st.sampled_from([b"a", b"b", b"c", b"d"])

    @rule(blob=blobs)
    def register(self, blob: bytes) -> None:
        made(blob)
        if self.states.get(blob, "retired") == "retired":
            self.states[blob] = "candidate"

    @rule(blob=blobs)
    def challenge(self, blob: bytes) -> None:
        if blob in self.states:
            allowed = self.states[blob] == "candidate"
            self.do(allowed, lambda: challenge_model(self.row(blob), by=MACHINE))
            self.states[blob] = "challenger" if allowed else self.states[blob]

    @rule(blob=blobs)
    def promote(self, blob: bytes) -> None:
        if blob in self.states:
            allowed = self.states[blob] == "challenger"
            self.do(allowed, lambda: promote_model(self.row(blob), reason="x", by=MACHINE))
            if allowed:
                self.crowned(blob)
                self.stack.append(blob)

    def crowned(self, blob: bytes) -> None:
        if self.stack:
            self.states[self.stack[-1]] = "retired"
        self.states[blob] = "champion"

    @precondition(lambda self: self.stack)
    @rule()
    def roll_back(self) -> None:
        self.do(len(self.stack) > 1, back)
        if len(self.stack) > 1:
            self.crowned(self.stack[-2])
            self.stack.pop()

    @rule(blob=blobs)
    def retire(self, blob: bytes) -> None:
        if blob in self.states:
            allowed = self.states[blob] in {"candidate", "challenger"}
            self.do(allowed, lambda: retire_model(self.row(blob), by=MACHINE))
            self.states[blob] = "retired" if allowed else self.states[blob]

    @invariant()
    def the_database_agrees(self) -> None:
        rows = {bytes(row.blob): row.state for row in Model.objects.filter(kind=KIND)}
        assert rows == self.states
        champion = hashlib.sha256(self.stack[-1]).hexdigest() if self.stack else ""
        assert champion_hash(KIND) == champion


def test_any_order_of_verbs_keeps_one_champion_and_the_way_back() -> None:
    steps = settings(
        max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Registry, settings=steps)


def test_the_database_itself_refuses_a_second_champion() -> None:
    reigning(b"one")
    other = made(b"two")
    with pytest.raises(IntegrityError), transaction.atomic():
        Model.objects.filter(pk=other.pk).update(state=ModelState.CHAMPION)


def test_a_reign_says_who_and_why_and_a_way_back_is_remembered() -> None:
    first, second, third = reigning(b"one", b"two", b"three")
    assert back("third is bitter").pk == second.pk
    assert back("second too").pk == first.pk
    with pytest.raises(Conflict):
        back()
    latest = Reign.objects.order_by("-id")[0]
    assert (latest.reason, latest.by, latest.gave_up_id) == ("second too", "tests", second.pk)
    assert Model.objects.get(pk=third.pk).state == ModelState.RETIRED
    assert AuditLine.objects.filter(verb="learn.roll_back_model", subject_id=first.pk).count() == 1


def test_refusals_name_their_field() -> None:
    with pytest.raises(Invalid):
        made(b"")
    with pytest.raises(NotFound):
        made(b"x", parent="0" * 64)
    made(b"x")
    with pytest.raises(Invalid):
        register_model(kind="coffee", blob=b"x", card={}, by=MACHINE)
    with pytest.raises(NotFound):
        back()
    reigning(b"one", b"two")
    with pytest.raises(Invalid):
        back("  ")
    with pytest.raises(NotFound):
        model_named(MACHINE, "ffffffff")


def test_only_administrators_settle_and_auditors_read(rosa: Account, mia: Account) -> None:
    row = made()
    for by in (actor(rosa), Actor.anonymous()):
        with pytest.raises(NotAllowed):
            challenge_model(row, by=by)
        with pytest.raises(NotAllowed):
            registry(by)
    assert challenge_model(row, by=actor(mia)).state == ModelState.CHALLENGER
    (view,) = registry(actor(mia))
    assert [one.pk for one in view.waiting] == [row.pk]


def test_bytes_stay_while_a_decision_refers_to_them_or_a_roll_back_may() -> None:
    rows = reigning(b"one", b"two", b"three", b"four")
    write_decision(kind="x", policy_id="p", model_hash="m", inputs={"models": [rows[0].pk]})
    Model.objects.update(state_at=clock.now() - timedelta(days=60))
    assert sweep_models(by=MACHINE) == 1
    assert blob_of(rows[0].pk) == b"one"
    assert blob_of(rows[2].pk) == b"three"  # the champion before
    with pytest.raises(NotFound):
        blob_of(rows[1].pk)
    back()
    with pytest.raises(Conflict):
        back()  # its bytes are gone
    assert made(b"two").state == ModelState.CANDIDATE
    assert blob_of(rows[1].pk) == b"two"


def test_a_lexicon_that_was_given_up_is_not_put_back_by_the_next_fit() -> None:
    market(8)
    first = active_hash()
    make_job(title="Beekeeper", description="Bees, hives and honey.")
    second = fit_lexicon(by=MACHINE)
    assert second != first
    roll_back_model(kind=LEXICON, reason="bees everywhere", by=MACHINE)
    assert active_hash() == first
    assert not JobFeatures.objects.exclude(model_hash=first).exists()  # the jobs were read again at once
    refresh_features(by=MACHINE, refit=True)
    assert active_hash() == first
    assert Model.objects.get(pk=second).state == ModelState.CANDIDATE


def test_drift_says_nothing_until_there_is_enough_to_say() -> None:
    row = made()
    level = [float(i % 50) for i in range(LEAST * 5)]
    assert measure_drift(row, measures={"score": level[:50]}, by=MACHINE) == 0
    assert drift_of(MACHINE, row.pk) == []
    assert measure_drift(row, measures={"score": level}, by=MACHINE) == 0  # becomes the reference
    for values, verdict in (
        (level[:50], Verdict.UNKNOWN),
        ([], Verdict.UNKNOWN),
        (level, Verdict.STEADY),
        ([one + 20 for one in level], Verdict.MOVED_FAR),
    ):
        measure_drift(row, measures={"score": values}, by=MACHINE)
        (line,) = drift_of(MACHINE, row.pk)
        assert line.verdict is verdict


def test_the_jobs_read_and_the_cards_dealt_are_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    market(24)
    person = make_person()
    open_home(person.pk, by=own(person))
    assert (watch_lexicon(by=MACHINE), watch_cards(by=MACHINE)) == (0, 0)
    assert drift_of(MACHINE, active_hash()) == []  # twenty-four jobs are not enough to say
    for module in ("segue.learn.actions.drift", "segue.engine.drift"):
        monkeypatch.setattr(f"{module}.LEAST", 4)
    assert (watch_lexicon(by=MACHINE), watch_cards(by=MACHINE)) == (0, 0)
    assert watch_lexicon(by=MACHINE) == 0  # no job was read since
    names = {line.measure for line in drift_of(MACHINE, active_hash())}
    assert {"words known", "skills known", "score", "feature text"} <= names
