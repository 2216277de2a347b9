"""The whole way with files on an S3 server: compact, read, forget."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from segue.listen.cold.storage import storage
from segue.listen.models import ColdFile
from segue.ports.storage import S3Storage
from tests import factories
from tests.listen.cold_stage import a_busy_week, companions, freeze, is_hot, seen

pytestmark = [
    pytest.mark.peer,
    pytest.mark.django_db(transaction=True),
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
]


@pytest.fixture
def bucket(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import boto3
    from moto.server import ThreadedMotoServer

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "for-tests")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="cold")
    settings.STORAGE = f"s3://cold/ledger?endpoint={endpoint}&region=us-east-1"
    yield
    server.stop()


@pytest.mark.usefixtures("bucket")
def test_a_week_goes_to_the_bucket_and_is_read_from_there() -> None:
    people = [factories.make_person() for _ in range(4)]
    for person in people:
        factories.grant(person, "behaviour")
    a_busy_week(people)
    events, together = seen(), companions()
    freeze()
    assert isinstance(storage(), S3Storage)
    assert not is_hot()
    assert seen() == events
    assert companions() == together
    assert {one.path for one in storage().listed()} == set(ColdFile.objects.values_list("path", flat=True))
