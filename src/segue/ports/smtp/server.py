"""A real mail server, spoken to with the standard library."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from segue.engage.channels import ChannelRefused
from segue.engage.models import Message
from segue.kit.errors import Invalid
from segue.ports.smtp.lines import Lines

TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where to hand mail over. `security` is "none", "starttls" or "tls" (from the first byte)."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    ca_file: str = ""


def read_smtp_url(url: str) -> SmtpServer:
    """Read smtp://user:password@host:587?tls=1 (STARTTLS) or smtps://host (TLS from the start).

    `ca=/path.pem` trusts a private authority; certificates are always checked. Without `tls`,
    smtp:// uses STARTTLS except on this machine. Raises Invalid where it cannot be read, or would
    send a password in the clear.
    """
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or port == -1:
        raise _unreadable("It is not an address of a mail server.")
    security = _security(parts.scheme, query.get("tls", ""), parts.hostname)
    if parts.username and security == "none":
        raise _unreadable("A password must not travel unencrypted.")
    return SmtpServer(
        host=parts.hostname,
        port=port or {"tls": 465, "starttls": 587, "none": 25}[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ca_file=query.get("ca", ""),
    )


def _security(scheme: str, tls: str, host: str) -> str:
    if scheme == "smtps":
        return "tls"
    if tls in {"1", "true", "yes"}:
        return "starttls"
    if tls in {"0", "false", "no"}:
        return "none"
    if tls:
        raise _unreadable("tls is 1 or 0.")
    return "none" if host in {"localhost", "127.0.0.1", "::1"} else "starttls"


def _unreadable(why: str) -> Invalid:
    return Invalid(
        why, field="SEGUE_SMTP_URL", remedy="Write it like smtp://user:password@mail.example.com:587?tls=1."
    )


class SmtpChannel:
    """Hands each message to the server of SEGUE_SMTP_URL, in plain text."""

    delivers = True

    def __init__(self, url: str = "", *, sender: str = "") -> None:
        self.server = read_smtp_url(url or settings.SMTP_URL)
        self.sender = sender or settings.MAIL_FROM

    def send(self, message: Message) -> None:
        """Hand one message over. Raises ChannelRefused: permanent for 5xx answers, else passing."""
        letter = self.letter(message)
        try:
            with LINES.to(self.server) as line:
                line.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise ChannelRefused(str(refused), permanent=all(code >= 500 for code in codes)) from refused
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as refused:
            raise ChannelRefused(str(refused), permanent=refused.smtp_code >= 500) from refused
        except (smtplib.SMTPException, OSError) as failed:
            raise ChannelRefused(f"{self.server.host}: {failed}") from failed

    def letter(self, message: Message) -> EmailMessage:
        """Return the letter; its Message-ID comes from the message's id, so sending twice reads as once."""
        letter = EmailMessage()
        domain = parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"
        letter["From"], letter["To"], letter["Subject"] = self.sender, message.to_address, message.subject
        letter["Date"] = format_datetime(message.send_at or message.created_at)
        letter["Message-ID"] = message.header_id or f"<{message.pk}@{domain}>"
        if message.author is None:
            letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
        else:
            name = message.author.name or parseaddr(self.sender)[0]
            letter.replace_header("From", formataddr((name, parseaddr(self.sender)[1])))
        if message.references:
            letter["References"] = message.references
            letter["In-Reply-To"] = message.references.split()[-1]
        letter.set_content(message.text, cte="quoted-printable")  # passes servers that take ASCII only
        return letter


def _connect(server: SmtpServer) -> smtplib.SMTP:
    """Open a line and sign in. Raises SMTPException and OSError, and leaves nothing open then."""
    context = ssl.create_default_context(cafile=server.ca_file or None)
    if server.security == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.security == "starttls":
            line.starttls(context=context)
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line


LINES = Lines(_connect)
