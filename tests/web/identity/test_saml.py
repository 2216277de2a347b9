"""Rosa signs in by SAML: responses are really signed, and the wrapped or replayed refused."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from lxml import etree
from pytest_django import Settings

from segue.kit.actor import Role
from segue.trust.models import Account
from segue.trust.sign_in_models import LinkedIdentity, SignIn
from tests.web.identity.saml_provider import (
    ISSUER,
    NS,
    SSO_URL,
    Answer,
    encoded,
    key_and_certificate,
    request_in,
    sign,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def provider(tmp_path: Path, settings: Settings) -> None:
    _key, certificate = key_and_certificate()
    path = tmp_path / "sign_in.toml"
    path.write_text(
        f"""
[acme]
kind = "saml"
title = "Acme"
issuer = "{ISSUER}"
sso_url = "{SSO_URL}"
certificates = ['''{certificate}''']
vouches_for = ["employer.example"]
roles = {{ talent = "recruiter", sums = "analyst" }}
""",
        encoding="utf-8",
    )
    settings.SIGN_IN_PROVIDERS = str(path)


def leave(client: Client, next_path: str = "", **more: Any) -> Answer:
    """Press the button; return the answer to what the provider is asked, still to be signed."""
    page = client.post(reverse("desk:provider_begin", args=["acme"]), {"next": next_path}).content.decode()
    (address,) = set(re.findall(rf'href="({re.escape(SSO_URL)}[^"]+)"', page))
    request_id, to = request_in(unescape(address))
    audience = "http://testserver" + reverse("desk:saml_metadata", args=["acme"])
    return Answer(request_id=request_id, to=to, audience=audience, **more)


def deliver(client: Client, response: str) -> HttpResponse:
    """Post a response as the provider's page makes a browser do: without our cookie; then go on with it."""
    posted = Client().post(reverse("desk:saml_back", args=["acme"]), {"SAMLResponse": response})
    if posted.status_code != 303:
        return posted  # type: ignore[return-value]  # a test client's answer is one
    return client.get(posted["Location"])  # type: ignore[return-value]  # as above


def is_in(client: Client) -> bool:
    return client.get(reverse("desk:security")).status_code == 200


def test_rosa_comes_in(rosa: Account) -> None:
    client = Client()
    answer = deliver(client, leave(client, "/desk/jobs/", groups=["sums"]).signed())
    assert answer["Location"] == "/desk/jobs/"
    assert is_in(client)
    assert LinkedIdentity.objects.get().account == rosa
    assert SignIn.objects.get().how == "saml:Acme"
    rosa.refresh_from_db()
    assert rosa.role == Role.ANALYST


def test_a_second_step_at_the_provider_counts(rosa: Account) -> None:
    client = Client()
    context = "http://schemas.microsoft.com/claims/multipleauthn"
    deliver(client, leave(client, context=context).signed())
    assert SignIn.objects.get().second == "provider"


def test_an_address_of_another_domain_links_nothing(db: None) -> None:
    client = Client()
    answer = deliver(client, leave(client, email="rosa@elsewhere.example").signed())
    assert answer.status_code == 403
    assert not LinkedIdentity.objects.exists()


def test_next_leads_nowhere_else(rosa: Account) -> None:
    client = Client()
    assert deliver(client, leave(client, "//evil.example").signed())["Location"] == reverse("desk:home")


