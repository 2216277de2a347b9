"""M2, listening: what is heard is counted, is someone's only by consent, and can be unsaid."""

from __future__ import annotations

import pytest

from segue.kit import clock
from segue.kit.errors import Invalid
from segue.learn.queries.events import events_of
from segue.listen.actions.record import record
from segue.listen.models import Signal, Tier
from segue.recommend.actions.mixes import Seen, mark_seen, open_home
from segue.recommend.actions.stances import open_job, take_stance, undo_stance
from segue.recommend.models import Exposure
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account
from tests.factories import actor
from tests.recommend.stage import cards_of, market

pytestmark = pytest.mark.django_db


def test_a_visit_is_heard_from_card_to_application(ada: Account) -> None:
    market(16)
    person_id, me = ada.person_id, actor(ada)
    assert person_id is not None
    card = cards_of(open_home(person_id, by=me))[0]

    # Dealt is not seen: a card counts as an impression only once it was on the screen.
    assert not Exposure.objects.get(pk=card.exposure_id).visible
    mark_seen([Seen(person_id, card.exposure_id, clock.now())], by=me)
    assert Exposure.objects.get(pk=card.exposure_id).visible

    open_job(person_id, job_id=card.job.pk, exposure_id=card.exposure_id, by=me)
    for beat in (1, 2, 3):  # told in stretches, and still one reading
        record("job.dwelled", by=me, person_id=person_id, job_id=card.job.pk, dwell_s=15.0, beat=beat)
    take_stance(person_id, job_id=card.job.pk, stance="saved", by=me)
    kinds = ["card.clicked", "job.dwelled", "card.saved"]
    assert [event.kind for event in events_of(person_id)] == kinds
    assert [event.weight for event in events_of(person_id)] == [1.0, 0.5, 3.0]

    # Unsaid is a signal of its own; the ledger only grows, and the taste reads what stands.
    undo_stance(person_id, job_id=card.job.pk, by=me)
    assert [event.kind for event in events_of(person_id)] == kinds[:2]
    assert Signal.objects.filter(kind="card.saved").exists()


def test_without_a_yes_it_is_counted_and_nobodys(ada: Account) -> None:
    (job, *_) = market(8)
    assert ada.person is not None
    me = actor(ada)
    set_consent(ada.person, purpose="behaviour", granted=False, by=me)
    open_job(ada.person.pk, job_id=job.pk, by=me)
    heard = Signal.objects.get(kind="card.clicked")
    assert (heard.person_id, heard.anonymous_id, heard.job_id) == (None, "", job.pk)
    # An application runs what she asked for, and stays hers whatever that switch says.
    record("application.submitted", by=me, person_id=ada.person.pk, job_id=job.pk)
    assert Signal.objects.get(kind="application.submitted").person_id == ada.person.pk


def test_robots_and_mail_scanners_move_nobody(ada: Account) -> None:
    (job, *_) = market(8)
    for tier in (Tier.C, Tier.D):
        Signal.objects.create(kind="card.clicked", person=ada.person, job=job, tier=tier)
    assert ada.person_id is not None
    assert events_of(ada.person_id) == []


def test_an_unknown_kind_is_not_swallowed(ada: Account) -> None:
    with pytest.raises(Invalid):
        record("card.stared_at", by=actor(ada), person_id=ada.person_id)
    assert not Signal.objects.exists()
