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
from segue.catalog.actions.staging.checking import check_import, confirm_columns
from segue.catalog.actions.staging.landing import start_import
from segue.catalog.actions.staging.reading import read_import
from segue.catalog.actions.staging.uploads import take_upload
from segue.catalog.models import ImportBatch, Merge, Person
from segue.engage.models import Message
from segue.hire.actions.applications import Applicant, apply, move_application, open_application
from segue.hire.actions.bulk import Selection, move_many
from segue.hire.actions.letters_to_many import draft_letters, prepare_letters, send_letters_of
from segue.hire.actions.offers.approving import set_approval_chain
from segue.hire.actions.rejecting import prepare_rejection, reject_many
from segue.hire.models import Claim, Debrief, Panelist, Stage
from segue.hire.queries.letters_to_many import Letter
from segue.kit import clock, queue
from segue.kit.actor import Actor
from segue.learn.actions.communities.fitting import refit_communities
from segue.learn.actions.searching import index_people
from segue.learn.models import SavedSearch, Segment
from segue.listen.models import Identity, Signal
from segue.recommend.models import CardStance
from segue.trust.actions.consent import set_consent
from segue.trust.actions.endpoints import make_endpoint, queue_test_delivery
from segue.trust.sign_in_models import SignIn, SpentAssertion
from tests import factories
from tests.factories.crowd import make_crowd
from tests.factories.panels import make_panel, submit

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


def _old_sign_in() -> dict[str, Any]:
    rosa = factories.rosa()
    SignIn.objects.create(
        account=rosa, session_key="gone", how="link", seen_at=clock.now() - timedelta(days=99)
    )
    SpentAssertion.objects.create(digest="d", until=LONG_AGO)
    return {}


def _late_application() -> dict[str, Any]:
    rosa = factories.rosa()
    factories.make_application(due_at=LONG_AGO, owner=rosa)
    factories.make_application(due_at=LONG_AGO)
    for is_in in (False, True):
        [place] = make_panel(rosa)
        if is_in:
            submit(place)
    Panelist.objects.update(due_at=LONG_AGO)
    Debrief.objects.update(due_at=LONG_AGO)
    return {}


def _moved_many() -> dict[str, Any]:
    selection = Selection(ids=[factories.make_application().pk])
    bulk = move_many(selection, stage=Stage.SCREEN, by=factories.actor(factories.rosa()))
    return {"bulk_id": str(bulk.pk), "from_steps": ["applied"]}


def _written_to_many() -> dict[str, Any]:
    rosa, application = factories.actor(factories.rosa()), factories.make_application()
    bulk = prepare_letters(Selection(ids=[application.pk]), by=rosa)
    draft_letters(bulk, secret_letter=Letter("Hello", "Hello {{ name }}"), by=rosa)
    return {"bulk_id": str(send_letters_of(bulk, by=rosa).pk), "after": 0}


def _rejected_many() -> dict[str, Any]:
    rosa, application = factories.actor(factories.rosa()), factories.make_application()
    selection = Selection(ids=[application.pk])
    bulk = prepare_rejection(selection, reason="Another was chosen", by=rosa)
    open_application(application, by=rosa)
    return {"bulk_id": str(reject_many(bulk, by=rosa).pk)}


def _line() -> dict[str, Any]:
    factories.make_application()
    return {}


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


def _segmented() -> dict[str, Any]:
    """Somebody who belongs to a segment, and is not in it yet."""
    ada = factories.ada().person
    assert ada is not None
    Signal.objects.create(kind="card.saved", person=ada, job=factories.make_job())
    index_people(by=Actor.machine("test"))
    saved = {"kind": "did", "signal": "card.saved", "at_least": 1}
    Segment.objects.create(name="Savers", rule={"version": 1, "rule": saved}, refreshed_at=LONG_AGO)
    return {"person_ids": str(ada.pk)}


def _segment() -> dict[str, Any]:
    _segmented()
    return {"segment_id": str(Segment.objects.get().pk)}


def _segments() -> dict[str, Any]:
    _segmented()
    return {}


def _trades() -> dict[str, Any]:
    make_crowd()
    return {}


