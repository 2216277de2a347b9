"""Who gets in where: every role at every address of the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from segue.kit.actor import Role
from segue.trust.models import Account
from tests.factories import make_account, make_application, make_job, make_member, make_resume

OPEN, REFUSED, SIGN_IN, MISSING = 200, 403, 302, 404
EVERYBODY = ("administrator", "recruiter", "hiring_manager", "interviewer", "analyst", "auditor")
TALENT = EVERYBODY[:2]
DECIDERS = EVERYBODY[:3]
HIRING = EVERYBODY[:4]
PAGES = {
    "home": EVERYBODY,
    "jobs": EVERYBODY,
    "job": HIRING,
    "application": HIRING,
    "reviews": DECIDERS,
    "job_new": TALENT,
    "job_edit": TALENT,
    "people": TALENT,
    "person": TALENT,
    "playlists": TALENT,
    "settings": ("administrator",),
    "models": ("administrator", "auditor"),
}


@pytest.fixture
def addresses(db: None) -> dict[str, Any]:
    job = make_job(title="Welder")
    application = make_application(job=job)
    make_resume(application.person)
    kwargs = {
        "job": {"job_id": job.pk},
        "job_edit": {"job_id": job.pk},
        "application": {"application_id": application.pk},
        "person": {"person_id": application.person_id},
    }
    return {
        "job": job,
        **{name: reverse(f"desk:{name}", kwargs=kwargs.get(name)) for name in PAGES if name != "job"},
    } | {"job_page": reverse("desk:job", kwargs=kwargs["job"])}


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("name", PAGES)
def test_each_role_sees_its_pages_and_a_plain_no_elsewhere(
    name: str, role: str, addresses: dict[str, Any], client_as: Callable[[Account], Client]
) -> None:
    colleague = make_account(role=Role(role), name=role)
    if role in {"hiring_manager", "interviewer"}:
        make_member(addresses["job"], colleague, role)
    answer = client_as(colleague).get(addresses["job_page" if name == "job" else name])
    assert answer.status_code == (OPEN if role in PAGES[name] else REFUSED)


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_asked_to_sign_in_and_a_candidate_is_refused(
    name: str, addresses: dict[str, Any], eve: Account, client_as: Callable[[Account], Client]
) -> None:
    address = addresses["job_page" if name == "job" else name]
    visitor = Client().get(address)
    assert visitor.status_code == SIGN_IN
    assert visitor["Location"].startswith(reverse("portal:sign_in"))
    assert client_as(eve).get(address).status_code == REFUSED


@pytest.mark.parametrize("name", ["job", "application"])
@pytest.mark.parametrize("role", ["hiring_manager", "interviewer"])
def test_colleagues_of_another_job_find_nothing(
    name: str, role: str, addresses: dict[str, Any], client_as: Callable[[Account], Client]
) -> None:
    outsider = make_account(role=Role(role))
    make_member(make_job(), outsider, role)
    address = addresses["job_page" if name == "job" else name]
    assert client_as(outsider).get(address).status_code == MISSING


def test_a_hiring_manager_lists_only_their_own_jobs(
    addresses: dict[str, Any], max_: Account, client_as: Callable[[Account], Client]
) -> None:
    make_member(make_job(title="Baker"), max_)
    page = client_as(max_).get(addresses["jobs"]).content.decode()
    assert "Baker" in page
    assert "Welder" not in page


def test_a_verb_s_address_leads_readers_to_its_page(
    addresses: dict[str, Any], rosa: Account, client_as: Callable[[Account], Client]
) -> None:
    job = addresses["job"]
    answer = client_as(rosa).get(reverse("desk:job_close", args=[job.pk]))
    assert answer.status_code == SIGN_IN
    assert answer["Location"] == reverse("desk:job", args=[job.pk])
