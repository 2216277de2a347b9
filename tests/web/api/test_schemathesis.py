"""The APIs against what their own descriptions allow: hostile requests, and never a fault of ours."""

from __future__ import annotations

import base64
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.kit.actor import Actor
from segue.trust.actions.keys import make_key
from segue.trust.scopes import SCOPES
from tests import factories

EXAMPLES = 20  # hostile requests an operation
pytestmark = [pytest.mark.browser]


def _secret() -> str:
    by = Actor.machine("test")
    return make_key("s", scopes=list(SCOPES), owner=factories.mia(), limit_per_min=6_000, by=by)[1]


@pytest.mark.parametrize("door", ["api", "harvest"])
def test_no_request_makes_the_server_fail(site: str, door: str) -> None:
    secret = _secret()
    basic = base64.b64encode(f"{secret}:".encode()).decode()
    headers = {"Authorization": f"Bearer {secret}" if door == "api" else f"Basic {basic}"}
    application = factories.make_application()
    there = {
        "application_id": str(application.pk),
        "person_id": str(application.person_id),
        "job_id": str(application.job_id),
        "account_id": str(factories.mia().pk),
    }
    schema = schemathesis.openapi.from_url(f"{site}/{door}/v1/openapi.json")
    asked: Counter[str] = Counter()
    for found in schema.get_all_operations():
        _knock_at(found.ok(), headers, there, asked)
    assert len(asked) >= 14, asked
    assert min(asked.values()) >= 1


def _knock_at(operation: Any, headers: dict[str, str], there: dict[str, str], asked: Counter[str]) -> None:
    """Send what the description allows, half of it at rows that are there."""

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), real=st.booleans())
    def knock(case: Any, real: bool) -> None:
        if real and case.path_parameters:
            case.path_parameters = {
                name: there.get(name, value) for name, value in case.path_parameters.items()
            }
        answer = case.call(headers=headers)
        asked[operation.label] += 1
        assert answer.status_code < 500, (operation.label, case.query, case.body)

    knock()
