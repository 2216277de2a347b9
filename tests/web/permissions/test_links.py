"""No page shows a link that leads whoever reads it to a refusal, or to nothing."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from segue.kit.actor import Role
from segue.web.permissions import ASKERS
from tests.web.permissions.addresses import pages
from tests.web.permissions.test_crawler import SECRETS
from tests.web.permissions.test_matrix import undone
from tests.web.permissions.world import build

pytestmark = [pytest.mark.peer, pytest.mark.django_db]
LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)"')
OUTBOX = "portal:outbox"  # letters to others lie there, in the demo alone


@pytest.mark.parametrize("role", ASKERS)
def test_every_link_opens_for_whoever_is_shown_it(role: Role) -> None:
    world = build(role)
    client = Client(raise_request_exception=False)
    if world.account is not None:
        client.force_login(world.account)
    tried: dict[str, int] = {}
    wrong: list[str] = []
    for page in pages():
        if page.name == OUTBOX or SECRETS & set(page.arguments):
            continue
        address = page.of(world, 0)
        for link in _links(_open(client, address)):
            if link not in tried:
                tried[link] = _open(client, link).status_code
            if tried[link] >= 400:
                wrong.append(f"{address} -> {link}: {tried[link]}")
    assert tried
    assert not wrong, "\n".join(wrong)


def _open(client: Client, address: str) -> Any:
    with undone():
        return client.get(address)


def _links(answer: Any) -> list[str]:
    if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
        return []
    found = {html.unescape(link) for link in LINK.findall(answer.content.decode())}
    return sorted(link for link in found if _is_a_page(link))


def _is_a_page(link: str) -> bool:
    try:
        return resolve(urlsplit(link).path).namespace in {"desk", "portal"}
    except Resolver404:
        return not re.match(r"/(en|fr|de|es|ar|static)/", link)
