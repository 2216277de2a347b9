"""Offers at the desk: written, approved, sent, given time, taken back, each in somebody's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from segue.hire.actions.offers.approving import set_approval_chain
from segue.hire.actions.offers.drafting import keep_offer_template
from segue.hire.models import ApprovalChain, Offer, OfferTemplate
from segue.kit import clock
from segue.trust.models import Account
from tests import factories
from tests.factories import actor, make_application, make_job, make_offer
from tests.loop.test_m22_offers import form

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
LIST = 4  # session, account; rows, what waits for one's own yes
ONE = 9  # session, account, the offer, its turn, approvals, ledger twice, other versions


@pytest.fixture
def desk(rosa: Account, client_as: SignIn) -> Client:
    return client_as(rosa)


def test_they_are_listed_by_state(desk: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    offer = make_offer(make_application(factories.make_person(name="Zoë Ågren")))
    make_offer(make_application(factories.make_person(name="Bo Ek")), upto="draft")
    with django_assert_num_queries(LIST):
        shown = desk.get("/desk/offers/").content.decode()
    assert "Zoë Ågren" in shown
    assert "Bo Ek" in shown
    only = desk.get("/desk/offers/?state=sent").content.decode()
    assert "Bo Ek" not in only
    assert f"/desk/offers/{offer.pk}/" in only


def test_one_with_its_ledger(desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    offer = make_offer(make_application())
    with django_assert_max_num_queries(ONE):
        shown = desk.get(f"/desk/offers/{offer.pk}/").content.decode()
    assert "EUR 64,000.00 a year" in shown
    assert "Sent to the candidate" in shown
    assert desk.get(f"/desk/offers/{offer.pk}/letter.pdf").content == bytes(offer.pdf or b"")


def test_a_draft_can_be_looked_at_on_paper(desk: Client) -> None:
    offer = make_offer(make_application(), upto="draft")
    answer = desk.get(f"/desk/offers/{offer.pk}/letter.pdf")
    assert answer.content.startswith(b"%PDF")
    offer.refresh_from_db()
    assert offer.letter == ""


def test_the_application_leads_to_its_offers(desk: Client) -> None:
    application = make_application()
    page = f"/desk/applications/{application.pk}/"
    assert f"{page}offer" in desk.get(page).content.decode()
    offer = make_offer(application)
    assert f"/desk/offers/{offer.pk}/" in desk.get(page).content.decode()


def test_a_new_version_begins_with_the_last_one(desk: Client) -> None:
    application = make_application()
    make_offer(application, clauses="A bicycle.")
    shown = desk.get(f"/desk/applications/{application.pk}/offer").content.decode()
    assert "A bicycle." in shown
    assert 'value="64000"' in shown


def test_a_kept_letter_is_put_in(desk: Client, rosa: Account) -> None:
    kept = keep_offer_template("Part time", secret_text="Half days, {{ name }}.", by=actor(rosa))
    application = make_application()
    shown = desk.get(f"/desk/applications/{application.pk}/offer?letter={kept.pk}").content.decode()
    assert "Half days, {{ name }}." in shown


def test_it_is_changed_submitted_sent_given_time_and_taken_back(desk: Client) -> None:
    application = make_application()
    desk.post(f"/desk/applications/{application.pk}/offer", form())
    offer = Offer.objects.get()
    page = f"/desk/offers/{offer.pk}/"
    assert desk.post(f"{page}edit", form(hours_per_week="0")).status_code == 422
    desk.post(f"{page}edit", form(hours_per_week="20"))
    desk.post(f"{page}submit")
    desk.post(f"{page}send")
    later = clock.now() + timedelta(days=20)
    desk.post(f"{page}extend", {"expires_at": f"{later:%Y-%m-%d}T12:00"})
    offer.refresh_from_db()
    assert (offer.state, f"{offer.expires_at:%Y-%m-%d %H}") == ("sent", f"{later:%Y-%m-%d} 12")
    assert desk.post(f"{page}withdraw", {"reason": "no"}).status_code == 422
    desk.post(f"{page}withdraw", {"reason": "The ward is closed."})
    offer.refresh_from_db()
    assert offer.state == "withdrawn"


def test_a_manager_sees_no_figure_anywhere(client_as: SignIn) -> None:
    max_ = factories.max_()
    application = make_application(job=make_job())
    factories.make_member(application.job, max_)
    offer = make_offer(application, clauses="A bicycle.")
    window = client_as(max_)
    pages = ("/desk/offers/", f"/desk/offers/{offer.pk}/", f"/desk/applications/{application.pk}/", "/desk/")
    for page in pages:
        shown = window.get(page).content.decode()
        assert "64,000" not in shown, page
        assert "bicycle" not in shown, page
    assert window.get(f"/desk/offers/{offer.pk}/letter.pdf").status_code == 403


def test_chains_are_set_for_all_a_department_or_a_job(desk: Client, rosa: Account) -> None:
    job = make_job(title="Nurse", department="Care")
    for whose in ("", "department:Care", f"job:{job.pk}"):
        desk.post("/desk/offers/chains/", {"whose": whose, "approver": [str(rosa.pk), ""]})
    assert ApprovalChain.objects.count() == 3
    assert "Nurse" in desk.get("/desk/offers/chains/").content.decode()
    refused = desk.post("/desk/offers/chains/", {"whose": "", "approver": [str(factories.max_().pk)]})
    assert refused.status_code == 422
    assert "sees the pay" in refused.content.decode()


def test_letters_are_kept_checked_and_taken_off_with_a_way_back(desk: Client) -> None:
    refused = desk.post("/desk/offers/letters/?edit=new", {"name": "Plain", "text": "{{ salary }}"})
    assert refused.status_code == 422
    desk.post("/desk/offers/letters/?edit=new", {"name": "Plain", "text": "{{ pay }}"})
    kept = OfferTemplate.objects.get()
    desk.post(f"/desk/offers/letters/{kept.pk}/retire")
    kept.refresh_from_db()
    assert kept.retired_at is not None
    desk.post(f"/desk/offers/letters/{kept.pk}/retire", {"again": "1"})
    kept.refresh_from_db()
    assert kept.retired_at is None


def test_whose_turn_it_is_sees_it_today(desk: Client, rosa: Account) -> None:
    mia = factories.mia()
    set_approval_chain([rosa.pk], by=actor(mia))
    offer = make_offer(make_application(), upto="approving", by=actor(mia))
    assert f"/desk/offers/{offer.pk}/" in desk.get("/desk/").content.decode()
    assert "It waits for your yes" in desk.get(f"/desk/offers/{offer.pk}/").content.decode()
    desk.post(f"/desk/offers/{offer.pk}/return", {"comment": "Less hours, please"})
    offer.refresh_from_db()
    assert offer.state == "draft"
