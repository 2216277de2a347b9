"""Writes careers and résumés out of facts, in plain English and partly in German, French or Spanish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from segue.engine.world import prose_tables as tables
from segue.engine.world.dice import Dice
from segue.engine.world.occupations import LICENCE_LABELS, Occupation
from segue.engine.world.occupations_office import OCCUPATIONS
from segue.engine.world.prose_jobs import duty_in, in_sentence, sentence_case, with_article
from segue.engine.world.records import Education, Position

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SCHOOLS = ("College", "University", "Technical School", "Institute")
SCHOOL_LEAVING = "Secondary school certificate"
CHANGER_SHARE, STILL_EMPLOYED_SHARE = 0.18, 0.74


@dataclass(frozen=True, slots=True)
class Life:
    """What a résumé is written from; `years` counts working years, `wish` is a trait or ""."""

    occupation: Occupation
    seniority: int
    years: int
    city: str
    language: str
    skills: tuple[str, ...]
    licences: tuple[str, ...]
    wish: str


def headline_of(life: Life) -> str:
    """The line under a name: the person's own title."""
    return title_of(life.occupation, life.seniority, life.language)


def title_of(occupation: Occupation, seniority: int, language: str) -> str:
    """A job title in the language of the résumé; languages other than English name the field of work."""
    place = tables.LANGUAGE_INDEX.get(language)
    return occupation.titles[seniority] if place is None else occupation.local_titles[place]


def invent_employer(dice: Dice, department: str) -> str:
    """A company that does not exist."""
    return f"{dice.pick(tables.ROOTS)} {dice.pick(tables.SUFFIXES[department])}"


def draw_positions(dice: Dice, life: Life, today: date) -> tuple[Position, ...]:
    """A work history, newest first: posts that follow each other without overlap, going back `life.years`."""
    months_left = life.years * 12 + dice.below(12)
    if months_left < 6:
        return ()
    end = today.year * 12 + today.month - 1
    is_current = dice.unit() < STILL_EMPLOYED_SHARE
    if not is_current:
        end -= dice.between(1, 10)
    positions: list[Position] = []
    while months_left >= 6 and len(positions) < 5:
        span = min(months_left, dice.between(8, 72))
        until = None if is_current and not positions else _month(end)
        positions.append(_position(dice, life, len(positions), _month(end - span), until))
        gap = dice.between(0, 3)
        end, months_left = end - span - gap, months_left - span - gap
    return tuple(positions)


def _month(count: int) -> date:
    return date(count // 12, count % 12 + 1, 1)


def _position(dice: Dice, life: Life, back: int, start: date, end: date | None) -> Position:
    occupation, seniority = life.occupation, max(0, life.seniority - back)
    if back > 1 and dice.unit() < CHANGER_SHARE:
        occupation, seniority = dice.pick(OCCUPATIONS), 0
    title = title_of(occupation, seniority, life.language)
    text = _local_duties(dice, life) if life.language != "en" else _duties(dice, occupation)
    return Position(title, invent_employer(dice, occupation.department), start, end, text)


def _numbers(dice: Dice) -> dict[str, int]:
    return {"percent": dice.between(6, 38), "few": dice.between(2, 6), "many": dice.between(7, 24)}


def _duties(dice: Dice, occupation: Occupation) -> str:
    lines, numbers = [], _numbers(dice)
    for number, duty in enumerate(dice.sample(occupation.duties, dice.between(1, 4))):
        link = dice.pick(tables.DUTY_LINKS) if number == 1 and dice.unit() < 0.3 else ""
        lines.append(f"{sentence_case(link + duty_in(duty, past=True))}.")
    if dice.unit() < 0.45:
        lines.append(dice.pick(tables.RESULTS).format(**numbers))
    return "\n".join(lines)


def _local_duties(dice: Dice, life: Life) -> str:
    words = _skill_words(dice, life) | {name: str(value) for name, value in _numbers(dice).items()}
    templates = dice.sample(tables.LOCAL_DUTIES[life.language], dice.between(1, 3))
    return "\n".join(template.format(**words) for template in templates)


def _skill_words(dice: Dice, life: Life) -> dict[str, str]:
    own = [label for label in life.skills if label in life.occupation.skills]
    first, second = dice.sample(own if len(own) > 1 else life.occupation.skills, 2)
    return {"skill_a": in_sentence(first), "skill_b": in_sentence(second)}


def draw_education(dice: Dice, life: Life, first_work_year: int) -> tuple[Education, ...]:
    """One or two entries, finished before the first post began."""
    degrees = tables.DEGREES[life.occupation.department]
    ended = first_work_year - dice.below(2)
    entries = []
    latest = dice.pick(degrees)
    has_school = latest != SCHOOL_LEAVING and dice.unit() < 0.25
    for degree in (latest, SCHOOL_LEAVING) if has_school else (latest,):
        started = ended - dice.between(2, 4)
        school = f"{dice.pick(tables.ROOTS)} {dice.pick(SCHOOLS)}"
        entries.append(Education(school, degree, started, ended))
        ended = started
    return tuple(entries)


def write_summary(dice: Dice, life: Life, positions: tuple[Position, ...]) -> str:
    """Two or three sentences in the person's own voice."""
    words = _skill_words(dice, life)
    title = headline_of(life)
    words |= {
        "title": title,
        "a_title": with_article(title),
        "years": str(max(life.years, 2)),
        "city": life.city,
    }
    words["employer"] = (
        positions[0].employer if positions else invent_employer(dice, life.occupation.department)
    )
    if life.language != "en":
        return " ".join(
            text.format(**words) for text in dice.sample(tables.LOCAL_SUMMARIES[life.language], 2)
        )
    pool = tables.SUMMARIES if life.years > 1 else tables.BEGINNER_SUMMARIES
    text = dice.pick(pool).format(**words)
    return f"{text} {dice.pick(tables.WISHES[life.wish])}" if life.wish else text


def write_resume(
    life: Life, header: str, summary: str, positions: tuple[Position, ...], education: tuple[Education, ...]
) -> str:
    """The résumé as plain text with headed sections."""
    words = tables.HEADINGS[life.language]
    blocks = [header, f"{words['summary']}\n{summary}"]
    if positions:
        blocks.append(
            words["experience"] + "\n" + "\n\n".join(_entry(post, words["now"]) for post in positions)
        )
    lines = [
        f"{entry.degree}, {entry.school}, {entry.started_year}-{entry.ended_year}" for entry in education
    ]
    blocks.append(f"{words['education']}\n" + "\n".join(lines))
    blocks.append(f"{words['skills']}\n{', '.join(life.skills)}")
    if life.licences:
        blocks.append(f"{words['licences']}\n{', '.join(LICENCE_LABELS[slug] for slug in life.licences)}")
    return "\n\n".join(blocks)


def _entry(post: Position, now: str) -> str:
    start = f"{MONTHS[post.started_on.month - 1]} {post.started_on.year}"
    end = now if post.ended_on is None else f"{MONTHS[post.ended_on.month - 1]} {post.ended_on.year}"
    bullets = "\n".join(f"- {line}" for line in post.description.splitlines())
    return f"{post.title}, {post.employer}\n{start} - {end}\n{bullets}"
