"""Ada applies; strangers apply in her name and get nowhere."""

from __future__ import annotations

import pytest

from segue.catalog.models import Fact, FactSource, Person, Resume
from segue.engage.models import Message
from segue.hire.actions.applications import Applicant, apply, withdraw_application
from segue.hire.models import Application, Claim, Outcome, StageEntry
from segue.hire.queries.applications import application_by_status_key
from segue.kit import clock
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed, TooMany
from segue.listen.models import Signal
from segue.trust.models import Account, AuditLine, Consent
from segue.trust.queries.consent import purposes_granted
from tests.factories import actor, make_job, make_member, make_skill

VISITOR = Actor.anonymous()
NOOR = Applicant(
    name="Noor Haddad",
    email="Noor@People.example",
    phone="+49 30 1234567",
    resume_text="I write Python and keep bees.",
    file_name="noor.txt",
    note="I would love to.",
    city="Berlin",
    country="de",
)

pytestmark = pytest.mark.django_db


def test_a_newcomer_applies_without_an_account() -> None:
    make_skill("python")
    application = apply(make_job(), applicant=NOOR, by=VISITOR, consents={"profile": True, "contact": False})

    person = application.person
    assert (person.name, person.email, person.city, person.country) == (
        "Noor Haddad",
        "noor@people.example",
        "Berlin",
        "DE",
    )
    assert application.resume is not None
    assert application.resume.text.startswith("I write Python")
    assert (application.outcome, application.note, application.source) == ("open", "I would love to.", "site")
    assert purposes_granted(person.pk) == {"profile"}
    assert Consent.objects.filter(person=person, purpose="contact", granted=False).exists()
    assert list(StageEntry.objects.values_list("stage", "outcome")) == [("applied", "open")]
    assert Signal.objects.get(kind="application.submitted").person_id == person.pk


def test_what_a_visitor_types_is_marked_as_unverified() -> None:
    application = apply(make_job(), applicant=NOOR, by=VISITOR)
    typed = Fact.objects.filter(person=application.person, source=FactSource.CANDIDATE, kind="phone")
    assert typed.get().method.startswith("unverified")
    assert typed.get().confidence == 0.5


def test_the_thanks_carry_the_status_link() -> None:
    application = apply(make_job(title="Beekeeper"), applicant=NOOR, by=VISITOR)
    message = Message.objects.get(kind="application_received")
    assert message.to_address == "noor@people.example"
    assert "Beekeeper" in message.subject
    assert f"/a/{application.status_key}/" in message.text
    assert application_by_status_key(application.status_key) == application


def test_audit_lines_do_not_repeat_what_people_type() -> None:
    apply(make_job(), applicant=NOOR, by=VISITOR, ip="192.0.2.7")
    for line in AuditLine.objects.filter(verb__startswith="hire."):
        assert "Noor" not in str(line.detail)
        assert "192.0.2.7" not in str(line.detail)


def test_ada_signed_in_is_herself_whatever_address_she_types(ada: Account) -> None:
    job = make_job()
    application = apply(job, applicant=NOOR, by=actor(ada), consents={"contact": False})
    assert application.person_id == ada.person_id
    assert not Person.objects.filter(email="noor@people.example").exists()
    assert "contact" in purposes_granted(application.person_id)  # an empty box is no answer
    assert Fact.objects.get(person=ada.person, kind="phone").method == "applied"


def test_a_second_click_makes_no_second_application(ada: Account) -> None:
    job = make_job()
    first = apply(job, applicant=NOOR, by=actor(ada))
    second = apply(job, applicant=NOOR, by=actor(ada))
    assert second == first
    assert StageEntry.objects.count() == 1
    assert Message.objects.filter(kind="application_received").count() == 1


def test_after_withdrawing_she_may_apply_again(ada: Account) -> None:
    job = make_job()
    first = apply(job, applicant=NOOR, by=actor(ada))
    withdraw_application(first, by=actor(ada))
    again = apply(job, applicant=NOOR, by=actor(ada))
    assert again != first
    assert Application.objects.filter(job=job).count() == 2


