"""What a language brings to a résumé; packed with bars, one entry a choice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """The words of one language. `phone`: # stands for a digit; `of`: the word between month and year."""

    code: str
    first: str
    last: str
    titles: str
    employers: str
    cities: str
    country: str
    phone: str
    postcode: str
    experience: str
    education: str
    skills: str
    languages: str
    summary: str
    contact: str
    other: str
    months: str
    short: str
    present: str
    to: str
    since: str
    of: str
    at: str
    labels: str
    degrees: str
    schools: str
    page: str
    sentences: str
    about: str
    skill_list: str
    language_list: str
    hobbies: str

    def all(self, name: str) -> list[str]:
        """Return every choice of one kind."""
        packed: str = getattr(self, name)
        return packed.split("|")
