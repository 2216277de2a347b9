"""Pages that list rows ask the database as often for three rows as for one.

Every page without an argument in its address must be here, as a list or with the reason why it is none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from segue.catalog.models import Audit, Finding, SamePair, Skill, SkillProposal
from segue.engage.models import Message
from segue.kit import clock
from segue.kit.actor import Actor
from segue.learn.actions.registry import install_model, register_model
from segue.learn.models import Model, SavedSearch
from segue.listen.actions.sources import create_source
from segue.listen.models import ColdFile, Rejected, Source, Tally
from segue.recommend.models import CardStance, Playlist, Stance
from segue.trust.models import Account, Decision, Review
from tests import factories

Make = Callable[[], object]


def _playlist() -> Playlist:
    return Playlist.objects.create(title="Hands on", curator=factories.rosa(), published=True)


def _review() -> Review:
    return Review.objects.create(kind="look", person=factories.make_person(), due_at=clock.now())


def _own_application() -> object:
    return factories.make_application(person=factories.ada().person)


def _saved() -> CardStance:
    return CardStance.objects.create(
        person=factories.ada().person, job=factories.make_job(), stance=Stance.SAVED, signal_id=0
    )


def _message() -> Message:
    return Message.objects.create(kind="note", to_address="ada@people.example", subject="Hi", text="Hello")


def _source() -> Source:
    name = f"site-{Source.objects.count()}"
    source, _key = create_source(name=name, by=Actor.machine("test"))
    Tally.objects.create(source=source, minute=clock.now(), events=3, last_id=3)
    return source


def _rejected() -> Rejected:
    return Rejected.objects.create(source=_source(), code="not_json", message="This is not JSON.")


def _cold_file() -> ColdFile:
    return ColdFile.objects.create(
        path=f"file-{ColdFile.objects.count()}",
        content="events",
        purpose="behaviour",
        week=clock.now().date() - timedelta(weeks=ColdFile.objects.count()),
        shard=0,
        rows=1,
        size_bytes=1,
        first_id=1,
        last_id=1,
    )


def _model() -> Model:
    """An artefact in force, one that challenges it, and a decision."""
    blob = f"artefact {Model.objects.count()}".encode()
    by = Actor.machine("test")
    row = register_model(kind="tea", blob=blob, card={"data_until": "today"}, by=by)
    Decision.objects.create(kind="x", policy_id="p", model_hash=row.pk)
    return install_model(row, reason="newer", by=by)


def _word() -> SkillProposal:
    slug = f"word-{SkillProposal.objects.count()}"
    return SkillProposal.objects.create(slug=slug, label=slug, near=Skill.objects.get_or_create(slug="a")[0])


def _finding() -> Finding:
    filled = {"ats": {"people": 3, "email": 2}}
    Audit.objects.get_or_create(day=clock.now().date(), defaults={"people": 3, "filled": filled})
    person = factories.make_person()
    return Finding.objects.create(fault="bad_email", person=person, field="email", detail="ada@")


def _pair() -> SamePair:
    return SamePair.objects.create(first=factories.make_person(), second=factories.make_person())


def _kept_search() -> SavedSearch:
    number = SavedSearch.objects.count()
    return SavedSearch.objects.create(account=factories.rosa(), name=f"kept {number}", text="nurse", news=1)


LISTS: dict[str, tuple[Callable[[], Account], Make]] = {
    "desk:home": (factories.rosa, factories.make_application),
    "desk:jobs": (factories.rosa, factories.make_application),
    "desk:searches": (factories.rosa, _kept_search),
    "desk:people": (factories.rosa, factories.make_application),
    "desk:same_people": (factories.rosa, _pair),
    "desk:skills": (factories.rosa, _word),
    "desk:quality": (factories.rosa, _finding),
    "desk:playlists": (factories.rosa, _playlist),
    "desk:reviews": (factories.rosa, _review),
    "desk:listening": (factories.theo, _cold_file),
    "desk:models": (factories.mia, _model),
    "desk:sources": (factories.mia, _source),
    "desk:rejected": (factories.mia, _rejected),
    "portal:jobs": (factories.ada, factories.make_job),
    "portal:applications": (factories.ada, _own_application),
    "portal:saved": (factories.ada, _saved),
}
NO_LISTS = {
    "desk:job_new": "a form",
    "desk:search_save": "an answer to a form",
    "desk:playlist_new": "a form",
    "desk:source_new": "an answer to a form",
    "desk:settings": "switches",
    "desk:model_promote": "an answer to a form",
    "desk:model_roll_back": "an answer to a form",
    "desk:model_retire": "an answer to a form",
    "desk:decisions": "leads to one decision",
    "desk:settings_ai": "an answer to a form",
    "desk:settings_same": "an answer to a form",
    "desk:audit_again": "an answer to a form",
    "portal:home": "deals cards, which writes; its own budget is in tests/web/portal",
    "portal:sign_in": "a form",
    "portal:sign_out": "an answer to a form",
    "portal:outbox": "the demo's window on the last messages",
    "portal:taste": "switches",
    "portal:taste_reset": "an answer to a form",
    "portal:taste_export": "a file",
    "portal:consent": "switches",
    "portal:you": "one person's facts",
    "portal:say": "an answer to a form",
    "portal:resume": "one person's résumé",
    "portal:resume_upload": "an answer to a form",
    "portal:claim": "an answer to a form",
    "portal:download": "a file",
    "portal:theme": "an answer to a form",
    "healthz": "the machine room",
    "readyz": "the machine room",
    "metrics": "the machine room",
}


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(asked)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(LISTS))
def test_three_rows_cost_what_one_costs(name: str, client_as: Callable[[Account], Client]) -> None:
    who, make = LISTS[name]
    client = client_as(who())
    make()
    _queries(client, reverse(name))  # warms what a process keeps
    one = _queries(client, reverse(name))
    make()
    make()
    assert _queries(client, reverse(name)) == one


def test_every_page_is_a_list_or_says_why_not() -> None:
    named = set(_pages(get_resolver().url_patterns, ""))
    assert named == set(LISTS) | set(NO_LISTS)


def _pages(patterns: list[URLPattern | URLResolver], space: str) -> list[str]:
    """Return the names of our pages whose addresses take no arguments."""
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = pattern.namespace or ""
            if inner in {"", "desk", "portal"}:
                found += _pages(pattern.url_patterns, f"{inner}:" if inner else space)
        elif pattern.name and not pattern.pattern.converters:
            found.append(space + pattern.name)
    return found
