"""Cells as people write them: pay, periods, dates, kinds of employment."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html import unescape

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from segue.catalog.actions.refusals import refusal
from segue.catalog.models import EmploymentType, JobStatus, PayPeriod, Remote
from segue.catalog.places import currency_code

BLANKS = frozenset(
    {"", "na", "n/a", "n.a.", "none", "null", "nil", "-", "--", "—", "?", "not available", "tbd"}
)
_PERIODS = {
    PayPeriod.HOUR: "hour hourly h hr hrs stunde heure hora",
    PayPeriod.DAY: "day daily tag jour",
    PayPeriod.WEEK: "week weekly wk woche semaine",
    PayPeriod.MONTH: "month monthly mon monat mois mes",
    PayPeriod.YEAR: "year yearly annual annually annum yr pa jahr an",
}
_EMPLOYMENT = {
    EmploymentType.FULL_TIME: "f ft full fulltime permanent regular vollzeit",
    EmploymentType.PART_TIME: "p pt part parttime teilzeit",
    EmploymentType.CONTRACT: "c contract contractor freelance",
    EmploymentType.TEMPORARY: "t temp temporary perdiem seasonal fixedterm volunteer befristet",
    EmploymentType.INTERNSHIP: "i intern internship trainee apprenticeship praktikum",
}
_REMOTE = {
    Remote.REMOTE: "remote telecommute fullyremote wfh true yes homeoffice full",
    Remote.HYBRID: "hybrid partlyremote partiallyremote",
    Remote.ONSITE: "onsite office inoffice inperson false no none",
}
_STATUS = {
    JobStatus.OPEN: "open active published live posted",
    JobStatus.CLOSED: "closed inactive expired archived cancelled canceled onhold",
    JobStatus.FILLED: "filled hired",
    JobStatus.DRAFT: "draft pending",
}
_TABLES: dict[str, dict[str, str]] = {
    "pay_period": {str(choice): words for choice, words in _PERIODS.items()},
    "employment_type": {str(choice): words for choice, words in _EMPLOYMENT.items()},
    "remote": {str(choice): words for choice, words in _REMOTE.items()},
    "status": {str(choice): words for choice, words in _STATUS.items()},
}
_WORDS = {
    field: {word: choice for choice, words in table.items() for word in words.split()}
    for field, table in _TABLES.items()
}
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes no NUL, UTF-8 no lone surrogate
_NUMBER = re.compile(r"\d[\d.,' \u00a0\u202f]*\d|\d")
_TAG = re.compile(r"</?(?:p|br|li|ul|ol|div|strong|b|em|i|h[1-6]|span|a|table|tr|td)\b[^>]*>", re.IGNORECASE)
_BLOCK_END = re.compile(r"<(?:br\s*/?|/p|/li|/div|/h[1-6]|/tr)>", re.IGNORECASE)


def is_blank(cell: str) -> bool:
    """Say whether a cell says nothing: empty, or a word people write for that."""
    return cell.strip().lower() in BLANKS


def read_choice(field: str, cell: str) -> str:
    """Read a word for a period, an employment type, remote work or a status. Raises Invalid `bad_choice`."""
    key = re.sub(r"[^a-z]", "", cell.lower().removeprefix("per "))
    found = _WORDS[field].get(key.removeprefix("per")) or _WORDS[field].get(key.removesuffix("time"))
    if found is None:
        known = ", ".join(dict.fromkeys(_WORDS[field].values()))
        raise refusal(
            "bad_choice", field, _("“%s” is not a word we know here.") % cell[:60], _("Use: %s.") % known
        )
    return found


def read_amount(field: str, cell: str, *, small: bool = False) -> str:
    """Read "45,000.50", "45.000,50", "$45k" or "26.1040" as digits. Raises Invalid `bad_pay`.

    "26.104" is twenty-six an hour but "45.000" forty-five thousand a year: `small` says which is meant.
    """
    found = _NUMBER.findall(cell)
    around = _NUMBER.sub("", cell).strip().lower()
    if len(found) != 1 or "-" in around or len(around) > 12:
        raise refusal(
            "bad_pay",
            field,
            _("“%s” is not an amount of pay.") % cell[:60],
            _("Use a number, such as 52000."),
        )
    digits = found[0] if _is_decimal(found[0], small) else plain_number(found[0])
    return f"{float(digits) * 1000:.2f}" if around.endswith(("k", "k+")) else digits


def _is_decimal(number: str, small: bool) -> bool:
    whole, point, rest = number.partition(".")
    return bool(point) and whole.isdigit() and rest.isdigit() and (len(rest) != 3 or small)


def plain_number(text: str) -> str:
    """Take the grouping out of a number: a last mark before one or two digits is the decimal one.

    >>> plain_number("45.000,50"), plain_number("45,000"), plain_number("1 200.5")
    ('45000.50', '45000', '1200.5')
    """
    text = re.sub(r"[\s']", "", text)
    decimal = re.search(r"[.,](\d{1,2})$", text)
    whole = re.sub(r"[.,]", "", text[: decimal.start()] if decimal else text)
    return f"{whole}.{decimal.group(1)}" if decimal else whole


def read_pay_text(cell: str) -> dict[str, str]:
    """Read "300,000 - 500,000 AMD per month" where amounts, currency and period are all there; else {}."""
    words = re.findall(r"[A-Za-zł]+\$?|[€£₹₩₴₪₺₦₽]|[A-Z]{1,2}\$", cell)
    currency = next((code for code in map(currency_code, words) if code), "")
    period = next(
        (_WORDS["pay_period"][w] for w in (w.lower() for w in words) if w in _WORDS["pay_period"]), ""
    )
    amounts = [plain_number(found) for found in _NUMBER.findall(cell)]
    if not (currency and period and 1 <= len(amounts) <= 2):
        return {}
    return {"pay_min": amounts[0], "pay_max": amounts[-1], "pay_currency": currency, "pay_period": period}


def read_when(field: str, cell: str, *, order: str = "") -> date | datetime:
    """Read a date; `order` ("day_first", "month_first") settles 03/04/2026. Raises Invalid."""
    cell = cell.strip()
    try:
        found = parse_date(cell) or parse_datetime(cell) or _read_parts(cell, order)
    except ValueError:
        found = None
    if found is None:
        raise refusal("bad_date", field, _("“%s” is not a date.") % cell[:60], _("Write it as 2026-11-30."))
    if isinstance(found, str):
        raise refusal(
            "ambiguous_date", field, _("“%s” could be two dates.") % cell[:60],
            _("Write it as 2026-11-30, or say in the mapping: \"dates\": \"day_first\" or \"month_first\"."),
        )  # fmt: skip
    return found


def _read_parts(cell: str, order: str) -> date | str | None:
    """Return a date, or "ambiguous"."""
    if year_first := re.match(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:\D|$)", cell):
        year, month, day = year_first.groups()
        return date(int(year), int(month), int(day or 1))
    if german := re.match(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", cell):
        day, month, year = german.groups()
        return date(int(year), int(month), int(day))
    if re.match(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} ", cell):  # as in mail, and in Indeed's feeds
        return parsedate_to_datetime(cell).date()
    slashed = re.match(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", cell)
    if not slashed:
        return None
    first, second, year = (int(part) for part in slashed.groups())
    if first != second and first <= 12 and second <= 12 and not order:
        return "ambiguous"
    month_first = order == "month_first" if order else second > 12
    return date(year, first, second) if month_first else date(year, second, first)


def read_list(cell: str) -> list[str]:
    """Cut a cell into its items: at semicolons, bars and line ends, else at commas."""
    parts = re.split(r"[;|\n•]", cell) if re.search(r"[;|\n•]", cell) else cell.split(",")
    return list(dict.fromkeys(part.strip(" -\t") for part in parts if part.strip(" -\t")))


def plain_text(text: str) -> str:
    """Take the mark-up out of a description, keeping its lines."""
    if _TAG.search(text):
        text = _TAG.sub("", _BLOCK_END.sub("\n", re.sub(r"(?is)<(script|style)\b.*?</\1>", "", text)))
    text = unescape(text).replace("\r\n", "\n").replace("\r", "\n")
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
