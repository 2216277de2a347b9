"""Records of people as columns, and the comparable form of each column as codes that arrays can compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.same_person.contacts import day, employer_key, handle, mailbox, phone_digits, place
from segue.engine.same_person.names import Name, name_key, read_name

Codes = NDArray[np.int32]
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Records:
    """Columns of equal length, one entry a record; "" where nothing is known.

    Where `family` is empty, `given` is read as the whole name.
    """

    given: Sequence[str]
    family: Sequence[str]
    email: Sequence[str]
    phone: Sequence[str]
    profile: Sequence[str]
    city: Sequence[str]
    employer: Sequence[str]
    born: Sequence[str]

    def __len__(self) -> int:
        return len(self.given)


@dataclass(frozen=True, slots=True)
class Keys:
    """The same records, each column as codes: equal codes, equal values; -1 where there is nothing."""

    names: list[Name]  # the distinct names
    name: Codes  # which of them
    name_key: Codes
    email: Codes
    phone: Codes
    profile: Codes
    city: Codes
    employer: Codes
    born: Codes


def keys_of(records: Records) -> Keys:
    """Return the comparable form of every column.

    >>> keys = keys_of(Records(["Bob", "Ann"], ["Li", "Li"], ["a+x@b.org", "A@B.org"], *[["", ""]] * 5))
    >>> keys.email.tolist(), keys.phone.tolist()
    ([0, 0], [-1, -1])
    """
    full = list(zip(records.given, records.family, strict=True))
    distinct = {pair: code for code, pair in enumerate(dict.fromkeys(full))}
    names = [read_name(*pair) for pair in distinct]
    name = np.fromiter((distinct[pair] for pair in full), np.int32, len(full))
    of_name = _codes([name_key(one) for one in names], str)
    return Keys(
        names=names,
        name=name,
        name_key=of_name[name] if len(name) else of_name,
        email=_codes(records.email, mailbox),
        phone=_codes(records.phone, phone_digits),
        profile=_codes(records.profile, handle),
        city=_codes(records.city, place),
        employer=_codes(records.employer, employer_key),
        born=_codes(records.born, day),
    )


def _codes(column: Sequence[str], comparable: Callable[[str], str]) -> Codes:
    """Number the distinct comparable values; each distinct text is read once."""
    values: dict[str, int] = {"": UNKNOWN}
    of_text: dict[str, int] = {}
    for text in dict.fromkeys(column):
        value = comparable(text) if text else ""
        of_text[text] = values.setdefault(value, len(values) - 1)
    return np.fromiter((of_text[text] for text in column), np.int32, len(column))
