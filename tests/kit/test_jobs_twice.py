"""Every job the product has may run twice: the second run leaves the database as the first did.

A new job joins by one line in SAMPLES: rows it needs, and the arguments it is given.
"""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection

from segue.catalog.actions.erasure import erase_person
from segue.catalog.actions.merging import merge_people
from segue.catalog.models import Merge
from segue.engage.models import Message
from segue.hire.actions.applications import Applicant, apply, move_application
from segue.hire.models import Claim, Stage
from segue.kit import clock, queue
from segue.kit.actor import Actor
from segue.learn.actions.searching import index_people
from segue.learn.models import SavedSearch
from segue.listen.models import Identity, Signal
from segue.recommend.models import CardStance
from segue.trust.actions.consent import set_consent
from tests import factories

LONG_AGO = clock.now() - timedelta(days=9)
Sample = Callable[[], dict[str, Any]]
UNSEEN = {"trust_auditline", "kit_queuejob", "django_session"}  # lines of what was done, not of what is


def _message() -> dict[str, Any]:
    message = Message.objects.create(kind="test", to_address="ada@people.example", subject="Hi", text="Hello")
    return {"message_id": str(message.pk)}


def _move() -> dict[str, Any]:
    application = factories.make_application(person=factories.ada().person)
    moved = move_application(application, stage=Stage.SCREEN, by=factories.actor(factories.rosa()))
    return {"application_id": str(moved.pk), "entry_id": moved.stage_entries.latest("pk").pk}


def _claim() -> dict[str, Any]:
    words = Applicant(name="Ada", email=factories.ada().email, phone="+49 30 99", resume_text="Sea, python")
    apply(factories.make_job(), applicant=words, by=Actor.anonymous())
    return {"claim_id": str(Claim.objects.latest("pk").pk)}


def _job() -> dict[str, Any]:
    return {"job_id": str(factories.make_job().pk)}


def _person() -> dict[str, Any]:
    return {"person_id": str(factories.ada().person_id)}


def _edge() -> dict[str, Any]:
    ada = factories.ada().person_id
    assert ada is not None
    edge = Identity.objects.create(
        anonymous_id="visitor", person_id=ada, said_by="identify", since=clock.now()
    )
    return {"identity_id": edge.pk}


def _withdrawn() -> dict[str, Any]:
    ada = factories.ada()
    Signal.objects.create(kind="job.dwelled", person=ada.person, props={"dwell_s": 4.0, "job_id": "a job"})
    assert ada.person is not None
    set_consent(ada.person, purpose="behaviour", granted=False, by=factories.actor(ada))
    return {"person_id": str(ada.person_id)}


def _loose() -> dict[str, Any]:
    ada = factories.ada().person_id
    assert ada is not None
    stance = CardStance.objects.create(person_id=ada, job=factories.make_job(), stance="saved", signal_id=0)
    return {"person_id": str(stance.person_id)}


def _withdrawn_lately() -> dict[str, Any]:
    _withdrawn()
    return {}


def _late() -> dict[str, Any]:
    ada = factories.ada()
    assert ada.person is not None
    erase_person(ada.person, by=Actor.machine("test"))
    Signal.objects.create(kind="job.dwelled", person=ada.person)
    return {"person_id": str(ada.person_id)}


def _twins() -> dict[str, Any]:
    ada = factories.ada().person
    assert ada is not None
    twin = factories.make_person(name=ada.name, email="ada+job@people.example")
    return {"first": str(ada.pk), "second": str(twin.pk)}


def _search() -> dict[str, Any]:
    _twins()
    factories.make_person(name="Ada Lindqvist", email="a@people.example")
    return {}


def _unread() -> dict[str, Any]:
    factories.make_resume(text="Nurse.")
    return {}


def _kept_search() -> dict[str, Any]:
    SavedSearch.objects.create(
        account=factories.rosa(), name="Nurses", text="person", looked_at=LONG_AGO, by_mail=True
    )
    factories.make_person()
    index_people(by=Actor.machine("test"))
    return {}


def _old_merge() -> dict[str, Any]:
    by = Actor.machine("test")
    merge = merge_people(factories.make_person(), factories.make_person(), evidence=[], by=by)
    Merge.objects.filter(pk=merge.pk).update(reversible_until=clock.now() - timedelta(days=1))
    return {}


SAMPLES: dict[str, Sample] = {
    "listen.keep_weeks": dict,
    "listen.vacuum": dict,
    "listen.forget_old": dict,
    "listen.compact": dict,
    "engage.send_message": _message,
    "engage.tell_news": _kept_search,
    "hire.settle_claim": _claim,
    "hire.tell_moved": _move,
    "catalog.audit": dict,
    "learn.find_same_people": _search,
    "learn.count_news": _kept_search,
    "learn.fit_behaviour": dict,
    "learn.index_people": _unread,
    "learn.index_person": _person,
    "learn.merge_same": _twins,
    "learn.propose_skills": dict,
    "learn.read_job": _job,
    "learn.read_person": _person,
    "learn.refresh": dict,
    "learn.reread_resumes": dict,
    "learn.sweep_models": dict,
    "learn.watch_lexicon": dict,
    "listen.detach_lately": _withdrawn_lately,
    "listen.detach_person": _withdrawn,
    "listen.forget_late": _late,
    "listen.forget_tallies": dict,
    "listen.settle_merges": _old_merge,
    "listen.stitch_visitor": _edge,
    "recommend.learn_policy": dict,
    "recommend.learn_sides": dict,
    "recommend.loosen_stances": _loose,
    "recommend.sift_mixes": dict,
    "recommend.watch_cards": dict,
    "recommend.write_mixes": dict,
}


def _digest() -> dict[str, str]:
    """Return a digest of every table's rows."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if table not in UNSEEN:
                cursor.execute(
                    f"SELECT md5(COALESCE(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
                )
                found[table] = cursor.fetchone()[0]
    return found


OF_NO_ROW = {name for name, task in queue.load_jobs().items() if not inspect.signature(task.run).parameters}


def test_every_job_has_a_sample() -> None:
    assert set(queue.load_jobs()) == set(SAMPLES), "Give the new job a line in SAMPLES."


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_second_run_changes_nothing(name: str) -> None:
    task, args = queue.task_named(name), SAMPLES[name]()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        task.run(**args)
        after_one = _digest()
        traveller.shift(timedelta(minutes=1))
        task.run(**args)
        assert _digest() == after_one


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(SAMPLES) - OF_NO_ROW))
def test_a_job_whose_row_is_gone_is_no_trouble(name: str) -> None:
    """Erasure may overtake a job: then there is nothing left to do."""
    args = {key: str(uuid.uuid4()) if isinstance(v, str) else 0 for key, v in SAMPLES[name]().items()}
    before = _digest()
    queue.task_named(name).run(**args)
    assert _digest() == before
