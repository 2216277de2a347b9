"""M21: the same person comes three times, and is one; a mistake is put right with one click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from segue.catalog.models import Merge, Person
from segue.hire.models import Application
from segue.kit.queue import enqueue, work_off
from segue.listen.models import Signal
from segue.trust.models import Account
from tests.catalog.files import bring_people, written
from tests.factories import make_application, make_job

pytestmark = pytest.mark.django_db

ATS = """id,name,email,phone,city,employer
a1,Róża Chromy,roza.chromy@mail.example,+48 22 301 55 61,Nowy Targ,Fundacja Iwan
a2,Karin Bodin,karin@mail.example,+33 6 39 98 10 10,Lyon,Guillet
"""
BOARD = """id,name,email,phone,city,employer
b1,Roza Chromy,relay-77aa@jobboard.example,022 301 55 61,Nowy Targ,
b2,Artur Bodin,artur@mail.example,+33 6 39 98 10 10,Lyon,
b3,Karin Bodin,k.bodin@work.example,,Lyon,Legendre
"""


@pytest.fixture
def imported(tmp_path: Path) -> None:
    bring_people(written(tmp_path, ATS, "ats.csv"), source="ats")
    bring_people(written(tmp_path, BOARD, "board.csv"), source="board")


def test_rosa_meets_everybody_once(
    imported: None, rosa: Account, client_as: Callable[[Account], Client]
) -> None:
    second = Person.objects.get(external_id="b1")
    application = make_application(second, make_job())
    enqueue("learn.find_same_people")
    work_off()

    # Two alphabets, a relay and a number written two ways are one person; a household is not.
    merge = Merge.objects.get()
    assert (merge.survivor.external_id, merge.merged.external_id, merge.rule) == ("a1", "b1", "phone")
    assert Application.objects.get(pk=application.pk).person == merge.survivor
    assert Signal.objects.get(kind="person.merged").person == merge.survivor

    # Karin with another address and employer is a question, and only that.
    desk = client_as(rosa)
    page = desk.get(reverse("desk:same_people"))
    (line,) = page.context["pairs"]
    assert {line.pair.first.external_id, line.pair.second.external_id} == {"a2", "b3"}

    # The next file changes nothing, and an undone merge is not done again.
    desk.post(reverse("desk:merge_undo", args=[merge.pk]))
    assert Application.objects.get(pk=application.pk).person == second
    enqueue("learn.find_same_people")
    work_off()
    assert not Merge.objects.filter(undone_at=None).exists()
