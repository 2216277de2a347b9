"""Ada is erased: no table's bytes speak of her afterwards, wherever her words had got to."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest

from segue.catalog.actions.erasure import erase_person
from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.actions.people import welcome_person
from segue.catalog.models import FactKind, FactSource, Person
from segue.engage.actions.messages import write_message
from segue.kit import clock, queue
from segue.kit.actor import Actor, Role
from segue.kit.models import QueueJob
from segue.kit.privacy import Traces, is_unmistakable, traces_of
from segue.listen.actions.partitions import ensure_weeks
from segue.listen.actions.record import record
from segue.listen.models import Identity, Rejected, Signal, Source, Subject
from segue.recommend.actions.mixes import open_home
from segue.recommend.actions.stances import take_stance
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account, AuditLine, Consent, Purpose
from tests.byte_scan import tables_that_speak_of
from tests.factories import make_account, make_person, make_resume
from tests.recommend.stage import cards_of, market

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("a test")
NAME, ADDRESS, PHONE = "Zoë Canarywood", "zoe.canary+1@people.example", "+49 30 5550199"
OLD_NAME, EXTERNAL, VISITOR, SECRET = "Zoë Formername", "canary-ext-7", "canary-visitor-9", "canary-in-props"
CANARIES = [NAME, "Canarywood", ADDRESS, "5550199", "Formername", EXTERNAL, VISITOR, SECRET]


@pytest.fixture
def zoe() -> Person:
    """Somebody who left words in every room, and things of whom were misheard, refused, and audited."""
    person, _ = welcome_person(
        email=ADDRESS, name=OLD_NAME, external_source="ats", external_id=EXTERNAL, by=MACHINE
    )
    facts = [Said(FactKind.NAME, NAME), Said(FactKind.PHONE, PHONE)]
    state_facts(person, facts, source=FactSource.CANDIDATE, by=MACHINE)
    person.refresh_from_db()
    make_account(name=NAME, email=ADDRESS, person=person)
    me = Actor(Role.CANDIDATE, name=NAME, person_id=person.pk)
    for purpose in Purpose.values:
        set_consent(person, purpose=purpose, granted=True, by=me)
    make_resume(person)
    market(8)
    take_stance(person.pk, job_id=cards_of(open_home(person.pk, by=me))[0].job.pk, stance="saved", by=me)
    write_message(to=ADDRESS, subject=NAME, text=f"Dear {NAME}", kind="test", person=person, by=MACHINE)
    return person


@pytest.fixture
def site(zoe: Person) -> Source:
    """A career site where she browsed before and after she said who she is."""
    source = Source.objects.create(name="careers")
    long_ago = clock.now() - timedelta(weeks=9)
    ensure_weeks(long_ago, clock.now())
    for person, at in ((None, long_ago), (zoe, clock.now())):
        Signal.objects.create(
            source=source,
            kind="event.tracked",
            event=f"Bought {SECRET}",
            person=person,
            anonymous_id=VISITOR,
            at=at,
            received_at=at,
            props={"secret": SECRET},
            context={"traits": {"email": ADDRESS}},
        )
    Identity.objects.create(
        source=source, anonymous_id=VISITOR, person=zoe, said_by="identify", since=clock.now()
    )
    Subject.objects.create(pseudonym=1, person=zoe, key=b"\x01" * 32)
    Subject.objects.create(pseudonym=2, source=source, anonymous_id=VISITOR, key=b"\x02" * 32)
    for body in ({"email": ADDRESS}, {"name": NAME}, {"anonymousId": VISITOR}, {"userId": str(zoe.pk)}):
        Rejected.objects.create(source=source, code="bad", message="No.", body=json.dumps(body))
    Rejected.objects.create(source=source, code="bad", message=f"{ADDRESS} is no name.")
    Rejected.objects.create(source=source, code="bad", message="No.", body='{"email": "else@people.example"}')
    return source


def test_no_table_speaks_of_her_any_more(zoe: Person, site: Source) -> None:
    job = QueueJob.objects.filter(name="engage.send_message").latest("pk")
    QueueJob.objects.filter(pk=job.pk).update(last_error=f"550 <{ADDRESS}> unknown")
    assert tables_that_speak_of(CANARIES), "the words were there"

    gone = erase_person(zoe, by=Actor(Role.CANDIDATE, name=NAME, person_id=zoe.pk))

    assert tables_that_speak_of(CANARIES) == {}
    assert gone["listen.Rejected"] == 5
    assert Rejected.objects.count() == 1, "what others sent is kept"
    assert not Signal.objects.filter(person=zoe).exists()
    assert not Subject.objects.exists(), "and the keys to what is cold are gone"
    assert Consent.objects.filter(person=zoe).exists(), "that she consented can be shown, without her name"
    assert AuditLine.objects.filter(actor_id=zoe.pk).exists(), "and that she acted"


def test_what_was_on_its_way_is_deleted_when_it_has_come(zoe: Person, site: Source) -> None:
    erase_person(zoe, by=MACHINE)
    Signal.objects.create(kind="event.tracked", person=zoe, props={"secret": SECRET})
    Subject.objects.create(pseudonym=3, person=zoe, key=b"\x03" * 32)
    assert tables_that_speak_of(CANARIES)
    QueueJob.objects.filter(name="listen.forget_late").update(run_at=clock.now())
    queue.work_off()
    assert tables_that_speak_of(CANARIES) == {}
    assert not Subject.objects.exists()


def test_a_device_that_is_somebody_elses_now_stays_theirs(zoe: Person, site: Source) -> None:
    bert = make_person()
    Identity.objects.filter(person=zoe).update(person=bert)
    his = Signal.objects.create(source=site, kind="event.tracked", person=bert, anonymous_id=VISITOR)
    erase_person(zoe, by=MACHINE)
    assert Signal.objects.filter(person=bert).get() == his
    assert Identity.objects.get().person == bert


@pytest.mark.parametrize("chosen", ["2026-11", "http://", "recruiter", "open", "a-b%c_d", "careers-2026-11"])
def test_an_id_that_is_a_word_takes_nobody_elses_rows_along(
    chosen: str, zoe: Person, site: Source, rosa: Account
) -> None:
    Identity.objects.filter(person=zoe).update(anonymous_id=chosen)
    other = Source.objects.create(name="another")
    detail = {"to": f"http://x/{chosen}", "state": chosen}
    line = AuditLine.objects.create(verb="a.test", actor_id=rosa.pk, actor_role="recruiter", detail=detail)
    theirs = [
        Rejected.objects.create(source=from_, code="bad", message=f"No {chosen}.", body=json.dumps(body)).pk
        for from_, body in (
            (site, {"event": chosen, "anonymousId": "else"}),
            (site, {"anonymousId": f"{chosen}2"}),
            (other, {"anonymousId": chosen}),
        )
    ]
    for body in (f'{{"anonymousId":"{chosen}"}}', f'{{"anonymousId": "{chosen}"}}'):
        Rejected.objects.create(source=site, code="bad", message="No.", body=body)

    erase_person(zoe, by=MACHINE)

    line.refresh_from_db()
    assert line.detail == detail
    assert set(Rejected.objects.filter(pk__in=theirs).values_list("pk", flat=True)) == set(theirs)
    assert not Rejected.objects.filter(source=site, message="No.", body__contains=f'"{chosen}"').exists()


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("6f1c2b3a-0d4e-4f5a-8b6c-7d8e9f0a1b2c", True),
        ("6F1C2B3A0D4E4F5A8B6C7D8E9F0A1B2C", True),
        ("019ab3f2-0d4e-7f5a-8b6c-7d8e9f0a1b2c", False),  # a job's, say
        ("019ab3f20d4e7f5a8b6c7d8e9f0a1b2c", False),
        ("019ab3f2-0d4e-7f5a", False),
        ("canary-visitor-9", True),
        ("canary-visitor", False),
        ("canary-visitors-all", False),
        ("2026-11-22-09-00-00", False),
        ("2026-11-22T09:00:00", False),
        ("this is 16 letters", False),
        ("canary-visitor-9\n", False),
        ("", False),
    ],
)
def test_only_what_cannot_be_ordinary_text_is_looked_for_everywhere(word: str, found: bool) -> None:
    assert is_unmistakable(word) is found


def test_somebody_of_a_similar_name_is_left_alone(zoe: Person, ada: Account) -> None:
    record("person.signed_in", by=MACHINE, person_id=ada.person_id)
    erase_person(zoe, by=MACHINE)
    assert set(tables_that_speak_of(["Ada Lindqvist", "ada@people.example"])) >= {
        "catalog_person",
        "trust_account",
    }
    assert Signal.objects.filter(person=ada.person).exists()


def test_every_room_names_its_traces(zoe: Person, site: Source) -> None:
    words = traces_of(zoe.pk).words
    assert {NAME, OLD_NAME, ADDRESS, EXTERNAL, VISITOR, str(zoe.pk)} <= words
    assert any("5550199" in word for word in words)


def test_a_short_word_is_looked_for_whole_and_signs_are_no_wildcards() -> None:
    patterns = Traces(uuid.uuid4(), frozenset({"42", "100%_sure", 'Zoë "Z"'})).patterns()
    assert '%"42"%' in patterns
    assert "%100\\%\\_sure%" in patterns
    assert '%Zo\\\\u00eb \\\\"Z\\\\"%' in patterns
    assert '%Zoë \\\\"Z\\\\"%' in patterns
