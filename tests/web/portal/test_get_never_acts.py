"""Following a link changes nothing but what is noted of it: programs follow links as well as people."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from segue.catalog.models import Fact
from segue.engage.actions.sign_in import send_sign_in_link
from segue.engage.models import Message, Thread
from segue.hire.queries.offers import token_of
from segue.kit.actor import Actor
from segue.learn.queries.events import events_of
from segue.listen.models import Signal
from segue.recommend.models import CardStance, Exposure, Stance
from segue.trust.models import Account
from tests import factories
from tests.web.portal.stage import a_few_jobs

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db

# What a look may leave behind: the ledger's note of it, the cards that were dealt with the decision and the
# audit line that account for them, and the visitor's own session.
NOTED = {
    "listen_signal",
    "recommend_slate",
    "recommend_exposure",
    "trust_decision",
    "trust_auditline",
    "django_session",
}


def _tables() -> dict[str, str]:
    """Return a digest of every table's rows; weekly tables count as the ledger."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) FROM {name} t"
            )
            kept_as = "listen_signal" if name.startswith("listen_signal") else name
            found[kept_as] = found.get(kept_as, "") + cursor.fetchone()[0]
    return found


def _changed(before: dict[str, str]) -> set[str]:
    after = _tables()
    return {name for name in before | after if before.get(name) != after.get(name)}


def _portal() -> list[URLPattern]:
    """Return every address of the portal."""
    (resolver,) = (
        one
        for one in get_resolver().url_patterns
        if isinstance(one, URLResolver) and one.app_name == "portal"
    )
    return [one for one in resolver.url_patterns if isinstance(one, URLPattern)]


@pytest.fixture
def addresses(ada: Account, client_as: SignIn) -> list[str]:
    """Every address of the portal, each with a row of Ada's behind it, and some that lead nowhere."""
    jobs = a_few_jobs(8)
    client_as(ada).get("/")
    CardStance.objects.create(person=ada.person, job=jobs[1], stance=Stance.SAVED, signal_id=0)
    application = factories.make_application(ada.person, jobs[0])
    fact = Fact.objects.create(person=ada.person, kind="skill", value="rust", source="candidate")
    card = Exposure.objects.filter(person=ada.person).first()
    send_sign_in_link(
        ada.email, base_url="http://testserver", next_path="", by=Actor.anonymous(), ip="127.0.0.1"
    )
    assert card is not None
    known: dict[str, Any] = {
        "job_id": jobs[2].pk,
        "status_key": application.status_key,
        "brand_key": factories.make_brand().key,
        "exposure_id": card.pk,
        "fact_id": fact.pk,
        "token": _token(),
        "section": "jobs",
        "offer_token": token_of(factories.make_offer(application)),
        "thread_id": Thread.objects.create(person=ada.person, subject="Hello").pk,
    }
    found = []
    for pattern in _portal():
        needed = pattern.pattern.converters
        found.append(reverse(f"portal:{pattern.name}", kwargs={name: known[name] for name in needed}))
    job = f"/jobs/{jobs[2].pk}/"
    return [*found, f"{job}?from={card.pk}", f"{job}?from={uuid.uuid4()}", "/jobs/?text=nurse", "/nowhere/"]


def _token() -> str:
    sent = Message.objects.filter(kind="sign_in")
    text: str = sent.order_by("-pk").values_list("text", flat=True)[0]
    return text.partition("/sign-in/")[2].partition("/")[0]


@pytest.mark.parametrize("who", ["nobody", "ada", "eve", "rosa"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(
    method: str,
    who: str,
    addresses: list[str],
    client: Client,
    client_as: SignIn,
    request: pytest.FixtureRequest,
) -> None:
    window = client if who == "nobody" else client_as(request.getfixturevalue(who))
    before = _tables()
    answers = {address: getattr(window, method)(address).status_code for address in addresses}
    assert _changed(before) <= NOTED
    assert set(answers.values()) <= {200, 302, 403, 404, 405}, answers


def test_a_sign_in_link_that_a_scanner_opened_still_works(
    addresses: list[str], ada: Account, client: Client
) -> None:
    link = f"/sign-in/{_token()}/"
    for _ in range(3):
        assert client.get(link, headers={"User-Agent": "Barracuda Sentinel (EE)"}).status_code == 200
    assert "_auth_user_id" not in client.session
    client.post(link)
    assert client.session["_auth_user_id"] == str(ada.pk)


PROGRAMS: dict[str, tuple[str, dict[str, str], list[str]]] = {
    "a browser that prefetches": ("get", {"Sec-Purpose": "prefetch;prerender"}, ["prefetch"]),
    "an older one": ("get", {"Purpose": "prefetch"}, ["prefetch"]),
    "an older one still": ("get", {"X-Moz": "prefetch"}, ["prefetch"]),
    "a link checker": ("head", {}, ["head"]),
    "a robot": (
        "get",
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        ["robot"],
    ),
    "a chat's preview": ("get", {"User-Agent": "Slackbot-LinkExpanding 1.0"}, ["robot"]),
    "a headless browser": ("get", {"User-Agent": "Mozilla/5.0 HeadlessChrome/140.0.0.0"}, ["headless"]),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_opens_a_job_moves_nobody(program: str, ada: Account, client_as: SignIn) -> None:
    method, headers, flags = PROGRAMS[program]
    a_few_jobs(8)
    window = client_as(ada)
    window.get("/")
    card = Exposure.objects.filter(person=ada.person)[0]
    answer = getattr(window, method)(f"/jobs/{card.job_id}/?from={card.pk}", headers=headers)
    assert answer.status_code == 200
    heard = Signal.objects.get(kind="card.clicked")
    assert heard.tier == "D"
    assert set(flags) <= set(heard.flags)
    card.refresh_from_db()
    assert not card.visible
    assert ada.person_id is not None
    assert events_of(ada.person_id) == []


def test_a_person_who_opens_a_job_is_heard_as_one(ada: Account, client_as: SignIn) -> None:
    (job, *_) = a_few_jobs(3)
    agent = (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    )
    client_as(ada).get(f"/jobs/{job.pk}/", headers={"User-Agent": agent})
    heard = Signal.objects.get(kind="card.clicked")
    assert (heard.tier, heard.flags) == ("A", [])
