"""A document read: contact, positions, education and language, with doubts where something is wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from segue.engine.folding import fold
from segue.engine.resume.confidence import confidence
from segue.engine.resume.contact import contact_fields
from segue.engine.resume.dates import Stretch, moments, stretches
from segue.engine.resume.entries import CUTS_WITH_AT, Parsed, Sense, entries_of, parse_entries
from segue.engine.resume.fields import Doubt, Field, Nowhere, Places, Reading
from segue.engine.resume.layout import Document
from segue.engine.resume.sections import Section, sections_of
from segue.engine.resume.tongues import (
    DEGREE_HEADS,
    EMPLOYER_HEADS,
    SCHOOL_HEADS,
    TITLE_HEADS,
    stop_words,
    words,
)

_GENDERED = re.compile(
    r"\(\s*(?:[mwfdhx]\s*[/|]\s*)+[mwfdhx]\s*\)|\b[HFMW]/[FHMW](?:/[DX])?\b", re.IGNORECASE
)
MOST_RECORDS = 60  # of one kind; nobody has held more jobs that anybody reads
_LEAST_SUFFIX, _LONGEST_WORD = 5, 40
_UNNAMED = 0.6  # no heading says that these are jobs
_BACKWARDS = 0.4  # what ends before it starts cannot be right, however well it reads


def read_document(document: Document, places: Places | None = None) -> Reading:
    """Read a résumé.

    >>> text = "Ada Berg\\nada.berg@mail.example\\n\\nExperience\\nNurse\\tMar 2019 - now\\nNorth Clinic\\n"
    >>> reading = read_document(Document.of_text(text))
    >>> reading.of("email")[0].value, reading.of("name")[0].value
    ('ada.berg@mail.example', 'Ada Berg')
    >>> reading.of("position")[0].value
    {'title': 'Nurse', 'employer': 'North Clinic', 'start': '2019-03'}
    """
    places = places or Nowhere()
    sections = sections_of(document)
    fields = contact_fields(document, sections, places)
    language = _language(document)
    fields += [language] if language else []
    fields += _positions(document, sections, places)[:MOST_RECORDS]
    fields += _education(document, sections, places)[:MOST_RECORDS]
    return Reading(tuple(fields), tuple(_doubts(document, fields)), tuple(sections))


def _positions(document: Document, sections: Sequence[Section], places: Places) -> list[Field]:
    chosen = [section for section in sections if section.kind == "experience"]
    is_named = bool(chosen)
    chosen = chosen or [section for section in sections if section.kind in {"head", "summary", "other"}]
    title, employer = _scorer(TITLE_HEADS, EMPLOYER_HEADS), _scorer(EMPLOYER_HEADS, TITLE_HEADS)
    sense = Sense(title, employer, _is_place(places), CUTS_WITH_AT)
    found = []
    for section in chosen:
        whens = _within(document, section, stretches)
        parsed = _promoted(parse_entries(entries_of(document, section.first, section.last, whens), sense))
        jobs = [entry for entry in parsed if is_named or not _is_a_study(entry)]
        found += [_record("position", entry, len(parsed), is_named) for entry in jobs]
    return found


def _is_a_study(entry: Parsed) -> bool:
    """Where no heading says what entries are about, a degree or a school tells."""
    learnt = {fold(word).strip(".") for word in re.findall(r"[^\W\d_][\w.]*", f"{entry.what} {entry.who}")}
    return bool(learnt & (words(DEGREE_HEADS) | words(SCHOOL_HEADS)))


def _promoted(parsed: Sequence[Parsed]) -> list[Parsed]:
    """A title without an employer, below an entry that has one, was held at the same employer."""
    found: list[Parsed] = []
    for entry in parsed:
        inherits = found and entry.what and not entry.who and len(entry.entry.heads) == 1
        found.append(replace(entry, who=found[-1].who, is_inherited=True) if inherits else entry)
    return found


def _education(document: Document, sections: Sequence[Section], places: Places) -> list[Field]:
    degree, school = _scorer(DEGREE_HEADS, SCHOOL_HEADS), _scorer(SCHOOL_HEADS, DEGREE_HEADS)
    sense = Sense(degree, school, _is_place(places))
    found = []
    for section in (section for section in sections if section.kind == "education"):
        whens = _within(document, section, stretches) or _within(document, section, moments)
        parsed = parse_entries(entries_of(document, section.first, section.last, whens), sense)
        found += [_record("education", entry, len(parsed), True) for entry in parsed]
    return found


def _within(document: Document, section: Section, find: Callable[[str], list[Stretch]]) -> list[Stretch]:
    """Find dates in a section, with positions in the document."""
    start, end = document.starts[section.first], document.span(section.last - 1)[1]
    return [
        Stretch(when.start, when.end, when.is_current, start + when.start_at, start + when.end_at)
        for when in find(document.text[start:end])
    ]


def _record(kind: str, parsed: Parsed, count: int, is_named: bool) -> Field:
    when = parsed.entry.when
    who = "employer" if kind == "position" else "school"
    value = {"title": parsed.what, who: parsed.who, "start": when.start, "end": when.end}
    features = {
        "fit": max(-2.0, min(2.0, parsed.fit)),
        "margin": max(-1.0, min(1.0, parsed.margin)),
        "usual": float(parsed.is_usual),
        "inherited": float(parsed.is_inherited),
        "both": float(bool(parsed.what and parsed.who)),
        "exact": float(when.is_exact),
        "several": float(count > 1),
        "named": float(is_named),
        "backwards": float(when.ends_before_start),
        "long": float(max(len(parsed.what), len(parsed.who)) > 60),
    }
    kept = {key: text for key, text in value.items() if text}
    sure = confidence(kind, features)
    sure = min(sure, _BACKWARDS) if when.ends_before_start else sure
    sure = sure if is_named else min(sure, _UNNAMED)
    return Field(kind, kept, parsed.entry.span, sure, features)


def _scorer(for_it: str, against_it: str) -> Callable[[str], float]:
    """Return how much a text looks like the one and not the other, about -1.5 to 1."""
    good, bad = words(for_it), words(against_it)

    def score(text: str) -> float:
        tokens = [fold(token) for token in re.findall(r"[^\W\d_][\w.&’'-]*", text)]
        if not tokens:
            return -1.5
        points = 0.9 * any(_knows(token, good) for token in tokens) - 0.9 * any(
            _knows(token, bad) for token in tokens
        )
        points += 0.5 * bool(_GENDERED.search(text)) if good is words(TITLE_HEADS) else 0.0
        points -= (
            0.3 * (len(tokens) > 8) + 0.4 * bool(re.search(r"\d{3}|@|:", text)) + 0.3 * text[0].islower()
        )
        return points

    return score


def _knows(token: str, known: frozenset[str]) -> bool:
    """Say whether a word is known, or ends in a known one as Germanic compounds do."""
    token = token.strip(".")
    if token in known or len(token) > _LONGEST_WORD:
        return token in known
    return any(token[i:] in known for i in range(3, len(token) - _LEAST_SUFFIX + 1))


def _is_place(places: Places) -> Callable[[str], bool]:
    def is_place(text: str) -> bool:
        bare = text.strip(" ,.()")
        parts = [part.strip() for part in bare.split(",")]
        return bool(parts[0]) and all(
            places.country_of_city(p) is not None or places.country(p) for p in parts
        )

    return is_place


def _language(document: Document) -> Field | None:
    """The language whose small words are commonest."""
    counts = Counter(
        word.lower().replace("’", "'") for word in re.findall(r"[^\W\d_]+(?:['’](?=\w))?", document.text)
    )
    scores = {lang: sum(counts[word] for word in small) for lang, small in stop_words().items()}
    ranked = sorted(scores, key=lambda lang: -scores[lang])
    best, rival = scores[ranked[0]], scores[ranked[1]]
    if not best:
        return None
    features = {"lead": (best - rival) / (best + rival), "many": float(best > 20)}
    return Field("locale", ranked[0], (0, len(document.text)), confidence("locale", features), features)


def _doubts(document: Document, fields: Sequence[Field]) -> list[Doubt]:
    """Name what cannot be right, and what is missing."""
    backwards = [Doubt("end_before_start", f.span) for f in fields if f.features.get("backwards")]
    kinds = {field.kind for field in fields}
    whole = (0, len(document.text))
    missing = {"name": "no_name", "email": "no_email", "position": "no_positions"}
    return backwards + [Doubt(code, whole) for kind, code in missing.items() if kind not in kinds]
