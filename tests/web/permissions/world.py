"""A small company with two of everything: rows of one's own, and rows of somebody else's.

`ids` names, for each argument an address takes, the own row and the other's. What is planted in the other's
rows (pay, notes, résumé words) must never reach who has no right to it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal

from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.actions.merging import merge_people
from segue.catalog.models import (
    Fact,
    FactKind,
    FactSource,
    HeldRow,
    ImportBatch,
    JobStatus,
    Person,
    SamePair,
    Skill,
    SkillProposal,
)
from segue.engage.models import Arrival, Attachment, MailTemplate, Message, Thread
from segue.hire.actions.applications import move_application
from segue.hire.actions.pipelines import save_template
from segue.hire.models import (
    Accommodation,
    Application,
    BulkAction,
    BulkKind,
    BulkRow,
    Note,
    OfferTemplate,
    Panelist,
    SavedView,
    Scorecard,
)
from segue.hire.models.pipelines import FIRST_STAGES
from segue.hire.queries.offers import token_of
from segue.kit import clock
from segue.kit.actor import ON_THE_JOB, Actor, Role
from segue.learn.models import SavedSearch, Segment, SegmentMember
from segue.listen.actions.sources import create_source
from segue.listen.models import Rejected
from segue.recommend.models import Exposure, Playlist
from segue.trust.actions.endpoints import make_endpoint, queue_test_delivery
from segue.trust.actions.keys import make_key
from segue.trust.models import Account, Decision, JobMember, Review
from segue.trust.sign_in_models import DirectoryGroup, SecondFactor, SignIn
from tests import factories

RESUME_WORDS = "Quillwort-Canary"
PAY_CANARY = "987654"
OWN_PAY_CANARY = "876543"
NOTE_CANARY = "Heliotrope-Canary"
THEIR_NOTE = "Marzipan-Canary"
CARD_CANARY = "Petrichor-Canary"  # on a card about the other's application
BLIND_CANARY = "Tamarisk-Canary"  # on a card about one's own, while whoever asks still owes theirs
MACHINE = Actor.machine("the test's world")
NO = {"reason": "others fit better"}


@dataclass
class World:
    """Whoever asks, and the rows an address can name: (own, other's) by argument."""

    account: Account | None
    ids: dict[str, tuple[object, object]]
    ada: Person
    bert: Person
    key_secret: str = ""


def build(role: Role) -> World:
    """Found the company anew, with somebody of this role in it."""
    account = _whoever(role)
    mine, theirs = factories.make_job(title="Ours"), _hidden_job()
    if account is not None and role in ON_THE_JOB:
        JobMember.objects.create(job=mine, account=account, duty=str(role))
    ada = account.person if account and account.person else factories.make_person(name="Ada Own")
    bert = factories.make_person(name="Bert Other", email="bert@people.example")
    factories.grant(ada)
    factories.grant(bert)
    applications = _apply(ada, mine, "Own words"), _apply(bert, theirs, THEIR_NOTE)
    _say_pay(ada, OWN_PAY_CANARY)
    _say_pay(bert, PAY_CANARY)
    ids: dict[str, tuple[object, object]] = {
        "job_id": (mine.pk, theirs.pk),
        "person_id": (ada.pk, bert.pk),
        "application_id": (applications[0].pk, applications[1].pk),
        "status_key": (applications[0].status_key, applications[1].status_key),
        "accommodation_id": _accommodations(account, applications),
        "review_id": (_review(ada, mine), _review(bert, theirs)),
        "exposure_id": (_exposure(ada, mine), _exposure(bert, mine)),
        "fact_id": (_fact(ada), _fact(bert)),
    }
    ids |= _sign_ins(account)
    ids |= _house_rows(account, ada, bert) | _team_rows(account, applications) | _letters(applications)
    ids |= _panels(account, applications) | _offers(applications)
    return World(account, ids, ada, bert)


def _sign_ins(account: Account | None) -> dict[str, tuple[object, object]]:
    """A second step and a device, of one's own and of a colleague's."""
    rosa = factories.rosa()
    me = account if account is not None and account.person_id is None else rosa
    factors = [
        SecondFactor.objects.create(account=who, kind="totp", name="App", secret=b"x").pk
        for who in (me, rosa)
    ]
    devices = [
        SignIn.objects.create(account=who, session_key=uuid.uuid4().hex, how="link").pk for who in (me, rosa)
    ]
    return {"factor_id": (factors[0], factors[1]), "sign_in_id": (devices[0], devices[1])}


def _whoever(role: Role) -> Account | None:
    if role is Role.ANONYMOUS:
        return None
    return factories.make_account(role=role, name=f"The {role}", email=f"{role}@asker.example")


def _hidden_job() -> object:
    return factories.make_job(title="Theirs", status=JobStatus.DRAFT, posted_at=None)


def _apply(person: Person, job: object, note: str) -> Application:
    application = factories.make_application(person=person, job=job, note=note)
    words = f"Welder. {RESUME_WORDS}." if "Canary" in note else "Baker. Bread."
    application.resume = factories.make_resume(person, text=words)
    application.save()
    rosa = factories.actor(factories.rosa())
    reason = NOTE_CANARY if "Canary" in note else "a good letter"
    move_application(application, stage="screen", reason=reason, by=rosa)
    return application


def _say_pay(person: Person, amount: str) -> None:
    pay = {"amount": amount, "currency": "EUR", "period": "year"}
    state_facts(person, [Said(FactKind.PAY_FLOOR, pay)], source=FactSource.ATS, by=MACHINE)
    assert Person.objects.get(pk=person.pk).pay_floor == Decimal(amount)


def _review(person: Person, job: object) -> uuid.UUID:
    at = clock.now()
    return Review.objects.create(kind="look", person=person, job=job, note=f"{person.name}", due_at=at).pk


def _exposure(person: Person, job: object) -> uuid.UUID:
    return Exposure.objects.create(
        person=person,
        job=job,
        shelf="new",
        position=0,
        propensity=1.0,
        policy_id="p",
        model_hash="",
        score=0.5,
        reason_code="skills",
        reason_args={"matched": ["sql"]},
    ).pk


def _fact(person: Person) -> int:
    said = [Said(FactKind.HEADLINE, f"{person.name}, at work", method="rules")]
    resume = person.resumes.latest("version")
    state_facts(person, said, source=FactSource.PARSED, by=MACHINE, resume=resume)
    return Fact.objects.filter(person=person, kind=FactKind.HEADLINE).latest("pk").pk


def _team_rows(
    account: Account | None, applications: tuple[Application, Application]
) -> dict[str, tuple[object, object]]:
    """Notes, views and deeds on many: each its author's."""
    rosa = factories.rosa()
    me = account if account is not None and account.person_id is None else rosa
    whose = tuple(zip((me, rosa), applications, strict=True))
    notes = [Note.objects.create(application=of, author=who, text="A note") for who, of in whose]
    views = [
        SavedView.objects.get_or_create(account=who, name=f"v {at}")[0] for at, (who, _) in enumerate(whose)
    ]
    bulks = [
        BulkAction.objects.create(kind=BulkKind.REJECT, by_account=who, job=of.job, what=NO)
        for who, of in whose
    ]
    letters = [BulkAction.objects.create(kind=BulkKind.MESSAGE, by_account=who) for who, _of in whose]
    rows = [
        BulkRow.objects.create(bulk=bulk, application=of, before={"entry": 0}, after={"entry": 0})
        for bulk, of in zip(bulks, applications, strict=True)
    ]
    return {
        "note_id": (notes[0].pk, notes[1].pk),
        "view_id": (views[0].pk, views[1].pk),
        "bulk_id": (bulks[0].pk, bulks[1].pk),
        "letters_id": (letters[0].pk, letters[1].pk),
        "row_id": (rows[0].pk, rows[1].pk),
        "version": (1, 1),
    }


def _panels(
    account: Account | None, applications: tuple[Application, Application]
) -> dict[str, tuple[object, object]]:
    """Whoever asks owes a card about the own application; a colleague's is in, about either."""
    me = account if account is not None and account.person_id is None else factories.rosa()
    otto = factories.make_account(role=Role.INTERVIEWER, name="Otto", email="otto@employer.example")
    at = clock.now()
    places = [
        Panelist.objects.create(application=of, step=of.step, account=who, due_at=at)
        for who, of in ((me, applications[0]), (otto, applications[1]))
    ]
    for of, words in zip(applications, (BLIND_CANARY, CARD_CANARY), strict=True):
        Scorecard.objects.create(
            application=of, step=of.step, author=otto, recommendation="yes", summary=words, submitted_at=at
        )
    rosa = factories.actor(factories.rosa())
    template = save_template("Another", stages=FIRST_STAGES, by=rosa)
    return {
        "panelist_id": (places[0].pk, places[1].pk),
        "pipeline_id": (template.pk, template.pk),
        "step": ("screen", "screen"),
    }


def _accommodations(
    account: Account | None, applications: tuple[Application, Application]
) -> tuple[object, object]:
    """What somebody needs, written to who asks where they are a colleague, and to Rosa."""
    rosa = factories.rosa()
    me = account if account is not None and account.person_id is None else rosa
    made = [
        Accommodation.objects.create(application=of, contact=who, text="A quiet room")
        for of, who in zip(applications, (me, rosa), strict=True)
    ]
    return made[0].pk, made[1].pk


def _letters(applications: tuple[Application, Application]) -> dict[str, tuple[object, object]]:
    """A conversation about each of the jobs, with a file in it."""
    threads = [Thread.objects.create(person=of.person, job=of.job, subject="Hello") for of in applications]
    said = [
        Message.objects.create(thread=of, person=of.person, kind="reply", to_address="", state="scheduled")
        for of in threads
    ]
    files = [
        Attachment.objects.create(message=of, name="a", content_type="text/plain", size=1, content=b"a")
        for of in said
    ]
    return {
        "thread_id": (threads[0].pk, threads[1].pk),
        "message_id": (said[0].pk, said[1].pk),
        "attachment_id": (files[0].pk, files[1].pk),
    }


def _offers(applications: tuple[Application, Application]) -> dict[str, tuple[object, object]]:
    """An offer about each of the jobs, both with the candidate; what they pay is planted in words, too."""
    rows = [
        factories.make_offer(of, pay_amount=Decimal(pay), clauses=f"A bonus of {pay}.")
        for of, pay in zip(applications, (OWN_PAY_CANARY, PAY_CANARY), strict=True)
    ]
    Message.objects.filter(thread__about__startswith="application:").update(state="sent")
    letter = OfferTemplate.objects.create(name=uuid.uuid4().hex, text="t").pk
    return {
        "offer_id": (rows[0].pk, rows[1].pk),
        "offer_token": (token_of(rows[0]), token_of(rows[1])),
        "offer_template_id": (letter, letter),
    }


def _held_mail() -> uuid.UUID:
    raw = b"From: who@elsewhere.example\n\nHello"
    return Arrival.objects.create(key=uuid.uuid4().hex, state="held", raw=raw).pk


def _segment(*people: Person) -> uuid.UUID:
    rule = {"version": 1, "rule": {"kind": "skills", "which": "all", "skills": ["sql"]}}
    segment = Segment.objects.create(name=uuid.uuid4().hex, rule=rule, refreshed_at=clock.now())
    for person in people:
        SegmentMember.objects.create(segment=segment, person=person)
    return segment.pk


def _house_rows(account: Account | None, ada: Person, bert: Person) -> dict[str, tuple[object, object]]:
    """Rows that are nobody's in particular, or a colleague's own."""
    rosa = factories.rosa()
    colleague = account if account is not None and account.person_id is None else rosa
    searches = [
        SavedSearch.objects.get_or_create(account=who, name="s", text="welder")[0]
        for who in (colleague, rosa)
    ]
    pair = SamePair.objects.create(first=factories.make_person(), second=factories.make_person())
    merge = merge_people(factories.make_person(), factories.make_person(), evidence={}, by=MACHINE)
    playlist = Playlist.objects.create(title="Hands on", curator=rosa)
    Skill.objects.get_or_create(slug="a")
    SkillProposal.objects.get_or_create(slug="welding", label="welding")
    source, _key = create_source(name=f"s{uuid.uuid4().hex[:8]}", by=MACHINE)
    rejected = Rejected.objects.create(source=source, code="x", message="no")
    decision = Decision.objects.create(kind="x", policy_id="p", model_hash="")
    key, _secret = make_key("k", scopes=["jobs:read"], owner=factories.mia(), by=MACHINE)
    batch = ImportBatch.objects.create(kind="people", source_name="s", file_name="f", read=1, held=1)
    kinds = ["application.moved"]
    endpoint = make_endpoint("https://hooks.example/", kinds=kinds, known=kinds, owner=None, by=MACHINE)
    same = {
        "pair_id": pair.pk,
        "merge_id": merge.pk,
        "playlist_id": playlist.pk,
        "slug": "welding",
        "source_id": source.pk,
        "rejected_id": rejected.pk,
        "decision_id": decision.pk,
        "token": "no-such-token",
        "key_id": key.pk,
        "brand_key": factories.make_brand().key,
        "section": "jobs",
        "account_id": rosa.pk,
        "provider_key": "acme",
        "user_id": rosa.pk,
        "group_id": DirectoryGroup.objects.get_or_create(display_name="Talent")[0].pk,
        "name": "User",
        "urn": "urn:ietf:params:scim:schemas:core:2.0:User",
        "endpoint_id": endpoint.pk,
        "delivery_id": queue_test_delivery(endpoint, by=MACHINE).pk,
        "template_id": MailTemplate.objects.create(name=uuid.uuid4().hex, subject="s", text="t").pk,
        "arrival_id": _held_mail(),
        "segment_id": _segment(ada, bert),
        "batch_id": batch.pk,
        "held_id": HeldRow.objects.create(batch=batch, line=1, error="bad_email", field="email", row={}).pk,
    }
    return {name: (value, value) for name, value in same.items()} | {
        "search_id": (searches[0].pk, searches[1].pk)
    }
