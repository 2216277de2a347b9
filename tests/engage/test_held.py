"""After a restore nothing goes out until somebody lets it: mail, webhooks, and jobs each by itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.engage.actions.held import drop_held, hold_outgoing, release_held
from segue.engage.actions.messages import write_message
from segue.engage.actions.sending import send_now
from segue.engage.models import Message, MessageState
from segue.engage.queries.held import Held, held
from segue.kit import clock, queue
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.kit.models import HeldJob, QueueJob
from tests import factories

BY = Actor.machine("test")
pytestmark = pytest.mark.django_db


def write(kind: str = "test") -> Message:
    return write_message(to="ada@people.example", subject="Hello", text="Words", kind=kind, by=BY)


def states(*messages: Message) -> list[str]:
    return [Message.objects.get(pk=one.pk).state for one in messages]


def test_what_waited_and_what_is_written_since_is_held_and_goes_out_once() -> None:
    before = write()
    queue.enqueue("learn.refresh", run_at=clock.now(), unique_key="every:learn.refresh:1")
    assert hold_outgoing(by=BY) == 1, "periodic jobs are promised anew and not held"
    since = write()
    queue.work_off()
    queue.work_off()
    assert states(before, since) == [MessageState.QUEUED, MessageState.QUEUED]
    assert held(BY).counts == {Held.MAIL: 2, Held.WEBHOOKS: 0, Held.JOBS: 0}
    assert release_held(by=BY) == 2
    queue.work_off()
    assert states(before, since) == [MessageState.OUTBOX, MessageState.OUTBOX]
    assert held(BY).since is None
    assert not HeldJob.objects.exists()


def test_whoever_asks_to_sign_in_meanwhile_gets_their_link() -> None:
    old = write("sign_in")
    hold_outgoing(by=BY)
    new = write("sign_in")
    send_now(str(old.pk), by=BY)
    send_now(str(new.pk), by=BY)
    assert states(old, new) == [MessageState.QUEUED, MessageState.OUTBOX]


def test_what_is_dropped_is_never_sent_and_shows_so() -> None:
    message = write()
    hold_outgoing(by=BY)
    assert drop_held(by=BY, kinds=[Held.MAIL]) == 1
    queue.work_off()
    assert states(message) == [MessageState.CANCELLED]
    assert held(BY).since is not None, "webhooks are held still"


def test_only_administrators_and_our_own_commands_say_so() -> None:
    rosa = factories.actor(factories.rosa())
    for deed in (hold_outgoing, release_held, drop_held):
        with pytest.raises(NotAllowed):
            deed(by=rosa)
    with pytest.raises(NotAllowed):
        held(rosa)


STEPS = st.lists(st.sampled_from(["write", "work", "hold", "release", "release mail"]), max_size=14)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_happens_each_mail_goes_out_at_most_once_and_none_is_lost(steps: Sequence[str]) -> None:
    QueueJob.objects.all().delete()
    HeldJob.objects.all().delete()
    Message.objects.all().delete()
    release_held(by=BY)
    written: list[Message] = []
    for step in steps:
        if step == "write":
            written.append(write())
        elif step == "work":
            queue.work_off()
        elif step == "hold":
            hold_outgoing(by=BY)
        else:
            release_held(by=BY, kinds=[Held.MAIL] if step == "release mail" else tuple(Held))
        waiting = Message.objects.filter(state=MessageState.QUEUED).count()
        jobs = QueueJob.objects.filter(name="engage.send_message").count()
        kept = HeldJob.objects.filter(name="engage.send_message").count()
        assert jobs + kept == waiting, "each waiting mail has exactly one job"
    release_held(by=BY)
    queue.work_off()
    assert set(states(*written)) <= {MessageState.OUTBOX}
