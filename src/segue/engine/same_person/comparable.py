"""The comparable form of records as plain text columns, for engines that compare tables themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from segue.engine.same_person.contacts import day, employer_key, handle, mailbox, phone_digits, place
from segue.engine.same_person.names import fold, name_key, read_name
from segue.engine.same_person.records import Records

Table = dict[str, list[str | None]]


def comparable(records: Records) -> Table:
    """Return one text column for each thing that is compared; None where nothing is known.

    `name` is the whole name without order; `given` and `family` are its parts as they stand.

    >>> table = comparable(Records(["Bob"], ["van den Berg"], ["b.o+x@gmail.com"], *[[""]] * 5))
    >>> table["name"], table["family"], table["email"], table["phone"]
    (['berg bob'], ['berg'], ['bo@gmail.com'], [None])
    """
    names = [read_name(*both) for both in zip(records.given, records.family, strict=True)]
    table: Table = {
        "name": [name_key(name) or None for name in names],
        "given": [" ".join(fold(word) for word in name.given) or None for name in names],
        "family": [" ".join(fold(word) for word in name.family) or None for name in names],
        "email": _column(records.email, mailbox),
        "phone": _column(records.phone, phone_digits),
        "profile": _column(records.profile, handle),
        "city": _column(records.city, place),
        "employer": _column(records.employer, employer_key),
        "born": _column(records.born, day),
    }
    table["local_part"] = [address and address.partition("@")[0] for address in table["email"]]
    return table


def _column(texts: Sequence[str], form: Callable[[str], str]) -> list[str | None]:
    return [form(text) or None if text else None for text in texts]
