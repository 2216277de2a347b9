"""M4: a crowd sorts itself, Rosa gives a group its name, and the name stays with its people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from segue.kit.queue import enqueue, work_off
from segue.learn.models import Segment, SegmentKind, SegmentMember, SegmentState
from segue.listen.models import Signal
from segue.trust.models import Account
from tests import factories
from tests.factories.crowd import TRADES, make_crowd

pytestmark = pytest.mark.django_db


def a_night() -> None:
    enqueue("learn.refit_communities")
    work_off()


def test_rosas_name_stays_with_whom_she_gave_it(client_as: Callable[[Account], Client]) -> None:
    make_crowd()
    a_night()
    desk = client_as(factories.rosa())
    shelf = desk.get(reverse("desk:communities")).content.decode()
    assert all(trade in shelf for trade in TRADES)

    nurses = Segment.objects.get(kind=SegmentKind.COMMUNITY, name__startswith="Nurse")
    desk.post(reverse("desk:community_name", args=[nurses.pk]), {"name": "People who stay calm"})
    were = set(SegmentMember.objects.filter(segment=nurses, left_at=None).values_list("person_id", flat=True))

    newcomers = make_crowd(3, seed=2, jobs=False)
    a_night()
    calm = Segment.objects.get(name="People who stay calm", state=SegmentState.ACTIVE)
    are = set(SegmentMember.objects.filter(segment=calm, left_at=None).values_list("person_id", flat=True))
    assert calm.pk == nurses.pk
    assert len(were & are) / len(were | are) > 0.9
    entered = Signal.objects.filter(kind="segment.entered", props__segment_id=str(calm.pk))
    came = {one.pk for one in newcomers} & are
    assert came
    assert came <= set(entered.values_list("person_id", flat=True))

    card = desk.get(reverse("desk:persona", args=[calm.pk])).content.decode()
    assert "People who stay calm" in card
    assert "Triage" in card
    assert "stated themselves" in card