def _seated() -> dict[str, Any]:
    person = make_crowd()[0]
    refit_communities(by=Actor.machine("test"))
    Person.objects.filter(pk=person.pk).update(skills=["falconry"])
    return {"person_id": str(person.pk)}


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


def _import(*states: str) -> ImportBatch:
    """Send a file, and go on until it stands where it is wanted."""
    by = Actor.machine("test")
    batch = take_upload(
        [b"id,name,email\n1,Ada,ada-i@people.example\n2,Bo,bo at home\n"], name="a.csv", by=by
    )
    if states:
        read_import(str(batch.pk), by=by)
        confirm_columns(batch, fields={"id": "external_id", "email": "email"}, constants={}, by=by)
    if "running" in states:
        check_import(str(batch.pk), by=by)
        start_import(batch, by=by)
    return batch


def _sent() -> dict[str, Any]:
    return {"batch_id": str(_import().pk)}


def _confirmed() -> dict[str, Any]:
    return {"batch_id": str(_import("checking").pk)}


def _running() -> dict[str, Any]:
    return {"batch_id": str(_import("checking", "running").pk), "after": 0}


def _left_lying() -> dict[str, Any]:
    ImportBatch.objects.filter(pk=_import("checking").pk).update(changed_at=LONG_AGO)
    return {}


def _late_offers() -> dict[str, Any]:
    """One whose time is over, one that is over soon, and one that waits long for a yes."""
    rosa, mia = factories.actor(factories.rosa()), factories.mia()
    in_hours, at = clock.now() + timedelta(hours=3), clock.now()
    with time_machine.travel(at - timedelta(days=3), tick=False):
        factories.make_offer(factories.make_application(), expires_at=at - timedelta(hours=1))
        factories.make_offer(factories.make_application(), expires_at=in_hours)
        set_approval_chain([mia.pk], by=rosa)
        factories.make_offer(factories.make_application(), upto="approving")
    return {}


def _delivery() -> dict[str, Any]:
    """One whose receiver is no address we speak to: it fails, and waits for its next attempt."""
    kinds, by = ["application.moved"], Actor.machine("test")
    endpoint = make_endpoint("http://127.0.0.1/", kinds=kinds, known=kinds, owner=None, by=by)
    return {"delivery_id": str(queue_test_delivery(endpoint, by=by).pk), "attempt": 0}


SAMPLES: dict[str, Sample] = {
    "engage.send_webhook": _delivery,
    "engage.drop_old_deliveries": dict,
    "trust.drop_old_answers": dict,
    "trust.seal_lines": _line,
    "trust.drop_old_sign_ins": _old_sign_in,
    "listen.keep_weeks": dict,
    "listen.vacuum": dict,
    "listen.forget_old": dict,
    "listen.compact": dict,
    "engage.send_message": _message,
    "engage.fetch_mail": dict,
    "engage.tell_news": _kept_search,
    "hire.settle_claim": _claim,
    "hire.nudge_overdue": _late_application,
    "hire.watch_offers": _late_offers,
    "hire.tell_bulk_moved": _moved_many,
    "hire.tell_bulk_rejected": _rejected_many,
    "hire.write_letters": _written_to_many,
    "hire.tell_moved": _move,
    "catalog.audit": dict,
    "learn.measure_effects": dict,
    "catalog.check_import": _confirmed,
    "catalog.import_step": _running,
    "catalog.let_go_of_imports": _left_lying,
    "catalog.read_import": _sent,
    "learn.find_same_people": _search,
    "learn.count_news": _kept_search,
    "learn.fit_behaviour": dict,
    "learn.index_people": _unread,
    "learn.index_person": _person,
    "learn.merge_same": _twins,
    "learn.place_people": _segmented,
    "learn.propose_skills": dict,
    "learn.read_job": _job,
    "learn.read_person": _person,
    "learn.rebuild_segments": _segments,
    "learn.refit_communities": _trades,
    "learn.refresh": dict,
    "learn.refresh_segment": _segment,
    "learn.refresh_segments": _segments,
    "learn.reread_resumes": dict,
    "learn.seat_person": _seated,
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
    args = {key: str(uuid.uuid4()) if isinstance(v, str) else type(v)() for key, v in SAMPLES[name]().items()}
    before = _digest()
    queue.task_named(name).run(**args)
    assert _digest() == before
