"""From words to numbers: the same words give the same numbers, and nothing is read twice or unasked."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks
from scipy import sparse

from segue.catalog.actions.jobs import edit_job
from segue.catalog.models import Job, JobStatus
from segue.kit import clock
from segue.kit.queue import work_off
from segue.learn.actions.fitting import fit_lexicon, read_job, read_person, refresh_features
from segue.learn.models import JobFeatures, Model, ModelState, PersonFeatures
from segue.learn.packing import pack_counts, pack_vector, unpack_counts, unpack_vectors
from segue.learn.queries import catalogue as room
from segue.learn.queries.lexicon import active_hash, lexicon_named
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account
from tests.factories import actor, grant, make_job, make_person, make_resume
from tests.recommend.stage import MACHINE, jobs_read, market, own, reread

pytestmark = pytest.mark.django_db


def test_without_jobs_there_is_nothing_to_learn_from(ada: Account) -> None:
    assert refresh_features(by=MACHINE) == {"jobs": 0, "people": 0}
    assert fit_lexicon(by=MACHINE) == ""
    assert read_job(make_job().pk, by=MACHINE) == 0
    assert ada.person_id is not None
    assert read_person(ada.person_id, by=MACHINE) == 0


def test_the_same_texts_give_the_same_lexicon_to_the_bit() -> None:
    market(8)
    first = active_hash()
    assert fit_lexicon(by=MACHINE) == first
    assert Model.objects.get(state=ModelState.CHAMPION).pk == first
    assert lexicon_named(first).hash == first


def test_another_word_gives_another_lexicon_and_only_one_is_in_force() -> None:
    market(8)
    first = active_hash()
    make_job(title="Beekeeper", description="Bees, hives and honey.")
    assert fit_lexicon(by=MACHINE) != first
    assert Model.objects.filter(state=ModelState.CHAMPION).count() == 1


def test_a_second_refresh_writes_nothing(ada: Account) -> None:
    market(8)
    made_at = set(JobFeatures.objects.values_list("made_at", flat=True))
    assert refresh_features(by=MACHINE) == {"jobs": 0, "people": 0}
    assert set(JobFeatures.objects.values_list("made_at", flat=True)) == made_at


def test_only_what_changed_is_read_again(ada: Account) -> None:
    jobs = market(8)
    make_resume(ada.person, text="Streaming pipelines in Kafka.")
    Job.objects.filter(pk=jobs[0].pk).update(description="Bees, hives and honey.")
    assert refresh_features(by=MACHINE) == {"jobs": 1, "people": 1}


def test_half_as_many_jobs_again_call_for_a_new_lexicon() -> None:
    market(8)
    first = active_hash()
    for number in range(5):
        make_job(title=f"Beekeeper {number}", description="Bees, hives and honey.")
    refresh_features(by=MACHINE)
    assert active_hash() != first


def test_a_person_is_read_only_while_they_allow_it() -> None:
    market(8)
    person = make_person(headline="Data engineer", skills=["python"])
    reread()
    assert not PersonFeatures.objects.exists()
    grant(person, "profile")
    read_person(person.pk, by=MACHINE)
    assert PersonFeatures.objects.filter(person=person).exists()
    set_consent(person, purpose="profile", granted=False, by=own(person))
    refresh_features(by=MACHINE)
    assert not PersonFeatures.objects.exists()


def test_withdrawing_is_heard_by_the_worker(
    ada: Account, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    market(8)
    assert ada.person is not None
    assert PersonFeatures.objects.filter(person=ada.person).exists()
    with django_capture_on_commit_callbacks(execute=True):
        set_consent(ada.person, purpose="profile", granted=False, by=own(ada.person))
    work_off()
    assert not PersonFeatures.objects.exists()


def test_drafts_teach_nothing() -> None:
    make_job(status=JobStatus.DRAFT, title="Secret", description="Zephyr project.")
    assert fit_lexicon(by=MACHINE) == ""


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_packed_numbers_come_back(rows: int) -> None:
    vectors = np.arange(rows * 4, dtype=np.float32).reshape(rows, 4)
    assert (unpack_vectors([pack_vector(one) for one in vectors], 4) == vectors).all()
    counts = sparse.csr_array(np.arange(rows * 5, dtype=np.float64).reshape(rows, 5) % 3)
    back = unpack_counts([pack_counts(counts, i) for i in range(rows)], 5)
    assert (back.toarray() == counts.toarray()).all()


def test_the_catalogue_sees_a_new_and_an_edited_job_and_keeps_a_closed_one(rosa: Account) -> None:
    jobs = market(8)
    before = jobs_read()
    assert len(before) == 8
    new = make_job(title="Beekeeper", posted_at=clock.now() - timedelta(hours=1))
    edit_job(jobs[0], title="Renamed", by=actor(rosa))
    Job.objects.filter(pk=jobs[1].pk).update(status=JobStatus.CLOSED, updated_at=clock.now())
    reread()
    after = jobs_read()
    assert after.version != before.version
    assert new.pk in after.row_of
    assert after.jobs[after.row_of[jobs[0].pk]].title == "Renamed"
    assert not after.columns.is_open[after.row_of[jobs[1].pk]]


def test_the_catalogue_is_held_while_nothing_changes() -> None:
    market(8)
    first = jobs_read()
    room._held[:] = [(0.0, first)]  # long ago: it must look again, and find the same
    assert jobs_read() is first
