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

from segue.catalog.models import Audit, Finding, ImportBatch, SamePair, Skill, SkillProposal
from segue.engage.models import Arrival, MailTemplate, Message, Thread
from segue.hire.actions.bulk import Selection, tag_many
from segue.hire.actions.offers.approving import set_approval_chain
from segue.hire.actions.pipelines import save_template
from segue.hire.models import Accommodation, OfferTemplate, Pipeline
from segue.hire.models.pipelines import FIRST_STAGES
from segue.kit import clock
from segue.kit.actor import Actor
from segue.learn.actions.registry import install_model, register_model
from segue.learn.models import Community, Model, SavedSearch, Segment, SegmentCount, SegmentKind
from segue.listen.actions.sources import create_source
from segue.listen.models import ColdFile, Rejected, Source, Tally
from segue.recommend.models import CardStance, Playlist, Stance
from segue.trust.actions.audit import write_line
from segue.trust.actions.endpoints import make_endpoint
from segue.trust.actions.keys import make_key
from segue.trust.models import Account, Decision, Endpoint, Look, Review
from segue.trust.sign_in_models import DirectoryGroup, GroupMember, SignIn
from tests import factories
from tests.factories.panels import make_panel
from tests.factories.sign_in import make_totp

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


def _import() -> ImportBatch:
    return ImportBatch.objects.create(kind="people", source_name="ats", file_name="people.csv", sha256="")


def _owned() -> object:
    return factories.make_application(owner=factories.rosa(), tags=["night"])


def _asked() -> object:
    return make_panel(factories.rosa(), application=factories.make_application(stage="interview"))


def _need() -> object:
    application = factories.make_application()
    return Accommodation.objects.create(application=application, contact=factories.rosa(), text="A ramp")


def _bulk() -> object:
    selection = Selection(ids=[factories.make_application().pk])
    return tag_many(selection, tag="night", by=factories.actor(factories.rosa()))


def _template() -> object:
    name = f"Template {Pipeline.objects.count()}"
    return save_template(name, stages=FIRST_STAGES, by=factories.actor(factories.rosa()))


def _kept_search() -> SavedSearch:
    number = SavedSearch.objects.count()
    return SavedSearch.objects.create(account=factories.rosa(), name=f"kept {number}", text="nurse", news=1)


def _segment() -> Segment:
    rule = {
        "version": 1,
        "rule": {"kind": "skills", "which": "all", "skills": [f"s{Segment.objects.count()}"]},
    }
    segment = Segment.objects.create(name=f"segment {Segment.objects.count()}", rule=rule)
    SegmentCount.objects.create(segment=segment, day=clock.now().date(), size=3, entered=3)
    return segment


def _waiting() -> Thread:
    return Thread.objects.create(
        person=factories.make_person(), subject="Hello", waiting_since=clock.now(), owner=factories.rosa()
    )


def _own_thread() -> Thread:
    return Thread.objects.create(person=factories.ada().person, subject="Hello")


def _looked_at() -> Look:
    return Look.objects.create(person=factories.ada().person, what="search", actor_role="recruiter")


def _line() -> None:
    write_line(verb="test.deed", by=Actor.machine("test"), subject=None, detail={"n": 1})


def _held() -> Arrival:
    number = str(Arrival.objects.count())
    return Arrival.objects.create(key=number, state="held", from_address="who@people.example", raw=b"x")


def _kept_letter() -> MailTemplate:
    return MailTemplate.objects.create(name=f"No. {MailTemplate.objects.count()}", subject="s", text="t")


def _key() -> object:
    by = Actor.machine("test")
    return make_key("nightly", scopes=["jobs:read"], owner=factories.mia(), by=by)


def _endpoint() -> Endpoint:
    kinds = ["application.moved"]
    by = Actor.machine("test")
    return make_endpoint("https://hooks.example/", kinds=kinds, known=kinds, owner=None, by=by)


def _colleague() -> object:
    return make_totp(factories.make_account(role="interviewer"))


def _group() -> object:
    group = DirectoryGroup.objects.create(display_name=f"Group {DirectoryGroup.objects.count()}")
    return GroupMember.objects.create(group=group, account=factories.rosa())


def _device() -> object:
    mia = factories.mia()
    SignIn.objects.create(account=mia, session_key=str(SignIn.objects.count()), how="link")
    return make_totp(mia)


def _community() -> Community:
    segment = _segment()
    segment.kind, segment.rule = SegmentKind.COMMUNITY, {}
    segment.save()
    by = Actor.machine("test")
    firm = {"mean": 0.9, "low": 0.85, "high": 0.95}
    people = {"placed": 3, "far_from_all": 0, "without": 0}
    card = {"communities": 1, "silhouette": 0.5, "stability": firm, "people": people, "changes": []}
    fit = register_model(kind="communities", blob=b"a fit", card=card, by=by)
    Model.objects.filter(pk=fit.pk).update(state="champion")
    skills = [{"slug": f"s{segment.name[-1]}", "share": 0.9, "lift": 3.0}]
    return Community.objects.create(segment=segment, model=fit, skills=skills)


def _offer() -> object:
    """One that waits for Rosa's yes: the list and her day show it."""
    rosa, mia = factories.rosa(), factories.actor(factories.mia())
    set_approval_chain([rosa.pk], by=mia)
    return factories.make_offer(factories.make_application(), upto="approving", by=mia)


