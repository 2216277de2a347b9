"""Reading a mail as it came: who, about what, in answer to what, and what it says.

The standard library's parser does the work. What it cannot read is left out, never guessed; nothing here
trusts a header to be true.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser

MOST_BYTES = 25 * 1024 * 1024
MOST_TEXT = 200_000
MOST_FILES = 20
_IDS = re.compile(r"<[^<>\s]{3,290}>")
_HEARD_BY_ALL = {"bulk", "list", "junk", "auto_reply"}
_QUOTE_BEGINS = re.compile(
    r"^(?:-{2,}\s?(?:Original|Ursprüngliche|Message d|Mensaje)|_{20,}"  # in English, German, French, Spanish
    r"|(?:On|Am|Le|El)\s.{5,200}\b(?:wrote|schrieb|écrit|escribió)\b.{0,120}:$)",
    re.IGNORECASE,
)
_BREAKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"}


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file within a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says of itself. `answers` are Message-IDs, oldest first; `bounced` those that came back."""

    key: str
    header_id: str
    from_name: str
    from_address: str
    subject: str
    text: str
    at: datetime | None
    answers: tuple[str, ...] = ()
    bounced: tuple[str, ...] = ()
    for_good: bool = False  # a bounce that says it is no use to try again
    automatic: bool = False
    files: tuple[Enclosed, ...] = field(default=(), repr=False)


def read_letter(raw: bytes) -> Letter:
    """Read a mail in RFC 5322 form. Raises ValueError for one too large, or without a sender.

    >>> raw = b"From: Ada <ada@people.example>\\nSubject: Re: Hi\\nMessage-ID: <1@x.example>\\n\\nYes."
    >>> told = read_letter(raw)
    >>> told.from_address, told.subject, told.text, told.header_id
    ('ada@people.example', 'Re: Hi', 'Yes.', '<1@x.example>')
    """
    if len(raw) > MOST_BYTES:
        raise ValueError("the mail is larger than 25 MB")
    mail = message_from_bytes(raw, policy=policy.default)
    name, address = parseaddr(_header(mail, "From"))
    if "@" not in address:
        raise ValueError("the mail says no sender")
    header_id = _first_id(_header(mail, "Message-ID"))
    bounced, for_good = _bounce(mail)
    return Letter(
        key=hashlib.sha256(header_id.encode() or raw).hexdigest(),
        header_id=header_id,
        from_name=name[:300],
        from_address=address.lower()[:254],
        subject=" ".join(_header(mail, "Subject").split())[:200],
        text=_text(mail)[:MOST_TEXT],
        at=_date(mail),
        answers=_answers(mail),
        bounced=bounced,
        for_good=for_good,
        automatic=_automatic(mail),
        files=() if bounced else _files(mail),
    )


def new_words(text: str) -> tuple[str, str]:
    """Part what somebody wrote from what they quote below it.

    >>> new_words("Yes, gladly.\\n\\nOn Monday Rosa wrote:\\n> Coffee?")
    ('Yes, gladly.', 'On Monday Rosa wrote:\\n> Coffee?')
    """
    lines = text.splitlines()
    for number, line in enumerate(lines):
        rest = [one for one in lines[number:] if one.strip()]
        quoted = line.startswith(">") and all(one.startswith(">") for one in rest)
        if number and (_QUOTE_BEGINS.match(line.strip()) or quoted):
            return "\n".join(lines[:number]).strip(), "\n".join(lines[number:]).strip()
    return text.strip(), ""


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail.get(name, "") or "").replace("\x00", "")
    except (
        ValueError,
        LookupError,
        AttributeError,
        IndexError,
        TypeError,
    ):  # a header beyond reading says nothing
        return ""


def _first_id(text: str) -> str:
    found = _IDS.search(text)
    return found[0] if found else ""


def _answers(mail: EmailMessage) -> tuple[str, ...]:
    said = f"{_header(mail, 'References')} {_header(mail, 'In-Reply-To')}"
    return tuple(dict.fromkeys(_IDS.findall(said)))[-50:]


def _date(mail: EmailMessage) -> datetime | None:
    try:
        at = parsedate_to_datetime(_header(mail, "Date"))
    except (ValueError, TypeError, IndexError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _automatic(mail: EmailMessage) -> bool:
    """Whether a machine wrote it (RFC 3834), by what it says or by what such machines are known to say."""
    submitted = _header(mail, "Auto-Submitted").lower().split(";")[0].strip()
    heard = _header(mail, "Precedence").strip().lower() in _HEARD_BY_ALL
    known = any(mail.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
    return submitted not in {"", "no"} or heard or known


def _bounce(mail: EmailMessage) -> tuple[tuple[str, ...], bool]:
    """The mails that a delivery report (RFC 3464) says came back, and whether for good."""
    if mail.get_content_type() != "multipart/report":
        return (), False
    ids: list[str] = []
    failed = for_good = False
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            said = str(part)
            failed = failed or re.search(r"^Action:\s*failed", said, re.I | re.M) is not None
            for_good = for_good or re.search(r"^Status:\s*5\.", said, re.I | re.M) is not None
        elif kind in {"message/rfc822", "text/rfc822-headers"}:
            ids += _IDS.findall(
                "\n".join(re.findall(r"^Message-ID:.*(?:\n[ \t].*)*", str(part), re.I | re.M))
            )
    return (tuple(dict.fromkeys(ids)) if failed else ()), for_good


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    said = _content(part)
    return (_plain(said) if part.get_content_type() == "text/html" else said).strip()


def _content(part: MIMEPart) -> str:
    try:
        said = part.get_content()
    except (LookupError, UnicodeError, KeyError):  # an alphabet nobody knows
        payload = part.get_payload(decode=True)
        said = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return str(said).replace("\x00", "").replace("\r\n", "\n")


def _files(mail: EmailMessage) -> tuple[Enclosed, ...]:
    found = []
    for part in list(mail.iter_attachments())[:MOST_FILES]:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            name = re.sub(r"[\x00-\x1f/\\]", "_", part.get_filename() or "attachment")[:255]
            found.append(Enclosed(name, part.get_content_type()[:120], content))
    return tuple(found)


class _Words(HTMLParser):
    """What a page of HTML says, without its markup, scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"script", "style", "head"}
        if tag in _BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style", "head"} and self._hidden > 0
        if tag in {"p", "div", "blockquote"}:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(re.sub(r"\s+", " ", data))


def _plain(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in "".join(reader.said).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
