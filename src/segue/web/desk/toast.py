"""What just happened, in one line, with the inverse verb beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from segue.kit.errors import Conflict, Invalid, NotFound, SegueError

_KEY = "desk_toast"


@dataclass(frozen=True, slots=True)
class Toast:
    """A line of news; `undo_url` with `undo_fields` posts the verb that takes it back."""

    text: str
    undo_url: str = ""
    undo_fields: dict[str, str] = field(default_factory=dict)
    refused: bool = False


class SeeOther(HttpResponseRedirect):
    """After a POST, look here (with GET)."""

    status_code = 303


def leave_toast(request: HttpRequest, toast: Toast) -> None:
    """Keep the toast for the next page this colleague sees."""
    request.session[_KEY] = asdict(toast)


def take_toast(request: HttpRequest) -> dict[str, Any] | None:
    """Return the toast that waits, once. Asking costs no write where none waits."""
    return request.session.pop(_KEY) if _KEY in request.session else None


def back_from(request: HttpRequest, otherwise: str) -> str:
    """Return the page the form names in `back`, if it is one of ours."""
    wanted = request.POST.get("back", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and ours else otherwise


def do_and_return(request: HttpRequest, otherwise: str, deed: Callable[[], Toast]) -> HttpResponse:
    """Do one verb and go back with its toast; a refusal is told in the same place.

    NotAllowed is not softened: it is answered as the page it is.
    """
    try:
        toast = deed()
    except (Invalid, Conflict, NotFound) as error:
        toast = Toast(in_words(error), refused=True)
    leave_toast(request, toast)
    return SeeOther(back_from(request, otherwise))


def in_words(error: SegueError) -> str:
    """Return what was refused and what to do about it, as one line."""
    return f"{error.message} {error.remedy}".strip()
