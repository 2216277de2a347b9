"""The API: jobs in the open, recommendations and answers for who is signed in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client

from segue.recommend.models import CardStance
from segue.trust.models import Account
from tests import factories
from tests.web.portal.stage import a_few_jobs

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db


def _post(client: Client, body: object, **headers: str):  # type: ignore[no-untyped-def]
    return client.post("/api/v1/stances", json.dumps(body), "application/json", headers=headers)


def test_anybody_reads_open_jobs_page_by_page(client: Client) -> None:
    for _ in range(5):
        factories.make_job(country="FR")
    factories.make_job(status="draft")
    seen = []
    after = ""
    while True:
        page = client.get(f"/api/v1/jobs?size=2&country=FR&after={after}").json()
        assert page["total"] == 5
        seen += [item["id"] for item in page["items"]]
        after = page["next_after"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5


def test_a_job_comes_with_its_posting_and_a_draft_does_not_come(client: Client) -> None:
    job = factories.make_job(title="Nurse", remote="remote")
    found = client.get(f"/api/v1/jobs/{job.pk}").json()
    assert found["pay"] == {
        "minimum": "50000.00",
        "maximum": "60000.00",
        "currency": "EUR",
        "period": "year",
    }
    assert found["posting"]["@type"] == "JobPosting"
    assert found["posting"]["jobLocationType"] == "TELECOMMUTE"
    assert found["url"].endswith(f"/jobs/{job.pk}/")
    draft = factories.make_job(status="draft")
    refused = client.get(f"/api/v1/jobs/{draft.pk}")
    assert refused.status_code == 404
    assert set(refused.json()) == {"code", "message", "field", "remedy"}


def test_a_mix_is_dealt_with_factors_that_add_up(ada: Account, client_as: SignIn) -> None:
    a_few_jobs(12)
    found = client_as(ada).get("/api/v1/recommendations?limit=5").json()
    assert len(found["items"]) == 5
    for item in found["items"]:
        assert sum(f["contribution"] for f in item["factors"]) == pytest.approx(item["score"], abs=1e-9)
        assert 0 < item["propensity"] <= 1
        assert item["reason"]
    assert found["policy_id"]


def test_ada_answers_and_takes_it_back(ada: Account, client_as: SignIn) -> None:
    a_few_jobs(8)
    window = client_as(ada)
    job_id = window.get("/api/v1/recommendations").json()["items"][0]["job_id"]
    assert _post(window, {"job_id": job_id, "stance": "saved"}).json()["stance"] == "saved"
    assert CardStance.objects.get().stance == "saved"
    assert _post(window, {"job_id": job_id, "stance": "none"}).json()["stance"] is None
    assert not CardStance.objects.exists()


@pytest.mark.parametrize("address", ["/api/v1/recommendations", "/api/v1/stances"])
def test_nobody_signed_in_is_told_how(client: Client, address: str) -> None:
    answer = client.get(address) if address.endswith("s") and "rec" in address else _post(client, {})
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"


def test_a_colleague_has_no_mix(rosa: Account, client_as: SignIn) -> None:
    assert client_as(rosa).get("/api/v1/recommendations").json()["code"] == "not_allowed"


def test_a_refusal_names_the_field(ada: Account, client_as: SignIn) -> None:
    job = factories.make_job()
    window = client_as(ada)
    answer = _post(window, {"job_id": str(job.pk), "stance": "buy"})
    assert (answer.status_code, answer.json()["field"]) == (422, "stance")
    answer = _post(window, {"job_id": "nonsense", "stance": "saved"})
    assert answer.status_code == 422
    assert answer.json()["field"].endswith("job_id")
    assert window.get("/api/v1/jobs?size=1000").json()["field"] == "size"


def test_a_session_alone_cannot_answer_from_another_site(ada: Account) -> None:
    window = Client(enforce_csrf_checks=True)
    window.force_login(ada)
    job = factories.make_job()
    assert _post(window, {"job_id": str(job.pk), "stance": "saved"}).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', window.get("/jobs/").content.decode())
    assert token is not None
    found = _post(window, {"job_id": str(job.pk), "stance": "saved"}, **{"X-CSRFToken": token[1]})
    assert found.status_code == 200


def test_the_description_of_the_api_is_there(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert set(paths) >= {
        "/api/v1/jobs",
        "/api/v1/jobs/{job_id}",
        "/api/v1/recommendations",
        "/api/v1/stances",
    }
