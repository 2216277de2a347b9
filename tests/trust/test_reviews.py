"""Human tasks: opened once, settled by a person with a name."""

from __future__ import annotations

import pytest

from segue.kit.actor import Actor
from segue.kit.errors import Conflict, NotAllowed
from segue.trust.actions.reviews import open_review, reopen_review, settle_review
from segue.trust.models import Account, Review
from segue.trust.queries.reviews import open_reviews, reviews_visible_to
from tests.factories import actor, make_job, make_member, make_person

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("hiring")


def test_a_task_is_opened_once() -> None:
    person, job = make_person(), make_job()
    first = open_review("job_filled", person=person, job=job, by=MACHINE)
    assert open_review("job_filled", person=person, job=job, by=MACHINE) == first
    assert Review.objects.count() == 1


def test_rosa_settles_it_in_her_name(rosa: Account) -> None:
    review = settle_review(open_review("job_filled", job=make_job(), by=MACHINE), by=actor(rosa))
    assert review.done_by == rosa
    with pytest.raises(Conflict):
        settle_review(review, by=actor(rosa))
    reopen_review(review, by=actor(rosa))
    assert list(open_reviews(actor(rosa))) == [review]


def test_machines_and_other_teams_settle_nothing(max_: Account, ada: Account) -> None:
    review = open_review("job_filled", job=make_job(), by=MACHINE)
    for who in (MACHINE, actor(max_), actor(ada), Actor.anonymous()):
        with pytest.raises(NotAllowed):
            settle_review(review, by=who)


def test_the_hiring_manager_sees_and_settles_those_of_their_job(max_: Account) -> None:
    job = make_job()
    make_member(job, max_)
    review = open_review("job_filled", job=job, by=MACHINE)
    open_review("job_filled", job=make_job(), by=MACHINE)
    assert list(reviews_visible_to(actor(max_))) == [review]
    settle_review(review, by=actor(max_))
