"""Who a résumé is about: name, e-mail, phone, city and country."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from segue.engine.folding import fold
from segue.engine.resume.confidence import confidence
from segue.engine.resume.dates import stretches
from segue.engine.resume.fields import Field, Places
from segue.engine.resume.layout import Document, Line
from segue.engine.resume.sections import HEAD, Section, heading_kind
from segue.engine.resume.tongues import (
    DOCUMENT_TITLES,
    EMPLOYER_HEADS,
    NAME_LABELS,
    PARTICLES,
    PLACE_LABELS,
    TITLE_HEADS,
    phrases,
    words,
)

# Every repetition is bounded and begins where nothing of its kind stands before: strangers write long words.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,6}"
    r"\.[A-Za-z]{2,24}"
)
_PHONE = re.compile(r"(?<![\w@./-])(?:\+|00)?\(?\d(?:[ \u00a0().\-/–]{0,3}\d){6,15}(?![\w@])")
_PHONE_LABEL = re.compile(r"(?:tel|phone|mob|handy|fon|port|cell|gsm|móvil|telem|☎|📞|✆)", re.IGNORECASE)
_PIECES = re.compile(r"\s*[|•·●▪♦◦⋄]\s*|\t+|\s+[-–—]\s+|\s{3,}")
_LABEL = re.compile(r"^\s*([^\W\d][^:]{1,24}):\s*")
_POSTCODE = re.compile(r"^(?:[A-Z]{1,2}-)?(?:\d{4}\s?[A-Z]{2}|\d{4,5}(?:-\d{3,4})?)\s+(?=[^\W\d])")
_POSTCODE_AFTER = re.compile(r"\s+(?:[A-Z]{2}\s+)?(?:\d{5}|[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2})$")
_NAME_TOKEN = re.compile(r"^(?:['’]?[^\W\d_][^\W\d_]*(?:['’.-][^\W\d_]+)*[.,]?)$")
_LONE_TOWN = re.compile(r"^(?!.*\.\w)(?:[^\W\d_][\w'’.-]*[ ]?){1,3}(?:,\s*[^\W\d_]+)?$")
_TOP = 8
_GUESSED = 0.6  # real texts have more lone words than ours
_LONGEST_HEAD = 15  # lines; a text without headings is not all head
_SHORTEST_BARE = 9  # digits of a number that neither label nor country code explains
_LONGEST_PLACE = 7  # words


class Piece(NamedTuple):
    """A part of a line that stands alone, and where it is in the text."""

    text: str
    start: int
    line: int
    label: str


def contact_fields(document: Document, sections: Sequence[Section], places: Places) -> list[Field]:
    """Read who this is about. What is not found is not there."""
    about = _lines_about(sections)
    near = list(_pieces(document, about))
    inside = set(about)
    rest = list(_pieces(document, [i for i in range(len(document.lines)) if i not in inside]))
    email = _email(document, inside)
    name = _name(document, near + rest, email)
    others = [piece for piece in near if name is None or piece.start != name.span[0]]
    found = [email, _phone(document, about), name, *_place(others, rest, places)]
    return [field for field in found if field is not None]


def _lines_about(sections: Sequence[Section]) -> list[int]:
    """The lines that say who this is: the top, as far as a head goes, and the section of contact data."""
    found: list[int] = []
    for section in sections:
        if section.kind == "contact":
            found += range(section.first, section.last)
        elif section.kind == HEAD:
            found += range(section.first, min(section.last, section.first + _LONGEST_HEAD))
    return found


def _pieces(document: Document, lines: Sequence[int]) -> Iterator[Piece]:
    for index in lines:
        start, end = document.span(index)
        text = document.text[start:end]
        at = 0
        for cut in [*_PIECES.finditer(text), None]:
            stop = cut.start() if cut else len(text)
            piece = text[at:stop]
            label = _LABEL.match(piece)
            skipped = label.end() if label else len(piece) - len(piece.lstrip())
            if piece.strip():
                yield Piece(
                    piece[skipped:].strip(), start + at + skipped, index, fold(label[1]) if label else ""
                )
            at = cut.end() if cut else stop


def _email(document: Document, about: set[int]) -> Field | None:
    matches = list(_EMAIL.finditer(document.text))
    if not matches:
        return None
    matches.sort(key=lambda match: document.line_at(match.start()) not in about)
    best = matches[0]
    others = {match.group().lower() for match in matches} - {best.group().lower()}
    features = {"in_contact": float(document.line_at(best.start()) in about), "others": float(bool(others))}
    return _field("email", best.group(), best.span(), features)


def _phone(document: Document, about: Sequence[int]) -> Field | None:
    """The first number that could ring, near the name first; dates and house numbers are none."""
    near = set(about)
    for index in (*about, *(i for i in range(len(document.lines)) if i not in near)):
        start, end = document.span(index)
        text = document.text[start:end]
        for match in _PHONE.finditer(text):
            features = {
                "in_contact": float(index in near),
                "labelled": float(
                    bool(_PHONE_LABEL.search(text[max(0, match.start() - 16) : match.start()]))
                ),
                "plus": float(match.group().startswith(("+", "00"))),
            }
            is_told = bool(features["labelled"] or features["plus"])
            if _can_ring(match.group(), is_told=is_told):
                value = " ".join(match.group().split())
                return _field("phone", value, (start + match.start(), start + match.end()), features)
    return None


def _can_ring(number: str, *, is_told: bool) -> bool:
    digits = re.sub(r"\D", "", number)
    return (8 if is_told else _SHORTEST_BARE) <= len(digits) <= 15 and not _is_made_of_dates(number)


def _is_made_of_dates(number: str) -> bool:
    """Say whether "2008/2014" or "20/07/2015" is what looks like a number to call."""
    parts = re.findall(r"\d+", number)
    years = [part for part in parts if re.fullmatch(r"(?:19|20)\d\d", part)]
    only_dates = bool(years) and all(part in years or len(part) <= 2 for part in parts)
    return only_dates or bool(stretches(number))


def _name(document: Document, pieces: Sequence[Piece], email: Field | None) -> Field | None:
    """The piece that most looks like a name: large, high up, of two to five capitalised words."""
    largest = max((line.size for line in document.lines), default=0.0)
    local = fold(str(email.value).split("@")[0]) if email else ""
    best: tuple[float, Piece, dict[str, float]] | None = None
    titles = phrases(DOCUMENT_TITLES)
    named = [piece for piece in pieces if fold(piece.text.strip(" :")) not in titles]
    for rank, piece in enumerate(named):
        features = _name_features(document.lines[piece.line], piece, rank, largest, local)
        score = sum(_NAME_SCORE[name] * value for name, value in features.items()) if features else 0.0
        if features and (best is None or score > best[0]):
            best = score, piece, features
    if best is None or best[0] < 1.0:
        return None
    score, piece, features = best
    value = " ".join(piece.text.strip(" ,;").split())
    return _field("name", _in_usual_case(value), (piece.start, piece.start + len(piece.text)), features)


_NAME_SCORE = {
    "largest": 1.5,
    "top": 1.0,
    "first": 0.5,
    "like_email": 1.5,
    "labelled": 2.0,
    "bold": 0.3,
    "titled": -1.5,
}


def _name_features(line: Line, piece: Piece, rank: int, largest: float, local: str) -> dict[str, float]:
    """What speaks for a piece being the name; empty where it cannot be one.

    Pasted text has no sizes: there a first line that says nothing else stands for the largest.
    """
    tokens = piece.text.replace(",", " ").split()
    if not 2 <= len(tokens) <= 6 or heading_kind(line):
        return {}
    if not all(_NAME_TOKEN.match(token) for token in tokens):
        return {}
    proper = [token for token in tokens if fold(token.strip(".'’")) not in words(PARTICLES)]
    if not proper or not all(not token.lstrip("'’")[0].islower() for token in proper):
        return {}
    folded = {fold(token.strip(".,")) for token in tokens}
    in_mail = sum(len(token) > 2 and token[:12] in re.sub(r"[^\w]", "", local) for token in folded)
    titled = folded & (words(TITLE_HEADS) | words(EMPLOYER_HEADS))
    stands_first = rank == 0 and not titled and line.text.strip() == piece.text.strip()
    return {
        "largest": float(line.size >= largest - 0.3 if largest else stands_first),
        "top": float(rank < _TOP),
        "first": float(rank == 0),
        "like_email": float(in_mail > 0),
        "labelled": float(piece.label in phrases(NAME_LABELS)),
        "bold": float(line.bold),
        "titled": float(bool(titled)),
    }


def _in_usual_case(name: str) -> str:
    """ "ADA BERG" is shouted; "Ada Berg" is meant."""
    return (
        " ".join(token.title() if len(token) > 2 else token for token in name.split())
        if name.isupper()
        else name
    )


def _place(near: Sequence[Piece], rest: Sequence[Piece], places: Places) -> list[Field]:
    """City and country: the first piece near the name that ends in one we know, or follows a post code.

    Else a lone capitalised word or two among address and number is taken for one, with little confidence.
    """
    labelled = [piece for piece in rest if piece.label in words(PLACE_LABELS)]
    for piece in (*near, *labelled):
        found = _read_place(piece, places)
        if found:
            return found
    reached = {piece.line for piece in near if _EMAIL.search(piece.text) or _PHONE.search(piece.text)}
    for piece in near:
        is_beside = any(abs(piece.line - line) <= 2 for line in reached)
        if (
            is_beside
            and piece.line > 0
            and _LONE_TOWN.match(piece.text)
            and not _is_a_word_for_work(piece.text)
        ):
            town = piece.text.split(",")[0].strip()
            guess = Field("city", town, (piece.start, piece.start + len(town)), _GUESSED, {"guessed": 1.0})
            return [guess]
    return []


def _is_a_word_for_work(text: str) -> bool:
    folded = {fold(word) for word in re.findall(r"[^\W\d_]+", text)}
    return bool(
        folded & (words(TITLE_HEADS) | words(EMPLOYER_HEADS)) or fold(text) in phrases(DOCUMENT_TITLES)
    )


def _read_place(piece: Piece, places: Places) -> list[Field]:
    if "@" in piece.text or "http" in piece.text or "www." in piece.text:
        return []
    if len(piece.text.split()) > _LONGEST_PLACE:
        return []
    parts = _parts(piece)
    country = next(
        ((code, at, text) for text, at in reversed(parts) if (code := _country(text, places))), None
    )
    labelled = any(word in words(PLACE_LABELS) for word in piece.label.split())
    for number, (text, at) in enumerate(parts):
        bare, shift = _without_postcode(_without_phone(text))
        known = places.country_of_city(bare)
        if known is None and re.search(r"\d", bare):
            continue  # a house or a floor
        is_last = number == len(parts) - 1 - bool(country) and not re.search(r"\d", text)
        tells = (
            known is not None or shift or (is_last and bare and (labelled or (country and len(parts) == 2)))
        )
        if not tells or (country and at == country[1] and known is None):
            continue
        features = {
            "known": float(known is not None),
            "postcode": float(bool(shift)),
            "labelled": float(labelled),
            "stated": float(country is not None),
        }
        begin = at + max(shift, 0)
        fields = [_field("city", bare, (begin, begin + len(bare)), features)]
        code = country[0] if country else known or ""
        if code:
            span = (country[1], country[1] + len(country[2])) if country else fields[0].span
            fields.append(_field("country", code, span, features))
        return fields
    return []


def _parts(piece: Piece) -> list[tuple[str, int]]:
    """Cut a piece at its commas; return each part and where it starts in the text."""
    found = []
    for part in re.finditer(r"[^,;/]+", piece.text):
        text = part.group()
        found.append((text.strip(), piece.start + part.start() + len(text) - len(text.lstrip())))
    return found


def _country(text: str, places: Places) -> str:
    return places.country(text.strip(". ")) if len(text) > 3 or text.isupper() else ""


def _without_phone(text: str) -> str:
    """Take a number off that stands behind a place on the same line."""
    phone = _PHONE.search(text)
    return text[: phone.start()].rstrip() if phone and phone.start() else text


def _without_postcode(text: str) -> tuple[str, int]:
    """Take a post code off; the second says how far the city moved (-1: the code stood behind it)."""
    before = _POSTCODE.match(text)
    if before:
        return text[before.end() :].strip(), before.end()
    behind = _POSTCODE_AFTER.search(text)
    return (text[: behind.start()].strip(), -1) if behind else (text, 0)


def _field(kind: str, value: str, span: tuple[int, int], features: dict[str, float]) -> Field:
    return Field(kind, value, span, confidence(kind, features), features)
