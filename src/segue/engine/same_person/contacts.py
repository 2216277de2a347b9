"""Addresses, numbers, handles and days as they are compared; "" for what is evidence of nobody."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from segue.engine.same_person.letters import plain

# An address that a job board made up for one application leads back to it, and says nothing of whose it is.
_RELAY_DOMAINS = re.compile(
    r"(^|\.)(relay|reply|jobboard|indeedemail|privaterelay|anonymous|masked|noreply|applytojob|guest)\b"
)
_RELAY_MAILBOXES = re.compile(r"^(relay|reply|noreply|no-reply|candidate|applicant|anonymous)[-_.+]")
# Mailboxes of a house or an office: read by whoever sits there.
_OF_A_HOUSE = """
info office contact mail hello jobs job career careers hr recruiting recruitment family familie famille admin
team sales support bewerbung post enquiries hiring talent
"""
SHARED_MAILBOXES = frozenset(_OF_A_HOUSE.split())
_DOTLESS = frozenset({"gmail", "googlemail"})
_DASH_TAGGED = frozenset({"yahoo", "ymail"})
_PROFILE_ADDRESS = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?(?:www\.)?linkedin\.com/(?:in|pub)/", re.I)
NATIONAL_DIGITS = 9  # of a number, counted from its end: what stays when a country code is written or not
_FEWEST_DIGITS = 7


@lru_cache(maxsize=200_000)
def mailbox(address: str) -> str:
    """Return the mailbox an address leads to; "" for relays and addresses a whole office reads.

    >>> mailbox("Ada.Love+jobs@GoogleMail.com"), mailbox("relay-7f3@jobboard.example"), mailbox("info@x.org")
    ('adalove@gmail.com', '', '')
    """
    local, at, domain = address.strip().lower().rpartition("@")
    if not at or not local or is_relay(local, domain):
        return ""
    local = local.partition("+")[0]
    host = domain.partition(".")[0]
    if host in _DOTLESS:
        local, domain = local.replace(".", ""), domain.replace("googlemail", "gmail", 1)
    if host in _DASH_TAGGED:
        local = local.partition("-")[0]
    return "" if not local or local in SHARED_MAILBOXES else f"{local}@{domain}"


def is_relay(local: str, domain: str) -> bool:
    """Say whether an address was made up by a job board or a mail service to stand for another."""
    return bool(_RELAY_DOMAINS.search(domain) or _RELAY_MAILBOXES.match(local))


@lru_cache(maxsize=200_000)
def phone_digits(phone: str) -> str:
    """Return the last nine digits of a number, which a country code or a leading 0 do not change.

    A number with too few digits, or of one digit only, is nobody's.

    >>> phone_digits("+41 24 601 30 15"), phone_digits("024 601 30 15"), phone_digits("000 000 000")
    ('246013015', '246013015', '')
    """
    digits = "".join(c for c in phone.partition("x")[0] if c.isdigit()).lstrip("0")
    if len(digits) < _FEWEST_DIGITS or len(set(digits)) == 1:
        return ""
    return digits[-NATIONAL_DIGITS:]


@lru_cache(maxsize=200_000)
def handle(profile: str) -> str:
    """Return the handle of a profile's address, or of the handle itself.

    >>> handle("https://www.linkedin.com/in/Ada-L-1b2/?trk=x"), handle("ada-l-1b2")
    ('ada-l-1b2', 'ada-l-1b2')
    """
    bare = _PROFILE_ADDRESS.sub("", profile.strip())
    return bare.partition("?")[0].strip("/ ").lower()


@lru_cache(maxsize=200_000)
def place(city: str) -> str:
    """Return a city's name for comparing."""
    return plain(city)


_LEGAL_FORMS = """
inc llc ltd gmbh ag kg co sa sarl spa srl bv nv plc e v group holding the und the and et y
"""
_COMPANY = frozenset(_LEGAL_FORMS.split())


@lru_cache(maxsize=200_000)
def employer_key(name: str) -> str:
    """Return an employer's name without its legal form, where anything is left of it."""
    words = plain(name).split()
    return " ".join(word for word in words if word not in _COMPANY) or " ".join(words)


@lru_cache(maxsize=200_000)
def day(text: str) -> str:
    """Return a date as YYYYMMDD from the usual ways to write one without doubt; else "".

    >>> day("1990-02-01"), day("19900201"), day("01.02.1990"), day("1/2/1990"), day("19909901")
    ('19900201', '19900201', '19900201', '', '')
    """
    parts = [part for part in re.split(r"[^0-9]+", text.strip()) if part]
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    elif len(parts) == 3 and len(parts[2]) == 4 and "." in text:
        parts = parts[::-1]
    if len(parts) != 3 or len(parts[0]) != 4:
        return ""
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])).strftime("%Y%m%d")
    except ValueError:
        return ""
