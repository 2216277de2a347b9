"""A candidate's letters: they ask, a person answers, and nobody else reads along."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from segue.engage.actions.threads import open_thread, write_in_thread
from segue.engage.models import Message, MessageState, Thread
from segue.trust.models import Account
from tests import factories
from tests.factories import actor

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db


def test_ada_asks_and_rosa_answers(ada: Account, rosa: Account, client_as: SignIn) -> None:
    window = client_as(ada)
    assert "No letters yet." in window.get("/letters/").content.decode()
    window.post("/letters/new", {"subject": "Parking", "text": "Is there a bicycle shed?"})
    thread = Thread.objects.get()
    assert thread.waiting_since is not None
    letter = write_in_thread(thread, "There is.", by=actor(rosa))
    assert "There is." not in window.get(f"/letters/{thread.pk}/").content.decode()
    Message.objects.filter(pk=letter.pk).update(state=MessageState.SENT)
    assert "There is." in window.get(f"/letters/{thread.pk}/").content.decode()
    window.post(f"/letters/{thread.pk}/", {"text": "Thank you!"})
    assert "Parking" in window.get("/letters/").content.decode()
    assert thread.messages.count() == 3


@pytest.mark.parametrize("typed", [{"subject": "", "text": "x"}, {"subject": "x", "text": " "}])
def test_what_is_refused_is_kept(ada: Account, client_as: SignIn, typed: dict[str, str]) -> None:
    answer = client_as(ada).post("/letters/new", typed)
    assert answer.status_code == 422
    assert not Thread.objects.exists()


def test_nobody_reads_anothers_letters(ada: Account, eve: Account, rosa: Account, client_as: SignIn) -> None:
    person = factories.make_person()
    factories.grant(person)
    thread = open_thread(person, subject="Private", by=actor(rosa))
    for somebody in (ada, eve):
        if somebody.person_id:
            assert client_as(somebody).get(f"/letters/{thread.pk}/").status_code == 404
    assert Client().get(f"/letters/{thread.pk}/").status_code == 302
