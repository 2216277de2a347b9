"""Mia lets programs in: a secret shown once, scopes, a limit, an end; and takes it back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from segue.hire.models import Application
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.trust.actions.keys import make_key, restore_key, revoke_key, rotate_key
from segue.trust.models import Account, ApiKey, AuditLine, KeptAnswer
from segue.trust.queries.keys import key_of_secret
from tests import factories

pytestmark = pytest.mark.django_db
BY = Actor.machine("test")


def _key(mia: Account, *scopes: str, **more: object) -> tuple[ApiKey, str]:
    return make_key("Payroll", scopes=scopes or ["people:read"], owner=mia, by=BY, **more)  # type: ignore[arg-type]


def _as(secret: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", **more}


def _post(client: Client, address: str, secret: str, body: object, **more: str):  # type: ignore[no-untyped-def]
    return client.post(address, json.dumps(body), "application/json", headers=_as(secret, **more))


def test_the_secret_is_nowhere_in_the_database(mia: Account) -> None:
    key, secret = _key(mia)
    held = json.dumps([str(value) for value in ApiKey.objects.filter(pk=key.pk).values_list()])
    assert secret not in held
    assert key_of_secret(secret) == key
    assert secret not in json.dumps(list(AuditLine.objects.values_list("detail", flat=True)))


def test_a_rotated_key_opens_with_both_for_the_grace_and_then_with_the_new_one(mia: Account) -> None:
    key, old = _key(mia)
    new = rotate_key(key, grace_h=24, by=BY)
    assert key_of_secret(old) == key_of_secret(new) == key
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert (key_of_secret(old), key_of_secret(new)) == (None, key)


def test_a_revoked_key_opens_nothing_and_comes_back_within_the_hour(mia: Account) -> None:
    key, secret = _key(mia)
    revoke_key(key, by=BY)
    assert key_of_secret(secret) is None
    restore_key(key, by=BY)
    assert key_of_secret(secret) == key
    revoke_key(key, by=BY)
    with time_machine.travel(clock.now() + timedelta(hours=2)), pytest.raises(Conflict):
        restore_key(key, by=BY)


def test_a_key_ends_with_its_term_and_with_its_owners_account(mia: Account) -> None:
    _soon, brief = _key(mia, days=1)
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert key_of_secret(brief) is None
    Account.objects.filter(pk=mia.pk).update(is_active=False)
    assert key_of_secret(brief) is None


def test_only_administrators_make_keys_and_only_with_scopes_there_are(mia: Account, rosa: Account) -> None:
    with pytest.raises(NotAllowed):
        make_key("k", scopes=["people:read"], owner=rosa, by=factories.actor(rosa))
    for scopes in ([], ["people:everything"]):
        with pytest.raises(Invalid):
            make_key("k", scopes=scopes, owner=mia, by=BY)


def test_a_key_past_its_limit_is_told_when_to_come_back(mia: Account, client: Client) -> None:
    _row, secret = _key(mia, limit_per_min=2)
    first = client.get("/api/v1/people", headers=_as(secret))
    assert (first.status_code, first["X-RateLimit-Remaining"]) == (200, "1")
    assert first["RateLimit-Policy"] == '"key";q=2;w=60'
    client.get("/api/v1/people", headers=_as(secret))
    refused = client.get("/api/v1/people", headers=_as(secret))
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert set(refused.json()) == {"code", "message", "field", "remedy"}


def test_a_wrong_key_is_nobody_even_where_everybody_may_ask_and_a_cookie_does_not_help(
    mia: Account, client: Client
) -> None:
    client.force_login(mia)
    refused = client.get("/api/v1/people", headers=_as("segue_wrong"))
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert refused["WWW-Authenticate"].startswith("Bearer")


def test_a_repeated_post_is_answered_again_and_done_once(mia: Account, client: Client) -> None:
    _row, secret = _key(mia, "applications:write")
    body = {"job_id": str(factories.make_job().pk), "name": "Nia", "email": "nia@people.example"}
    first = _post(client, "/api/v1/applications", secret, body, **{"Idempotency-Key": "one"})
    again = _post(client, "/api/v1/applications", secret, body, **{"Idempotency-Key": "one"})
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again["Idempotent-Replayed"] == "true"
    assert Application.objects.count() == 1
    other = _post(client, "/api/v1/applications", secret, body | {"name": "Mo"}, **{"Idempotency-Key": "one"})
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        later = _post(client, "/api/v1/applications", secret, body, **{"Idempotency-Key": "one"})
    assert "Idempotent-Replayed" not in later


def test_a_refused_key_is_not_remembered_as_the_answer(mia: Account, client: Client) -> None:
    key, secret = _key(mia, "people:read")
    address, how = "/api/v1/people", {"Idempotency-Key": "two"}
    assert _post(client, address, secret, {"email": "n@people.example"}, **how).status_code == 403
    assert not KeptAnswer.objects.exists()
    ApiKey.objects.filter(pk=key.pk).update(scopes=["people:write"])
    assert _post(client, address, secret, {"email": "n@people.example"}, **how).status_code == 201


def test_a_key_moves_and_never_decides(mia: Account, client: Client) -> None:
    _row, secret = _key(mia, "applications:write", "applications:read", "notes:read")
    application = factories.make_application()
    address = f"/api/v1/applications/{application.pk}"
    moved = _post(client, f"{address}/move", secret, {"stage": "screen"})
    assert (moved.status_code, moved.json()["stage"]) == (200, "screen")
    for verb in ("reject", "hire"):
        refused = _post(client, f"{address}/{verb}", secret, {})
        assert (refused.status_code, refused.json()["code"]) == (403, "machine_may_not_decide")
        assert f"/desk/applications/{application.pk}/" in refused.json()["remedy"]
    application.refresh_from_db()
    assert application.outcome == "open"
    line = AuditLine.objects.filter(verb="hire.move_application").latest("pk")
    assert (line.actor_role, line.actor_id) == ("api_client", _row.pk)


def test_pay_and_notes_are_scopes_of_their_own(mia: Account, client: Client) -> None:
    _row, secret = _key(mia, "people:read", "people:write", "applications:read")
    person = factories.make_person()
    pay = {"kind": "pay_floor", "value": {"amount": "51000", "currency": "EUR", "period": "year"}}
    address = f"/api/v1/people/{person.pk}"
    assert client.get(f"{address}/pay", headers=_as(secret)).status_code == 403
    written = client.patch(address, json.dumps({"facts": [pay]}), "application/json", headers=_as(secret))
    assert (written.status_code, written.json()["field"]) == (403, "pay:read")
    said = {"facts": [{"kind": "headline", "value": "Welder"}]}
    told = client.patch(address, json.dumps(said), "application/json", headers=_as(secret))
    assert (told.status_code, told.json()["headline"]) == (200, "Welder")
    assert person.facts.get(kind="headline").stated_by == "API key Payroll"


def test_signals_come_in_order_and_each_once(mia: Account, client: Client, rosa: Account) -> None:
    from segue.hire.actions.applications import move_application

    _row, secret = _key(mia, "signals:read")
    for _ in range(5):
        move_application(factories.make_application(), stage="screen", by=factories.actor(rosa))
    seen: list[int] = []
    after = 0
    while True:
        page = client.get(f"/api/v1/signals?size=2&after={after}", headers=_as(secret)).json()
        seen += [item["id"] for item in page["items"]]
        after = page["next_after"]
        if not page["items"]:
            break
    assert len(seen) == 5
    assert seen == sorted(set(seen))
