"""Every cell of the permission matrix, asked for really: each role, each address, own row and another's."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from segue.kit.actor import Actor, Role
from segue.trust.actions.keys import make_key
from segue.trust.scopes import SCOPES
from segue.web.permissions import ANY_KEY, ASKERS, OPERATIONS, PAGES, Reach
from tests import factories
from tests.web.permissions.addresses import Address, operations, pages
from tests.web.permissions.world import World, build

METHODS = ("get", "post")
VISITOR = Client(raise_request_exception=False)
BODIES = {"/api/v1/applications/{application_id}/move": '{"stage": "interview"}'}
REFUSED = frozenset({401, 403})
NOT_THERE = REFUSED | {404}
OWN_TOKEN = frozenset({"mail_in"})  # open to whoever holds its token, which no role does


@contextmanager
def undone() -> Iterator[None]:
    """Let nothing a request changed stay: the next cell begins where this one did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(world: World, method: str, address: str, **how: Any) -> tuple[int, bool]:
    """Return the status, and whether it means no: a refusal, another's door, or a toast that refuses."""
    with undone():
        client = VISITOR  # one for all: making a client reads every middleware anew
        client.cookies.clear()
        if world.account is not None:
            client.force_login(world.account)
        if world.key_secret:
            basic = base64.b64encode(f"{world.key_secret}:".encode()).decode()
            said = f"Basic {basic}" if address.startswith("/harvest/") else f"Bearer {world.key_secret}"
            how["headers"] = {"Authorization": said}
        answer = getattr(client, method)(address, **how)
        if answer.status_code in {302, 303} and "api" not in address:
            toast = client.session.get("desk_toast") or {}
            to_sign_in = answer["Location"].startswith(reverse("portal:sign_in"))
            to_desk = answer["Location"] == reverse("desk:home") and address != reverse("portal:home")
            if to_sign_in or (to_desk and not address.startswith("/desk/")):
                return 403, True
            return answer.status_code, bool(toast.get("refused"))
        return answer.status_code, answer.status_code in NOT_THERE


def test_no_address_is_without_its_line_and_no_line_without_its_address() -> None:
    assert {page.name for page in pages()} == set(PAGES)
    assert set(operations()) == set(OPERATIONS)


@pytest.mark.django_db
@pytest.mark.peer  # some six thousand requests
@pytest.mark.parametrize("role", ASKERS)
def test_every_page_lets_in_whom_the_matrix_names_and_nobody_else(role: Role) -> None:
    world = build(role)
    wrong = [line for page in pages() for line in _wrong_page(world, role, page)]
    assert not wrong, "\n".join(wrong)


def _wrong_page(world: World, role: Role, page: Address) -> Iterator[str]:
    reach = PAGES[page.name].who.get(role, Reach.NO)
    for which, method in ((which, method) for which in (0, 1) for method in METHODS):
        if which and not page.tells_rows_apart(world):
            continue
        status, is_no = ask(world, method, page.of(world, which))
        whose = ("own", "other")[which]
        cell = f"{role} {method} {page.name} {whose} row: {reach}, answered {status}"
        if status >= 500:
            yield cell
        elif reach is Reach.NO:
            if status not in REFUSED:
                yield cell
        elif reach is Reach.OWN and which:
            if not is_no and status not in {405} and not _is_way_back(page, method, status):
                yield cell
        elif (status in NOT_THERE) != (page.name in OWN_TOKEN and method == "post"):
            yield cell


def _is_way_back(page: Address, method: str, status: int) -> bool:
    """Addresses that take only POST lead a GET to the page above, which is asked for by itself."""
    return method == "get" and status == 302


@pytest.mark.django_db
@pytest.mark.parametrize("role", ASKERS)
def test_every_operation_lets_in_whom_the_matrix_names_and_nobody_else(role: Role) -> None:
    world = build(role)
    wrong = [line for each in operations() for line in _wrong_operation(world, each, role)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_opens_what_its_scope_says_and_nothing_else(scope: str) -> None:
    world = build(Role.ANONYMOUS)
    _key, world.key_secret = make_key("k", scopes=[scope], owner=factories.mia(), by=Actor.machine("test"))
    wrong = [line for each in operations() for line in _wrong_operation(world, each, Role.API_CLIENT, scope)]
    assert not wrong, "\n".join(wrong)
    desk = [page for page in pages() if page.name.startswith("desk:")]
    for page in desk:  # a key is no way into pages: it opens what everybody may open, such as the door itself
        is_open = Role.ANONYMOUS in PAGES[page.name].who
        assert (ask(world, "get", page.of(world, 0))[0] in REFUSED) != is_open, page.name


def _wrong_operation(world: World, operation: str, role: Role, scope: str = "") -> Iterator[str]:
    rule = OPERATIONS[operation]
    if role is Role.API_CLIENT:
        reach = Reach.ALL if rule.scope in {scope, ANY_KEY} else Reach.NO
    else:
        reach = rule.who.get(role, Reach.NO)
    method, _, path = operation.partition(" ")
    for which in (0, 1):
        address = path.format(**{name: pair[which] for name, pair in world.ids.items()})
        if which and address == path.format(**{name: pair[0] for name, pair in world.ids.items()}):
            continue
        body = BODIES.get(path, "{}")
        how = {} if method == "GET" else {"data": body, "content_type": "application/json"}
        status, _no = ask(world, method.lower(), address, **how)
        cell = f"{role} {scope} {operation} {('own', 'other')[which]} row: {reach}, answered {status}"
        nobody = role is not Role.API_CLIENT and (
            role is Role.ANONYMOUS or path.startswith(("/harvest/", "/scim/"))
        )
        refused = status == (401 if nobody else 403)  # Harvest knows keys alone: others are nobody there
        own_only = reach is Reach.OWN and which == 1
        refused = refused and not own_only  # an own-only row of another's may be refused, or not be there
        unfound = status in NOT_THERE and not _is_hidden_job(operation, which)
        reaches = reach is not Reach.NO
        misses = status not in NOT_THERE if own_only else unfound
        if status >= 500 or reaches == refused or (reaches and misses):
            yield cell


def _is_hidden_job(operation: str, which: int) -> bool:
    """The other job is a draft: whoever may ask for public jobs does not find it."""
    return "{job_id}" in operation and which == 1
