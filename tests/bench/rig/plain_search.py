"""What a search must find, worked out the plain way: every person read, every word compared.

It shares no code with the index: its own folding, its own distance, and questions written as Python instead
of being parsed. Slow, and easy to believe.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

Words = tuple[str, ...]
Test = Callable[["Plain"], bool]


@dataclass(frozen=True, slots=True)
class Plain:
    """One person: passages as words, by field, and what is one value."""

    passages: dict[str, list[Words]]
    skills: frozenset[str]
    country: str
    remote: str
    lat: float | None
    lon: float | None
    applied: list[tuple[str, str, Words]]  # status, stage, the words of the job's title


@cache
def words(text: str) -> Words:
    folded = "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if unicodedata.category(c) != "Mn"
    )
    for letter, plain in {"ł": "l", "ø": "o", "đ": "d", "ة": "ه", "ى": "ي"}.items():
        folded = folded.replace(letter, plain)
    return tuple(re.findall(r"[^\W_]+", folded))


def everybody() -> dict[uuid.UUID, Plain]:
    """Read all people who are there."""
    from segue.catalog.models import Fact, Person, Resume

    labels = _skill_names()[1]
    resumes = dict(Resume.objects.order_by("person_id", "version").values_list("person_id", "text"))
    records: dict[uuid.UUID, list[tuple[str, dict[str, str]]]] = {}
    facts = Fact.objects.filter(kind__in=["position", "education"], superseded_at=None)
    for person_id, kind, value in facts.values_list("person_id", "kind", "value").iterator():
        records.setdefault(person_id, []).append((kind, value))
    applied = _applied()
    found = {}
    for row in Person.objects.filter(erased_at=None, merged_into=None).iterator():
        passages = {
            "name": [words(row.name)],
            "title": [words(row.headline)],
            "city": [words(row.city)],
            "source": [words(row.source)],
            "employer": [],
            "school": [],
            "": [words(text) for text in (row.email or "", resumes.get(row.pk, ""))],
        }
        passages[""] += [words(labels.get(slug, slug)) for slug in row.skills]
        for kind, value in records.get(row.pk, ()):
            _add_record(passages, kind, value)
        place = (row.country, row.remote, row.lat, row.lon)
        found[row.pk] = Plain(passages, frozenset(row.skills), *place, applied.get(row.pk, []))
    return found


def _applied() -> dict[uuid.UUID, list[tuple[str, str, Words]]]:
    """Every application by the person it is of now, read row by row."""
    from segue.hire.models import Application

    found: dict[uuid.UUID, list[tuple[str, str, Words]]] = {}
    rows = Application.objects.values_list(
        "person_id", "person__merged_into", "outcome", "stage", "job__title"
    )
    for person_id, merged_into, outcome, stage, title in rows.iterator():
        found.setdefault(merged_into or person_id, []).append((outcome, stage, words(title)))
    return found


def _add_record(passages: dict[str, list[Words]], kind: str, value: dict[str, str]) -> None:
    where = (
        {"title": "title", "employer": "employer"}
        if kind == "position"
        else {"school": "school", "title": "", "area": ""}
    )
    for key, field in where.items():
        if value.get(key):
            passages[field].append(words(str(value[key])))


@cache
def _skill_names() -> tuple[dict[Words, str], dict[str, str]]:
    from segue.catalog.models import Skill

    names: dict[Words, str] = {}
    labels = {}
    rows = list(Skill.objects.filter(approved=True).order_by("slug"))
    for row in rows:
        labels[row.slug] = row.label
        names.setdefault(words(row.label), row.slug)
    for row in rows:
        names.setdefault(words(row.slug), row.slug)
    for row in rows:
        for synonym in row.synonyms:
            names.setdefault(words(synonym), row.slug)
    return names, labels


def said(text: str, field: str = "") -> Test:
    """These words side by side, in one passage of a field or anywhere, or the skill they name."""
    wanted = words(text)
    slug = "" if field else _skill_names()[0].get(wanted, "")

    def test(person: Plain) -> bool:
        there = person.passages[field] if field else [p for some in person.passages.values() for p in some]
        return slug in person.skills or any(_within(wanted, passage) for passage in there)

    return test


@cache
def _within(wanted: Words, passage: Words) -> bool:
    if wanted[0] not in passage:
        return False
    return any(passage[at : at + len(wanted)] == wanted for at in range(len(passage) - len(wanted) + 1))


def begins(text: str) -> Test:
    return lambda person: any(_begins(text, p) for some in person.passages.values() for p in some)


@cache
def _begins(text: str, passage: Words) -> bool:
    return any(word.startswith(text) for word in passage)


def skill(name: str) -> Test:
    slug = _skill_names()[0].get(words(name), name)
    return lambda person: slug in person.skills


def lives(country: str) -> Test:
    return lambda person: person.country == country


def works(remote: str) -> Test:
    return lambda person: person.remote == remote


def near(lat: float, lon: float, km: float) -> Test:
    def test(person: Plain) -> bool:
        if person.lat is None or person.lon is None:
            return False
        a, b = math.radians(lat), math.radians(person.lat)
        cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(
            math.radians(person.lon - lon)
        )
        return 6371.0088 * math.acos(max(-1.0, min(1.0, cosine))) <= km

    return test


def applied(status: str = "", stage: str = "", job: str = "") -> Test:
    """One application of theirs has all of this; a stage alone is one they stand in now."""
    wanted = words(job)
    status = status or ("open" if stage and stage != "hired" else "")

    def test(person: Plain) -> bool:
        return any(
            status in ("", was) and stage in ("", at) and (not job or _within(wanted, title))
            for was, at, title in person.applied
        )

    return test


def both(*tests: Test) -> Test:
    return lambda person: all(test(person) for test in tests)


def either(*tests: Test) -> Test:
    return lambda person: any(test(person) for test in tests)


def no(test: Test) -> Test:
    return lambda person: not test(person)


def words_in(typed: str) -> str:
    """The words of a search without its language, for a search that has none."""
    kept = re.sub(
        r"-\([^)]*\)|(?:-|NOT )\S+|(?:near|within|country|remote|status|stage|job):(?:\"[^\"]*\"|\S+)",
        " ",
        typed,
    )
    return " ".join(re.sub(r"\w+:|[()\"*]|\b(?:OR|AND)\b", " ", kept).split())


def boolean(people: dict[uuid.UUID, Plain]) -> dict[str, set[object]]:
    """Each Boolean search as typed, with whom it must find among these people."""
    return {
        typed: {pk for pk, person in people.items() if test(person)} for typed, test in _questions().items()
    }


def _questions() -> dict[str, Test]:
    nurse, python, sql = said("nurse"), said("python"), said("sql")
    berlin, london, manchester = (52.52, 13.41), (51.51, -0.13), (53.48, -2.24)
    return {
        "nurse": nurse,
        "registered nurse": both(said("registered"), nurse),
        '"registered nurse"': said("registered nurse"),
        "nurse -registered": both(nurse, no(said("registered"))),
        'nurse NOT "ward lead"': both(nurse, no(said("ward lead"))),
        "nurse -hospital -school": both(nurse, no(said("hospital")), no(said("school"))),
        "nurse OR carer": either(nurse, said("carer")),
        "(nurse OR carer) hospital": both(either(nurse, said("carer")), said("hospital")),
        "nurse -(hospital OR clinic)": both(nurse, no(either(said("hospital"), said("clinic")))),
        "title:nurse": said("nurse", "title"),
        "title:(nurse OR carer)": either(said("nurse", "title"), said("carer", "title")),
        'title:"backend engineer"': said("backend engineer", "title"),
        'title:"backend engineer" -title:junior': both(
            said("backend engineer", "title"), no(said("junior", "title"))
        ),
        "nurse -title:nurse": both(nurse, no(said("nurse", "title"))),
        "python sql": both(python, sql),
        "python -sql": both(python, no(sql)),
        "python OR sql": either(python, sql),
        "skill:python": skill("python"),
        "skill:python skill:kafka -skill:docker": both(skill("python"), skill("kafka"), no(skill("docker"))),
        "skill:postgres": skill("postgres"),
        "skill:k8s": skill("k8s"),
        "skill:js": skill("js"),
        "postgres": said("postgres"),
        "k8s docker": both(said("k8s"), said("docker")),
        '"project planning" london': both(said("project planning"), said("london")),
        "welder": said("welder"),
        "weld*": begins("weld"),
        "engineer* -engineering": both(begins("engineer"), no(said("engineering"))),
        'near:"Berlin" within:10km': near(*berlin, 10),
        'nurse near:"Berlin" within:50km': both(nurse, near(*berlin, 50)),
        'python near:"London" within:30mi': both(python, near(*london, 30 * 1.609344)),
        'python -near:"London"': both(python, no(near(*london, 50))),
        'near:"Manchester" within:20km OR near:"Berlin" within:20km': either(
            near(*manchester, 20), near(*berlin, 20)
        ),
        'driver (near:"London" OR near:"Manchester") -london': both(
            said("driver"), either(near(*london, 50), near(*manchester, 50)), no(said("london"))
        ),
        "country:germany title:engineer": both(lives("DE"), said("engineer", "title")),
        "country:fr -title:engineer python": both(lives("FR"), no(said("engineer", "title")), python),
        "city:paris designer": both(said("paris", "city"), said("designer")),
        "remote:hybrid python": both(works("hybrid"), python),
        "employer:hospital": said("hospital", "employer"),
        "school:university title:teacher": both(said("university", "school"), said("teacher", "title")),
        **_about_applications(),
        "munoz OR fernandez": either(said("munoz"), said("fernandez")),
        "name:ada -name:okafor": both(said("ada", "name"), no(said("okafor", "name"))),
    }


def _about_applications() -> dict[str, Test]:
    nurse, python = said("nurse"), said("python")
    rejected = applied("rejected")
    for_nurse = applied("rejected", job="nurse")
    return {
        "status:rejected": rejected,
        "nurse status:rejected": both(nurse, rejected),
        "nurse -status:rejected": both(nurse, no(rejected)),
        "NOT status:rejected python": both(no(rejected), python),
        "status:rejected job:nurse": for_nurse,
        "nurse -status:rejected job:nurse": both(nurse, no(for_nurse)),
        "status:rejected AND job:nurse -title:nurse": both(
            rejected, applied(job="nurse"), no(said("nurse", "title"))
        ),
        'stage:interview near:"London" within:30mi': both(
            applied(stage="interview"), near(51.51, -0.13, 30 * 1.609344)
        ),
        "stage:screen status:rejected python": both(applied("rejected", "screen"), python),
        "(status:hired OR stage:offer) country:germany": both(
            either(applied("hired"), applied(stage="offer")), lives("DE")
        ),
        "python -(status:rejected OR status:withdrawn)": both(
            python, no(either(rejected, applied("withdrawn")))
        ),
        'job:"backend engineer" "registered nurse" OR status:withdrawn near:"Berlin"': either(
            both(applied(job="backend engineer"), said("registered nurse")),
            both(applied("withdrawn"), near(52.52, 13.41, 50)),
        ),
    }


APPLIED = ("status:rejected", "-status:rejected", "stage:interview", "job:nurse", "status:open job:nurse")
NAMES = (
    ("Zbigniew Żółkiewski", "zolkiewski"), ("Søren Østergård", "soren ostergard"),
    ("José Ñúñez Peñagrande", "nunez penagrande"),
    ("أحمد المنصوري", "احمد المنصوري"), ("فاطمة الزهراء", "فاطمه الزهراء"), ("Ngô Thị Ánh", "ngo thi anh"),
)  # fmt: skip
TITLES = (
    ("Perfusionist", ("python", "sql")), ("Night Ward Coordinator", ("record-keeping",)),
    ("Tram Fitter", ("health-and-safety", "manual-handling")),
    ("Glass Artisan", ("attention-to-detail",)),
    ("Payroll Analyst", ("sql", "communication")), ("Lab Archivist", ("record-keeping", "writing")),
    ("Data Steward", ("data-quality", "sql")), ("Harbour Pilot", ("communication",)),
    ("Museum Educator", ("writing", "mentoring")), ("Cloud Plumber", ("docker", "kafka")),
    ("Release Gardener", ("python", "docker")), ("Insight Librarian", ("user-research", "writing")),
)  # fmt: skip
DECOYS = 5


def plant() -> dict[str, uuid.UUID]:
    """Put in people to be looked for, each title with later decoys; returns what to type for whom."""
    targets = {typed: _person(name, "Volunteer", ()) for name, typed in NAMES}
    for number, (title, skills) in enumerate(TITLES):
        in_words = " ".join(slug.replace("-", " ") for slug in skills)
        targets[f"{title.lower()} {in_words}"] = _person(f"Target {number}", title, skills)
        text = f"I once shared a room with a {title}. We talked about {in_words} and the weather."
        for decoy in range(DECOYS):
            _person(f"Decoy {number} {decoy}", "Volunteer", (), text)
    return targets


def _person(name: str, headline: str, skills: Iterable[str], text: str = "A short life.") -> uuid.UUID:
    from segue.catalog.models import Person, Resume

    person = Person.objects.create(name=name, headline=headline, skills=list(skills), source="bench")
    digest = hashlib.sha256(text.encode()).hexdigest()
    Resume.objects.create(person=person, text=text, sha256=digest)
    return person.pk
