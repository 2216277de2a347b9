"""The catalogue in memory follows the jobs, and is the same as if all had been read anew."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import pytest
from scipy import sparse

from segue.catalog.models import Job
from segue.engine.vectors import centre
from segue.kit import clock
from segue.kit.actor import Actor
from segue.learn.actions.fitting import read_job, refresh_features
from segue.learn.queries import catalogue as catalogue_module
from segue.learn.queries.catalogue import Catalogue, catalogue, forget_catalogue
from segue.learn.queries.pool import pool
from segue.trust.models import Consent, Purpose
from tests.factories import make_job, make_person

pytestmark = pytest.mark.django_db
BY = Actor.machine("test")


def looked_at_again() -> Catalogue:
    """The catalogue as a process sees it whose last look was a while ago."""
    at = clock.now()
    Job.objects.filter(title="Night nurse").update(updated_at=at)
    found = catalogue(version=f"{_lexicon()}|{at}")
    assert found is not None
    return found


def _lexicon() -> str:
    held = catalogue()
    assert held is not None
    return held.lexicon.hash


def equal(left: object, right: object) -> bool:
    if isinstance(left, sparse.csr_array) and isinstance(right, sparse.csr_array):
        return np.array_equal(left.toarray(), right.toarray())
    return np.array_equal(np.asarray(left), np.asarray(right), equal_nan=np.asarray(left).dtype.kind == "f")


@pytest.fixture
def ward() -> list[Job]:
    jobs = [make_job(title=title) for title in ("Night nurse", "Day nurse", "Ward cook")]
    refresh_features(by=BY)
    return jobs


def test_what_follows_is_what_a_full_reading_gives(ward: list[Job]) -> None:
    """Rosa publishes a job, edits one and closes one: three changes, each read alone."""
    assert looked_at_again().on_offer == 3
    new = make_job(title="Theatre nurse", licences=["nursing"])
    Job.objects.filter(pk=ward[1].pk).update(status="closed", updated_at=clock.now())
    Job.objects.filter(pk=ward[2].pk).update(title="Head cook", updated_at=clock.now())
    for job in (new, ward[1], ward[2]):
        read_job(job.pk, by=BY)
    followed = looked_at_again()
    forget_catalogue()
    anew = looked_at_again()
    assert [job.pk for job in followed.jobs] == [job.pk for job in anew.jobs]
    assert followed.on_offer == anew.on_offer == 3
    assert followed.jobs[followed.row_of[ward[2].pk]].title == "Head cook"
    assert followed.licence_column == anew.licence_column == {"nursing": 0}
    for column in fields(followed.columns):
        assert equal(getattr(followed.columns, column.name), getattr(anew.columns, column.name)), column.name


def test_a_deleted_job_leaves(ward: list[Job]) -> None:
    looked_at_again()
    ward[2].delete()
    assert ward[2].pk not in looked_at_again().row_of


def test_closed_jobs_stand_last(ward: list[Job]) -> None:
    Job.objects.filter(pk=ward[0].pk).update(status="filled")
    found = looked_at_again()
    assert found.jobs[-1].pk == ward[0].pk
    assert found.offered.is_open.all()
    assert not found.columns.is_open[-1]


def test_the_pool_holds_who_says_yes_to_both_and_numbers_licences_by_the_jobs_of_now(ward: list[Job]) -> None:
    ada, eve = make_person(licences=["nursing"]), make_person()
    for purpose in (Purpose.PROFILE, Purpose.DISCOVERY):
        Consent.objects.create(person=ada, purpose=purpose, granted=True, text_shown="", by="")
    Consent.objects.create(person=eve, purpose=Purpose.PROFILE, granted=True, text_shown="", by="")
    refresh_features(by=BY)
    found = pool(looked_at_again())
    assert found.ids == (ada.pk,)
    assert found.columns.licences.shape == (1, 0)
    Job.objects.filter(pk=ward[0].pk).update(licences=["nursing"])
    assert pool(looked_at_again()).columns.licences.tolist() == [[True]]


@pytest.fixture
def many(ward: list[Job], monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    """So many jobs that a thread follows them."""
    monkeypatch.setattr(catalogue_module, "MANY", 1)
    monkeypatch.setattr(catalogue_module, "LATE_S", 60.0)
    found = catalogue()
    assert found is not None
    yield found
    forget_catalogue()
    for thread in catalogue_module._apart:
        thread.join(10)


@pytest.mark.django_db(transaction=True)
def test_of_many_jobs_the_old_serve_until_a_thread_has_read_what_changed(many: Catalogue) -> None:
    """Nobody's page waits for somebody else's edit."""
    new = make_job(title="Theatre nurse")
    read_job(new.pk, by=BY)
    assert catalogue(version=f"{many.lexicon.hash}|changed") is many
    _until_it_is_there(new)


@pytest.mark.django_db(transaction=True)
def test_the_thread_looks_by_itself_whether_anybody_asks_or_not(many: Catalogue) -> None:
    assert catalogue(version=many.version) is many
    new = make_job(title="Theatre nurse")
    read_job(new.pk, by=BY)
    _until_it_is_there(new)


@pytest.mark.django_db(transaction=True)
def test_whoever_comes_after_a_quiet_hour_waits_for_what_changed(
    many: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_module, "LATE_S", 0.0)
    new = make_job(title="Theatre nurse")
    read_job(new.pk, by=BY)
    found = catalogue(version=f"{many.lexicon.hash}|changed")
    assert found is not None
    assert new.pk in found.row_of


def _until_it_is_there(job: Job) -> None:
    """Look at what is held, without asking for it."""
    deadline_s = time.monotonic() + 30
    while job.pk not in catalogue_module._held[0][1].row_of:
        if time.monotonic() > deadline_s:
            pytest.fail("The thread never saw it.")
        time.sleep(0.01)


def test_of_many_jobs_the_others_stay_as_they_were_when_one_comes(
    ward: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    """People need no second reading, and old rows no new centring, because somebody published a job."""
    monkeypatch.setattr(catalogue_module, "SURE_FROM", 1)
    monkeypatch.setattr(catalogue_module, "MOVED", 1.0)
    before = looked_at_again()
    new = make_job(title="Theatre nurse")
    read_job(new.pk, by=BY)
    after = looked_at_again()
    assert after.basis == before.basis
    assert after.mean_vec is before.mean_vec
    for job in ward:
        old, now = before.columns.vec[before.row_of[job.pk]], after.columns.vec[after.row_of[job.pk]]
        assert np.array_equal(old, now)
    raw = after.read.columns.vec[[after.row_of[new.pk]]]
    assert np.array_equal(after.columns.vec[[after.row_of[new.pk]]], centre(raw, before.mean_vec))


def test_once_enough_has_changed_all_is_centred_anew(
    ward: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_module, "SURE_FROM", 1)
    monkeypatch.setattr(catalogue_module, "MOVED", 0.4)
    first = looked_at_again()
    for title in ("Theatre nurse", "Head cook"):
        read_job(make_job(title=title).pk, by=BY)
        last = looked_at_again()
    assert last.basis != first.basis
    assert last.read.moved == 0
    forget_catalogue()
    assert np.array_equal(last.columns.vec, looked_at_again().columns.vec)
