"""A candidate's own conversations with us."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from segue.catalog.queries.people import person_for
from segue.engage.actions.threads import open_thread, say_in_thread
from segue.engage.models import Thread
from segue.engage.queries.threads import inbox, messages_of, thread_for
from segue.kit.actor import Actor
from segue.kit.errors import Invalid
from segue.web.actors import actor_of, candidates_only
from segue.web.portal.doors import SeeOther


@require_safe
@candidates_only
def conversations(request: HttpRequest) -> HttpResponse:
    """List them, the latest first."""
    page = inbox(actor_of(request), which="all", after=request.GET.get("after", ""))
    return render(request, "portal/conversations.html", {"rows": page.rows, "next_after": page.next_after})


@require_http_methods(["GET", "HEAD", "POST"])
@candidates_only
def conversation(request: HttpRequest, thread_id: uuid.UUID) -> HttpResponse:
    """Read one, and answer in it; what was typed is kept when something is refused."""
    actor = actor_of(request)
    thread = thread_for(actor, thread_id)
    if request.method == "POST":
        try:
            say_in_thread(thread, request.POST.get("text", ""), by=actor)
        except Invalid as error:
            return _conversation(request, thread, error.message, status=422)
        messages.success(request, _("Sent. A person here will read it."))
        return SeeOther(reverse("portal:conversation", args=[thread.pk]))
    return _conversation(request, thread)


def _conversation(request: HttpRequest, thread: Thread, refusal: str = "", status: int = 200) -> HttpResponse:
    said = messages_of(thread, actor_of(request))
    context = {"thread": thread, "said": said, "refusal": refusal, "text": request.POST.get("text", "")}
    return render(request, "portal/conversation.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@candidates_only
def conversation_new(request: HttpRequest) -> HttpResponse:
    """Begin one: nobody needs a reason to ask."""
    typed = {name: request.POST.get(name, "") for name in ("subject", "text")}
    if request.method == "POST":
        try:
            thread = _begun(actor_of(request), **typed)
        except Invalid as error:
            said = typed | {"refusal": error.message}
            return render(request, "portal/conversation_new.html", said, status=422)
        messages.success(request, _("Sent. A person here will read it."))
        return SeeOther(reverse("portal:conversation", args=[thread.pk]))
    return render(request, "portal/conversation_new.html", typed)


def _begun(actor: Actor, *, subject: str, text: str) -> Thread:
    if not text.strip():
        raise Invalid(_("Write something first."), field="text")
    thread = open_thread(person_for(actor, actor.person_id or ""), subject=subject, by=actor)
    say_in_thread(thread, text, by=actor)
    return thread
