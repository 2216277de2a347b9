"""Handing out papers: as a download, kept by nobody on the way."""

from __future__ import annotations

from django.http import HttpResponse


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Return a PDF to be saved; browsers and proxies are told to keep no copy."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
