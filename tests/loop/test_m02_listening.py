"""M2, listening: what is heard is counted, is someone's only by consent, and can be unsaid."""

from __future__ import annotations

import pytest

from segue.kit import clock
from segue.kit.errors import Invalid
from segue.learn.queries.events import events_of
from segue.listen.actions.record import record
from segue.listen.jobs import detach_withdrawn
from segue.listen.models import Signal, Source, SourceKind, Tier
from segue.listen.page_token import user_token
from segue.listen.queries.keys import KnownKey
from segue.recommend.actions.mixes import Seen, mark_seen, open_home
from segue.recommend.actions.stances import open_job, take_stance, undo_stance
from segue.recommend.models import Exposure
from segue.trust.actions.consent import set_consent
from segue.trust.models import Account
from segue.web.collect.events import Envelope, read_event
from tests.factories import actor, make_person
from tests.listen.identity_stage import answer, hear
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


def test_a_visitor_turns_out_to_be_ada_and_takes_it_back() -> None:
    """A visitor of a career site applies, says yes, is known from then on, and says no again."""
    site = Source.objects.create(name="careers.example").pk
    hear(site, "her-browser", 1)  # she looks around, and has said yes to the site, not to us
    ada = make_person(email="ada@people.example")
    answer(ada, granted=True, second=2)
    hear(site, "her-browser", 3)
    hear(site, "her-browser", 4, person="ada@people.example", call="identify")
    hear(site, "her-browser", 5)
    whose = [row.person_id for row in Signal.objects.order_by("id")]
    assert whose == [None, ada.pk, ada.pk, ada.pk], "hers since her yes, and nothing before it"

    answer(ada, granted=False, second=6)
    hear(site, "her-browser", 7, person="ada@people.example")
    detach_withdrawn(str(ada.pk))
    assert Signal.objects.count() == 5
    assert not Signal.objects.exclude(person=None, anonymous_id="").exists(), "a count, and nobody's"


def test_a_user_id_anybody_could_type_names_nobody() -> None:
    """A page elsewhere says who its visitor is only with a word from servers that know."""
    said = {"type": "track", "event": "Looked", "userId": "ada@people.example", "anonymousId": "v"}
    key = KnownKey(None, 1, "careers", SourceKind.BROWSER, frozenset(), "carried", 100, False)
    envelope = Envelope(key, clock.now())
    assert read_event(said, "", envelope).person_ref == ""
    vouched = {**said, "context": {"userToken": user_token(1, "ada@people.example")}}
    assert read_event(vouched, "", envelope).person_ref == "ada@people.example"
    assert (read_event(said, "", envelope).tier, read_event(vouched, "", envelope).tier) == (Tier.C, Tier.B)
