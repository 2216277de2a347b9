"""Mail that nobody could be found for: whose is it, or is it nobody's?"""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.models import Person
from segue.catalog.queries.people import find_person, people_visible_to
from segue.engage.actions.arriving import hold_again, ignore_arrival, settle_arrival
from segue.engage.letters import Letter, new_words, read_letter
from segue.engage.queries.threads import held_mail, held_one
from segue.kit.actor import Actor
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.pages import desk_page
from segue.web.desk.toast import Toast, do_and_return

LISTED, GUESSES = 100, 5
WHY = {
    "answer_from_another_address": gettext_lazy(
        "It answers a letter of ours, but comes from another address."
    ),
    "nobody_known": gettext_lazy("Nobody here has this address."),
    "more_than_one": gettext_lazy("More than one person has this address."),
}


@talent_team
def held_list(request: HttpRequest) -> HttpResponse:
    """List held mail, the oldest first, each with its reason."""
    rows = [(row, WHY.get(row.why, row.why)) for row in held_mail(actor_of(request)).defer("raw")[:LISTED]]
    return desk_page(request, "held_mail", "inbox", rows=rows)


@talent_team
def held_page(request: HttpRequest, arrival_id: uuid.UUID) -> HttpResponse:
    """Read one and say whose it is."""
    actor = actor_of(request)
    row = held_one(actor, arrival_id)
    letter = read_letter(bytes(row.raw or b""))
    words, quoted = new_words(letter.text)
    return desk_page(
        request,
        "held_one",
        "inbox",
        row=row,
        why=WHY.get(row.why, row.why),
        letter=letter,
        words=words,
        quoted=quoted,
        guesses=guesses(letter, actor),
    )


def guesses(letter: Letter, by: Actor) -> list[Person]:
    """People it may be from: of the name it is signed with. A guess is shown and never acted on."""
    name = letter.from_name.strip()
    if len(name) < 3:
        return []
    return list(people_visible_to(by).filter(name__iexact=name).order_by("-pk")[:GUESSES])


@talent_team
@posts_only
def held_file(request: HttpRequest, arrival_id: uuid.UUID) -> HttpResponse:
    """File it with the person named by id, address or import number."""
    actor = actor_of(request)
    row = held_one(actor, arrival_id)

    def deed() -> Toast:
        person = find_person(actor, request.POST.get("person", ""))
        settle_arrival(row, person=person, by=actor)
        undo = reverse("desk:held_again", args=[arrival_id])
        return Toast(_("Filed with %s.") % (person.name or person.email), undo)

    return do_and_return(request, reverse("desk:held"), deed)


@talent_team
@posts_only
def held_ignore(request: HttpRequest, arrival_id: uuid.UUID) -> HttpResponse:
    """Set it aside."""
    actor = actor_of(request)
    row = held_one(actor, arrival_id)

    def deed() -> Toast:
        ignore_arrival(row, by=actor)
        return Toast(_("Set aside. Nobody was answered."), reverse("desk:held_again", args=[arrival_id]))

    return do_and_return(request, reverse("desk:held"), deed)


@talent_team
@posts_only
def held_again(request: HttpRequest, arrival_id: uuid.UUID) -> HttpResponse:
    """Let it wait for a person again."""
    actor = actor_of(request)
    row = held_one(actor, arrival_id)

    def deed() -> Toast:
        hold_again(row, by=actor)
        return Toast(_("It waits again."))

    return do_and_return(request, reverse("desk:held"), deed)
