"""Two records side by side, and the reasons for calling them one person, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Merge, Person, SamePair
from segue.web.places import country_name

Words = str | Promise
_SAYS: dict[tuple[str, str], Words] = {
    ("given", "same"): _("The same first name."),
    ("given", "nickname"): _("First names that are forms of one name."),
    ("given", "close"): _("First names a slip or an initial apart."),
    ("given", "different"): _("Different first names."),
    ("family", "same"): _("The same family name."),
    ("family", "close"): _("Family names a slip apart."),
    ("family", "different"): _("Different family names."),
    ("email", "same"): _("The same mailbox."),
    ("email", "different"): _("Different e-mail addresses."),
    ("phone", "same"): _("The same phone number."),
    ("phone", "different"): _("Different phone numbers."),
    ("profile", "same"): _("The same profile address."),
    ("profile", "different"): _("Different profile addresses."),
    ("city", "same"): _("The same town."),
    ("city", "different"): _("Different towns."),
    ("employer", "same"): _("The same employer."),
    ("employer", "different"): _("Different employers."),
    ("born", "same"): _("The same birth date."),
    ("born", "different"): _("Different birth dates."),
}
_SWAPPED = _("The same two names, in the other order.")
_SIGNS: dict[str, Words] = {
    "same": _("Same"),
    "nickname": _("Same name, another form"),
    "swapped": _("Same, other order"),
    "close": _("Nearly the same"),
    "different": _("Different"),
}
_WHY: dict[str, Words] = {
    "rule": _("The rules are certain. The dial says to ask first."),
    "account": _("The rules are certain, but somebody signs in here, and would see the other record."),
    "consent": _("The rules are certain, but the two gave different answers on what we may use."),
    "undone": _("These were merged, and the merge was undone."),
}
_RULES: dict[str, Words] = {
    "profile": _("The same profile address, and a name that agrees"),
    "email": _("The same e-mail, and a first name that agrees"),
    "phone": _("The same phone number, and a name that agrees"),
    "life": _("The same full name, town and employer, and no contact against it"),
    "person": _("Somebody looked and said so"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One field of two records; `how` is empty where nothing was compared."""

    label: Words
    ours: str
    theirs: str
    how: str = ""
    sign: Words = ""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A pair as the page shows it."""

    pair: SamePair
    why: Words
    rows: list[Row]
    reasons: list[Words]
    against: list[Words]


def side_by_side(
    pair: SamePair, employers: Mapping[UUID, str], applications: Mapping[UUID, int]
) -> SideBySide:
    """Return the pair field by field, the reasons for it and those against it."""
    how = {str(sign["field"]): str(sign["how"]) for sign in pair.evidence if "how" in sign}
    reasons, against = reasons_of(pair.evidence)
    rows = _rows(pair, how, employers, applications)
    return SideBySide(pair, _WHY.get(pair.reason, ""), rows, reasons, against)


def reasons_of(evidence: list[dict[str, Any]]) -> tuple[list[Words], list[Words]]:
    """Return the sentences that speak for one person, and those that speak against it."""
    signs = [(str(sign.get("field")), str(sign.get("how"))) for sign in evidence]
    swapped = ("family", "swapped") in signs or ("given", "swapped") in signs
    told = [(how, _SAYS[field, how]) for field, how in signs if (field, how) in _SAYS]
    speaking = [words for how, words in told if how != "different"]
    return ([_SWAPPED] if swapped else []) + speaking, [words for how, words in told if how == "different"]


def rule_words(merge: Merge) -> Words:
    return _RULES.get(merge.rule, merge.rule)


def _rows(
    pair: SamePair, how: Mapping[str, str], employers: Mapping[UUID, str], applications: Mapping[UUID, int]
) -> list[Row]:
    one, other = pair.first, pair.second
    counted = [str(applications.get(person.pk, 0)) for person in (one, other)]
    return [
        _row(_("Name"), one.name, other.name, _name_sign(how)),
        _row(_("E-mail"), one.email or "", other.email or "", how.get("email", "")),
        _row(_("Phone"), one.phone, other.phone, how.get("phone", "")),
        _row(_("Place"), _place(one), _place(other), how.get("city", "")),
        _row(_("Employer"), employers.get(one.pk, ""), employers.get(other.pk, ""), how.get("employer", "")),
        _row(_("Headline"), one.headline, other.headline),
        _row(_("Applications"), *counted),
        _row(_("Came from"), _origin(one), _origin(other)),
    ]


def _row(label: Words, ours: str, theirs: str, how: str = "") -> Row:
    return Row(label, ours, theirs, how, _SIGNS.get(how, ""))


def _name_sign(how: Mapping[str, str]) -> str:
    """The weaker of the two parts is what one sees of a whole name."""
    parts = [how[part] for part in ("given", "family") if part in how]
    order = ("different", "close", "nickname", "swapped", "same")
    return min(parts, key=order.index) if parts else ""


def _place(person: Person) -> str:
    country = country_name(person.country) if person.country else ""
    return ", ".join(part for part in (person.city, country) if part)


def _origin(person: Person) -> str:
    return person.external_source if person.source in {"", "import"} else person.source
