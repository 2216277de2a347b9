"""The ground the other tests stand on: the cast, the database, the browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from segue.kit.actor import Role
from segue.trust.models import Account
from segue.trust.queries.consent import purposes_granted
from tests import factories


def test_the_cast_has_its_roles(ada: Account, rosa: Account, max_: Account, eve: Account) -> None:
    job = factories.make_job()
    factories.make_member(job, max_)
    assert factories.actor(rosa).role is Role.RECRUITER
    assert factories.actor(max_).job_ids == {job.pk}
    assert ada.person_id is not None
    assert purposes_granted(ada.person_id)
    assert factories.ada() == ada
    assert eve.person_id is not None
    assert not purposes_granted(eve.person_id)


def test_rows_belong_together(db: None) -> None:
    application = factories.make_application()
    first = factories.make_resume(application.person)
    second = factories.make_resume(application.person, text="Grown older.")
    assert (first.version, second.version) == (1, 2)


def test_a_visitor_knocks(client_as: Callable[[Account], Client], ada: Account) -> None:
    assert client_as(ada).get("/healthz").status_code == 200


@pytest.mark.browser
def test_a_browser_reaches_the_server(page, site, sign_in, axe) -> None:  # type: ignore[no-untyped-def]  # fixtures
    sign_in(page, factories.ada())
    answer = page.goto(f"{site}/healthz")
    assert answer is not None
    assert answer.status == 200
    assert answer.header_value("content-security-policy")
    with pytest.raises(AssertionError, match="document-title"):
        axe(page)  # plain text has no title: axe works under our strict policy, and bites