def _chain() -> object:
    job = factories.make_job()
    return set_approval_chain([factories.rosa().pk], job=job, by=factories.actor(factories.mia()))


def _letter_of_offer() -> OfferTemplate:
    return OfferTemplate.objects.create(name=f"No. {OfferTemplate.objects.count()}", text="t")


LISTS: dict[str, tuple[Callable[[], Account], Make]] = {
    "desk:home": (factories.rosa, factories.make_application),
    "desk:mine": (factories.rosa, _owned),
    "desk:scorecards": (factories.rosa, _asked),
    "desk:bulk": (factories.rosa, _bulk),
    "desk:pipelines": (factories.rosa, _template),
    "desk:offers": (factories.rosa, _offer),
    "desk:offer_chains": (factories.rosa, _chain),
    "desk:offer_letters": (factories.rosa, _letter_of_offer),
    "desk:accommodations": (factories.rosa, _need),
    "desk:jobs": (factories.rosa, factories.make_application),
    "desk:searches": (factories.rosa, _kept_search),
    "desk:people": (factories.rosa, factories.make_application),
    "desk:same_people": (factories.rosa, _pair),
    "desk:segments": (factories.rosa, _segment),
    "desk:communities": (factories.rosa, _community),
    "desk:skills": (factories.rosa, _word),
    "desk:imports": (factories.rosa, _import),
    "desk:quality": (factories.rosa, _finding),
    "desk:playlists": (factories.rosa, _playlist),
    "desk:inbox": (factories.rosa, _waiting),
    "desk:held": (factories.rosa, _held),
    "desk:letters": (factories.rosa, _kept_letter),
    "portal:conversations": (factories.ada, _own_thread),
    "desk:reviews": (factories.rosa, _review),
    "desk:listening": (factories.theo, _cold_file),
    "desk:models": (factories.mia, _model),
    "desk:audit": (factories.mia, _line),
    "desk:sources": (factories.mia, _source),
    "desk:keys": (factories.mia, _key),
    "desk:colleagues": (factories.mia, _colleague),
    "desk:identity": (factories.mia, _group),
    "desk:security": (factories.mia, _device),
    "desk:webhooks": (factories.mia, _endpoint),
    "desk:brands": (factories.mia, factories.make_brand),
    "desk:rejected": (factories.mia, _rejected),
    **dict.fromkeys(
        ("portal:jobs", "portal:atom", "portal:indeed", "portal:linkedin"),
        (factories.ada, factories.make_branded_job),
    ),
    "portal:applications": (factories.ada, _own_application),
    "portal:saved": (factories.ada, _saved),
    "portal:looks": (factories.ada, _looked_at),
}
NO_LISTS = {
    **dict.fromkeys(
        (
            "desk:sign_in_password",
            "desk:sign_in_passkey_ask",
            "desk:sign_in_passkey",
            "desk:second_passkey",
            "desk:totp_keep",
            "desk:passkey_ask",
            "desk:passkey_keep",
            "desk:codes",
            "desk:devices_end",
            "desk:confirm_ask",
            "desk:look_stop",
            "desk:second_step_roles",
            "desk:provider_only",
        ),
        "an answer to a form",
    ),
    **dict.fromkeys(("desk:sign_in", "desk:second_step", "desk:confirm", "desk:totp_new"), "a form"),
    "desk:job_new": "a form",
    "desk:import_new": "a form",
    "desk:bulk_do": "an answer to a form",
    "desk:people_export": "a file, for a form",
    "desk:applications_export": "a file, for a form",
    "desk:audit_export": "a file, for a form",
    "desk:view_save": "an answer to a form",
    "desk:pipeline_edit": "a form",
    "desk:pipeline_back": "an answer to a form",
    "desk:pipeline_default": "an answer to a form",
    "desk:search_save": "an answer to a form",
    "desk:playlist_new": "a form",
    "desk:segment_new": "a form",
    "desk:source_new": "an answer to a form",
    "desk:settings": "switches",
    "desk:letter_signature": "an answer to a form",
    "portal:conversation_new": "a form",
    "mail_in": "takes what a mail provider hands over",
    "desk:model_promote": "an answer to a form",
    "desk:model_roll_back": "an answer to a form",
    "desk:model_retire": "an answer to a form",
    "desk:decisions": "leads to one decision",
    "desk:settings_ai": "an answer to a form",
    "desk:settings_same": "an answer to a form",
    "desk:settings_held": "an answer to a form",
    "desk:settings_looks": "an answer to a form",
    "desk:settings_voluntary": "an answer to a form",
    "desk:key_new": "an answer to a form",
    "desk:brand_new": "an answer to a form",
    "desk:webhook_new": "an answer to a form",
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
    "portal:my_voluntary": "a form",
    "portal:resume": "one person's résumé",
    "portal:resume_upload": "an answer to a form",
    "portal:claim": "an answer to a form",
    "portal:download": "a file",
    "portal:theme": "an answer to a form",
    "portal:robots": "a word to robots",
    "portal:sitemap": "names the files that list pages",
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
        answer.getvalue()  # a file that streams asks while it is read
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
