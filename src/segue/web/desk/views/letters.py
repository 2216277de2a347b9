"""Letters kept for later, and how one ends one's own."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from segue.engage.actions.templates import FIELDS, keep_template, retire_template
from segue.engage.actions.threads import keep_signature
from segue.engage.queries.letters import signature_of, template_for, templates_of
from segue.kit.errors import SegueError
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import SeeOther, Toast, do_and_return, in_words, leave_toast

NEW = "new"


@talent_team
def letters(request: HttpRequest) -> HttpResponse:
    """List kept letters, and edit one; what was typed is kept when something is refused."""
    actor, chosen = actor_of(request), request.GET.get("edit", "")
    refusal, status = "", 200
    row = template_for(actor, chosen) if chosen and chosen != NEW else None
    typed = {name: getattr(row, name, "") for name in ("name", "subject", "text")}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        try:
            kept = keep_template(
                typed["name"],
                subject=typed["subject"],
                secret_text=typed["text"],
                template_id=row.pk if row else None,
                by=actor,
            )
        except SegueError as error:
            refusal, status = in_words(error), error.http_status
        else:
            leave_toast(request, Toast(_("“%s” is kept.") % kept.name))
            return SeeOther(reverse("desk:letters"))
    return desk_page(
        request,
        "letters",
        "inbox",
        rows=list(templates_of(actor)),
        editing=chosen,
        places=["{{ " + name + " }}" for name in FIELDS],
        refusal=refusal,
        signature=signature_of(actor),
        status=status,
        **typed,
    )


@talent_team
@posts_only
def letter_retire(request: HttpRequest, template_id: uuid.UUID) -> HttpResponse:
    """Take a letter off the list, or put it there again."""
    actor, back = actor_of(request), request.POST.get("again") == "1"
    row = template_for(actor, template_id)

    def deed() -> Toast:
        retire_template(row, by=actor, back=back)
        if back:
            return Toast(_("“%s” is on the list again.") % row.name)
        undo = reverse("desk:letter_retire", args=[template_id])
        return Toast(_("“%s” is off the list.") % row.name, undo, {"again": "1"})

    return do_and_return(request, reverse("desk:letters"), deed)


@talent_team
@posts_only
def letter_signature(request: HttpRequest) -> HttpResponse:
    """Keep how one's letters end."""
    actor = actor_of(request)

    def deed() -> Toast:
        keep_signature(secret_text=request.POST.get("signature", ""), by=actor)
        return Toast(_("Your letters end like this from now on."))

    return do_and_return(request, reverse("desk:letters"), deed)
