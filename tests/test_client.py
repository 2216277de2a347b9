"""The client, against the product as it is served; and that it needs nothing of the product."""

from __future__ import annotations

import subprocess
import sys

import pytest

from segue.client import Client, Refused, verify_webhook
from segue.engage.webhooks import signed_headers
from segue.hire.models import Application
from segue.kit.actor import Actor
from segue.trust.actions.keys import make_key
from tests import factories

SECRET = "whsec_c2VndWUtc2VndWUtc2VndWUtc2VndWU="


def _client(site: str, *scopes: str, **more: int) -> Client:
    by = Actor.machine("test")
    _key, secret = make_key("client", scopes=scopes, owner=factories.mia(), by=by, **more)
    return Client(site, key=secret)


@pytest.mark.browser  # for the served site, and leave to speak to this machine
def test_it_reads_every_page_and_applies_once(site: str) -> None:
    client = _client(site, "people:read", "people:write", "applications:write", "applications:read")
    for number in range(5):
        client.post("people", {"email": f"p{number}@people.example", "name": f"P {number}"})
    names = {person["name"] for person in client.each("people", size=2)}
    assert {f"P {number}" for number in range(5)} <= names
    body = {"job_id": str(factories.make_job().pk), "name": "Nia", "email": "nia@people.example"}
    first = client.post("applications", body, idempotency_key="once")
    assert client.post("applications", body, idempotency_key="once") == first
    assert Application.objects.count() == 1
    moved = client.post(f"applications/{first['id']}/move", {"stage": "screen"})
    assert moved["stage"] == "screen"
    changed = client.patch(
        f"people/{first['person_id']}", {"facts": [{"kind": "headline", "value": "Pilot"}]}
    )
    assert changed["headline"] == "Pilot"


@pytest.mark.browser
def test_a_refusal_says_what_to_do(site: str) -> None:
    client = _client(site, "applications:write")
    with pytest.raises(Refused) as refused:
        client.post(f"applications/{factories.make_application().pk}/reject")
    assert (refused.value.status, refused.value.code) == (403, "machine_may_not_decide")
    with pytest.raises(Refused) as refused:
        client.get("people")
    assert (refused.value.status, refused.value.field) == (403, "people:read")


def test_it_verifies_what_we_sign_and_nothing_else() -> None:
    body = b'{"type":"webhook.test"}'
    headers = signed_headers("msg_1", at_s=1_000, body=body, secrets=["whsec_b3RoZXI=", SECRET])
    assert verify_webhook(body, headers, secret=SECRET, now_s=1_010)["type"] == "webhook.test"
    for wrong in (
        {"body": body + b" ", "now_s": 1_010, "secret": SECRET},
        {"body": body, "now_s": 2_000, "secret": SECRET},
        {"body": body, "now_s": 1_010, "secret": "whsec_d3Jvbmc="},
    ):
        with pytest.raises(ValueError, match="message"):
            verify_webhook(headers=headers, **wrong)  # type: ignore[arg-type]


def test_it_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys; import segue.client;"
        "print([m for m in sys.modules if m.split('.')[0] in {'django', 'ninja', 'pydantic', 'numpy'}])"
    )
    said = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": "src"},
    )
    assert said.stdout.strip() == "[]"
