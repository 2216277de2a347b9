"""Alive, ready, how much: what a supervisor and Prometheus ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from segue.kit import queue
from segue.learn.queries.lexicon import embedder
from segue.web import ops


@pytest.fixture(autouse=True)
def _ask_afresh() -> Iterator[None]:
    """Processes remember a yes, and the embedder they made; these tests must not."""
    ops._known_good.clear()
    embedder.cache_clear()
    yield
    ops._known_good.clear()
    embedder.cache_clear()


def test_a_living_process_says_so_without_a_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_a_ready_one_says_so_and_then_asks_little(client: Client, django_assert_num_queries: object) -> None:
    assert client.get("/readyz").json() == {"ready": True, "missing": []}
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture's context manager
        assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_pending_migration_is_named(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'measure'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["migrations"])


@pytest.mark.django_db
def test_a_missing_embedder_is_named(client: Client) -> None:
    with override_settings(EMBEDDER="segue.ports.embedder.NoSuchThing"):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, ["embedder"])


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_named_and_its_return_noticed(client: Client) -> None:
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "no_such_database"
    try:
        answer = client.get("/readyz")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert (answer.status_code, answer.json()["missing"]) == (503, ["database", "migrations"])
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_metrics_tell_of_requests_and_of_the_queue(client: Client) -> None:
    queue.enqueue("learn.refresh")
    client.get("/healthz")
    text = client.get("/metrics").content.decode()
    assert 'segue_requests_total{method="GET",status="200",view="healthz"}' in text
    assert "segue_queue_depth 1.0" in text
    assert "segue_queue_failed 0.0" in text
    assert "segue_request_seconds_bucket" in text
    assert 'segue_consumer_behind{consumer="listen.relay"} 0.0' in text
    assert 'segue_consumer_oldest_age_seconds{consumer="listen.relay"} 0.0' in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("visitor", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.7"}, 403),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer let me in"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer wrong"}, 403),
    ],
)
@override_settings(METRICS_TOKEN="let me in")
def test_metrics_are_for_this_machine_or_the_token(
    client: Client, visitor: dict[str, str], status: int
) -> None:
    assert client.get("/metrics", **visitor).status_code == status  # type: ignore[arg-type]  # WSGI names


def test_an_empty_token_lets_nobody_in(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7", HTTP_AUTHORIZATION="Bearer ").status_code == 403
