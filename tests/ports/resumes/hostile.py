"""Files nobody means well with, made on the spot."""

from __future__ import annotations

import io
import zipfile
import zlib

import docx
from fpdf import FPDF
from fpdf.enums import EncryptionMethod

WORDS = "Ada Berg, nurse at North Clinic since March 2019, before that at Oakline for three years."
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_BODY = (
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body>%s</w:body></w:document>"
)


def pdf(pages: int = 1, *, text: str = WORDS, password: str = "") -> bytes:
    """A PDF that can be read, unless it asks for a password or holds no text."""
    made = FPDF()
    if password:
        made.set_encryption(
            owner_password="owner", user_password=password, encryption_method=EncryptionMethod.AES_128
        )
    made.set_font("helvetica", size=11)
    for _ in range(pages):
        made.add_page()
        if text:
            made.multi_cell(0, text=text)
        else:
            made.rect(20, 20, 100, 100, style="F")
    return bytes(made.output())


def word(text: str = WORDS) -> bytes:
    """A Word file that can be read."""
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def package(parts: dict[str, bytes | str]) -> bytes:
    """A zip with these parts, packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as holder:
        for name, content in parts.items():
            holder.writestr(name, content)
    return out.getvalue()


def bare_word(body: str, **more: bytes | str) -> bytes:
    """A Word file with this body and nothing else."""
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
    return package({"[Content_Types].xml": types, "word/document.xml": _BODY % body, **more})


def zip_bomb() -> bytes:
    """A Word file of some hundred kilobytes that unpacks to hundreds of megabytes."""
    start, end = (_BODY % "|").split("|")
    paragraph = b"<w:p><w:r><w:t>Ada</w:t></w:r></w:p>" * 30_000
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as holder:
        holder.writestr("[Content_Types].xml", "<Types/>")
        with holder.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(start.encode())
            for _ in range(200):
                part.write(paragraph)
            part.write(end.encode())
    return out.getvalue()


def laughs() -> bytes:
    """A Word file whose entities multiply."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "ha">{entities}]><w>&a9;</w>'
    return package({"[Content_Types].xml": "<Types/>", "word/document.xml": body})


def deep_word() -> bytes:
    """A Word file of tables in tables in tables."""
    return bare_word("<w:tbl><w:tr><w:tc>" * 50_000)


def pdf_bomb() -> bytes:
    """A PDF of some kilobytes whose page unpacks to gigabytes: packed twice."""
    squeezer = zlib.compressobj(9)
    zeros = bytes(10_000_000)
    once = b"".join(squeezer.compress(zeros) for _ in range(80)) + squeezer.flush()
    stream = zlib.compress(once, 9)
    return _with_page_content(stream, b"/Filter [/FlateDecode /FlateDecode]")


def _with_page_content(stream: bytes, how: bytes) -> bytes:
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(stream), how, stream),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n%b" % table
    return out + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start
