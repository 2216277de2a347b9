"""`segue segments`: listed, shown, counted, refreshed and rebuilt from the console."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from segue.cli import segments
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.learn.actions.segments.editing import make_segment
from segue.listen.models import Signal
from tests.factories import grant, make_job, make_person

pytestmark = pytest.mark.django_db
SAVED = {"version": 1, "rule": {"kind": "did", "signal": "card.saved", "at_least": 1}}


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    segments.add_arguments(parser)
    return int(segments.main(parser.parse_args(words)))


def test_a_rule_is_counted_a_segment_rebuilt_and_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    ada = make_person(name="Ada")
    grant(ada)
    Signal.objects.create(kind="card.saved", person=ada, job=make_job())
    segment = make_segment(name="Savers", rule=SAVED, by=Actor.machine("test"))
    assert call("rebuild", "--json") == 0
    rebuilt = json.loads(capsys.readouterr().out)
    assert rebuilt == {"people": 1, "days": 2, "segments": 1, "entered": 1, "left": 0}
    call("refresh", "--json")
    assert json.loads(capsys.readouterr().out) == {"segments": 1, "entered": 0, "left": 0}
    (tmp_path / "rule.json").write_text(json.dumps(SAVED))
    call("count", str(tmp_path / "rule.json"), "--json")
    assert json.loads(capsys.readouterr().out) == {"people": 1, "words": "saved a job at least once"}
    call("show", "Savers", "--json")
    shown = json.loads(capsys.readouterr().out)
    assert (shown["id"], shown["size"], shown["members"]) == (str(segment.pk), 1, [str(ada.pk)])
    call("list")
    assert "saved a job at least once" in capsys.readouterr().out
    call("show", str(segment.pk))
    assert str(ada.pk) in capsys.readouterr().out


def test_what_cannot_be_read_or_is_not_there_says_so(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(Invalid, match="cannot be read as JSON"):
        call("count", str(tmp_path / "bad.json"))
    (tmp_path / "age.json").write_text('{"version": 1, "rule": {"kind": "age"}}')
    with pytest.raises(Invalid, match="Nobody is grouped by that here"):
        call("count", str(tmp_path / "age.json"))
    with pytest.raises(NotFound):
        call("show", "Nobody's")
