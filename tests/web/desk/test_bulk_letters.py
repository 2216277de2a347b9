"""Rosa writes one letter to many, from the tick on a list to the undo; every page, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from segue.catalog.models import Job, Person
from segue.engage.actions.templates import keep_template
from segue.engage.models import Message
from segue.hire.models import Application, BulkAction, BulkRow
from segue.kit import clock
from segue.kit.queue import work_off
from segue.trust.models import Account
from tests.factories import actor, make_application, make_job, make_member, make_person, max_

pytestmark = pytest.mark.django_db
LETTER = {"subject": "Friday", "text": "Hello {{ first_name }}", "do": "look"}


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


@pytest.fixture
def job() -> Job:
    job = make_job(title="Night nurse")
    for name in ("Amara Diallo", "Bruno Costa", "Chen Wei"):
        make_application(make_person(name=name), job)
    return job


def begun(desk: Client, job: Job) -> str:
    """Press "Write…" for all that match; return where it leads."""
    form = {"do": "message", "all": "1", "job": str(job.pk)}
    answer = desk.post(reverse("desk:bulk_do"), form)
    assert answer.status_code == 303
    return str(answer["Location"])


def looked_at(desk: Client, job: Job, **letter: str) -> str:
    """Write a letter; return the address of its check."""
    answer = desk.post(begun(desk, job), LETTER | letter)
    assert answer.status_code == 303
    return str(answer["Location"])


def words(desk: Client, address: str) -> str:
    return " ".join(desk.get(address).content.decode().split())


def test_from_the_tick_to_the_letters_and_back(desk: Client, job: Job) -> None:
    assert 'value="message"' in words(desk, reverse("desk:job", args=[job.pk]))
    Person.objects.filter(name="Chen Wei").update(email=None)
    check = looked_at(desk, job)
    page = words(desk, check)
    assert "2 people get this letter." in page
    assert "Hello Amara" in page
    assert "Hello Bruno" in page
    assert "has no e-mail address" in page
    assert "Chen Wei" in page
    assert not Message.objects.exists()
    answer = desk.post(check + "send")
    assert answer["Location"] == check
    work_off()
    page = words(desk, check)
    assert "2 written to: “Friday”. 1 left out." in page
    assert "2 wait to leave" in page
    assert Message.objects.count() == 2
    desk.post(reverse("desk:bulk_undo", args=[BulkAction.objects.get().pk]), {"back": check})
    page = words(desk, check)
    assert "2 letters are taken back. Nobody has read any of it." in page
    assert not Message.objects.exists()
    assert "2 taken back" in words(desk, reverse("desk:bulk"))


def test_pressed_twice_says_the_same_and_sends_once(desk: Client, job: Job) -> None:
    check = looked_at(desk, job)
    for _ in range(2):
        desk.post(check + "send")
    work_off()
    page = words(desk, check)
    assert "3 written to: “Friday”." in page
    assert Message.objects.count() == 3


def test_what_was_typed_is_kept_when_it_is_refused(desk: Client, job: Job) -> None:
    answer = desk.post(begun(desk, job), LETTER | {"text": "Hello {{ frist_name }}", "ground": "news"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Did you mean {{ first_name }}?" in page
    assert "Hello {{ frist_name }}</textarea>" in page
    assert 'aria-invalid="true"' in page
    assert 'value="news" checked' in page


def test_a_kept_letter_is_put_in_with_its_places_open(desk: Client, job: Job, rosa: Account) -> None:
    kept = keep_template("Hi", subject="About {{ job }}", secret_text="Dear {{ name }}", by=actor(rosa))
    answer = desk.post(
        begun(desk, job), {"do": "fill", "template": str(kept.pk), "text": "More.", "subject": ""}
    )
    page = answer.content.decode()
    assert "Dear {{ name }}\n\nMore.</textarea>" in page
    assert 'value="About {{ job }}"' in page
    assert desk.post(begun(desk, job), {"do": "fill", "template": "none"}).status_code == 404


def test_a_time_is_kept_and_shown(desk: Client, job: Job) -> None:
    at = clock.now() + timedelta(days=3)
    check = looked_at(desk, job, send_at=at.strftime("%Y-%m-%dT%H:%M"))
    assert "It leaves at the time you set" in words(desk, check)
    assert at.strftime("%Y-%m-%dT%H:%M") in words(desk, check.replace("check/", ""))


def test_languages_are_offered_where_there_are_several(desk: Client, job: Job) -> None:
    assert "Who reads" not in words(desk, begun(desk, job))
    Person.objects.filter(name="Chen Wei").update(locale="fr")
    assert "Who reads Français" in words(desk, begun(desk, job))
    check = looked_at(desk, job, language="fr")
    page = words(desk, check)
    assert "1 person gets this letter." in page
    assert "reads another language" in page


def test_nobody_left_is_said_and_offers_the_way_back(desk: Client, job: Job) -> None:
    Application.objects.update(outcome="withdrawn")
    bulk = BulkAction.objects.create(
        kind="message", by_account=Account.objects.get(name="Rosa Feld"), count=3
    )
    BulkRow.objects.bulk_create(BulkRow(bulk=bulk, application=row) for row in Application.objects.all())
    desk.post(reverse("desk:bulk_letter", args=[bulk.pk]), LETTER)
    check = reverse("desk:bulk_letter_check", args=[bulk.pk])
    page = words(desk, check)
    assert "Nobody would get this letter." in page
    assert "Send it to" not in page
    desk.post(check + "send")
    assert "See why, and change it or whom you pick." in words(desk, check)


def test_one_more_can_be_looked_at(desk: Client, job: Job) -> None:
    check = looked_at(desk, job)
    assert "Hello Chen" not in words(desk, check)
    assert "Hello Chen" in words(desk, check + "?person=2")
    for odd in ("9", "-1", "x", "²"):
        assert desk.get(f"{check}?person={odd}").status_code == 200


def test_the_check_of_an_unwritten_letter_leads_to_writing_it(desk: Client, job: Job) -> None:
    form = begun(desk, job)
    assert desk.get(form + "check/")["Location"] == form
    check = looked_at(desk, job)
    desk.post(check + "send")
    assert desk.get(check.replace("check/", ""))["Location"] == check


def test_an_administrator_sees_and_takes_back_a_colleagues_letter_and_sends_none(
    desk: Client, job: Job, mia: Account, client_as: Callable[[Account], Client]
) -> None:
    check, theirs = looked_at(desk, job), client_as(mia)
    page = words(theirs, check)
    assert "3 people get this letter." in page
    assert "Send it to" not in page
    assert theirs.get(check.replace("check/", "")).status_code == 404
    theirs.post(check + "send")
    assert BulkAction.objects.get().done_at is None
    desk.post(check + "send")
    theirs.post(reverse("desk:bulk_undo", args=[BulkAction.objects.get().pk]))
    work_off()
    assert not Message.objects.exists()


def test_nobody_picked_is_said_on_the_list(desk: Client, job: Job) -> None:
    back = reverse("desk:job", args=[job.pk])
    answer = desk.post(reverse("desk:bulk_do"), {"do": "message", "back": back})
    assert answer["Location"] == back
    assert "Nobody is selected." in words(desk, back)


def test_a_hiring_manager_is_offered_no_letter_to_many(
    job: Job, client_as: Callable[[Account], Client]
) -> None:
    make_member(job, max_())
    theirs = client_as(max_())
    page = words(theirs, reverse("desk:job", args=[job.pk]))
    assert 'value="tag"' in page
    assert 'value="message"' not in page
    assert (
        theirs.post(reverse("desk:bulk_do"), {"do": "message", "all": "1", "job": str(job.pk)}).status_code
        == 403
    )


def test_a_check_costs_the_same_for_many(
    desk: Client, job: Job, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for _ in range(30):
        make_application(job=job)
    check = looked_at(desk, job)
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        desk.get(check)


def test_the_list_of_deeds_asks_once_for_all_letters(
    desk: Client, job: Job, django_assert_num_queries: Callable[[int], object]
) -> None:
    for count in (1, 2):
        desk.post(looked_at(desk, job) + "send")
        work_off()
        desk.get(reverse("desk:bulk"))  # takes the toast
        with django_assert_num_queries(4):  # type: ignore[attr-defined]  # session, account, deeds, progress
            page = desk.get(reverse("desk:bulk"))
        assert page.content.decode().count("/letter/check/") == count
