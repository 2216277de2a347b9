"""A crowd of trades, to be grouped: people who know most of their own trade's skills, and a little else."""

from __future__ import annotations

import random

from segue.catalog.models import Person
from segue.trust.models import Consent, Purpose
from tests.factories.rows import make_job, make_skill

TRADES = {
    "Nurse": ("triage", "wound-care", "intensive-care", "medication", "charting"),
    "Welder": ("mig-welding", "tig-welding", "blueprints", "grinding", "metal-cutting"),
    "Baker": ("dough", "pastry", "ovens", "food-hygiene", "decorating"),
    "Developer": ("python", "sql", "git", "testing", "linux"),
}


def make_crowd(
    each: int = 60, *, seed: int = 1, jobs: bool = True, purposes: tuple[str, ...] = ()
) -> list[Person]:
    """Make so many people of each trade, who allow everything (or these purposes), and a job a trade."""
    dice = random.Random(seed)
    people = []
    for number in range(each * len(TRADES)):
        trade = list(TRADES)[number % len(TRADES)]
        skills = [one for one in TRADES[trade] if dice.random() < 0.85] or [TRADES[trade][0]]
        if dice.random() < 0.2:
            skills = sorted({*skills, dice.choice(dice.choice(list(TRADES.values())))})
        name = f"{trade} {seed}-{number}"
        people.append(
            Person(
                name=name,
                email=f"crowd{seed}-{number}@people.example",
                headline=trade,
                city="Berlin",
                skills=skills,
            )
        )
    Person.objects.bulk_create(people)
    Consent.objects.bulk_create(
        Consent(person=person, purpose=purpose, granted=True, text_shown="", by=person.name)
        for person in people
        for purpose in purposes or Purpose.values
    )
    for trade, known in TRADES.items() if jobs else ():
        for slug in known:
            make_skill(slug)
        make_job(title=trade, occupation=trade.lower(), required_skills=list(known))
    return people
