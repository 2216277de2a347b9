"""`segue search`: the index brought up to date, and a query asked, from the console."""

from __future__ import annotations

import argparse
import json

import pytest

from segue.cli import search
from segue.kit.errors import Invalid
from segue.learn.models import SearchRow
from tests.factories import make_person

pytestmark = pytest.mark.django_db


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    search.add_arguments(parser)
    return int(search.main(parser.parse_args(words)))


def test_the_index_is_rebuilt_and_asked(capsys: pytest.CaptureFixture[str]) -> None:
    ada = make_person(headline="Nurse")
    assert call("rebuild", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"written": 1, "gone": 0, "people": 1}
    call("find", "nurse -agency", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["total"], found["people"][0]["person"]) == (1, str(ada.pk))
    call("find", "nurse")
    assert str(ada.pk) in capsys.readouterr().out


def test_a_second_rebuild_writes_nothing_unless_all_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    make_person()
    call("rebuild", "--json")
    before = SearchRow.objects.values_list("changed_at", flat=True).get()
    for words, written in ((("rebuild", "--json"), 0), (("rebuild", "--all", "--json"), 1)):
        capsys.readouterr()
        call(*words)
        assert json.loads(capsys.readouterr().out)["written"] == written
    assert SearchRow.objects.values_list("changed_at", flat=True).get() == before


def test_a_query_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Invalid):
        call("find", "nurse (")
