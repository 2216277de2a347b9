"""Ada hands in a résumé, sees what was read and where it says so, and puts right what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from segue.catalog.models import Fact, FactSource, Resume
from segue.trust.models import Account
from tests.ports.resumes import hostile

pytestmark = [pytest.mark.django_db, pytest.mark.peer]
SignIn = Callable[[Account], Client]

TEXT = """Ada Berg
ada@people.example | +49 30 1234567 | 10115 Berlin, Germany

Berufserfahrung

03/2019 – heute\tPflegefachkraft
Klinikum Nord, Berlin
- Einarbeitung neuer Kolleginnen, Dienstplan in Excel

05/2016 – 02/2019\tKöchin
Hotel Adler, Köln

Ausbildung

09/2010 – 06/2013\tAbitur
Gymnasium am Wall
"""


def _hand_in(window: Client, content: bytes, name: str) -> str:
    file = SimpleUploadedFile(name, content)
    return window.post("/you/resume/upload/", {"resume_file": file}, follow=True).content.decode()


def test_ada_hands_in_a_resume_and_sees_what_was_read(ada: Account, client_as: SignIn) -> None:
    page = _hand_in(client_as(ada), TEXT.encode(), "ada.txt")
    assert "Pflegefachkraft, Klinikum Nord, 2019-03 – today" in page
    assert "Köchin, Hotel Adler, 2016-05 – 2019-02" in page
    assert '<q dir="auto">03/2019 – heute Pflegefachkraft Klinikum Nord' in page
    position = Fact.objects.filter(person=ada.person, kind="position").first()
    assert position is not None
    assert (position.source, position.purposes) == (FactSource.PARSED, ["recruiting"])
    assert position.resume is not None
    assert position.resume.text[position.span_start : position.span_end].startswith("03/2019")


def test_the_same_file_again_is_the_version_already_there(ada: Account, client_as: SignIn) -> None:
    window = client_as(ada)
    _hand_in(window, TEXT.encode(), "ada.txt")
    before = list(Fact.objects.values())
    assert "We have this one already" in _hand_in(window, TEXT.encode(), "ada.txt")
    assert (Resume.objects.filter(person=ada.person).count(), list(Fact.objects.values())) == (1, before)


def test_ada_confirms_corrects_and_takes_out(ada: Account, client_as: SignIn) -> None:
    window = client_as(ada)
    _hand_in(window, TEXT.encode(), "ada.txt")
    nurse, cook = Fact.objects.filter(person=ada.person, kind="position").order_by("span_start")
    window.post(f"/you/resume/{nurse.pk}/", {"do": "confirm"})
    right = {"title": "Küchenchefin", "employer": "Hotel Adler", "start": "2016-05", "end": "2019-02"}
    answer = window.post(
        f"/you/resume/{cook.pk}/", {"do": "correct", **right}, headers={"HX-Request": "true"}
    )
    assert "Küchenchefin" in answer.content.decode()
    abitur = Fact.objects.get(person=ada.person, kind="education")
    window.post(f"/you/resume/{abitur.pk}/", {"do": "retract"})
    page = window.get("/you/resume/").content.decode()
    assert page.count("You confirmed it") == 2
    assert "Köchin" not in re.sub(r"<q.*?</q>", "", page)
    assert "Abitur" not in re.sub(r"<q.*?</q>", "", page)
    stands = Fact.objects.filter(person=ada.person, kind="position", superseded_at=None, source="confirmed")
    assert {fact.value["title"] for fact in stands} == {"Pflegefachkraft", "Küchenchefin"}


def test_a_correction_that_ends_before_it_begins_is_asked_again(ada: Account, client_as: SignIn) -> None:
    window = client_as(ada)
    _hand_in(window, TEXT.encode(), "ada.txt")
    cook = Fact.objects.filter(person=ada.person, kind="position").order_by("span_start")[1]
    wrong = {"do": "correct", "title": "Köchin", "employer": "Adler", "start": "2019-05", "end": "2016"}
    answer = window.post(f"/you/resume/{cook.pk}/", wrong, headers={"HX-Request": "true"})
    assert "This ends before it begins." in answer.content.decode()
    assert "This ends before it begins." in window.post(f"/you/resume/{cook.pk}/", wrong).content.decode()


def test_a_resume_that_ends_before_it_begins_is_asked_about(ada: Account, client_as: SignIn) -> None:
    page = _hand_in(client_as(ada), TEXT.replace("05/2016", "05/2021").encode(), "ada.txt")
    assert "This ends before it begins. When was it?" in page
    assert Fact.objects.filter(person=ada.person, kind="position").count() == 1, (
        "the other one is asked about"
    )


def test_a_file_that_cannot_be_read_says_why_on_the_page(ada: Account, client_as: SignIn) -> None:
    window = client_as(ada)
    for content, name, words in (
        (hostile.pdf(password="x"), "cv.pdf", "locked with a password"),
        (b"", "cv.pdf", "empty"),
        (b"MZ" + bytes(90), "cv.exe", "a kind we do not read"),
    ):
        assert words in _hand_in(window, content, name)
    assert "There is no file yet." in window.post("/you/resume/upload/").content.decode()
    assert not Resume.objects.exists()


def test_nobody_settles_a_strangers_line(ada: Account, eve: Account, client_as: SignIn) -> None:
    _hand_in(client_as(ada), TEXT.encode(), "ada.txt")
    fact = Fact.objects.filter(person=ada.person, kind="position").first()
    assert fact is not None
    assert client_as(eve).post(f"/you/resume/{fact.pk}/", {"do": "confirm"}).status_code == 404


def test_a_resume_does_not_change_the_address_one_signs_in_with(ada: Account, client_as: SignIn) -> None:
    _hand_in(client_as(ada), TEXT.replace("ada@people", "someone.else@people").encode(), "ada.txt")
    assert ada.person is not None
    ada.person.refresh_from_db()
    assert ada.person.email == "ada@people.example"
