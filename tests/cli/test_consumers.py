"""`segue consumers`: what a person on call sees and does; and the check that sends them there."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from segue.cli import check, consumers
from segue.kit import clock
from segue.listen.actions.consuming import start_consumers
from segue.listen.consuming import consumer
from segue.listen.models import Cursor, Parked
from segue.listen.runner import catch_up
from tests.listen.consumer_stage import happen, only_consumers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stage(db: None) -> Iterator[list[int]]:
    heard: list[int] = []
    with only_consumers():
        consumer("stage.all")(lambda batch: heard.extend(told.id for told in batch))
        start_consumers(0)
        yield heard


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    consumers.add_arguments(parser)
    return consumers.main(parser.parse_args(words))


def test_the_list_says_who_is_behind(capsys: pytest.CaptureFixture[str]) -> None:
    happen(3)
    Cursor.objects.create(consumer="stage.gone", position=0)
    assert call("list", "--json") == 0
    (mine, gone) = json.loads(capsys.readouterr().out)
    assert (mine["name"], mine["registered"], mine["behind"] >= 3) == ("stage.all", True, True)
    assert not gone["registered"]
    call("list")
    assert "gone" in capsys.readouterr().out


def test_rewind_pause_and_resume(stage: list[int]) -> None:
    ids = happen(3)
    catch_up("stage.all")
    call("rewind", "stage.all", "--to", str(ids[1]))
    call("pause", "stage.all")
    catch_up("stage.all")
    assert stage == ids
    call("resume", "stage.all")
    catch_up("stage.all")
    assert stage == [*ids, *ids[1:]]


def test_parked_signals_are_listed_and_handed_over_again(
    stage: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    (one,) = happen(1)
    Parked.objects.create(consumer="stage.all", signal_id=one, error="ValueError in read")
    call("parked")
    assert f"signal {one}" in capsys.readouterr().out
    call("parked", "--json")
    assert json.loads(capsys.readouterr().out)[0]["error"] == "ValueError in read"
    call("parked", "stage.all", "--retry")
    assert "1 went, 0 stay" in capsys.readouterr().out
    assert stage == [one]


def test_the_check_names_who_stands_still_and_what_was_parked() -> None:
    assert check.consumers()[0]
    happen(1, received_at=clock.now() - timedelta(minutes=10))
    Cursor.objects.update(moved_at=clock.now() - timedelta(minutes=10))
    fine, says, remedy = check.consumers()
    assert (fine, says, "segue consume" in remedy) == (False, "stage.all stand still", True)
    catch_up("stage.all")
    assert check.consumers()[0]
    Parked.objects.create(consumer="stage.all", signal_id=1)
    fine, says, remedy = check.consumers()
    assert (fine, "1 signals parked" in says, "--retry" in remedy) == (False, True, True)
