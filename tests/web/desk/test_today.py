"""Today, the tasks for a person, and the administrator's controls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import translation

from segue.hire.actions.teamwork import ask_for_a_person
from segue.kit import clock
from segue.kit.actor import Actor
from segue.trust.actions.reviews import open_review
from segue.trust.models import Account, Review, ReviewState
from segue.trust.queries.dials import ai_is_on
from tests.factories import actor, make_application, make_job, make_member, make_person


def test_the_longest_waiting_come_first(rosa: Account, client_as: Callable[[Account], Client]) -> None:
    old = make_application(applied_at=clock.now() - timedelta(days=9))
    new = make_application()
    page = client_as(rosa).get(reverse("desk:home"))
    assert [row.pk for row in page.context["waiting"]] == [old.pk, new.pk]
    assert "9 days ago" in page.content.decode()


def test_a_hiring_manager_sees_their_own_waiting_people_only(
    max_: Account, client_as: Callable[[Account], Client]
) -> None:
    mine, _ = make_application(), make_application()
    make_member(mine.job, max_)
    page = client_as(max_).get(reverse("desk:home"))
    assert [row.pk for row in page.context["waiting"]] == [mine.pk]
    assert not page.context["newest"]


def test_an_analyst_sees_no_people_today(theo: Account, client_as: Callable[[Account], Client]) -> None:
    application = make_application()
    page = client_as(theo).get(reverse("desk:home")).content.decode()
    assert application.person.name not in page


def test_jobs_closing_soon_are_named(rosa: Account, client_as: Callable[[Account], Client]) -> None:
    make_job(title="Baker", valid_through=clock.now() + timedelta(days=3))
    make_job(title="Welder", valid_through=clock.now() + timedelta(days=30))
    closing = client_as(rosa).get(reverse("desk:home")).context["closing"]
    assert [job.title for job in closing] == ["Baker"]


def test_a_task_is_settled_in_a_name_and_undone(
    rosa: Account, client_as: Callable[[Account], Client]
) -> None:
    job = make_job()
    review = open_review("job_filled", job=job, by=actor(rosa))
    client = client_as(rosa)
    sent = client.post(reverse("desk:review_settle", args=[review.pk]), follow=True)
    assert Review.objects.get().done_by_id == rosa.pk
    client.post(sent.context["toast"]["undo_url"])
    assert Review.objects.get().state == ReviewState.OPEN


def test_a_task_is_told_in_the_language_of_who_reads_it(
    rosa: Account, client_as: Callable[[Account], Client]
) -> None:
    application = make_application(make_person(name="ليلى حداد"), make_job(title="Baker"))
    application.opened_by_key = True
    with translation.override("ar"):
        ask_for_a_person(application, by=Actor.anonymous())
    page = client_as(rosa).get(reverse("desk:reviews")).content.decode()
    for told in ("Somebody asks to talk to a person", "ليلى حداد", "Baker"):
        assert told in page
    assert Review.objects.get().note == ""


def test_settling_twice_is_told(rosa: Account, client_as: Callable[[Account], Client]) -> None:
    review = open_review("job_filled", job=make_job(), by=actor(rosa))
    client = client_as(rosa)
    client.post(reverse("desk:review_settle", args=[review.pk]))
    again = client.post(reverse("desk:review_settle", args=[review.pk]), follow=True)
    assert again.context["toast"]["refused"]


def test_the_machine_is_switched_off_and_on_again(
    mia: Account, client_as: Callable[[Account], Client]
) -> None:
    client = client_as(mia)
    sent = client.post(reverse("desk:settings_ai"), {"on": "0"}, follow=True)
    assert not ai_is_on()
    client.post(sent.context["toast"]["undo_url"], sent.context["toast"]["undo_fields"])
    assert ai_is_on()


def test_only_an_administrator_switches(rosa: Account, client_as: Callable[[Account], Client]) -> None:
    assert client_as(rosa).post(reverse("desk:settings_ai"), {"on": "0"}).status_code == 403
    assert ai_is_on()