class TestRefused:
    def _refused(self, client: Client, response: str) -> None:
        assert deliver(client, response).status_code == 422
        assert not is_in(client)
        assert not LinkedIdentity.objects.exists()

    def test_unsigned(self, rosa: Account) -> None:
        client = Client()
        answer = leave(client)
        self._refused(client, encoded(answer.envelope(answer.assertion())))

    def test_only_the_envelope_signed(self, rosa: Account) -> None:
        client = Client()
        answer = leave(client)
        self._refused(client, encoded(sign(answer.envelope(answer.assertion()))))

    def test_signed_by_a_stranger(self, rosa: Account) -> None:
        client = Client()
        self._refused(client, leave(client).signed(who="stranger"))

    def test_signed_by_a_broken_algorithm(self, rosa: Account) -> None:
        client = Client()
        sha1 = "http://www.w3.org/2000/09/xmldsig#"
        self._refused(client, leave(client).signed(algorithm=f"{sha1}rsa-sha1", digest=f"{sha1}sha1"))

    def test_changed_after_signing(self, rosa: Account, max_: Account) -> None:
        client = Client()
        xml = base64.b64decode(leave(client).signed()).decode()
        self._refused(client, encoded(xml.replace(rosa.email, max_.email)))

    def test_a_comment_in_the_name(self, rosa: Account) -> None:
        """A name cut in two by a comment is signed as one and read as another by careless programs."""
        client = Client()
        answer = leave(client, email="rosa@employer.example.evil.example")
        xml = base64.b64decode(answer.signed()).decode()
        cut = xml.replace("employer.example.evil.example", "employer.example<!---->.evil.example")
        assert deliver(client, encoded(cut)).status_code in {403, 422}
        assert not is_in(client)

    @pytest.mark.parametrize("fault", ["issuer", "audience", "to", "late"])
    def test_for_another_or_too_late(self, rosa: Account, fault: str) -> None:
        client = Client()
        answer = leave(client)
        if fault == "late":
            answer.lasts = timedelta(minutes=-10)
        else:
            setattr(answer, fault, "https://another.example/")
        self._refused(client, answer.signed())

    def test_nobody_asked(self, rosa: Account) -> None:
        client = Client()
        answer = leave(client)
        answer.request_id = "_of-nobody"
        self._refused(client, answer.signed())

    def test_another_browser_asked(self, rosa: Account) -> None:
        victim = Client()
        self._refused(victim, leave(Client()).signed())

    def test_replayed(self, rosa: Account) -> None:
        client = Client()
        response = leave(client).signed()
        posted = Client().post(reverse("desk:saml_back", args=["acme"]), {"SAMLResponse": response})
        before = dict(client.session.items())
        assert client.get(posted["Location"]).status_code == 303
        again = Client()
        session = again.session
        session.update(before)
        session.save()
        assert again.get(posted["Location"]).status_code == 422  # though its question stands there once more
        assert deliver(again, response).status_code == 422

    def test_entities_and_nonsense(self, rosa: Account) -> None:
        client = Client()
        leave(client)
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><samlp:Response>&a;</samlp:Response>'
        for said in ("", "no base64 %", encoded(bomb), encoded("<x/>")):
            self._refused(client, said)

    def test_a_sealed_answer_of_ones_own_making(self, rosa: Account) -> None:
        client = Client()
        leave(client)
        assert client.get(reverse("desk:saml_finish", args=["acme"]), {"said": "AAAA"}).status_code == 422


@pytest.mark.parametrize("where", ["before", "after", "inside the signed", "signed inside", "extensions"])
def test_a_wrapped_signature_speaks_for_nobody_else(where: str, rosa: Account, max_: Account) -> None:
    """Eve has one response signed for Rosa, and wraps it so that careless programs read her own about Max."""
    client = Client()
    answer = leave(client)
    signed = etree.fromstring(sign(answer.assertion()).encode())
    answer.email = max_.email
    forged = etree.fromstring(answer.assertion().encode())
    response = etree.fromstring(answer.envelope().encode())
    if where == "before":
        response.extend([forged, signed])
    elif where == "after":
        response.extend([signed, forged])
    elif where == "inside the signed":
        signed.append(forged)
        response.append(signed)
    elif where == "signed inside":
        forged.append(signed)
        response.append(forged)
    else:
        extensions = etree.SubElement(response, f"{{{NS['samlp']}}}Extensions")
        extensions.append(signed)
        response.append(forged)
    deliver(client, encoded(etree.tostring(response).decode()))
    assert not is_in(client)
    assert not LinkedIdentity.objects.filter(account=max_).exists()


def test_metadata_for_the_providers_administrator(db: None) -> None:
    told = Client().get(reverse("desk:saml_metadata", args=["acme"]))
    found = etree.fromstring(told.content)
    assert found.get("entityID") == "http://testserver" + reverse("desk:saml_metadata", args=["acme"])
