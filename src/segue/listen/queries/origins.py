"""Origins as browsers send them: scheme://host[:port], nothing after, the usual port left out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from segue.kit.errors import Invalid

MOST = 50
LENGTH = 200
_FORM = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]{0,30})://(?P<host>\[[0-9a-f:.]+\]|[^\s/?#@:\\\[\]*\"'<>]+)(?::(?P<port>\d{1,5}))?"
)
_USUAL_PORT = {"http": "80", "https": "443"}
_NO_ORIGIN = {"file", "data", "javascript", "blob", "about"}  # browsers say "null" for pages of these


def read_origins(said: Iterable[str]) -> list[str]:
    """Return origins in the form browsers send, each once, in order.

    Raises Invalid, with the right form as the remedy where it can be guessed.
    """
    found = list(dict.fromkeys(_read(line.strip()) for line in said if line.strip()))
    if len(found) > MOST:
        raise Invalid(_("A source has at most %(most)d origins.") % {"most": MOST}, field="origins")
    return found


def _read(said: str) -> str:
    match = _FORM.fullmatch(said.rstrip("/").lower())
    if match is None or match["scheme"] in _NO_ORIGIN or len(said) > LENGTH:
        raise _refused(said)
    port = match["port"]
    if port is not None and not 1 <= int(port) <= 65_535:
        raise _refused(said)
    try:
        host = match["host"] if match["host"].isascii() else match["host"].encode("idna").decode()
    except UnicodeError:
        raise _refused(said) from None
    usual = port is None or port == _USUAL_PORT.get(match["scheme"])
    return f"{match['scheme']}://{host}" + ("" if usual else f":{port}")


def _refused(said: str) -> Invalid:
    return Invalid(
        _("%(said)r is not an origin.") % {"said": said[:80]},
        field="origins",
        remedy=_("Write %(origin)s: a scheme, a host, perhaps a port, and nothing else.")
        % {"origin": _guess(said)},
    )


def _guess(said: str) -> str:
    """Return what was probably meant: a name without a scheme, or an address with a path."""
    bare = re.sub(r"^[a-z][a-z0-9+.-]*:/*", "", said.lower())
    host = re.match(r"[a-z0-9.-]+\.[a-z0-9-]+(?![@\w.-])|localhost", bare)
    return f"https://{host.group()}" if host and len(host.group()) < LENGTH else "https://careers.example.com"
