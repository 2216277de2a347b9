"""Mia looks at the desk as Rosa sees it: she sees no more than Rosa, does nothing, and Rosa learns of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.engage.models import Message
from segue.hire.actions.applications import move_application
from segue.kit import clock
from segue.kit.actor import STAFF, Actor, Role
from segue.kit.errors import NotAllowed
from segue.listen.models import Signal
from segue.trust.actions.impersonation import start_look
from segue.trust.models import Account, AuditLine
from segue.trust.queries.impersonation import actor_seen_by
from segue.trust.sign_in_models import Impersonation
from segue.web.permissions import PAGES, THEIRS_ALONE, Reach
from tests import factories
from tests.web.permissions.addresses import pages
from tests.web.permissions.test_matrix import undone
from tests.web.permissions.world import build

SignInAs = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
WHY = "Rosa asked why her list is empty"


@pytest.fixture
def mia_as(client_as: SignInAs) -> Callable[[Account], Client]:
    """Return a browser of Mia's that looks as somebody."""

    def begin(target: Account) -> Client:
        client = client_as(factories.mia())
        if target.person is not None:
            address = reverse("desk:look_person", args=[target.person.pk])
        else:
            address = reverse("desk:look_colleague", args=[target.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {"reason": WHY}).status_code == 303
        return client

    return begin


def test_the_banner_is_on_every_page_and_leads_back(mia_as: SignInAs, rosa: Account) -> None:
    client = mia_as(rosa)
    page = client.get(reverse("desk:home")).content.decode()
    assert "You look as" in page
    assert "Settings" not in page  # the administrator's menu
    assert client.get(reverse("desk:settings")).status_code == 403
    client.post(reverse("desk:look_stop"))
    assert "You look as" not in client.get(reverse("desk:home")).content.decode()
    assert client.get(reverse("desk:settings")).status_code == 200
    assert Impersonation.objects.get().stopped_at is not None


def test_no_deed_is_done(mia_as: SignInAs, rosa: Account) -> None:
    application = factories.make_application()
    client = mia_as(rosa)
    address = reverse("desk:application_move", args=[application.pk])
    answer = client.post(address, {"stage": "interview"})
    assert answer.status_code == 403
    assert "You only look as Rosa" in answer.content.decode()
    application.refresh_from_db()
    assert application.stage != "interview"


def test_a_verb_knows_whose_eyes_they_are(rosa: Account) -> None:
    mia = factories.mia()
    look = start_look(rosa, reason=WHY, by=factories.actor(mia))
    borrowed = actor_seen_by(look, mia)
    with pytest.raises(NotAllowed, match="only look"):
        move_application(factories.make_application(), stage="interview", by=borrowed)
    with pytest.raises(NotAllowed):
        start_look(factories.max_(), reason=WHY, by=borrowed)


def test_what_a_page_leaves_behind_is_taken_back(mia_as: SignInAs, rosa: Account) -> None:
    """Opening an application would be evidence that Rosa has read it. She has not."""
    application = factories.make_application()
    client = mia_as(rosa)
    before = Signal.objects.count()
    assert client.get(reverse("desk:application", args=[application.pk])).status_code == 200
    assert not AuditLine.objects.filter(actor_id=rosa.pk).exists()
    assert Signal.objects.count() == before


def test_each_page_is_written_down_under_both_names(mia_as: SignInAs, rosa: Account) -> None:
    client = mia_as(rosa)
    client.get(reverse("desk:jobs"))
    line = AuditLine.objects.filter(verb="trust.see_page_as").latest("pk")
    assert (line.actor_name, line.actor_id) == ("Mia Okafor", factories.mia().pk)
    assert line.subject_id == str(rosa.pk)
    assert line.detail["shown_to"] == "Rosa Feld"
    assert line.detail["path"] == reverse("desk:jobs")


def test_rosa_is_told_and_finds_it_on_her_page(mia_as: SignInAs, rosa: Account, client_as: SignInAs) -> None:
    mia_as(rosa)
    letter = Message.objects.get(to_address=rosa.email)
    assert WHY in letter.text
    assert "Mia Okafor" in letter.text
    assert WHY in client_as(rosa).get(reverse("desk:security")).content.decode()


class TestACandidate:
    def test_the_portal_is_seen_and_not_touched(self, mia_as: SignInAs, ada: Account) -> None:
        factories.make_job()
        client = mia_as(ada)
        page = client.get(reverse("portal:home"))
        assert page.status_code == 200
        assert "You look as" in page.content.decode()
        assert client.post(reverse("portal:consent"), {}).status_code == 403

    def test_the_line_is_about_the_person(self, mia_as: SignInAs, ada: Account) -> None:
        client = mia_as(ada)
        client.get(reverse("portal:home"))
        line = AuditLine.objects.filter(verb="trust.see_page_as").latest("pk")
        assert (line.subject_type, line.subject_id) == ("Person", str(ada.person_id))
        assert Message.objects.get(kind="looked_as").person_id == ada.person_id

    def test_her_files_are_hers_alone(self, mia_as: SignInAs, ada: Account) -> None:
        assert mia_as(ada).get(reverse("portal:download")).status_code == 403


class TestWhoMayNot:
    def test_never_an_administrator(self, client_as: SignInAs, db: None) -> None:
        other = factories.make_account(role=Role.ADMINISTRATOR)
        client = client_as(factories.mia())
        address = reverse("desk:look_colleague", args=[other.pk])
        assert client.post(address, {"reason": WHY}).status_code == 403
        assert not Impersonation.objects.exists()

    @pytest.mark.parametrize("role", sorted(STAFF - {Role.ADMINISTRATOR}))
    def test_only_an_administrator(self, role: Role, rosa: Account) -> None:
        who = factories.make_account(role=role)
        with pytest.raises(NotAllowed):
            start_look(rosa, reason=WHY, by=factories.actor(who))

    def test_no_machine(self, rosa: Account) -> None:
        with pytest.raises(NotAllowed):
            start_look(rosa, reason=WHY, by=Actor.machine("test"))

    def test_not_without_a_reason(self, client_as: SignInAs, rosa: Account) -> None:
        client = client_as(factories.mia())
        address = reverse("desk:look_colleague", args=[rosa.pk])
        assert client.post(address, {"reason": "because"}).status_code == 422


class TestItEnds:
    def test_after_half_an_hour(self, mia_as: SignInAs, rosa: Account) -> None:
        client = mia_as(rosa)
        with time_machine.travel(clock.now() + timedelta(minutes=31)):
            assert client.get(reverse("desk:settings")).status_code == 200

    def test_when_the_administrator_is_one_no_more(self, mia_as: SignInAs, rosa: Account) -> None:
        client = mia_as(rosa)
        Account.objects.filter(pk=factories.mia().pk).update(role=Role.ANALYST)
        assert "You look as" not in client.get(reverse("desk:home")).content.decode()
        assert client.get(reverse("desk:people")).status_code == 403

    def test_when_the_other_becomes_an_administrator(self, mia_as: SignInAs, rosa: Account) -> None:
        client = mia_as(rosa)
        Account.objects.filter(pk=rosa.pk).update(role=Role.ADMINISTRATOR)
        assert "You look as" not in client.get(reverse("desk:home")).content.decode()


@pytest.mark.peer  # every page, twice for each role
@pytest.mark.parametrize("role", [*sorted(STAFF - {Role.ADMINISTRATOR}), Role.CANDIDATE])
def test_borrowed_eyes_see_what_theirs_see_and_no_more(role: Role, mia_as: SignInAs) -> None:
    """Every page of the matrix, own row and another's: seen by no administrator's right."""
    world = build(role)
    assert world.account is not None
    own, borrowed = Client(raise_request_exception=False), mia_as(world.account)
    borrowed.raise_request_exception = False
    own.force_login(world.account)
    wrong = []
    for page in pages():
        for which in range(1 + page.tells_rows_apart(world)):
            address = page.of(world, which)
            with undone():
                theirs = own.get(address).status_code
            with undone():
                hers = borrowed.get(address).status_code
            hidden = page.name in THEIRS_ALONE and PAGES[page.name].who.get(role, Reach.NO) is not Reach.NO
            if hers != (403 if hidden and theirs != 404 else theirs) and not (hidden and hers == 403):
                wrong.append(f"{page.name} {which}: theirs {theirs}, by borrowed eyes {hers}")
    assert not wrong, "\n".join(wrong)


@given(
    steps=st.lists(st.sampled_from(["begin rosa", "begin max", "stop", "later", "get", "post"]), max_size=12)
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_order_of_steps_escalates(steps: list[str]) -> None:
    """Whatever is done in whatever order: borrowed eyes are never an administrator's, and nothing is done."""
    with undone():
        mia, rosa, max_ = factories.mia(), factories.rosa(), factories.max_()
        client, at = Client(raise_request_exception=False), clock.now()
        client.force_login(mia)
        looked, until = None, at
        for step in steps:
            with time_machine.travel(at):
                if step.startswith("begin"):
                    target = rosa if step.endswith("rosa") else max_
                    address = reverse("desk:look_colleague", args=[target.pk])
                    begun = client.post(address, {"reason": WHY}).status_code == 303
                    assert begun == (looked is None or at >= until)
                    if begun:
                        looked, until = target, at + timedelta(minutes=30)
                elif step == "stop":
                    client.post(reverse("desk:look_stop"))
                    looked = None
                elif step == "later":
                    at += timedelta(minutes=20)
                else:
                    borrowed = looked is not None and at < until
                    method = client.post if step == "post" else client.get
                    status = method(reverse("desk:settings")).status_code
                    assert (status == 403) == borrowed
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM trust_auditline WHERE actor_id = %s", [rosa.pk])
            assert cursor.fetchone()[0] == 0
