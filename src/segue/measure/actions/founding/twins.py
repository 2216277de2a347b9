"""Some of the invented people applied twice, under another address, so that there is somebody to recognise.

A few of the second records the rules are sure of; the others are a question for whoever works at the desk.
One is the sister who shares a phone, and nobody asks about her.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from segue.catalog.models import Fact, FactSource, Person
from segue.engine.same_person.names import split_name
from segue.kit.copying import copy_rows

EVERY = 40  # of so many people, one is here twice
Twist = Callable[[Person], dict[str, str | None]]


def settle_twins(people: Sequence[Person]) -> list[Person]:
    """Add second records for some of the people, as a job board would send them; return these."""
    chosen = [p for p in people[7::EVERY] if p.phone and p.email and p.name.isascii() and " " in p.name]
    latest = max((p.created_at for p in people), default=None)  # nobody comes after the company's own day
    rows = [_twin(person, place, latest or person.created_at) for place, person in enumerate(chosen)]
    copy_rows(Person, rows)
    copy_rows(Fact, [fact for row in rows for fact in _facts(row)])
    return rows


def _twin(person: Person, place: int, latest: datetime) -> Person:
    came = min(person.created_at + timedelta(days=9), latest)
    made = _TWISTS[place % len(_TWISTS)](person)
    return Person(
        external_source="jobboard",
        external_id=f"jb-{place + 1}",
        email=made.get("email"),
        name=made.get("name") or person.name,
        phone=made.get("phone") or "",
        headline=person.headline,
        city=person.city,
        country=person.country,
        lat=person.lat,
        lon=person.lon,
        locale=person.locale,
        time_zone=person.time_zone,
        source="jobboard",
        created_at=came,
        updated_at=came,
    )


def _facts(row: Person) -> Iterator[Fact]:
    said = {
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "city": row.city,
        "country": row.country,
    }
    for kind, value in said.items():
        if value:
            yield Fact(
                person=row,
                kind=kind,
                value=value,
                normalised=str(value).lower(),
                source=FactSource.ATS,
                method="import:jobboard",
                purposes=["recruiting"],
                stated_at=row.created_at,
                stated_by="jobboard",
            )


def _same_number(person: Person) -> dict[str, str | None]:
    return {"email": f"relay-{_tag(person)}@jobboard.example", "phone": person.phone.replace(" ", "")}


def _slip(person: Person) -> dict[str, str | None]:
    given, family = split_name(person.name)
    tagged = (person.email or "").replace("@", "+job@")
    return {"name": f"{given} {family[:-2]}{family[-1]}", "email": tagged}


def _other_order(person: Person) -> dict[str, str | None]:
    given, family = split_name(person.name)
    return {"name": f"{family} {given}", "phone": person.phone}


def _new_everything(person: Person) -> dict[str, str | None]:
    """The name and the town alone: a namesake, or the same person with a new address and number."""
    return {"email": f"{_tag(person)}@example.org"}


def _new_mail_and_initial(person: Person) -> dict[str, str | None]:
    given, family = split_name(person.name)
    mail = f"{given[0]}.{family}.{_tag(person)}@example.org".lower().replace(" ", "")
    return {"name": f"{given[0]}. {family}", "email": mail}


def _sister(person: Person) -> dict[str, str | None]:
    family = split_name(person.name)[1]
    return {"name": f"Quenby {family}", "email": f"quenby.{_tag(person)}@example.org", "phone": person.phone}


_TWISTS: tuple[Twist, ...] = (
    _same_number, _new_everything, _slip, _new_mail_and_initial, _other_order, _new_everything, _sister,
)  # fmt: skip


def _tag(person: Person) -> str:
    return person.external_id.lower().replace("-", "")[-6:]
