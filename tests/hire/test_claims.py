"""What was said under Ada's address counts once she says that it was her."""

from __future__ import annotations

import re

import pytest

from segue.catalog.models import Fact, Resume
from segue.engage.actions.sign_in import redeem_link, send_sign_in_link
from segue.engage.models import Message
from segue.hire.actions.applications import Applicant, apply, settle_claim
from segue.hire.jobs import settle_claim as settle_claim_job
from segue.hire.models import Application, Claim
from segue.hire.queries.applications import claim_of, pending_claims
from segue.kit.actor import Actor
from segue.kit.errors import NotFound
from segue.kit.queue import work_off
from segue.listen.models import Signal
from segue.trust.models import Account, Consent
from segue.trust.queries.consent import purposes_granted
from tests.factories import actor, make_job

WORDS = Applicant(
    name="Ada Lindqvist",
    email="ada@people.example",
    phone="+49 30 99",
    resume_text="Sea, python",
    file_name="a.txt",
)


@pytest.fixture
def claim(ada: Account) -> Claim:
    """Ada, on a borrowed machine and not signed in, applies and agrees to be contacted."""
    Consent.objects.all().delete()
    apply(make_job(title="Sailor"), applicant=WORDS, by=Actor.anonymous(), consents={"contact": True})
    return Claim.objects.get()


def token_of(message: Message) -> str:
    found = re.search(r"/sign-in/([A-Za-z0-9_-]+)/", message.text)
    assert found is not None
    return found[1]


@pytest.mark.django_db(transaction=True)
def test_the_link_in_the_mail_confirms_the_words(claim: Claim, ada: Account) -> None:
    assert redeem_link(token_of(Message.objects.get(kind="application_confirm"))) == ada
    work_off()

    claim.refresh_from_db()
    assert claim.confirmed
    assert claim.settled_at is not None
    ada.person.refresh_from_db()  # type: ignore[union-attr]  # Ada is a candidate
    assert ada.person.phone == "+49 30 99"  # type: ignore[union-attr]  # as above
    application = Application.objects.get()
    assert application.resume is not None
    assert application.source == "site"
    assert purposes_granted(application.person_id) == {"contact"}
    assert Signal.objects.get(kind="application.submitted", person=ada.person)


@pytest.mark.django_db(transaction=True)
def test_signing_in_for_another_reason_confirms_nothing(claim: Claim, ada: Account) -> None:
    """Ada signs in every week; a stranger's words must not ride in on that."""
    send_sign_in_link(ada.email, base_url="http://test", by=Actor.anonymous())
    assert redeem_link(token_of(Message.objects.get(kind="sign_in"))) == ada
    work_off()
    claim.refresh_from_db()
    assert claim.settled_at is None
    assert not Resume.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_mark_of_one_claim_cannot_be_put_on_another_link(claim: Claim, ada: Account) -> None:
    send_sign_in_link(ada.email, base_url="http://test", by=Actor.anonymous())
    assert redeem_link(claim.pk.hex + token_of(Message.objects.get(kind="sign_in"))) is None


@pytest.mark.django_db
def test_she_can_say_no(claim: Claim, ada: Account) -> None:
    assert list(pending_claims(ada.person_id, actor(ada))) == [claim]  # type: ignore[arg-type]  # a candidate
    settle_claim(claim, theirs=False, by=actor(ada))
    assert not pending_claims(ada.person_id, actor(ada)).exists()  # type: ignore[arg-type]  # as above
    assert not Fact.objects.filter(kind="phone").exists()


@pytest.mark.django_db
def test_nobody_else_can_say_yes(claim: Claim, eve: Account, rosa: Account) -> None:
    for stranger in (actor(eve), actor(rosa), Actor.anonymous(), Actor.machine("robot")):
        with pytest.raises(NotFound):
            settle_claim(claim, theirs=True, by=stranger)


@pytest.mark.django_db
def test_settling_twice_settles_once(claim: Claim) -> None:
    settle_claim_job(str(claim.pk))
    facts, consents = Fact.objects.count(), Consent.objects.count()
    settle_claim_job(str(claim.pk))
    assert (Fact.objects.count(), Consent.objects.count()) == (facts, consents)
    assert Resume.objects.count() == 1


@pytest.mark.django_db
def test_recruiters_read_what_waits_and_strangers_do_not(claim: Claim, rosa: Account, eve: Account) -> None:
    assert claim_of(claim.application, actor(rosa)) == claim
    assert claim_of(claim.application, actor(eve)) is None
