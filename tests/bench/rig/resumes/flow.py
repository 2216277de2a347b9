"""A résumé as flows of pieces, in one of five layouts, styled by a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from tests.bench.rig.resumes.invent import Held, Life

LAYOUTS = ("plain", "sidebar_left", "sidebar_right", "table", "compact")


@dataclass(frozen=True)
class Piece:
    """Something to set: a heading, a paragraph, a bullet, or a row with a left and a right end.

    `cells` of a `row` in a table: a date cell and what stands beside it.
    """

    kind: str  # heading | text | bullet | ends | row | name
    text: str = ""
    right: str = ""
    bold: bool = False
    beside: tuple[Piece, ...] = ()
    space: bool = False  # room above


@dataclass
class Sheet:
    """What goes on the page: a top across it, then one column, or two."""

    layout: str
    top: list[Piece]
    columns: list[list[Piece]]
    header: str = ""
    footer: str = ""
    style: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Truth:
    """What a reader should find."""

    fields: dict[str, str]
    positions: tuple[dict[str, str], ...]
    studies: tuple[dict[str, str], ...]


class Writer:
    """One document's habits: how it writes dates, heads its entries, sets bullets."""

    def __init__(self, life: Life, layout: str, rng: random.Random) -> None:
        self.layout, self.rng, self.tongue = layout, rng, life.tongue
        self.date_style = rng.choice(("short", "long", "slash", "dot", "iso", "slash", "short", "year"))
        self.joiner = rng.choice((" – ", " - ", " — ", "word", "–"))
        self.since = rng.random() < 0.3
        self.bullet = rng.choice(("•", "•", "-", "–", "*", "·"))
        self.upper = rng.random() < 0.4
        self.colon = rng.random() < 0.15
        self.labels = rng.random() < 0.5
        narrow = layout.startswith("sidebar")
        heads = {"compact": (2, 4, 6), "plain": (0, 1, 2, 3, 4, 5, 7)}.get(
            layout, (3, 5, 7) if narrow else (0,)
        )
        self.head = rng.choice(heads)
        self.separator = rng.choice((", ", " – ", " | ", " · "))
        self.with_city = rng.random() < 0.6
        self.city_apart = rng.random() < 0.25  # "Employer … City" on one row
        self.is_tight = rng.random() < 0.2  # no room between entries
        self.is_prose = rng.random() < 0.15  # what was done as plain sentences, without bullets
        self.is_spaced_out = rng.random() < 0.05  # S K I L L S
        self.shouts_dates = rng.random() < 0.1
        self.promoted = rng.random() < 0.1  # two titles at one employer, who is named once
        self.own_heading = rng.random() < 0.03  # a heading nobody else uses
        self.has_links = rng.random() < 0.3
        self.life = _promoted(life) if self.promoted else life

    def sheet(self) -> tuple[Sheet, Truth]:
        """Write the document and its truth."""
        sheet = Sheet(self.layout, [], [])
        title = (
            [Piece("text", self.rng.choice(("Curriculum Vitae", "CV")))] if self.rng.random() < 0.15 else []
        )
        name = Piece("name", self.life.name, bold=True)
        side, main = self._side(), self._main()
        if self.layout.startswith("sidebar"):
            contact = [self._heading("contact"), *self._contact_lines()]
            spread = self.rng.random() < 0.5
            (sheet.top if spread else main).insert(0, name)
            columns = [[*contact, *side], main]
            sheet.columns = columns if self.layout == "sidebar_left" else columns[::-1]
        else:
            sheet.top = [*title, name, *self._contact_row()]
            sheet.columns = [[*main, *side]]
        if self.layout == "compact":
            sheet.header = self.life.name if self.rng.random() < 0.5 else ""
            sheet.footer = self.tongue.page
        return sheet, self._truth()

    def dates(self, held: Held) -> str:
        """Write a stretch of time as this document does."""
        start = self._date(held.start)
        if held.end is None:
            if self.since:
                return f"{self.rng.choice(self.tongue.all('since'))} {start}"
            end = self.tongue.all("present")[0]
        else:
            end = self._date(held.end)
        joiner = f" {self.tongue.all('to')[0]} " if self.joiner == "word" else self.joiner
        return f"{start}{joiner}{end}".upper() if self.shouts_dates else f"{start}{joiner}{end}"

    def _date(self, when: tuple[int, int]) -> str:
        year, month = when
        if self.date_style in {"short", "long"}:
            names = (self.tongue.short if self.date_style == "short" else self.tongue.months).split()
            of = f" {self.tongue.of} " if self.tongue.of and self.date_style == "long" else " "
            return f"{names[month - 1]}{of}{year}"
        forms = {"slash": f"{month:02d}/{year}", "dot": f"{month:02d}.{year}", "iso": f"{year}-{month:02d}"}
        return forms.get(self.date_style, str(year))

    def _truth(self) -> Truth:
        life = self.life
        fields = {
            "name": life.name,
            "email": life.email,
            "phone": life.phone,
            "city": life.city,
            "locale": life.tongue.code,
        }
        return Truth(fields, tuple(map(self._told, life.jobs)), tuple(map(self._told, life.studies)))

    def _told(self, held: Held) -> dict[str, str]:
        def iso(when: tuple[int, int] | None) -> str:
            if when is None:
                return ""
            return str(when[0]) if self.date_style == "year" else f"{when[0]}-{when[1]:02d}"

        return {"title": held.title, "who": held.who, "start": iso(held.start), "end": iso(held.end)}

    def _heading(self, name: str) -> Piece:
        text = self.rng.choice(self.tongue.all(name))
        text = text.upper() if self.upper else text
        if name == "experience" and self.own_heading:
            text = {"de": "Wo ich war", "fr": "Mes années", "es": "Mi camino"}.get(
                self.tongue.code, "The story so far"
            )
        if self.is_spaced_out and " " not in text:
            text = " ".join(text.upper())
        return Piece("heading", text + (":" if self.colon else ""), bold=True, space=True)

    def _main(self) -> list[Piece]:
        pieces: list[Piece] = []
        if self.rng.random() < 0.6:
            pieces += [self._heading("summary"), Piece("text", self.tongue.about)]
        pieces.append(self._heading("experience"))
        for number, job in enumerate(self.life.jobs):
            again = number > 0 and job.who == self.life.jobs[number - 1].who
            pieces += self._entry(job, again=again)
        pieces.append(self._heading("education"))
        for study in self.life.studies:
            pieces += self._entry(study)
        return pieces

    def _entry(self, held: Held, *, again: bool = False) -> list[Piece]:
        """Head and deeds; `again`: at the employer of the entry above, who is not named twice."""
        bullets = [Piece("bullet", f"{self.bullet} {text}") for text in held.bullets]
        if self.is_prose:
            bullets = [Piece("text", f"{text}.") for text in held.bullets]
        if again and self.layout != "table" and self.head in {0, 1, 3, 5, 7}:
            return [Piece("ends", held.title, self.dates(held), bold=True), *bullets]
        if self.layout == "table" or self.head == 6:
            beside = [*self._table_head(held), *bullets]
            return [Piece("row", self.dates(held), beside=tuple(beside), space=True)]
        heads = self._heads(held)
        return [replace(heads[0], space=not self.is_tight), *heads[1:], *bullets]

    def _table_head(self, held: Held) -> list[Piece]:
        if self.layout == "compact":
            return [Piece("text", f"{held.title}, {held.who}", bold=True)]
        return [Piece("text", held.title, bold=True), self._who_line(held)]

    def _who_line(self, held: Held) -> Piece:
        if self.with_city and self.city_apart and held.city:
            return Piece("ends", held.who, held.city)
        return Piece("text", self._who(held))

    def _who(self, held: Held) -> str:
        return f"{held.who}, {held.city}" if self.with_city and held.city else held.who

    def _heads(self, held: Held) -> list[Piece]:
        dates, title, who = self.dates(held), held.title, self._who_line(held)
        at = f" {self.tongue.at} " if held.city or held.bullets else ", "
        ways = {
            0: [Piece("ends", title, dates, bold=True), who],
            1: [Piece("ends", self._who(held), dates, bold=True), Piece("text", title)],
            2: [Piece("text", f"{title}{self.separator}{held.who} ({dates})", bold=True)],
            3: [Piece("text", dates), Piece("text", title, bold=True), who],
            4: [Piece("text", f"{title} | {held.who} | {dates}")],
            5: [Piece("text", f"{title}{at}{held.who}", bold=True), Piece("text", dates)],
            7: [Piece("text", title, bold=True), who, Piece("text", dates)],
        }
        return ways[self.head]

    def _side(self) -> list[Piece]:
        other = [self._heading("other"), Piece("text", self.rng.choice(self.tongue.all("hobbies")))]
        skills = self._listed(self.life.skills)
        pieces = [
            self._heading("skills"),
            *skills,
            self._heading("languages"),
            *self._listed(self.life.languages),
        ]
        return pieces + (other if self.rng.random() < 0.5 else [])

    def _listed(self, items: tuple[str, ...]) -> list[Piece]:
        if self.layout.startswith("sidebar"):
            return [Piece("text", item) for item in items]
        return [Piece("text", ", ".join(items))]

    def _place(self) -> str:
        life = self.life
        place = f"{life.postcode} {life.city}" if life.postcode and life.tongue.code != "en" else life.city
        return f"{place}, {life.country}" if life.country else place

    def _contact_lines(self) -> list[Piece]:
        phone, email, address = self.tongue.all("labels") if self.labels else ("", "", "")
        pieces = [phone + self.life.phone, email + self.life.email, address + self._place()]
        if self.has_links:
            pieces.append("linkedin.example/in/" + life_handle(self.life))
        self.rng.shuffle(pieces)
        return [Piece("text", piece) for piece in pieces]

    def _contact_row(self) -> list[Piece]:
        if self.rng.random() < 0.4:
            return self._contact_lines()
        separator = self.rng.choice((" | ", " · ", " • "))
        return [Piece("text", separator.join(piece.text for piece in self._contact_lines()))]


def _promoted(life: Life) -> Life:
    """Let the second job have been at the employer of the first."""
    first, second, *rest = life.jobs
    return replace(life, jobs=(first, replace(second, who=first.who, city=first.city), *rest))


def life_handle(life: Life) -> str:
    return life.email.split("@")[0].replace(".", "-")
