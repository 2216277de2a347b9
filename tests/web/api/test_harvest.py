"""A program written for Greenhouse reads Segue: the key as user name, numbered pages, the fields it knows."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from django.test import Client

from segue.kit import clock
from segue.kit.actor import Actor
from segue.trust.actions.keys import make_key
from segue.trust.models import Account
from segue.trust.scopes import SCOPES
from tests import factories
from tests.factories.panels import make_panel, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def headers(mia: Account) -> dict[str, str]:
    by = Actor.machine("test")
    _key, secret = make_key("harvest", scopes=list(SCOPES), owner=mia, by=by)
    return {"Authorization": "Basic " + base64.b64encode(f"{secret}:".encode()).decode()}


def test_pages_are_linked_until_the_last(client: Client, headers: dict[str, str]) -> None:
    for _ in range(5):
        factories.make_person()
    address, seen, pages = "/harvest/v1/candidates?per_page=2", [], 0
    while address:
        answer = client.get(address, headers=headers)
        seen += [row["id"] for row in answer.json()]
        assert 'rel="last"' in answer["Link"]
        following = re.search(r'<http://testserver([^>]+)>; rel="next"', answer["Link"])
        address, pages = (following[1] if following else ""), pages + 1
    assert (len(seen), len(set(seen)), pages) == (5, 5, 3)


def test_an_application_stands_as_harvest_says_it(client: Client, headers: dict[str, str]) -> None:
    row = factories.make_application(source="referral")
    [found] = client.get(
        f"/harvest/v1/applications?job_id={row.job_id}&status=active", headers=headers
    ).json()
    assert found["candidate_id"] == str(row.person_id)
    assert found["jobs"] == [{"id": str(row.job_id), "name": row.job.title}]
    assert (found["status"], found["rejected_at"], found["prospect"]) == ("active", None, False)
    stages = client.get(f"/harvest/v1/jobs/{row.job_id}/stages", headers=headers).json()
    assert found["current_stage"]["id"] in {stage["id"] for stage in stages}
    assert [stage["priority"] for stage in stages] == list(range(len(stages)))
    [candidate] = client.get(f"/harvest/v1/candidates?email={row.person.email}", headers=headers).json()
    assert candidate["application_ids"] == [str(row.pk)]
    assert candidate["email_addresses"] == [{"value": row.person.email, "type": "personal"}]
    sources = client.get("/harvest/v1/sources", headers=headers).json()
    assert found["source"]["id"] in {source["id"] for source in sources}


def test_rows_are_found_by_when_they_changed(client: Client, headers: dict[str, str]) -> None:
    old = factories.make_person(updated_at=clock.now() - timedelta(days=9))
    new = factories.make_person()
    since = (clock.now() - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    found = client.get("/harvest/v1/candidates", {"updated_after": since}, headers=headers).json()
    ids = {row["id"] for row in found}
    assert str(new.pk) in ids
    assert str(old.pk) not in ids


@pytest.mark.parametrize(
    "path",
    ["candidates", "applications", "jobs", "job_stages", "users", "sources", "departments", "offices",
     "rejection_reasons"],
)  # fmt: skip
def test_each_list_answers_in_few_questions(
    path: str, client: Client, headers: dict[str, str], django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        factories.make_application(source="x")
    with django_assert_max_num_queries(14):
        answer = client.get(f"/harvest/v1/{path}", headers=headers)
    assert answer.status_code == 200
    assert answer.json()


def test_nobody_reads_without_a_key(client: Client, mia: Account) -> None:
    client.force_login(mia)
    refused = client.get("/harvest/v1/candidates")
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"].startswith("Basic")


def test_scorecards_stand_as_harvest_says_them(
    client: Client, headers: dict[str, str], ines: Account
) -> None:
    [place] = make_panel(ines)
    assert client.get("/harvest/v1/scorecards", headers=headers).json() == []
    card = submit(place, rating=4, recommendation="strong_yes")
    [found] = client.get("/harvest/v1/scorecards", headers=headers).json()
    assert found["id"] == str(card.pk)
    assert (found["overall_recommendation"], found["ratings"]["strong_yes"]) == ("strong_yes", ["Listening"])
    assert [each["rating"] for each in found["attributes"]] == ["strong_yes"]
    address = f"/harvest/v1/applications/{place.application_id}/scorecards"
    assert client.get(address, headers=headers).json() == [found]
