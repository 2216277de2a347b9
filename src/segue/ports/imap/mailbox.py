"""A real mailbox, asked with the standard library; nothing in it is moved, deleted or marked as read."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from segue.engage.mailboxes import Incoming, MailboxRefused
from segue.kit.errors import Invalid

TIMEOUT_S = 30.0
_LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class ImapServer:
    """Where a mailbox is. `security` is "none" (this machine only), "starttls" or "tls"."""

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str
    ca_file: str = ""


def read_imap_url(url: str) -> ImapServer:
    """Read imaps://user:password@host/INBOX, or imap:// for STARTTLS (in the clear on this machine alone).

    Raises Invalid where it cannot be read, names nobody, or would send a password in the clear.
    """
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or port == -1:
        raise _unreadable("It is not the address of a mailbox.")
    if not parts.username:
        raise _unreadable("It does not say whose mailbox.")
    local = parts.hostname in _LOCAL
    security = "tls" if parts.scheme == "imaps" else "none" if local else "starttls"
    return ImapServer(
        host=parts.hostname,
        port=port or (993 if security == "tls" else 143),
        security=security,
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        ca_file=query.get("ca", ""),
    )


def _unreadable(why: str) -> Invalid:
    return Invalid(
        why, field="SEGUE_IMAP_URL", remedy="Write it like imaps://user:password@mail.example.com/INBOX."
    )


class ImapMailbox:
    """The mailbox of SEGUE_IMAP_URL."""

    def __init__(self, url: str) -> None:
        self.server = read_imap_url(url)
        self.name = f"{self.server.user}@{self.server.host}/{self.server.folder}"

    def since(self, validity: int, last_uid: int, *, most: int) -> Iterator[Incoming]:
        """Yield newer mails, oldest first; where the server numbered anew, all of them again."""
        with self._connected() as box:
            now = _validity(box, self.server.folder)
            first = last_uid + 1 if now == validity else 1
            uids = _numbers(_asked(box.uid("SEARCH", f"UID {first}:*")))
            for uid in sorted(one for one in uids if one >= first)[
                :most
            ]:  # "9:*" names the last even below 9
                raw = _body(_asked(box.uid("FETCH", str(uid), "(BODY.PEEK[])")))
                if raw is not None:
                    yield Incoming(now, uid, raw)

    @contextmanager
    def _connected(self) -> Iterator[imaplib.IMAP4]:
        server = self.server
        try:
            box = self._connect()
            try:
                box.login(server.user, server.password)
                quoted = '"' + server.folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
                _asked(box.select(quoted, readonly=True))
                yield box
            finally:
                with suppress(imaplib.IMAP4.error, OSError):
                    box.logout()
        except (imaplib.IMAP4.error, OSError) as failed:
            raise MailboxRefused(f"{server.host}: {failed}") from failed

    def _connect(self) -> imaplib.IMAP4:
        server = self.server
        context = ssl.create_default_context(cafile=server.ca_file or None)
        if server.security == "tls":
            return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=TIMEOUT_S)
        box = imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_S)
        if server.security == "starttls":
            try:
                box.starttls(context)
            except BaseException:
                box.shutdown()
                raise
        return box


def _asked(answer: tuple[str, Any]) -> list[object]:
    kind: str = answer[0]
    data: list[object] = answer[1]
    if kind != "OK":
        raise imaplib.IMAP4.error(f"{kind}: {data!r}"[:300])
    return data


def _validity(box: imaplib.IMAP4, folder: str) -> int:
    said = box.response("UIDVALIDITY")[1]
    found = re.search(rb"\d+", said[0] or b"") if said and isinstance(said[0], bytes) else None
    if found is None:
        raise imaplib.IMAP4.error(f"{folder} says no UIDVALIDITY")
    return int(found[0])


def _numbers(data: list[object]) -> list[int]:
    return [int(one) for line in data if isinstance(line, bytes) for one in line.split()]


def _body(data: list[object]) -> bytes | None:
    """The mail itself; None where it has gone since it was counted."""
    for part in data:
        if isinstance(part, tuple) and len(part) == 2 and isinstance(part[1], bytes):
            return part[1]
    return None
