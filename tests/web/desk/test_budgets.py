"""A page of three rows asks the database no more than a page of one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from segue.hire.actions.bulk import Selection, tag_many
from segue.recommend.actions.playlists import add_job, create_playlist
from segue.trust.actions.reviews import open_review
from segue.trust.models import Account
from tests.factories import actor, make_application, make_job, make_person, make_resume

# session, account; waiting people and their number; one's own, what calls one; cards, decisions due;
# tasks, closing jobs, searches, newest people, offers that wait for one's yes, what people need
HOME = 14
# session, account, job; rows, stages, counts, panels, skills, questions, held; owners and views to choose
JOB = 12
BOARD = 13  # the same, and the heads of the columns
MINE = 7  # with the stages of their jobs, and panels
BULK = 3
STAGES = 6
PLAYLISTS = 3
PLAYLIST = 11
REVIEWS = 4
# with panel, answers and whom to ask; reading it is a transaction of its own, with an audit line and a look
APPLICATION = 28


@pytest.fixture
def desk(rosa: Account, client_as: Callable[[Account], Client]) -> Client:
    return client_as(rosa)


@pytest.mark.parametrize("rows", [1, 3])
class TestOneRowCostsAsMuchAsThree:
    def test_today(
        self, rows: int, desk: Client, rosa: Account, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(rows):
            application = make_application()
            open_review("talk", person=application.person, job=application.job, by=actor(rosa))
        with django_assert_num_queries(HOME):
            desk.get(reverse("desk:home"))

    def test_a_job_with_applicants(
        self, rows: int, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        job = make_job(required_skills=["python"])
        for _ in range(rows):
            make_application(job=job)
        with django_assert_num_queries(JOB):
            desk.get(reverse("desk:job", args=[job.pk]))

    def test_a_board(
        self, rows: int, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        job = make_job(required_skills=["python"])
        for stage in ["applied", "interview", "applied"][: max(2, rows)]:
            make_application(job=job, stage=stage)
        with django_assert_num_queries(BOARD):
            desk.get(reverse("desk:job_board", args=[job.pk]))

    def test_my_applications(
        self, rows: int, desk: Client, rosa: Account, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(rows):
            make_application(owner=rosa, tags=["night"])
        with django_assert_num_queries(MINE):
            desk.get(reverse("desk:mine"))

    def test_what_was_done_to_many(
        self, rows: int, desk: Client, rosa: Account, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(rows):
            tag_many(Selection(ids=[make_application().pk]), tag="night", by=actor(rosa))
        with django_assert_num_queries(BULK):
            desk.get(reverse("desk:bulk"))

    def test_the_stages_of_a_job(
        self, rows: int, desk: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        job = make_job()
        for _ in range(rows):
            make_application(job=job)
        with django_assert_num_queries(STAGES):
            desk.get(reverse("desk:job_stages", args=[job.pk]))

    def test_playlists(
        self, rows: int, desk: Client, rosa: Account, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(rows):
            create_playlist(title=f"List {number}", by=actor(rosa))
        with django_assert_num_queries(PLAYLISTS):
            desk.get(reverse("desk:playlists"))

    def test_a_playlist(
        self, rows: int, desk: Client, rosa: Account, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        playlist = create_playlist(title="Nights", by=actor(rosa))
        for _ in range(rows):
            add_job(playlist, job=make_job(), by=actor(rosa))
        with django_assert_num_queries(PLAYLIST):
            desk.get(reverse("desk:playlist", args=[playlist.pk]))

    def test_reviews(
        self, rows: int, desk: Client, rosa: Account, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(rows):
            open_review("talk", person=make_person(), by=actor(rosa))
        with django_assert_num_queries(REVIEWS):
            desk.get(reverse("desk:reviews"))


def test_an_application(desk: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    application = make_application(job=make_job(required_skills=["python"]))
    make_resume(application.person)
    with django_assert_num_queries(APPLICATION):
        desk.get(reverse("desk:application", args=[application.pk]))
