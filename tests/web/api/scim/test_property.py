"""Whatever a directory sends in whatever order: what it reads is what it said, and nobody gains by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segue.kit.actor import Role
from segue.trust.models import Account
from segue.trust.queries.roles import furthest_role
from tests import factories
from tests.web.api.scim.directory import Directory
from tests.web.permissions.test_matrix import undone

pytestmark = pytest.mark.django_db
NAMES = ["a@employer.example", "b@employer.example", "c@employer.example"]
GROUPS = ["recruiter", "analyst", "administrator", "lunch"]
TEXT = st.sampled_from(["", "x", "Ünï", " spaced "])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), st.sampled_from(NAMES), TEXT),
        st.tuples(st.just("title"), st.sampled_from(NAMES), TEXT),
        st.tuples(st.just("put"), st.sampled_from(NAMES), TEXT),
        st.tuples(st.just("active"), st.sampled_from(NAMES), st.sampled_from([True, False, "True", "False"])),
        st.tuples(st.just("join"), st.sampled_from(NAMES), st.sampled_from(GROUPS)),
        st.tuples(st.just("leave"), st.sampled_from(NAMES), st.sampled_from(GROUPS)),
        st.tuples(st.just("delete"), st.sampled_from(NAMES), st.none()),
    ),
    max_size=14,
)


@dataclass
class Known:
    """What the directory believes of one user."""

    id: str
    title: str = ""
    active: bool = True
    groups: set[str] = field(default_factory=set)


@given(steps=STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_order_folds_to_what_was_said(steps: list[tuple[str, str, Any]]) -> None:
    with undone():
        directory = Directory()
        groups = {name: directory.ask("POST", "Groups", {"displayName": name})["id"] for name in GROUPS}
        model: dict[str, Known] = {}
        for deed, name, what in steps:
            _do(directory, model, groups, deed, name, what)
        _agree(directory, model)
        assert Account.objects.filter(role=Role.ADMINISTRATOR).get() == factories.mia()


def _do(
    directory: Directory, model: dict[str, Known], groups: dict[str, str], deed: str, name: str, what: Any
) -> None:
    if deed == "make":
        made = directory.user(name, title=what)
        assert (directory.status == 409) == (name in model)
        if name not in model:
            model[name] = Known(made["id"], what.strip())
        return
    if name not in model:
        return
    known = model[name]
    place = f"Users/{known.id}"
    if deed == "title":
        directory.patch(place, {"op": "add", "path": "title", "value": what})
        known.title = what.strip()
    elif deed == "put":
        directory.ask("PUT", place, {"userName": name, "title": what})
        known.title, known.active = what.strip(), True
    elif deed == "active":
        directory.patch(place, {"op": "Replace", "path": "active", "value": what})
        known.active = str(what) == "True"
    elif deed == "join":
        directory.patch(f"Groups/{groups[what]}", _members("add", known.id))
        known.groups.add(what)
    elif deed == "leave":
        directory.patch(f"Groups/{groups[what]}", _members("remove", known.id))
        known.groups.discard(what)
    else:
        directory.ask("DELETE", place)
        known.active, known.groups = False, set()
    assert directory.status < 300


def _members(op: str, user_id: str) -> dict[str, Any]:
    return {"op": op, "path": "members", "value": [{"value": user_id}]}


def _agree(directory: Directory, model: dict[str, Known]) -> None:
    for name, known in model.items():
        said = directory.ask("GET", f"Users/{known.id}")
        assert (said["userName"], said.get("title", ""), said["active"]) == (name, known.title, known.active)
        assert {group["display"] for group in said.get("groups", [])} == known.groups
        given_role = furthest_role(known.groups & {"recruiter", "analyst"})
        if known.groups or given_role:
            assert said["roles"][0]["value"] == (given_role or Role.INTERVIEWER)
