"""A file as an answer, sent as it is made."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.cache import add_never_cache_headers

from segue.kit.spreadsheets import CONTENT_TYPES


def sheet_answer(name: str, form: str, pieces: Iterator[bytes]) -> HttpResponse:
    """Answer with a file to keep; its pieces are never in memory together, nor in anybody's cache."""
    answer = StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    add_never_cache_headers(answer)
    return answer  # type: ignore[return-value]  # to our doors it is an answer like any other
