"""The people are plausible, reachable only at example addresses, and use every alphabet we promise."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from segue.engine.world import World
from segue.engine.world.dice import Dice, stream
from segue.engine.world.names import NAME_TABLES, AddressBook, address_stem, draw_name
from segue.engine.world.places import CITIES, COUNTRY
from segue.engine.world.records import Person

SCRIPTS = {
    "Latin with accents": "[À-ž]",
    "Arabic": "[\u0600-\u06ff]",
    "Cyrillic": "[\u0400-\u04ff]",
    "Greek": "[\u0370-\u03ff]",
    "Devanagari": "[\u0900-\u097f]",
    "Han": "[\u4e00-\u9fff]",
    "Kana": "[\u3040-\u30ff]",
    "Hangul": "[\uac00-\ud7a3]",
    "Hebrew": "[\u0590-\u05ff]",
}
FICTIONAL = re.compile(
    r"\+1 \d{3} 555 01\d\d|\+44 7700 900\d{3}|\+49 30 23125 \d{3}|\+33 6 39 98 \d{4}|\+46 8 465 004 \d\d"
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_alphabet_is_present(world: World, script: str) -> None:
    pattern = re.compile(SCRIPTS[script])
    assert sum(bool(pattern.search(person.name)) for person in world.visible.people) >= 20


def test_addresses_and_ids_are_unique_and_nobody_real_can_be_reached(world: World) -> None:
    seen = world.visible
    addresses = [one.email for one in (*seen.people, *seen.staff)]
    assert len(set(addresses)) == len(addresses)
    assert all(re.fullmatch(r"[a-z0-9.-]+@example\.(com|org|net)", address) for address in addresses)
    for rows in (seen.people, seen.jobs, seen.applications, seen.staff):
        ids = [row.external_id for row in rows]
        assert len(set(ids)) == len(ids)
    assert all(not person.phone or FICTIONAL.fullmatch(person.phone) for person in seen.people)


def test_people_live_in_places_that_exist(world: World) -> None:
    towns = {(city.name, city.country): city for city in CITIES}
    for person in world.visible.people:
        town = towns[person.city, person.country]
        assert abs(person.lat - town.lat) <= 0.11
        assert abs(person.lon - town.lon) <= 0.11
        assert person.time_zone == town.time_zone
        assert person.locale in COUNTRY[person.country].locales
        assert person.country in person.permits
        assert person.pay_currency == COUNTRY[person.country].currency


def test_skills_and_licences_come_from_the_vocabulary(world: World) -> None:
    skills = {term.slug for term in world.visible.skills}
    licences = {term.slug for term in world.visible.licences}
    for person in world.visible.people:
        assert skills.issuperset(person.skills)
        assert licences.issuperset(person.licences)
        assert len(set(person.licences)) == len(person.licences)


def test_careers_follow_the_calendar(world: World) -> None:
    for person in world.visible.people:
        for post in person.positions:
            assert post.ended_on is None or post.started_on <= post.ended_on
        for newer, older in zip(person.positions, person.positions[1:], strict=False):
            assert older.ended_on is not None
            assert older.ended_on <= newer.started_on
        for entry in person.education:
            assert entry.started_year <= entry.ended_year
            assert not person.positions or entry.ended_year <= person.positions[-1].started_on.year


def test_resumes_are_dated_in_order_and_mostly_say_something(world: World) -> None:
    people = world.visible.people
    for person in people:
        dates = [resume.created_at for resume in person.resumes]
        assert dates == sorted(dates)
        assert not dates or dates[0] >= person.created_at
    share = Counter(len(person.resumes) for person in people)
    assert 0 < share[0] < 0.03 * len(people)
    assert 0.08 * len(people) < share[2] < 0.16 * len(people)
    sparse = sum(bool(person.resumes) and len(person.resumes[-1].text) < 300 for person in people)
    assert 0.01 * len(people) < sparse < 0.06 * len(people)
    languages = Counter(resume.language for person in people for resume in person.resumes)
    assert set(languages) == {"en", "de", "fr", "es"}
    assert languages["en"] > 0.7 * sum(languages.values())


def test_consents_are_spread_as_people_spread_them(world: World) -> None:
    people = world.visible.people
    nothing = sum(not person.consents.profile for person in people) / len(people)
    only_profile = sum(person.consents.profile and not person.consents.behaviour for person in people) / len(
        people
    )
    assert nothing == pytest.approx(0.08, abs=0.02)
    assert only_profile == pytest.approx(0.15, abs=0.02)
    assert not [one for one in people if one.consents.behaviour and not one.consents.profile]


def _ada(world: World) -> Person:
    return next(person for person in world.visible.people if person.email == "ada@example.com")


def test_ada_allows_everything_and_is_being_interviewed(world: World) -> None:
    ada = _ada(world)
    assert (ada.name, ada.city) == ("Ada Okafor", "London")
    assert ada.consents.profile
    assert ada.consents.behaviour
    assert ada.consents.contact
    assert len(ada.positions) >= 3
    assert len(ada.resumes) == 2
    assert "Kestrelby Health" in ada.resumes[-1].text
    mine = [row for row in world.visible.applications if row.person == ada.external_id]
    assert [row.stages[-1].stage for row in mine if row.status == "active"] == ["interview"]


def test_the_standing_cast_works_here(world: World) -> None:
    roles = {one.name: (one.role, one.email) for one in world.visible.staff}
    assert roles["Rosa Recruiter"] == ("recruiter", "rosa@example.com")
    assert roles["Max Manager"] == ("hiring_manager", "max@example.com")
    assert roles["Ines Interviewer"] == ("interviewer", "ines@example.com")
    assert roles["Theo Analyst"] == ("analyst", "theo@example.com")
    assert {one.role for one in world.visible.staff} >= {"auditor", "admin"}


def test_somebody_has_a_very_long_name(world: World) -> None:
    assert max(len(person.name) for person in world.visible.people) > 200


@pytest.mark.parametrize("culture", NAME_TABLES)
def test_every_name_makes_an_address(culture: str) -> None:
    dice, book = Dice(stream(5, culture)), AddressBook()
    drawn = [book.draw(dice, draw_name(dice, culture).latin) for _ in range(60)]
    assert len(set(drawn)) == 60
    assert all(address_stem(address.partition("@")[0]) == address.partition("@")[0] for address in drawn)
