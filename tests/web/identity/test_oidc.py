"""Rosa signs in with the company's account: a real provider on loopback, real signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey
from pytest_django import Settings

from segue.kit.actor import Actor, Role
from segue.trust.actions.accounts import deactivate_account
from segue.trust.actions.sign_ins import ask_for_second_step
from segue.trust.models import Account
from segue.trust.sign_in_models import LinkedIdentity, Provisioned, SignIn
from tests import factories
from tests.factories.sign_in import make_totp
from tests.web.identity.oidc_provider import CLIENT_ID, CLIENT_SECRET, OidcProvider, running_provider

pytestmark = [pytest.mark.django_db, pytest.mark.allow_hosts(["127.0.0.1"])]
ROSA = {"sub": "rosa-at-work", "email": "rosa@employer.example", "email_verified": True, "name": "Rosa Feld"}


@pytest.fixture
def provider(tmp_path: Path, settings: Settings) -> Iterator[OidcProvider]:
    with running_provider() as found:
        settings.SIGN_IN_PROVIDERS = str(tmp_path / "sign_in.toml")
        describe(settings, found)
        yield found


def describe(settings: Settings, provider: OidcProvider, more: str = "") -> None:
    text = f"""
[acme]
kind = "oidc"
title = "Acme"
issuer = "{provider.issuer}"
client_id = "{CLIENT_ID}"
client_secret = "{CLIENT_SECRET}"
{more}
"""
    Path(settings.SIGN_IN_PROVIDERS).write_text(text, encoding="utf-8")


def leave(client: Client, next_path: str = "") -> dict[str, str]:
    """Press the button; return what the provider is asked."""
    page = client.post(reverse("desk:provider_begin", args=["acme"]), {"next": next_path})
    address = unescape(re.findall(r'href="(http://127[^"]+)"', page.content.decode())[0])
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def come_back(client: Client, provider: OidcProvider, person: dict[str, Any], **how: str) -> HttpResponse:
    asked = leave(client, how.pop("next_path", ""))
    provider.person = person
    back = urlsplit(provider.authorize(asked))
    return client.get(f"{back.path}?{back.query}")  # type: ignore[return-value]  # a test client's answer is one


def is_in(client: Client) -> bool:
    return client.get(reverse("desk:security")).status_code == 200


def test_rosa_comes_in_and_is_linked(provider: OidcProvider, rosa: Account) -> None:
    client = Client()
    answer = come_back(client, provider, ROSA, next_path="/desk/jobs/")
    assert answer["Location"] == "/desk/jobs/"
    assert is_in(client)
    assert LinkedIdentity.objects.get().subject == "rosa-at-work"
    assert SignIn.objects.get().how == "oidc:Acme"


def test_the_providers_id_decides_once_linked(provider: OidcProvider, rosa: Account, max_: Account) -> None:
    come_back(Client(), provider, ROSA)
    client = Client()
    come_back(client, provider, ROSA | {"email": max_.email})  # the address changed hands
    assert client.session["_auth_user_id"] == str(rosa.pk)


@pytest.mark.parametrize("verified", [False, None, "no"])
def test_an_address_nobody_verified_links_nothing(
    provider: OidcProvider, rosa: Account, verified: Any
) -> None:
    client = Client()
    answer = come_back(client, provider, ROSA | {"email_verified": verified})
    assert answer.status_code == 403
    assert "we do not" in answer.content.decode()
    assert not LinkedIdentity.objects.exists()
    assert not is_in(client)


def test_who_is_unknown_gets_a_page_and_no_account(provider: OidcProvider, db: None) -> None:
    answer = come_back(Client(), provider, ROSA | {"email": "who@employer.example"})
    assert answer.status_code == 403
    assert "who@employer.example" in answer.content.decode()
    assert not Account.objects.exists()


def test_a_candidate_is_no_colleague(provider: OidcProvider, ada: Account) -> None:
    client = Client()
    assert come_back(client, provider, ROSA | {"email": ada.email}).status_code == 403
    assert not LinkedIdentity.objects.exists()


def test_who_left_stays_out(provider: OidcProvider, rosa: Account) -> None:
    come_back(Client(), provider, ROSA)
    deactivate_account(rosa, by=Actor.machine("test"))
    assert come_back(Client(), provider, ROSA).status_code == 403


def test_domains_it_vouches_for(provider: OidcProvider, rosa: Account, settings: Settings) -> None:
    """Some providers never say that an address is verified; their owner says whose addresses they are."""
    describe(settings, provider, 'vouches_for = ["employer.example"]')
    person = {"sub": "r", "email": rosa.email}
    assert come_back(Client(), provider, person)["Location"] == reverse("desk:home")
    stranger = {"sub": "s", "email": "rosa@elsewhere.example", "email_verified": True}
    assert come_back(Client(), provider, stranger).status_code == 403


class TestGroups:
    MAPPED = 'vouches_for = ["employer.example"]\nroles = { talent = "recruiter", sums = "analyst" }\n'

    def test_they_give_a_role_and_a_department(
        self, provider: OidcProvider, max_: Account, settings: Settings
    ) -> None:
        describe(settings, provider, self.MAPPED)
        told = {"groups": ["sums", "talent", "lunch"], "department": "People"}
        come_back(Client(), provider, {"sub": "m", "email": max_.email} | told)
        max_.refresh_from_db()
        assert max_.role == Role.RECRUITER
        assert Provisioned.objects.get(account=max_).department == "People"

    def test_an_administrator_keeps_theirs(
        self, provider: OidcProvider, settings: Settings, db: None
    ) -> None:
        describe(settings, provider, self.MAPPED)
        mia = factories.mia()
        come_back(Client(), provider, {"sub": "mia", "email": mia.email, "groups": ["sums"]})
        mia.refresh_from_db()
        assert mia.role == Role.ADMINISTRATOR

    def test_new_people_only_where_the_file_says_so(
        self, provider: OidcProvider, settings: Settings, db: None
    ) -> None:
        describe(settings, provider, "makes_accounts = true\n" + self.MAPPED)
        without = {"sub": "n", "email": "nora@employer.example", "name": "Nora"}
        assert come_back(Client(), provider, without).status_code == 403
        assert come_back(Client(), provider, without | {"groups": ["sums"]}).status_code == 303
        assert Account.objects.get().role == Role.ANALYST

    def test_no_file_makes_an_administrator(
        self, provider: OidcProvider, settings: Settings, db: None
    ) -> None:
        describe(settings, provider, 'roles = { boss = "administrator" }')
        assert "Acme" not in Client().get(reverse("desk:sign_in")).content.decode()
        answer = Client().post(reverse("desk:provider_begin", args=["acme"]))
        assert answer.status_code == 422
        assert "roles may name" in answer.content.decode()


class TestSecondStep:
    def test_ours_is_asked_where_the_provider_did_none(self, provider: OidcProvider, rosa: Account) -> None:
        make_totp(rosa)
        client = Client()
        assert come_back(client, provider, ROSA)["Location"] == reverse("desk:second_step")
        assert not is_in(client)

    def test_theirs_counts(self, provider: OidcProvider, rosa: Account) -> None:
        make_totp(rosa)
        ask_for_second_step([Role.RECRUITER], by=Actor.machine("test"))
        client = Client()
        come_back(client, provider, ROSA | {"amr": ["pwd", "mfa"]})
        assert is_in(client)


class TestWhatDoesNotHold:
    @pytest.mark.parametrize(
        "twist",
        [
            {"iss": "http://127.0.0.1:1"},
            {"aud": "another-program"},
            {"aud": ["segue", "another"]},
            {"aud": ["segue", "another"], "azp": "another"},
            {"nonce": "of another attempt"},
            {"nonce": None},
            {"exp": 1_000_000_000},
            {"sub": None},
        ],
    )
    def test_a_token_that_is_not_for_us_now(
        self, provider: OidcProvider, rosa: Account, twist: dict[str, Any]
    ) -> None:
        provider.twist = twist
        client = Client()
        assert come_back(client, provider, ROSA).status_code == 422
        assert not is_in(client)

    def test_a_strangers_key_of_the_same_name(self, provider: OidcProvider, rosa: Account) -> None:
        provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
        assert come_back(Client(), provider, ROSA).status_code == 422

    def test_a_key_that_came_since(self, provider: OidcProvider, rosa: Account) -> None:
        come_back(Client(), provider, ROSA)
        provider.key = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
        assert come_back(Client(), provider, ROSA).status_code == 303

    def test_another_browsers_answer(self, provider: OidcProvider, rosa: Account) -> None:
        """Eve sends Rosa the link her own sign-in came back with: Rosa's browser never asked."""
        asked = leave(Client())
        provider.person = ROSA
        back = urlsplit(provider.authorize(asked))
        victim = Client()
        assert victim.get(f"{back.path}?{back.query}").status_code == 422
        leave(victim)
        assert victim.get(f"{back.path}?{back.query}").status_code == 422
        assert not is_in(victim)

    def test_an_answer_taken_twice(self, provider: OidcProvider, rosa: Account) -> None:
        client = Client()
        asked = leave(client)
        provider.person = ROSA
        back = urlsplit(provider.authorize(asked))
        client.get(f"{back.path}?{back.query}")
        client.logout()
        assert client.get(f"{back.path}?{back.query}").status_code == 422

    def test_another_provider_mixed_in(self, provider: OidcProvider, rosa: Account) -> None:
        client = Client()
        asked = leave(client)
        provider.person = ROSA
        back = urlsplit(provider.authorize(asked))
        query = back.query.replace(urlsplit(provider.issuer).netloc.replace(":", "%3A"), "evil.example")
        assert client.get(f"{back.path}?{query}").status_code == 422

    def test_next_leads_nowhere_else(self, provider: OidcProvider, rosa: Account) -> None:
        answer = come_back(Client(), provider, ROSA, next_path="https://evil.example/")
        assert answer["Location"] == reverse("desk:home")

    def test_it_said_no(self, provider: OidcProvider, rosa: Account) -> None:
        client = Client()
        asked = leave(client)
        said = client.get(
            reverse("desk:oidc_back", args=["acme"]), {"state": asked["state"], "error": "access_denied"}
        )
        assert said.status_code == 422
        assert "access_denied" in said.content.decode()


def test_what_the_token_leaves_out_is_asked_for(provider: OidcProvider, rosa: Account) -> None:
    provider.tells_by_userinfo = True
    client = Client()
    come_back(client, provider, ROSA)
    assert is_in(client)
