"""Turns drafted people into records: names, addresses, careers, résumés, consents and when we met them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from segue.engine.world import cast
from segue.engine.world import prose_tables as tables
from segue.engine.world.choice import REMOTE_PREFERENCES, TRAITS, Ints
from segue.engine.world.dice import Dice, stream
from segue.engine.world.jobs import round_pay
from segue.engine.world.names import AddressBook, PersonName, draw_name, draw_phone
from segue.engine.world.occupations import Occupation
from segue.engine.world.occupations_office import OCCUPATIONS, SKILL_LABELS
from segue.engine.world.people import PeopleDraft
from segue.engine.world.places import CITIES, COUNTRIES, COUNTRY, USD_RATES, City, permits_of
from segue.engine.world.prose import (
    Life,
    draw_education,
    draw_positions,
    headline_of,
    write_resume,
    write_summary,
)
from segue.engine.world.records import SOURCES, Consents, Education, Person, Position, Resume

RESUME_LANGUAGES = {"DE": "de", "FR": "fr", "ES": "es"}
LOCAL_LANGUAGE_SHARE, TWO_RESUMES_SHARE, SPARSE_SHARE, NO_RESUME_SHARE = 0.45, 0.12, 0.03, 0.01
FLOOR_STATED_SHARE, LICENCE_HELD_SHARE, EXTRA_PERMIT_SHARE = 0.55, 0.93, 0.06
KNOWN_FOR_DAYS = 540
_SKILLS = tuple(SKILL_LABELS)
_FULL_CONSENT = Consents(profile=True, behaviour=True, contact=True)


def write_people(
    seed: int, draft: PeopleDraft, first_contact: Ints, today: date, taken: tuple[str, ...]
) -> tuple[Person, ...]:
    """Records for every drafted person.

    `first_contact` is the epoch second of their first application, -1 for none; `taken` are addresses in use.
    """
    dice, book = Dice(stream(seed, "profiles")), AddressBook((*taken, cast.ADA_EMAIL))
    return tuple(
        _write_person(dice, book, draft, index, int(first), today)
        for index, first in enumerate(first_contact)
    )


def draw_consents(dice: Dice) -> Consents:
    """About 8 % allow nothing, 15 % matching only, the rest also learning; contact is asked apart."""
    draw = dice.unit()
    contact = dice.unit() < (0.1 if draw < 0.08 else 0.74)
    return Consents(profile=draw >= 0.08, behaviour=draw >= 0.23, contact=contact)


def _write_person(
    dice: Dice, book: AddressBook, draft: PeopleDraft, index: int, first: int, today: date
) -> Person:
    rows, city, country = draft.columns, CITIES[draft.city[index]], COUNTRY[CITIES[draft.city[index]].country]
    name = _name(dice, index, country.cultures)
    email = cast.ADA_EMAIL if index == cast.ADA else book.draw(dice, name.latin)
    phone, source = book.once(draw_phone(dice, city.country)), SOURCES[draft.source[index]]
    life, met = _life(dice, draft, index, city), _met_at(dice, first, source, today)
    header = _header(name, life, email, phone)
    positions, education, resumes = _papers(dice, index, life, header, _written_at(dice, index, met, today))
    return Person(
        external_id=f"person-{index + 1:06d}",
        name=name.full,
        given_name=name.given,
        family_name=name.family,
        email=email,
        phone=phone,
        locale=dice.pick(country.locales),
        time_zone=city.time_zone,
        city=city.name,
        country=city.country,
        lat=float(rows.lat[index]),
        lon=float(rows.lon[index]),
        headline=cast.ADA_HEADLINE if index == cast.ADA else headline_of(life),
        occupation=life.occupation.slug,
        seniority=life.seniority,
        resumes=resumes,
        positions=positions,
        education=education,
        skills=_listed_skills(draft, index) if education else (),
        licences=life.licences,
        permits=_permits(dice, city.country),
        pay_floor=_pay_floor(dice, float(rows.reservation_usd[index]), country.currency, index),
        pay_currency=country.currency,
        remote_preference=REMOTE_PREFERENCES[rows.remote_preference[index]],
        willing_km=int(rows.willing_km[index]),
        consents=_FULL_CONSENT if index == cast.ADA else draw_consents(dice),
        source=source,
        created_at=met,
    )


def _name(dice: Dice, index: int, cultures: tuple[tuple[str, float], ...]) -> PersonName:
    if index == cast.ADA:
        return cast.ADA_NAME
    return cast.LONG_NAME if index == cast.LONG_NAMED else draw_name(dice, dice.weighted(cultures))


def _listed_skills(draft: PeopleDraft, index: int) -> tuple[str, ...]:
    if index == cast.ADA:
        return cast.ADA_SKILLS
    return tuple(_SKILLS[code] for code in draft.listed_skills[index].nonzero()[0].tolist())


def _life(dice: Dice, draft: PeopleDraft, index: int, city: City) -> Life:
    occupation, seniority = OCCUPATIONS[draft.columns.occupation[index]], int(draft.columns.seniority[index])
    language = RESUME_LANGUAGES.get(city.country, "en")
    if index == cast.ADA or dice.unit() > LOCAL_LANGUAGE_SHARE:
        language = "en"
    wishes = draft.columns.weights[index, -len(TRAITS) :]
    speaks_of_it = dice.unit() < 0.5 and wishes.max() > 0.8
    return Life(
        occupation=occupation,
        seniority=seniority,
        years=cast.ADA_YEARS if index == cast.ADA else int(draft.years[index]),
        city=city.name,
        language=language,
        skills=tuple(SKILL_LABELS[slug] for slug in _listed_skills(draft, index)),
        licences=_licences(dice, occupation, seniority),
        wish=TRAITS[int(wishes.argmax())] if speaks_of_it else "",
    )


def _licences(dice: Dice, occupation: Occupation, seniority: int) -> tuple[str, ...]:
    held = [slug for slug in occupation.licences if dice.unit() < LICENCE_HELD_SHARE]
    if "driving-c1" in held and seniority > 0 and dice.unit() < 0.6:
        held.append("driving-ce")
    if "driving-b" not in held and dice.unit() < 0.5:
        held.append("driving-b")
    return tuple(held)


def _permits(dice: Dice, country: str) -> tuple[str, ...]:
    own = permits_of(country)
    other = dice.pick(COUNTRIES).code if dice.unit() < EXTRA_PERMIT_SHARE else country
    return own if other in own else (*own, other)


def _pay_floor(dice: Dice, reservation_usd: float, currency: str, index: int) -> float | None:
    """What people say they need: near what they would take, often a little above, sometimes not told."""
    said = reservation_usd * (0.95 + 0.17 * dice.unit()) * USD_RATES[currency]
    if index == cast.ADA:  # she asks for what lets her eat and travel, not for all she could get
        return round_pay(0.6 * said)
    return round_pay(said) if dice.unit() < FLOOR_STATED_SHARE else None


def _met_at(dice: Dice, first: int, source: str, today: date) -> datetime:
    """Applicants register as they apply; sourced people are known for some weeks before they do."""
    if first < 0:
        midnight = datetime(today.year, today.month, today.day, tzinfo=UTC)
        return midnight - timedelta(seconds=int((0.02 + dice.unit()) * KNOWN_FOR_DAYS * 86_400))
    lead_s = dice.between(60, 1200) if source in ("applicant", "referral") else dice.between(1, 40) * 86_400
    return datetime.fromtimestamp(first - lead_s, tz=UTC)


def _written_at(dice: Dice, index: int, met: datetime, today: date) -> tuple[datetime, ...]:
    """When the versions of a résumé were written: as we met, and for some once more since."""
    if index != cast.ADA and dice.unit() > TWO_RESUMES_SHARE:
        return (met,)
    known_s = (datetime(today.year, today.month, today.day, tzinfo=UTC) - met).total_seconds()
    return met, met + timedelta(seconds=int(known_s * (0.2 + 0.7 * dice.unit())))


def _header(name: PersonName, life: Life, email: str, phone: str) -> str:
    contact = " | ".join(part for part in (life.city, email, phone) if part)
    return "\n".join((name.full, headline_of(life), contact))


Papers = tuple[tuple[Position, ...], tuple[Education, ...], tuple[Resume, ...]]


def _papers(dice: Dice, index: int, life: Life, header: str, written: tuple[datetime, ...]) -> Papers:
    """Work history, education and résumés; people who sent next to nothing have no history on file either."""
    positions, education = _career(dice, life, index, written[-1].date())
    resumes = _resumes(dice, index, life, header, (positions, education), written)
    is_sparse = not resumes or resumes[-1].text.endswith(tables.SPARSE)
    return ((), (), resumes) if is_sparse else (positions, education, resumes)


def _career(
    dice: Dice, life: Life, index: int, as_of: date
) -> tuple[tuple[Position, ...], tuple[Education, ...]]:
    if index == cast.ADA:
        return cast.ADA_POSITIONS, cast.ADA_EDUCATION
    positions = draw_positions(dice, life, as_of)
    first_year = positions[-1].started_on.year if positions else as_of.year
    return positions, draw_education(dice, life, first_year)


def _resumes(
    dice: Dice,
    index: int,
    life: Life,
    header: str,
    career: tuple[tuple[Position, ...], tuple[Education, ...]],
    written: tuple[datetime, ...],
) -> tuple[Resume, ...]:
    """Versions from old to new; an older version knows fewer skills and no later post."""
    positions, education = career
    draw = 1.0 if index == cast.ADA else dice.unit()
    if draw < NO_RESUME_SHARE:
        return ()
    if draw < NO_RESUME_SHARE + SPARSE_SHARE:
        name = header.partition("\n")[0]
        return (Resume("en", written[0], f"{name}\n{dice.pick(tables.SPARSE)}"),)
    summary = cast.ADA_SUMMARY if index == cast.ADA else write_summary(dice, life, positions)
    newest = Resume(life.language, written[-1], write_resume(life, header, summary, positions, education))
    if len(written) == 1:
        return (newest,)
    then = _positions_on(positions, written[0].date())
    earlier = replace(life, skills=life.skills[:-2] or life.skills)
    older = write_resume(earlier, header, summary, then, education)
    return Resume(life.language, written[0], older), newest


def _positions_on(positions: tuple[Position, ...], day: date) -> tuple[Position, ...]:
    """The work history as it read on a day in the past."""
    known = (post for post in positions if post.started_on <= day)
    return tuple(
        replace(post, ended_on=None) if post.ended_on and post.ended_on > day else post for post in known
    )
