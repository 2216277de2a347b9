"""Reading what was typed: a descent through OR, AND and NOT, kind to odd input, plain about what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from segue.engine.query.tree import APPLIED, FIELDS, All, Applied, Near, Node, Term, all_of, any_of, negated

LONGEST, DEEPEST, MOST_TERMS = 1_000, 30, 60
FARTHEST_KM = 20_000.0
ALSO = {
    "company": "employer", "location": "city", "place": "city", "skills": "skill", "education": "school",
    "university": "school", "headline": "title", "outcome": "status", "applied": "job",
}  # fmt: skip
REMOTE = {
    "yes": "remote", "remote": "remote", "hybrid": "hybrid", "onsite": "onsite", "office": "onsite",
    "no": "onsite", "on-site": "onsite", "on site": "onsite",
}  # fmt: skip

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("（", "(") | dict.fromkeys("）", ")"))
_FIELD = re.compile(rf"({'|'.join((*FIELDS, *APPLIED, *ALSO, 'near', 'within'))}):\s*", re.IGNORECASE)
_WORD = re.compile(r'[^\s()"]+')
_SPACE = re.compile(r"\s*")
_REACH = re.compile(r"(\d{1,5}(?:\.\d)?)\s*(km|mi|miles?)?(?=[\s()]|$)", re.IGNORECASE)
_ANDS, _ORS, _NOTS = frozenset({"and", "&", "&&"}), frozenset({"or", "|", "||"}), frozenset({"not"})


class QuerySyntax(ValueError):
    """What cannot be read: `code` says what is wrong, `at` where (characters from 1), `word` with what.

    Codes: open_bracket, stray_bracket, empty_brackets, open_quote, nothing_before, nothing_after, no_value,
    bad_distance, within_alone, bad_remote, too_long, too_deep, too_many.
    """

    def __init__(self, code: str, at: int, word: str = "") -> None:
        super().__init__(f"{code} at {at}: {word}")
        self.code, self.at, self.word = code, at, word


def read_query(text: str) -> Node:
    """Read what was typed; nothing typed is `All()`, which holds for everybody. Raises QuerySyntax.

    >>> read_query("title:nurse")
    Term(text='nurse', field='title', quoted=False, begins=False)
    """
    if len(text) > LONGEST:
        raise QuerySyntax("too_long", LONGEST, str(LONGEST))
    reader = _Reader(text.replace("\x00", " ").translate(_QUOTES))
    node = reader.alternatives()
    if not reader.ended():
        raise QuerySyntax("stray_bracket", reader.at + 1)
    return node


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    named: str = ""  # the field whose brackets we are in: title:(nurse OR carer)
    opened: list[int] = field(default_factory=list)
    terms: int = 0

    def ended(self) -> bool:
        self.at = _after(_SPACE, self.text, self.at)
        return self.at >= len(self.text)

    def closes(self) -> bool:
        return self.ended() or self.text[self.at] == ")"

    def sees(self, words: frozenset[str]) -> re.Match[str] | None:
        self.ended()
        found = _WORD.match(self.text, self.at)
        return found if found and found.group().lower() in words else None

    def take(self, words: frozenset[str]) -> bool:
        found = self.sees(words)
        self.at = found.end() if found else self.at
        return found is not None

    def alternatives(self) -> Node:
        """a OR b OR c, down to where a bracket closes; `All()` where there is nothing to find."""
        parts, after = [self.sequence(0)], 0
        while found := self.sees(_ORS):
            after = found.start() + 1
            self.at = found.end()
            parts.append(self.sequence(after))
        return any_of(part for part in parts if part is not None)

    def sequence(self, after: int) -> Node | None:
        """a b NOT c, up to an OR, a bracket or the end; None where there is nothing to find in its words."""
        parts, empty = [], True
        while not self.closes() and not self.sees(_ORS):
            if self.take(_ANDS):
                continue
            empty = False
            part = self.one()
            if part is not None:
                parts.append(part)
        if empty and after:
            raise QuerySyntax("nothing_after", after, "OR")
        if empty and self.sees(_ORS):
            raise QuerySyntax("nothing_before", self.at + 1, "OR")
        return all_of(parts) if parts else None

    def one(self) -> Node | None:
        """A word, a phrase, a field or a bracket, with or without NOT in front."""
        said, began = True, self.at
        while self.takes_no():
            said = not said
            while self.take(_ANDS):  # NOT AND nurse: the AND has nothing to join
                pass
            if self.closes() or self.sees(_ORS):
                raise QuerySyntax("nothing_after", began + 1, "NOT")
        if self.text[self.at] == "(":
            part = self.brackets()
        else:
            found = _FIELD.match(self.text, self.at)
            part = self.of_field(found) if found else self.value()
        return part if said or part is None else negated(part)

    def takes_no(self) -> bool:
        if self.take(_NOTS):
            return True
        follows = self.text[self.at + 1 : self.at + 2]
        if self.text[self.at] != "-" or not follows or follows.isspace() or follows == ")":
            return False
        self.at += 1
        return True

    def brackets(self) -> Node | None:
        self.opened.append(self.at + 1)
        if len(self.opened) > DEEPEST:
            raise QuerySyntax("too_deep", self.at + 1, str(DEEPEST))
        self.at += 1
        if not self.ended() and self.text[self.at] == ")":
            raise QuerySyntax("empty_brackets", self.opened[-1])
        inner = self.alternatives()
        if self.ended():
            raise QuerySyntax("open_bracket", self.opened[-1])
        self.at += 1
        self.opened.pop()
        return None if inner == All() else inner

    def of_field(self, found: re.Match[str]) -> Node | None:
        name, began = found.group(1).lower(), self.at
        self.at = found.end()
        if self.closes():
            raise QuerySyntax("no_value", began + 1, f"{name}:")
        if name == "within":
            return self.near_behind(began)
        if name == "near":
            return self.near(began, Near("").reach, "km")
        outer, self.named = self.named, ALSO.get(name, name)
        part = self.brackets() if self.text[self.at] == "(" else self.value()
        self.named = outer
        return part

    def near_behind(self, began: int) -> Node:
        """within:50km near:Berlin, the other way round."""
        reach, unit = self.distance()
        self.ended()
        found = _FIELD.match(self.text, self.at)
        if not found or found.group(1).lower() != "near":
            raise QuerySyntax("within_alone", began + 1)
        self.at = found.end()
        if self.closes():
            raise QuerySyntax("no_value", found.start() + 1, "near:")
        return self.near(began, reach, unit)

    def near(self, began: int, reach: float, unit: str) -> Node:
        place, _quoted = self.words()
        if not any(map(str.isalnum, place)):
            raise QuerySyntax("no_value", began + 1, "near:")
        self.count(began)
        self.ended()
        found = _FIELD.match(self.text, self.at)
        if found and found.group(1).lower() == "within":
            self.at = found.end()
            reach, unit = self.distance()
        return Near(place, reach, unit)

    def distance(self) -> tuple[float, str]:
        found = _REACH.match(self.text, self.at)
        reach = float(found.group(1)) if found else 0.0
        unit = "mi" if found and (found.group(2) or "").lower().startswith("mi") else "km"
        if found is None or not 0 < Near("", reach, unit).km <= FARTHEST_KM:
            raise QuerySyntax("bad_distance", self.at + 1)
        self.at = found.end()
        return reach, unit

    def words(self) -> tuple[str, bool]:
        """A phrase without its quotes, or a word; and which."""
        if self.text[self.at] != '"':
            found = _WORD.match(self.text, self.at)
            self.at = found.end() if found else self.at
            return (found.group() if found else ""), False
        end = self.text.find('"', self.at + 1)
        if end < 0:
            raise QuerySyntax("open_quote", self.at + 1)
        phrase = " ".join(self.text[self.at + 1 : end].split())
        self.at = end + 1
        return phrase, True

    def value(self) -> Node | None:
        began = self.at
        text, quoted = self.words()
        begins = not quoted and text.endswith("*")
        text = text if quoted else text.rstrip("*")
        if self.named == "remote":
            return self.remote(text, began)
        if not any(map(str.isalnum, text)):
            return None
        self.count(began)
        if self.named in APPLIED:
            return self.applied({self.named: text})
        return Term(text, self.named, quoted, begins)

    def applied(self, said: dict[str, str]) -> Applied:
        """What else is said right behind of the same application, each thing once."""
        while not self.closes():
            found = _FIELD.match(self.text, self.at)
            name = ALSO.get(found.group(1).lower(), found.group(1).lower()) if found else ""
            if found is None or name not in APPLIED or name in said or self.text[found.end() :][:1] in "()":
                break
            began, self.at = self.at, found.end()
            said[name] = self.words()[0]
            if not any(map(str.isalnum, said[name])):
                raise QuerySyntax("no_value", began + 1, f"{name}:")
            self.count(began)
        return Applied(**said)

    def remote(self, text: str, began: int) -> Node:
        if text.lower() not in REMOTE:
            raise QuerySyntax("bad_remote", began + 1, text)
        self.count(began)
        return Term(REMOTE[text.lower()], self.named)

    def count(self, began: int) -> None:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise QuerySyntax("too_many", began + 1, str(MOST_TERMS))


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
