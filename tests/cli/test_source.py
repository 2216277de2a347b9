"""`segue source`: a key is printed once, and everything else is told plainly."""

from __future__ import annotations

import argparse
import json
from typing import Any

import pytest
from django.conf import settings

from segue.cli import source as command
from segue.cli.main import COMMANDS, _parse
from segue.kit.errors import Conflict, Invalid, NotFound
from segue.listen.models import Source
from segue.listen.page_token import user_token_is_right
from segue.listen.queries.sources import source_of_key

pytestmark = pytest.mark.django_db
Capture = pytest.CaptureFixture[str]


def run(*words: str) -> int:
    return command.main(_parse(["source", *words]))


def said(capsys: Capture) -> Any:
    return json.loads(capsys.readouterr().out)


def test_create_prints_what_a_program_needs(capsys: Capture) -> None:
    assert run("create", "career-site", "--origin", "https://Careers.example.com/", "--json") == 0
    told = said(capsys)
    assert source_of_key(told["write_key"]) == Source.objects.get(name="career-site")
    assert (told["name"], told["kind"], told["endpoint"]) == ("career-site", "browser", settings.COLLECT_URL)
    assert told["origins"] == ["https://careers.example.com"]
    assert told["id"] == Source.objects.get().pk


def test_create_for_people_shows_key_and_endpoint_and_nothing_else_on_standard_output(
    capsys: Capture,
) -> None:
    run("create", "hr", "--kind", "server", "--limit", "50")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["write", "endpoint"]
    assert Source.objects.get().limit_per_s == 50


def test_a_second_of_the_same_name_is_refused_with_a_way_out() -> None:
    run("create", "site")
    with pytest.raises(Conflict, match="another name"):
        run("create", "site", "--json")
    with pytest.raises(Invalid, match="origin"):
        run("create", "other", "--origin", "careers.example.com")


def test_an_unknown_source_is_answered_with_those_there_are() -> None:
    run("create", "career-site")
    for words in (["rotate", "x"], ["revoke", "x"], ["retire", "x"], ["token", "x", "7"]):
        with pytest.raises(NotFound, match="career-site"):
            run(*words)


def test_rotate_revoke_retire_and_restore(capsys: Capture) -> None:
    run("create", "site", "--json")
    first = said(capsys)["write_key"]
    run("rotate", "site", "--grace-hours", "1", "--json")
    told = said(capsys)
    second = told["write_key"]
    assert source_of_key(first) == source_of_key(second) == Source.objects.get()
    assert [bool(key["expires_at"]) for key in told["keys"]] == [False, True]
    run("revoke", "site", "--key", first[-4:])
    assert source_of_key(first) is None
    assert source_of_key(second)
    run("retire", "site")
    assert source_of_key(second) is None
    run("restore", "site")
    assert source_of_key(second)
    run("revoke", "site", "--json")
    assert source_of_key(second) is None


def test_list_for_people_and_programs(capsys: Capture) -> None:
    run("list", "--json")
    assert said(capsys) == []
    run("list")
    assert "segue source create" in capsys.readouterr().err
    run("create", "site")
    key = capsys.readouterr().out.split()[2]
    run("list")
    table = capsys.readouterr().out
    assert f"…{key[-4:]}" in table
    assert key not in table
    run("list", "--json")
    assert [row["name"] for row in said(capsys)] == ["site"]


def test_the_token_proves_a_users_id_for_this_source_only(capsys: Capture) -> None:
    run("create", "site")
    run("create", "other")
    capsys.readouterr()
    run("token", "site", "user-7")
    token = capsys.readouterr().out.strip()
    site, other = Source.objects.get(name="site"), Source.objects.get(name="other")
    assert user_token_is_right(site.pk, "user-7", token)
    assert not user_token_is_right(other.pk, "user-7", token)


def test_every_deed_is_offered_and_done() -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    offered = next(action for action in parser._actions if action.dest == "deed").choices
    assert set(offered or ()) == set(command.DEEDS)
    assert "source" in COMMANDS
