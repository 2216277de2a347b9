"""`segue models` and `segue replay`: what a person on call sees and settles."""

from __future__ import annotations

import argparse
import json
from types import ModuleType
from typing import Any

import pytest

from segue.cli import models, replay
from segue.kit.errors import Invalid, NotFound
from segue.learn.actions.registry import install_model, register_model
from segue.trust.actions.decisions import write_decision
from tests.recommend.stage import MACHINE

pytestmark = pytest.mark.django_db


def call(command: ModuleType, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return int(command.main(parser.parse_args(words)))


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_challenger_is_promoted_shown_and_rolled_back(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (register_model(kind="tea", blob=b, card={"n": 1}, by=MACHINE) for b in (b"one", b"two"))
    install_model(one, reason="first", by=MACHINE)
    assert call(models, "challenge", two.pk[:12]) == 0
    assert call(models, "promote", two.pk, "--reason", "better") == 0
    capsys.readouterr()
    call(models, "list", "--json")
    assert {row["hash"]: row["state"] for row in told(capsys)} == {one.pk: "retired", two.pk: "champion"}
    call(models, "rollback", "tea", "--reason", "bitter", "--json")
    assert told(capsys)["hash"] == one.pk
    call(models, "show", one.pk, "--json")
    assert told(capsys)["card"] == {"n": 1}
    call(models, "list")
    assert "champion" in capsys.readouterr().out


def test_a_replay_says_so_by_its_exit_code_too(capsys: pytest.CaptureFixture[str]) -> None:
    row = write_decision(kind="x", policy_id="p", model_hash="m")
    assert call(replay, str(row.pk), "--json") == 3
    assert told(capsys)["outcome"] == "unrecorded"
    for words, refused in ((("seven",), Invalid), (("0" * 32,), NotFound)):
        with pytest.raises(refused):
            call(replay, *words)
