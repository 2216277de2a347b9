"""A crawler signed in as each role tries every id there is at every address, and finds no planted canary.

Two people's pay, a colleague's reason, an applicant's own note and the words of a résumé are planted in rows
of another scope, and words on scorecards. An administrator sees each of them, which shows that they can be
seen; but for a card about somebody for whom they owe one themselves.
"""

from __future__ import annotations

import base64
import re
from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client
from django.urls import NoReverseMatch, reverse

from segue.kit.actor import Actor, Role
from segue.trust.actions.keys import make_key
from segue.trust.scopes import SCOPES
from segue.web.permissions import ASKERS
from tests import factories
from tests.web.permissions.addresses import Address, operations, pages
from tests.web.permissions.test_matrix import undone
from tests.web.permissions.world import (
    BLIND_CANARY,
    CARD_CANARY,
    NOTE_CANARY,
    OWN_PAY_CANARY,
    PAY_CANARY,
    RESUME_WORDS,
    THEIR_NOTE,
    World,
    build,
)

pytestmark = [pytest.mark.peer, pytest.mark.django_db]
EVERY_CANARY = {
    *(PAY_CANARY, OWN_PAY_CANARY, NOTE_CANARY, THEIR_NOTE, RESUME_WORDS),
    *(CARD_CANARY, BLIND_CANARY),
}
# A figure for its own sake: six digits in a row come up in some key or some microsecond by chance.
ON_ITS_OWN = {
    canary: re.compile(rb"(?<![\w.])%s(?!\w)" % re.escape(canary.encode())) for canary in EVERY_CANARY
}
ALL_BUT_BLIND = EVERY_CANARY - {BLIND_CANARY}  # what even an administrator reads after their own card alone
MAY_SEE: dict[str, set[str]] = {
    Role.ADMINISTRATOR: ALL_BUT_BLIND,
    Role.RECRUITER: ALL_BUT_BLIND,
    Role.SOURCER: {RESUME_WORDS},
    Role.CANDIDATE: {OWN_PAY_CANARY},
    "pay:read": {PAY_CANARY, OWN_PAY_CANARY},
    "scorecards:read": {CARD_CANARY, BLIND_CANARY},
    "notes:read": {NOTE_CANARY, THEIR_NOTE},
}
# who holds one may see what it opens: no ids to be guessed
SCRIPT = {"HX-Request": "true"}
SECRETS = frozenset({"status_key", "token", "offer_token"})


def every_id() -> list[object]:
    """Return the keys of all rows of all our tables."""
    found: set[object] = set()
    for model in apps.get_models():
        if model.__module__.startswith("segue."):
            found.update(model._base_manager.values_list("pk", flat=True))
    return sorted(found, key=str)


def crawl(world: World) -> set[str]:
    """Return the canaries that any answer held."""
    client = Client(raise_request_exception=False)
    if world.account is not None:
        client.force_login(world.account)
    found: set[str] = set()
    ids = every_id()
    for page in pages():
        if not SECRETS & set(page.arguments) and _shows_something(client, world, page.of(world, 0)):
            found |= _crawl_page(client, world, page, ids)
    return found | crawl_operations(client, world, ids)


def crawl_operations(client: Client, world: World, ids: list[object]) -> set[str]:
    """Return the canaries that the APIs' answers held."""
    found: set[str] = set()
    for operation in operations():
        method, _, path = operation.partition(" ")
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        keys = [key for key in ids if isinstance(key, UUID)] if names else [None]
        if method == "GET":
            for key in keys:
                found |= _seen(client, world, path.format(**dict.fromkeys(names, key)), as_script=False)
    return found


def _crawl_page(client: Client, world: World, page: Address, ids: list[object]) -> set[str]:
    found: set[str] = set()
    for key in ids if page.arguments else [None]:
        try:
            address = reverse(page.name, kwargs=dict.fromkeys(page.arguments, key))
        except NoReverseMatch:
            continue  # a number where an address takes a UUID
        found |= _seen(client, world, address)
    return found


def _shows_something(client: Client, world: World, address: str) -> bool:
    """Leave out what only takes POST, and what the doorkeeper refuses to a role before it looks at the id.

    That he does, for one's own row and another's, is each cell of test_matrix.py.
    """
    with undone():
        return client.get(address, headers=_key(world, address)).status_code not in {302, 401, 403, 405}


def _seen(client: Client, world: World, address: str, *, as_script: bool = True) -> set[str]:
    """Ask as a script does first: most ids are no row of the page's, and a toast says so for less."""
    found: set[str] = set()
    for asked_by in (SCRIPT, {}) if as_script else ({},):
        with undone():
            answer = client.get(address, headers=_key(world, address) | asked_by)
        assert answer.status_code < 500, address
        said = answer.getvalue()  # also of a file that streams
        found |= {canary for canary, pattern in ON_ITS_OWN.items() if pattern.search(said)}
        if answer.status_code == 404:
            break
    return found


def _key(world: World, address: str) -> dict[str, str]:
    if not world.key_secret:
        return {}
    if address.startswith("/harvest/"):
        basic = base64.b64encode(f"{world.key_secret}:".encode()).decode()
        return {"Authorization": f"Basic {basic}"}
    return {"Authorization": f"Bearer {world.key_secret}"}


@pytest.mark.parametrize("role", ASKERS)
def test_no_role_finds_what_is_of_another_scope(role: Role) -> None:
    assert crawl(build(role)) == MAY_SEE.get(role, set())


@pytest.mark.parametrize("scope", SCOPES)
def test_no_key_finds_what_is_of_another_scope(scope: str) -> None:
    world = build(Role.ANONYMOUS)
    unlimited = {"limit_per_min": 6_000}
    _row, world.key_secret = make_key(
        "k", scopes=[scope], owner=factories.mia(), by=Actor.machine("test"), **unlimited
    )
    found = crawl_operations(Client(raise_request_exception=False), world, every_id())
    assert found == MAY_SEE.get(scope, set())  # no page opens to a key: test_matrix.py
