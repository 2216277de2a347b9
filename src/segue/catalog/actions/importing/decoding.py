"""From bytes to text: which encoding, and the repair of text that was decoded wrongly before."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from django.utils.translation import gettext as _

from segue.catalog.actions.importing.problems import MalformedFile

_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY = {b"%PDF": "PDF", b"PK\x03\x04": "Excel, Word or ZIP", b"\x89PNG": "PNG",
           b"\xd0\xcf\x11\xe0": "old Office", b"\x1f\x8b": "gzip", b"{\\rtf": "RTF"}  # fmt: skip
_NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class FileText:
    """How to read a file: its encoding, and the hash and size of its bytes."""

    path: Path
    encoding: str
    sha256: str
    size: int


def examine(path: Path) -> FileText:
    """Find the encoding in one pass over the bytes. Raises MalformedFile for what is not text."""
    try:
        with path.open("rb") as handle:
            head = handle.read(8)
            _refuse_binary(head)
            encoding = next((name for mark, name in _BOMS if head.startswith(mark)), "utf-8")
            handle.seek(0)
            return _scan(handle, path, encoding)
    except OSError as missing:
        raise MalformedFile(
            "unreadable",
            _("This file cannot be opened (%s).") % missing.strerror,
            remedy=_("Check its path."),
        ) from missing


def _refuse_binary(head: bytes) -> None:
    if not head:
        raise MalformedFile("empty_file", _("The file is empty."), remedy=_("Export it again."))
    kind = next((name for magic, name in _BINARY.items() if head.startswith(magic)), None)
    if kind:
        raise MalformedFile(
            "not_text", _("This is not text but %s.") % kind, remedy=_("Save it as CSV (UTF-8) or JSON.")
        )


def _scan(handle: BufferedReader, path: Path, encoding: str) -> FileText:
    digest, size, line, undefined_line, is_utf8 = hashlib.sha256(), 0, 1, 0, True
    decoder = codecs.getincrementaldecoder(encoding)()
    while chunk := handle.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if encoding != "utf-16" and b"\x00" in chunk:
            at = line + chunk[: chunk.index(b"\x00")].count(b"\n")
            raise MalformedFile(
                "not_text",
                _("There is a NUL byte here."),
                line=at,
                remedy=_("Save it as CSV (UTF-8) or JSON."),
            )
        if is_utf8:
            is_utf8 = _decodes(decoder, chunk)
        if not undefined_line and (bad := _NOT_IN_CP1252.search(chunk)):
            undefined_line = line + chunk[: bad.start()].count(b"\n")
        line += chunk.count(b"\n")
    if is_utf8 and _decodes(decoder, b"", final=True):
        return FileText(path, encoding, digest.hexdigest(), size)
    if encoding != "utf-8" or undefined_line:
        raise MalformedFile(
            "bad_encoding",
            _("The bytes here are neither UTF-8 nor Windows-1252."),
            line=undefined_line or line,
            remedy=_("Save the file again as UTF-8."),
        )
    return FileText(path, "cp1252", digest.hexdigest(), size)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


# --- mojibake: UTF-8 that somebody read as Windows-1252 or Latin-1, and saved again as UTF-8 -------------


def _byte_table() -> dict[str, int]:
    table = {chr(byte): byte for byte in range(0x80, 0x100)}  # Latin-1, with its control characters
    for byte in range(0x80, 0xA0):
        char = bytes([byte]).decode("cp1252", "ignore")
        if char:
            table[char] = byte
    return table


_BYTES = _byte_table()
_FOLLOWING = "".join(re.escape(char) for char, byte in _BYTES.items() if byte < 0xC0)
_SUSPECT = re.compile(
    f"[\u00c2-\u00df][{_FOLLOWING}]|[\u00e0-\u00ef][{_FOLLOWING}]{{2}}|[\u00f0-\u00f4][{_FOLLOWING}]{{3}}"
)
# What the repair may produce: letters, punctuation, signs, bullets, emoji. „Spaß“ must not become N'Ko.
_PLAUSIBLE = re.compile(
    "[\u00a0-\u017f\u2010-\u2044\u20a0-\u20bf\u2100-\u2bff\uf000-\uf0ff\ufeff\U0001f300-\U0001faff]"
)
_LONE_LEAD = re.compile(r"(?<![^\W\d_])Â(?=\s|$)")  # what is left of a no-break space that was trimmed
_SYMBOL_FONT = re.compile("[\uf000-\uf0ff]")  # bullets of a word processor's own font


def repair(text: str) -> str:
    """Undo mojibake, up to twice over; text that is right is returned as it is.

    Source: the reverse of the mistake, sequence by sequence, so that one bad character elsewhere in the
    text does not keep the rest broken.
    """
    for _round in range(2):
        if not _SUSPECT.search(text):
            break
        text = _SUSPECT.sub(_decoded, text)
    text = _LONE_LEAD.sub("", text)
    if "\uf000" <= max(text, default="") <= "\uf0ff":
        text = _SYMBOL_FONT.sub("•", text)
    return text.replace("\ufeff", "")


def _decoded(match: re.Match[str]) -> str:
    found = match.group()
    try:
        right = bytes(_BYTES[char] for char in found).decode("utf-8")
    except UnicodeDecodeError:
        return found
    return right if _PLAUSIBLE.fullmatch(right) else found
