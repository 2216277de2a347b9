"""Rosa has an app on her phone: her mail alone opens nothing any more."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from segue.engage.actions.sign_in import sign_in_link
from segue.kit.actor import Actor, Role
from segue.trust.actions.second_factors import make_recovery_codes
from segue.trust.actions.sign_ins import ask_for_second_step
from segue.trust.models import Account, AuditLine
from segue.trust.sign_in_models import RecoveryCode, SecondFactor, SignIn
from segue.web.signing_in import CONFIRMED
from tests import factories
from tests.factories.sign_in import code_now, make_totp

SignInAs = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("test")


def by_link(account: Account, next_path: str = "") -> tuple[Client, str]:
    """Follow a fresh link and press the button; return where that leads."""
    client = Client()
    account.refresh_from_db()  # a link follows the last sign-in
    answer = client.post(sign_in_link(account, base_url="", next_path=next_path))
    return client, answer["Location"]


def is_in(client: Client) -> bool:
    return client.get(reverse("desk:security")).status_code == 200


def test_without_a_second_step_a_link_opens_the_desk(rosa: Account) -> None:
    client, to = by_link(rosa)
    assert to == reverse("desk:home")
    assert is_in(client)


def test_a_link_alone_signs_nobody_in_who_has_a_second_step(rosa: Account) -> None:
    make_totp(rosa)
    client, to = by_link(rosa, "/desk/jobs/")
    assert to == reverse("desk:second_step")
    assert not is_in(client)
    wrong = client.post(to, {"code": "000000"})
    assert wrong.status_code == 422
    assert "not right" in wrong.content.decode()
    assert not is_in(client)
    right = client.post(to, {"code": code_now()})
    assert right["Location"] == "/desk/jobs/"
    assert is_in(client)


def test_the_session_key_is_another_after_each_step(rosa: Account) -> None:
    make_totp(rosa)
    client = Client()
    client.get(reverse("portal:sign_in"))
    client.post(sign_in_link(rosa, base_url=""))
    half = client.session.session_key
    client.post(reverse("desk:second_step"), {"code": code_now()})
    assert client.session.session_key != half


def test_a_code_opens_once(rosa: Account) -> None:
    make_totp(rosa)
    code = code_now()
    first, to = by_link(rosa)
    first.post(to, {"code": code})
    second, to = by_link(rosa)
    assert second.post(to, {"code": code}).status_code == 422
    assert not is_in(second)


def test_a_recovery_code_opens_once_however_it_is_typed(rosa: Account) -> None:
    make_totp(rosa)
    (code, *_others) = make_recovery_codes(rosa, by=factories.actor(rosa))
    client, to = by_link(rosa)
    client.post(to, {"code": f" {code.upper().replace('-', '')} "})
    assert is_in(client)
    assert RecoveryCode.objects.filter(account=rosa, used_at=None).count() == 9
    again, to = by_link(rosa)
    assert again.post(to, {"code": code}).status_code == 422


def test_six_guesses_and_then_a_wait(rosa: Account) -> None:
    make_totp(rosa)
    client, to = by_link(rosa)
    answers = [client.post(to, {"code": "123456"}).status_code for _guess in range(7)]
    assert answers == [422] * 6 + [429]
    assert client.post(to, {"code": code_now()}).status_code == 429  # the right one, too


def test_next_leads_nowhere_else(rosa: Account) -> None:
    make_totp(rosa)
    for evil in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        client, _to = by_link(rosa, evil)
        assert client.session["half_signed_in"]["next"] == ""


def test_adding_an_app_shows_recovery_codes_once(rosa: Account, client_as: SignInAs) -> None:
    client = client_as(rosa)
    page = client.get(reverse("desk:totp_new")).content.decode()
    assert "data:image/svg+xml" in page
    seed = base64.b64decode(client.session["totp_seed"])
    assert client.post(reverse("desk:totp_keep"), {"code": "000000"}).status_code == 422
    kept = client.post(reverse("desk:totp_keep"), {"code": code_now(seed), "name": "My phone"})
    assert kept.status_code == 200
    assert "shown this once" in kept.content.decode()
    assert "totp_seed" not in client.session
    factor = SecondFactor.objects.get(account=rosa)
    assert seed not in bytes(factor.secret)
    assert factor.name == "My phone"
    assert "shown this once" not in client.get(reverse("desk:security")).content.decode()


def test_no_secret_reaches_the_audit(rosa: Account) -> None:
    make_totp(rosa)
    client, to = by_link(rosa)
    client.post(to, {"code": code_now()})
    make_recovery_codes(rosa, by=factories.actor(rosa))
    said = str(list(AuditLine.objects.values_list("verb", "detail")))
    assert "trust.use_totp" in said
    assert code_now() not in said
    assert client.session.session_key not in said


def test_a_role_that_must_have_one_gets_as_far_as_adding_it(rosa: Account) -> None:
    ask_for_second_step([Role.RECRUITER], by=MACHINE)
    client, to = by_link(rosa)
    assert to == reverse("desk:security")
    assert client.get(reverse("desk:jobs"))["Location"] == reverse("desk:security")
    assert client.get("/api/v1/people").status_code == 403
    client.get(reverse("desk:totp_new"))
    seed = base64.b64decode(client.session["totp_seed"])
    client.post(reverse("desk:totp_keep"), {"code": code_now(seed)})
    assert client.get(reverse("desk:jobs")).status_code == 200


def test_asking_a_role_signs_out_who_came_without(rosa: Account, max_: Account) -> None:
    (recruiter, _to), (manager, _to) = by_link(rosa), by_link(max_)
    ask_for_second_step([Role.RECRUITER], by=MACHINE)
    assert not is_in(recruiter)
    assert is_in(manager)


def test_a_dangerous_deed_asks_again_after_a_while(rosa: Account) -> None:
    factor = make_totp(rosa)
    client, to = by_link(rosa)
    client.post(to, {"code": code_now()})
    session = client.session
    session[CONFIRMED] -= 3600
    session.save()
    remove = reverse("desk:factor_remove", args=[factor.pk])
    asked = client.post(remove)
    assert asked["Location"].startswith(reverse("desk:confirm"))
    assert SecondFactor.objects.filter(pk=factor.pk).exists()
    assert client.post(asked["Location"], {"code": code_now(ahead=1)}).status_code == 303
    client.post(remove)
    assert not SecondFactor.objects.filter(pk=factor.pk).exists()


def test_the_last_one_stays_while_the_role_asks_for_it(rosa: Account) -> None:
    factor = make_totp(rosa)
    ask_for_second_step([Role.RECRUITER], by=MACHINE)
    client, to = by_link(rosa)
    client.post(to, {"code": code_now()})
    client.post(reverse("desk:factor_remove", args=[factor.pk]))
    assert SecondFactor.objects.filter(pk=factor.pk).exists()


class TestDevices:
    def test_rosa_sees_where_she_is_signed_in_and_ends_the_others(self, rosa: Account) -> None:
        here, _to = by_link(rosa)
        there, _to = by_link(rosa)
        assert SignIn.objects.filter(account=rosa, ended_at=None).count() == 2
        assert "This device" in here.get(reverse("desk:security")).content.decode()
        here.post(reverse("desk:devices_end"))
        assert is_in(here)
        assert not is_in(there)

    def test_one_device(self, rosa: Account) -> None:
        here, _to = by_link(rosa)
        there, _to = by_link(rosa)
        other = SignIn.objects.get(session_key=there.session.session_key)
        here.post(reverse("desk:device_end", args=[other.pk]))
        assert not is_in(there)

    def test_nobody_ends_a_strangers(self, rosa: Account, max_: Account) -> None:
        hers, _to = by_link(rosa)
        his, _to = by_link(max_)
        device = SignIn.objects.get(session_key=hers.session.session_key)
        his.post(reverse("desk:device_end", args=[device.pk]))
        assert is_in(hers)

    def test_the_page_costs_the_same_for_many(
        self, rosa: Account, client_as: SignInAs, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = client_as(rosa)
        for number in range(5):
            SignIn.objects.create(account=rosa, session_key=str(number), how="link")
            make_totp(rosa)
        with django_assert_num_queries(8):
            client.get(reverse("desk:security"))