class TestAStrangerWithAdasAddress:
    """The words of somebody not signed in touch nothing of the person whose address they type."""

    def as_ada(self, **fields: str) -> Applicant:
        return Applicant(**({"name": "Mallory", "email": "ADA@people.example"} | fields))

    def test_changes_nothing_of_hers(self, ada: Account) -> None:
        before = Person.objects.filter(pk=ada.person_id).values().get()
        facts, consents = Fact.objects.count(), Consent.objects.count()
        apply(
            make_job(),
            applicant=self.as_ada(phone="+1 555 0100", resume_text="Fraud, python", city="Nowhere"),
            by=VISITOR,
            consents={"discovery": True},
        )
        assert Person.objects.filter(pk=ada.person_id).values().get() == before
        assert Fact.objects.count() == facts
        assert Consent.objects.count() == consents
        assert not Resume.objects.exists()
        assert not Signal.objects.filter(person=ada.person).exists()

    def test_gets_a_receipt_that_tells_nothing_of_her(self, ada: Account) -> None:
        shown = apply(make_job(), applicant=self.as_ada(), by=VISITOR)
        receipt = application_by_status_key(shown.status_key)
        real = Application.objects.get()
        assert receipt.status_key != real.status_key
        assert receipt.person.name == "Mallory"
        assert (receipt.stage, receipt.outcome) == ("applied", "open")
        assert real.status_key not in Message.objects.exclude(to_address=ada.email).values_list(
            "text", flat=True
        )

    def test_gets_the_same_receipt_when_she_has_applied_already(self, ada: Account) -> None:
        job = make_job()
        own = apply(job, applicant=self.as_ada(), by=actor(ada))
        own.stage = "interview"
        own.save()
        receipt = apply(job, applicant=self.as_ada(note="hello"), by=VISITOR)
        assert receipt.status_key != own.status_key
        assert (receipt.stage, receipt.note) == ("applied", "hello")
        assert Application.objects.get() == own

    def test_can_take_back_what_they_said_and_nothing_of_hers(self, ada: Account) -> None:
        job = make_job()
        own = apply(job, applicant=self.as_ada(), by=actor(ada))
        shown = apply(job, applicant=self.as_ada(), by=VISITOR)
        withdraw_application(application_by_status_key(shown.status_key), by=VISITOR)
        assert application_by_status_key(shown.status_key).outcome == Outcome.WITHDRAWN
        own.refresh_from_db()
        assert own.outcome == Outcome.OPEN
        assert Claim.objects.get().confirmed is False

    def test_can_take_back_the_application_they_made(self, ada: Account) -> None:
        shown = apply(make_job(), applicant=self.as_ada(), by=VISITOR)
        withdraw_application(application_by_status_key(shown.status_key), by=VISITOR)
        assert Application.objects.get().outcome == Outcome.WITHDRAWN

    def test_she_is_asked_whether_it_was_her(self, ada: Account) -> None:
        apply(make_job(), applicant=self.as_ada(), by=VISITOR)
        message = Message.objects.get()
        assert (message.kind, message.to_address) == ("application_confirm", "ada@people.example")
        assert "Mallory" not in message.text


def test_a_recruiter_enters_somebody_who_rang(rosa: Account) -> None:
    application = apply(make_job(), applicant=NOOR, by=actor(rosa), consents={"contact": True})
    assert application.source == "recruiter"
    phone = Fact.objects.get(person=application.person, kind="phone")
    assert phone.source == FactSource.RECRUITER
    assert purposes_granted(application.person_id) == set()  # nobody consents for somebody else


def test_other_colleagues_apply_for_nobody(max_: Account, theo: Account) -> None:
    job = make_job()
    make_member(job, max_)
    for account in (max_, theo):
        with pytest.raises(NotAllowed):
            apply(job, applicant=NOOR, by=actor(account))


def test_a_closed_job_takes_no_applications() -> None:
    with pytest.raises(Conflict, match="no longer open"):
        apply(make_job(status="closed"), applicant=NOOR, by=VISITOR)
    with pytest.raises(Conflict):
        apply(make_job(valid_through=clock.now()), applicant=NOOR, by=VISITOR)
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "name"),
        ({"email": "not an address"}, "email"),
        ({"note": "x" * 5001}, "note"),
        ({"resume_text": "x" * 200_001}, "resume_text"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(fields: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        apply(
            make_job(),
            applicant=Applicant(**({"name": "N", "email": "n@people.example"} | fields)),
            by=VISITOR,
        )
    assert refused.value.field == field
    assert refused.value.remedy
    assert not Person.objects.exists()


def test_an_unknown_purpose_is_refused() -> None:
    with pytest.raises(Invalid, match="purpose"):
        apply(make_job(), applicant=NOOR, by=VISITOR, consents={"world domination": True})


def test_five_an_hour_with_one_address() -> None:
    for _ in range(5):
        apply(make_job(), applicant=NOOR, by=VISITOR)
    with pytest.raises(TooMany):
        apply(make_job(), applicant=NOOR, by=VISITOR)


def test_twenty_an_hour_from_one_machine(ada: Account) -> None:
    job = make_job()
    for _ in range(20):
        apply(job, applicant=NOOR, by=actor(ada), ip="192.0.2.7")
    with pytest.raises(TooMany) as refused:
        apply(job, applicant=NOOR, by=actor(ada), ip="192.0.2.7")
    assert refused.value.retry_after_s > 0
    apply(job, applicant=NOOR, by=actor(ada), ip="192.0.2.8")


def test_a_person_gone_cannot_apply() -> None:
    ghost = Actor(role=Role.CANDIDATE, person_id=Person().pk)
    from segue.kit.errors import NotFound

    with pytest.raises(NotFound):
        apply(make_job(), applicant=NOOR, by=ghost)
