"""Letters: what waits for us, and a conversation with what can be done in it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.models import Person
from segue.catalog.queries.people import person_for
from segue.engage.actions.threads import (
    await_answer,
    need_no_answer,
    open_thread,
    own_thread,
    take_back_letter,
    write_in_thread,
)
from segue.engage.models import Thread
from segue.engage.queries.letters import signature_of, template_for, templates_of
from segue.engage.queries.threads import (
    attachment_for,
    held_mail,
    inbox,
    message_for,
    messages_of,
    thread_for,
    waiting_count,
)
from segue.hire.models import Application, Outcome
from segue.hire.queries.applications import applications_of
from segue.kit.actor import Actor
from segue.kit.errors import SegueError
from segue.web.actors import actor_of
from segue.web.desk.doors import deciders, posts_only, talent_team
from segue.web.desk.letter_words import filled_in, typed_time
from segue.web.desk.pages import PAGE_SIZE, desk_page, next_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast

TABS = (
    ("waiting", gettext_lazy("Waiting for us")),
    ("mine", gettext_lazy("Mine")),
    ("all", gettext_lazy("All")),
)


@deciders
def inbox_page(request: HttpRequest) -> HttpResponse:
    """List conversations; who waited longest comes first."""
    actor, which = actor_of(request), request.GET.get("show", "waiting")
    page = inbox(actor, which=which, after=request.GET.get("after", ""), size=PAGE_SIZE)
    return desk_page(
        request,
        "inbox",
        "inbox",
        rows=page.rows,
        which=which,
        tabs=TABS,
        waiting=waiting_count(actor),
        held=held_mail(actor).count() if actor.is_talent_team else 0,
        next_page=next_page(request, page.next_after),
    )


@deciders
def thread_page(request: HttpRequest, thread_id: uuid.UUID) -> HttpResponse:
    """Read a conversation and answer it; what was typed is kept when something is refused."""
    actor = actor_of(request)
    thread = thread_for(actor, thread_id)
    if request.method != "POST":
        return _conversation(request, thread)
    wanted = request.POST.get("template", "")
    if request.POST.get("do") == "fill" and wanted:
        return _filled(request, thread, wanted)
    try:
        letter = write_in_thread(
            thread,
            request.POST.get("text", ""),
            send_at=typed_time(request.POST.get("send_at", "")),
            by=actor,
        )
    except SegueError as error:
        return _conversation(request, thread, refusal=error, status=error.http_status)
    leave_toast(request, _sent(letter.pk, later=bool(request.POST.get("send_at"))))
    return SeeOther(reverse("desk:thread", args=[thread.pk]))


def _sent(message_id: uuid.UUID, *, later: bool) -> Toast:
    said = _("It goes out at the time you set.") if later else _("On its way in ten seconds.")
    return Toast(said, reverse("desk:letter_back", args=[message_id]))


def _conversation(
    request: HttpRequest, thread: Thread, *, refusal: SegueError | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    actor = actor_of(request)
    context: dict[str, Any] = {
        "thread": thread,
        "said": messages_of(thread, actor),
        "templates": templates_of(actor),
        "signature": signature_of(actor),
        "text": request.POST.get("text", ""),
        "send_at": request.POST.get("send_at", ""),
        "refusal": in_words(refusal) if refusal else "",
    }
    return desk_page(request, "thread", "inbox", status=status, **(context | more))


def _filled(request: HttpRequest, thread: Thread, template_id: str) -> HttpResponse:
    """Put a kept letter before what was typed, with every name in its place, or say which is missing."""
    actor = actor_of(request)
    try:
        text = filled_in(template_for(actor, template_id).text, thread, actor)
    except SegueError as error:
        return _conversation(request, thread, refusal=error, status=error.http_status)
    typed = request.POST.get("text", "").strip()
    return _conversation(request, thread, text=f"{text}\n\n{typed}".strip())


@talent_team
def thread_new(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Begin a conversation with somebody."""
    actor = actor_of(request)
    person = person_for(actor, person_id)
    if request.method == "POST":
        try:
            thread = _begun(request, person)
            letter = write_in_thread(thread, request.POST.get("text", ""), by=actor)
        except SegueError as error:
            return _new(request, person, refusal=in_words(error), status=error.http_status)
        leave_toast(request, _sent(letter.pk, later=False))
        return SeeOther(reverse("desk:thread", args=[thread.pk]))
    return _new(request, person)


def _begun(request: HttpRequest, person: Person) -> Thread:
    """Open it, about the application that is under way where there is one: that is ground enough to write."""
    actor, subject = actor_of(request), request.POST.get("subject", "")
    found = _under_way(person, actor)
    if found is None:
        return open_thread(person, subject=subject, by=actor)
    return open_thread(person, subject=subject, job=found.job, about=f"application:{found.pk}", by=actor)


def _under_way(person: Person, actor: Actor) -> Application | None:
    mine = applications_of(person.pk, actor).filter(outcome=Outcome.OPEN)
    return mine.select_related("job").order_by("-applied_at").first()


def _new(request: HttpRequest, person: Person, *, refusal: str = "", status: int = 200) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("subject", "text")}
    about = _under_way(person, actor_of(request))
    return desk_page(
        request,
        "thread_new",
        "inbox",
        person=person,
        about=about.job if about else None,
        refusal=refusal,
        status=status,
        **typed,
    )


@deciders
@posts_only
def letter_back(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    """Take back a letter that has not left."""
    actor = actor_of(request)
    message = message_for(actor, message_id)

    def deed() -> Toast:
        take_back_letter(message, by=actor)
        return Toast(_("Taken back. Nobody has read it; your words are below."))

    return do_and_return(request, reverse("desk:thread", args=[message.thread_id]), deed)


@deciders
@posts_only
def thread_settle(request: HttpRequest, thread_id: uuid.UUID) -> HttpResponse:
    """Say that it needs no answer, or that it does after all."""
    actor, back = actor_of(request), request.POST.get("back_to_waiting") == "1"
    thread = thread_for(actor, thread_id)

    def deed() -> Toast:
        (await_answer if back else need_no_answer)(thread, by=actor)
        if back:
            return Toast(_("It waits for an answer again."))
        undo = reverse("desk:thread_settle", args=[thread_id])
        return Toast(_("It needs no answer."), undo, {"back_to_waiting": "1"})

    return do_and_return(request, reverse("desk:inbox"), deed)


@deciders
@posts_only
def thread_own(request: HttpRequest, thread_id: uuid.UUID) -> HttpResponse:
    """Look after it oneself, or not any more."""
    actor, leave = actor_of(request), request.POST.get("leave") == "1"
    thread = thread_for(actor, thread_id)

    def deed() -> Toast:
        own_thread(thread, owner_id=None if leave else actor.account_id, by=actor)
        undo = reverse("desk:thread_own", args=[thread_id])
        said = _("Nobody in particular looks after it.") if leave else _("You look after it now.")
        return Toast(said, undo, {} if leave else {"leave": "1"})

    return do_and_return(request, reverse("desk:thread", args=[thread_id]), deed)


@deciders
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """Hand over a file that came with a mail, always to be saved and never to be shown by the browser."""
    found = attachment_for(actor_of(request), attachment_id)
    answer = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, found.name)
    return answer
