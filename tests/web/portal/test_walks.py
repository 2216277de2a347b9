"""Whole walks without JavaScript: plain forms, redirects and messages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from segue.engage.models import Message
from segue.hire.models import Application
from segue.kit.queue import work_off
from segue.learn.models import Taste
from segue.recommend.models import CardStance, Exposure
from segue.trust.models import Account
from segue.trust.queries.consent import purposes_granted
from tests import factories
from tests.web.portal.stage import a_few_jobs, cards_on

SignIn = Callable[[Account], Client]
pytestmark = pytest.mark.django_db
LINA = {"name": "Lina Haddad", "email": "lina@people.example", "resume_text": "Ten years of nursing."}


@pytest.fixture
def careful() -> Client:
    """A visitor whose forms need their CSRF token, as in life."""
    return Client(enforce_csrf_checks=True)


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_stranger_applies_and_follows_the_application(careful: Client) -> None:
    job = factories.make_job(title="Nurse")
    form = careful.get(f"/jobs/{job.pk}/apply/").content.decode()
    assert "checked" not in form
    answer = careful.post(f"/jobs/{job.pk}/apply/", LINA | {"csrfmiddlewaretoken": _token(form)})
    assert answer.status_code == 303
    page = careful.get(answer["Location"]).content.decode()
    assert "Thank you. It has arrived." in page
    assert "A person here will read it next." in page
    row = Application.objects.get()
    assert answer["Location"].startswith(f"/a/{row.status_key}/")
    assert purposes_granted(row.person_id) == frozenset()


def test_a_form_without_its_token_is_not_taken(careful: Client) -> None:
    job = factories.make_job()
    answer = careful.post(f"/jobs/{job.pk}/apply/", LINA)
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()
    assert not Application.objects.exists()


def test_what_is_missing_is_named_and_what_was_typed_stays(client: Client) -> None:
    job = factories.make_job()
    answer = client.post(
        f"/jobs/{job.pk}/apply/",
        {"name": "Lina Haddad", "email": "not an address", "note": "Hello", "consent_profile": "on"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_email"' in page
    assert 'href="#id_resume_text"' in page
    assert 'value="Lina Haddad"' in page
    assert ">\nHello</textarea>" in page
    assert page.count("checked") == 1


def test_a_consent_given_with_the_application_counts(client: Client) -> None:
    job = factories.make_job()
    client.post(f"/jobs/{job.pk}/apply/", LINA | {"consent_profile": "on"})
    assert purposes_granted(Application.objects.get().person_id) == frozenset({"profile"})


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("cv.txt", b"Ten years of nursing", "Ten years of nursing"),
        ("cv.json", b'{"basics": {"label": "Nurse"}, "meta": {"x": "no"}}', "Nurse"),
    ],
)
def test_a_file_of_text_can_be_handed_in(client: Client, name: str, content: bytes, expected: str) -> None:
    job = factories.make_job()
    file = SimpleUploadedFile(name, content)
    client.post(f"/jobs/{job.pk}/apply/", {**LINA, "resume_text": "", "resume_file": file})
    resume = Application.objects.get().resume
    assert resume is not None
    assert resume.text == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [("cv.pdf", b"%PDF-1.7"), ("cv.txt", b"\xff\xfe\x00"), ("cv.json", b"{"), ("cv.json", b"[" * 100_000)],
)
def test_a_file_we_cannot_read_is_refused_with_the_remedy(client: Client, name: str, content: bytes) -> None:
    job = factories.make_job()
    file = SimpleUploadedFile(name, content)
    answer = client.post(f"/jobs/{job.pk}/apply/", {**LINA, "resume_text": "", "resume_file": file})
    assert answer.status_code == 422
    assert 'id="id_resume_file_error"' in answer.content.decode()
    assert not Application.objects.exists()


def test_ada_applies_signed_in_under_her_own_address_whatever_is_typed(
    ada: Account, client_as: SignIn
) -> None:
    job = factories.make_job()
    client_as(ada).post(f"/jobs/{job.pk}/apply/", LINA)
    assert Application.objects.get().person == ada.person


def test_withdrawing_asks_once_and_the_page_stays(client: Client) -> None:
    row = factories.make_application()
    page = client.get(f"/a/{row.status_key}/").content.decode()
    assert "Yes, withdraw" in page
    answer = client.post(f"/a/{row.status_key}/withdraw/", follow=True)
    assert answer.status_code == 200
    assert "You withdrew this application" in answer.content.decode()
    again = client.get(f"/a/{row.status_key}/")
    assert again.status_code == 200
    assert "Yes, withdraw" not in again.content.decode()


def test_a_rejection_keeps_its_page_and_its_inner_reason_stays_inside(rosa: Account, client: Client) -> None:
    row = factories.make_application(
        outcome="rejected", decided_by=rosa, decision_reason="Too little night experience"
    )
    answer = client.get(f"/a/{row.status_key}/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Not this time" in page
    assert "night experience" not in page
    assert "Rosa Feld" in page


def test_a_link_that_opens_nothing_says_how_to_get_a_new_one(client: Client) -> None:
    answer = client.get("/a/no-such-key/")
    assert answer.status_code == 404
    assert "Get a new link" in answer.content.decode()


def test_signing_in_by_the_link_in_the_mail(careful: Client, ada: Account) -> None:
    form = careful.get("/sign-in/?next=/taste/").content.decode()
    fields = {"csrfmiddlewaretoken": _token(form), "next": "/taste/"}
    known = careful.post("/sign-in/", fields | {"email": ada.email})
    unknown = careful.post("/sign-in/", fields | {"email": "nobody@people.example"})
    assert known.status_code == unknown.status_code == 200
    assert known.content.decode().count("Check your mail") == unknown.content.decode().count(
        "Check your mail"
    )
    link = re.search(r"https?://[^/]+(/sign-in/\S+)", Message.objects.get().text)
    assert link is not None
    button = careful.get(link[1]).content.decode()
    assert careful.get("/taste/")["Location"].startswith("/sign-in/"), "a GET alone signs nobody in"
    fields = {"csrfmiddlewaretoken": _token(button), "next": "/taste/"}
    assert careful.post(link[1], fields)["Location"] == "/taste/"
    page = careful.get("/taste/").content.decode()
    assert "Your taste" in page
    assert careful.post("/sign-out/", {"csrfmiddlewaretoken": _token(page)})["Location"] == "/"
    spent = careful.get(link[1]).content.decode()
    assert careful.post(link[1], {"csrfmiddlewaretoken": _token(spent)}).status_code == 410


def test_a_word_that_is_no_address_is_told_beside_the_field(client: Client) -> None:
    answer = client.post("/sign-in/", {"email": "ada"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_a_link_never_leads_to_another_site(ada: Account, client_as: SignIn) -> None:
    page = client_as(ada).post("/theme/", {"theme": "dark", "next": "//evil.example/"})
    assert page["Location"] == "/"


def test_the_outbox_is_for_the_demo_and_for_administrators(
    ada: Account, mia: Account, client_as: SignIn, settings: object
) -> None:
    assert client_as(ada).get("/outbox/").status_code == 403
    assert client_as(mia).get("/outbox/").status_code == 200


def test_the_demo_offers_somebody_of_each_kind(client: Client, ada: Account, rosa: Account, settings) -> None:  # type: ignore[no-untyped-def]
    assert ada.email not in client.get("/sign-in/").content.decode()
    settings.DEMO = True
    page = client.get("/sign-in/").content.decode()
    assert ada.email in page
    assert rosa.email in page
    assert client.get("/outbox/").status_code == 200


@pytest.mark.parametrize(
    ("button", "stance"),
    [("saved", "saved"), ("liked", "liked"), ("skipped", "skipped"), ("not_now_week", "not_now"),
     ("less", "less"), ("hidden", "hidden")],
)  # fmt: skip
def test_each_answer_is_taken_told_and_taken_back(
    ada: Account, client_as: SignIn, button: str, stance: str
) -> None:
    a_few_jobs(8)
    window = client_as(ada)
    card = cards_on(window.get("/").content.decode())[0]
    job_id = Exposure.objects.get(pk=card).job_id
    answer = window.post(f"/jobs/{job_id}/stance/", {"stance": button, "exposure_id": card, "next": "/"})
    assert answer.status_code == 303
    row = CardStance.objects.get()
    assert row.stance == stance
    assert (row.until is not None) == (stance == "not_now")
    page = window.get("/").content.decode()
    assert f'action="/jobs/{job_id}/undo/"' in page, "the message carries its undo"
    window.post(f"/jobs/{job_id}/undo/", {"next": "/"})
    assert not CardStance.objects.exists()
    assert card in cards_on(window.get("/").content.decode())


def test_an_answer_nobody_offers_is_refused(ada: Account, client_as: SignIn) -> None:
    job = factories.make_job()
    assert client_as(ada).post(f"/jobs/{job.pk}/stance/", {"stance": "buy"}).status_code == 422


def test_with_htmx_a_refusal_is_told_in_a_toast(ada: Account, client_as: SignIn) -> None:
    job = factories.make_job()
    htmx = {"HX-Request": "true"}
    answer = client_as(ada).post(f"/jobs/{job.pk}/stance/", {"stance": "buy"}, headers=htmx)
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "#toasts")
    assert "<html" not in answer.content.decode()


def test_with_htmx_a_skip_swaps_the_card_and_the_undo_brings_it_back(ada: Account, client_as: SignIn) -> None:
    a_few_jobs(30)
    window = client_as(ada)
    first = cards_on(window.get("/").content.decode())[0]
    job_id = Exposure.objects.get(pk=first).job_id
    htmx = {"HX-Request": "true"}
    fields = {"stance": "skipped", "exposure_id": first, "place": "card"}
    swapped = window.post(f"/jobs/{job_id}/stance/", fields, headers=htmx)
    (fresh,) = cards_on(swapped.content.decode())
    assert fresh != first
    assert f'hx-post="/jobs/{job_id}/undo/"' in swapped.content.decode()
    back = window.post(f"/jobs/{job_id}/undo/", {"place": "card", "instead_of": fresh}, headers=htmx)
    assert back["HX-Retarget"] == f"#card-{fresh}"
    assert cards_on(back.content.decode()) == [first]


def test_ada_edits_exports_and_resets_her_taste(ada: Account, client_as: SignIn) -> None:
    factories.make_job(department="Care")
    window = client_as(ada)
    assert "Nothing here yet" in window.get("/taste/").content.decode()
    window.post("/taste/", {"add": "care"})
    assert Taste.objects.get().wishes == {"department:Care": 1.0}
    window.post("/taste/", {"wish:department:Care": "-0.5"})
    page = window.get("/taste/").content.decode()
    assert 'value="-0.5"' in page
    assert b"department:Care" in window.get("/taste/export/").content
    window.post("/taste/reset/")
    assert Taste.objects.get().wishes == {}


@pytest.mark.parametrize(
    "fields", [{"add": "levitation"}, {"wish:department:Care": "lots"}, {"wish:department:Care": "7"}]
)
def test_a_wish_that_cannot_be_is_refused(ada: Account, client_as: SignIn, fields: dict[str, str]) -> None:
    assert client_as(ada).post("/taste/", fields).status_code == 422
    assert not Taste.objects.filter(wishes__has_key="department:Care").exists()


def test_switches_count_at_once_and_every_answer_is_kept(eve: Account, client_as: SignIn) -> None:
    assert eve.person is not None
    window = client_as(eve)
    assert "No answer counts as a no." in window.get("/consent/").content.decode()
    window.post("/consent/", {"profile": "on", "behaviour": "on"})
    assert purposes_granted(eve.person.pk) == {"profile", "behaviour"}
    answer = window.post("/consent/", {"profile": "on"}, headers={"HX-Request": "true"})
    assert "Kept." in answer.content.decode()
    assert purposes_granted(eve.person.pk) == {"profile"}
    assert eve.person.consents.count() == 3
    assert "choose jobs for me" in eve.person.consents.first().text_shown


def test_words_sent_under_adas_address_wait_for_her_yes(
    ada: Account, client: Client, client_as: SignIn
) -> None:
    job = factories.make_job()
    client.post(f"/jobs/{job.pk}/apply/", LINA | {"email": ada.email, "name": "Not Ada"})
    work_off()
    window = client_as(ada)
    page = window.get("/you/").content.decode()
    assert "Was this you?" in page
    claim = re.search(r'name="claim" value="([^"]+)"', page)
    assert claim is not None
    window.post("/you/claim/", {"claim": claim[1], "theirs": "no"})
    assert "Was this you?" not in window.get("/you/").content.decode()
    assert ada.person is not None
    ada.person.refresh_from_db()
    assert ada.person.name == "Ada Lindqvist"
