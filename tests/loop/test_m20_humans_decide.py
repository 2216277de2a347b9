"""M20, humans decide: nobody is turned away by a machine, and who decided can be named."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from segue.engage.models import Message
from segue.hire.actions.applications import (
    Applicant,
    apply,
    hire_applicant,
    move_application,
    open_application,
    reject_application,
)
from segue.hire.models import Application
from segue.hire.queries.applications import application_by_status_key, stage_history
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed, SegueError
from segue.trust.models import Account, AuditLine
from segue.trust.queries.reviews import open_reviews
from tests.factories import actor, make_job

pytestmark = pytest.mark.django_db


def test_two_apply_one_is_hired_and_the_other_hears_from_a_person(
    ada: Account, eve: Account, rosa: Account
) -> None:
    job = make_job(title="Pilot boat captain")
    hers, other = (
        apply(job, applicant=Applicant(name=who.name, email=who.email), by=actor(who)) for who in (ada, eve)
    )

    # A clever ranker is sure that Eve will not do. It may say so; it may not act on it.
    ranker = Actor.machine("ranker")
    for verb in (
        lambda: reject_application(other, reason="Score below the cut-off", by=ranker),
        lambda: move_application(other, stage="screen", by=ranker),
        lambda: hire_applicant(hers, by=ranker),
    ):
        with pytest.raises(NotAllowed):
            verb()
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=other.pk).update(outcome="rejected", decision_reason="Score below 0.4")

    # Rosa reads, moves Ada along and hires her. The job is full, and still nobody is rejected.
    move_application(hers, stage="offer", by=actor(rosa))
    hire_applicant(hers, by=actor(rosa))
    other.refresh_from_db()
    assert other.outcome == "open"

    # A person is asked to write to Eve; nobody can wave her off unread or without a word.
    [task] = open_reviews(actor(rosa))
    assert task.person == eve.person
    with pytest.raises(SegueError, match="not opened"):
        reject_application(other, reason="Another captain was chosen", by=actor(rosa))
    open_application(other, by=actor(rosa))
    with pytest.raises(SegueError, match="reason"):
        reject_application(other, reason=" ", by=actor(rosa))
    reject_application(other, reason="Another captain was chosen", by=actor(rosa))

    # Eve's page is still there and says so; the decision names Rosa wherever one looks.
    page = application_by_status_key(other.status_key)
    assert page.outcome == "rejected"
    assert "A person here read your application" in Message.objects.get(kind="application_decided").text
    last = stage_history(page, by=Actor.anonymous()).last()
    assert last is not None
    assert last.by_account == rosa
    line = AuditLine.objects.get(verb="hire.reject_application")
    assert (line.actor_id, line.actor_name, line.subject_id) == (rosa.pk, "Rosa Feld", str(other.pk))
