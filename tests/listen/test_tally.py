"""The tally: as many as were heard, by source and minute, whoever reads again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.listen.actions.places import rewind_consumer
from segue.listen.actions.sources import create_source
from segue.listen.actions.tally import KEPT, forget_tallies
from segue.listen.models import Signal, Source, Tally
from segue.listen.queries.tally import heard_by_minute, heard_by_source
from segue.listen.runner import catch_up
from segue.trust.models import Account
from tests.factories import actor

MACHINE = Actor.machine("test")
pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Source:
    return create_source(name="site", by=MACHINE)[0]


def hear(source: Source | None, ago: timedelta = timedelta()) -> None:
    Signal.objects.create(source=source, kind="event.tracked", received_at=clock.now() - ago)


def count(*, beginning: bool = True) -> None:
    catch_up("listen.tally", beginning=beginning)


def test_each_source_by_hour_and_in_the_last_hour(site: Source) -> None:
    with time_machine.travel("2026-11-22T12:30:30Z", tick=False):
        for minutes in (0, 0, 20, 40, 200):
            hear(site, timedelta(minutes=minutes))
        hear(None)
        count()
        found = heard_by_source(MACHINE, clock.now())
    assert found[site.pk].last_hour == 4
    assert found[site.pk].by_hour[-2:] == [1, 3]
    assert found[site.pk].by_hour[-4] == 1
    assert found[site.pk].last_day == 5
    assert found[None].last_day == 1


def test_by_minute_with_the_quiet_ones(site: Source) -> None:
    hear(site)
    hear(None, timedelta(minutes=2))
    count()
    minutes = heard_by_minute(MACHINE, clock.now())
    assert len(minutes) == 60
    assert sum(events for _, events in minutes) == 2
    assert [at for at, _ in minutes] == sorted(at for at, _ in minutes)


def test_reading_again_from_anywhere_counts_nothing_twice(site: Source) -> None:
    for _ in range(3):
        hear(site)
    count()
    rewind_consumer("listen.tally", position=0, by=MACHINE)
    hear(site)
    count()
    assert sum(Tally.objects.values_list("events", flat=True)) == 4


def test_old_minutes_go_save_each_sources_last(site: Source) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False):
        hear(site)
        hear(None)
        count()
    with time_machine.travel(start + KEPT + timedelta(minutes=1), tick=False):
        hear(None)
        count()
        forget_tallies(by=MACHINE)
        found = heard_by_source(MACHINE, clock.now())
    assert Tally.objects.count() == 2
    assert found[site.pk].last_day == 0
    assert found[site.pk].last_at is not None


def test_a_source_that_is_gone_stops_nobody(site: Source) -> None:
    hear(site)
    hear(None)
    site.keys.all().delete()
    site.delete()
    count()
    assert Tally.objects.get().source is None


def test_analysts_see_figures_and_recruiters_none(theo: Account, rosa: Account) -> None:
    assert heard_by_source(actor(theo), clock.now()) == {}
    with pytest.raises(NotAllowed):
        heard_by_minute(actor(rosa), clock.now())
