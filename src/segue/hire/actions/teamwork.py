"""What colleagues say about an application, what they tell the person, and how they like their list."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from segue.engage.actions.threads import open_thread, say_in_thread
from segue.engage.models import Thread
from segue.hire.actions.deciding import named_human
from segue.hire.models import Application, Mention, Note, SavedView, Visibility
from segue.hire.queries.access import application_for, may_decide, not_there
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.trust.actions.reviews import open_review
from segue.trust.models import Account, Review

LONGEST_NOTE = 5_000
MOST_VIEWS = 30
_NAMED = re.compile(r"@([\w.+-]{2,60})")


def write_note(application: Application, *, text: str, by: Actor, visibility: str = Visibility.TEAM) -> Note:
    """Say something about an application; `@name` (the first part of an address) calls a colleague.

    Words for the candidate are feedback: only who decides may share them, and their name stands under them.
    Raises NotFound, NotAllowed, Invalid for no words or too many.
    """
    row = application_for(by, application.pk)
    author_id = named_human(by)
    words = text.replace("\x00", "").strip()
    if not words or len(words) > LONGEST_NOTE:
        raise Invalid(_("A note needs words."), field="text", remedy=_("Write up to 5,000 characters."))
    if visibility not in Visibility.values:
        raise Invalid(_("Say who may read it."), field="visibility", remedy=_("Choose from the list."))
    if visibility == Visibility.CANDIDATE and not may_decide(by, row):
        raise NotAllowed(_("Only who decides shares feedback."), remedy=_("Write it for the team instead."))
    draft = Note(application=row, author_id=author_id, text=words, visibility=visibility)
    return _keep_note(draft, by=by)


@action("hire.write_note")
def _keep_note(note: Note, *, by: Actor) -> Note:
    """Its audit line names the note and never repeats its words."""
    note.save(force_insert=True)
    called = {name.lower() for name in _NAMED.findall(note.text)}
    staff = Account.objects.filter(is_active=True, person=None).exclude(pk=note.author_id)
    named = [one for one in staff if one.email.partition("@")[0].lower() in called] if called else []
    Mention.objects.bulk_create([Mention(note=note, account=one) for one in named])
    return note


@action("hire.withdraw_note")
def withdraw_note(note: Note, *, by: Actor, back: bool = False) -> Note:
    """Take one's own note away, or bring it back. Raises NotFound for anybody else's."""
    found = Note.objects.select_for_update().filter(pk=note.pk, author=by.account_id).first()
    if found is None or by.account_id is None:
        raise not_there()
    found.withdrawn_at = None if back else clock.now()
    found.save(update_fields=["withdrawn_at"])
    return found


@action("hire.see_mentions")
def see_mentions(application: Application, *, by: Actor) -> int:
    """Note that this colleague has read what calls them here; returns how many notes that were."""
    if by.account_id is None:
        return 0
    waiting = Mention.objects.filter(note__application=application, account=by.account_id, seen_at=None)
    return waiting.update(seen_at=clock.now())


@action("hire.say_next_step")
def say_next_step(
    application: Application, *, words: str, at: datetime | None, by: Actor, puts_back: bool = False
) -> Application:
    """Tell the person what comes next and when; empty words take it back.

    Raises NotFound, NotAllowed, and Invalid for a time gone by unless it `puts_back` what stood there.
    """
    row = application_for(by, application.pk)
    if not may_decide(by, row):
        raise NotAllowed(_("Only who decides says what comes next."))
    if at is not None and at != row.next_at and at < clock.now() and not puts_back:
        raise Invalid(
            _("This time has gone by."), field="at", remedy=_("Choose one to come, or leave it empty.")
        )
    row.next_step, row.next_at = " ".join(words.split())[:200], at
    row.save(update_fields=["next_step", "next_at"])
    return row


@action("hire.ask_for_a_person")
def ask_for_a_person(application: Application, *, by: Actor, secret_text: str = "") -> Review:
    """Ask for a person: a task for the job's team, to be answered within two days; asking twice asks once.

    With words, they are kept as a conversation about the application, where the answer will be too. For the
    holder of the status link and the person themselves, whatever became of the application. Raises NotFound
    for others.
    """
    own = by.person_id is not None and by.person_id == application.person_id
    if not (own or application.opened_by_key) or application.is_receipt:
        raise not_there()
    if secret_text.strip():
        _begin_talk(application, secret_text)
    return open_review("talk", person=application.person, job=application.job, days=2, by=by)


def _begin_talk(application: Application, text: str) -> None:
    """Keep somebody's words in the conversation about this application: who holds its link speaks as them."""
    person = application.person
    speaker = Actor(role=Role.CANDIDATE, name=person.name, person_id=person.pk)
    about = f"application:{application.pk}"
    thread = Thread.objects.filter(person=person, about=about).order_by("-last_at").first()
    if thread is None:
        subject = _("About my application: %s") % application.job.title
        thread = open_thread(person, subject=subject, job=application.job, about=about, by=speaker)
    say_in_thread(thread, text[:LONGEST_NOTE], by=speaker)


@action("hire.save_view")
def save_view(query: str, *, name: str, by: Actor) -> SavedView:
    """Keep a list's filters under a name. Raises NotAllowed, Invalid, Conflict for a name that is taken."""
    account_id = named_human(by)
    words = " ".join(name.split())
    if not words or len(words) > 80 or len(query) > 500:
        raise Invalid(_("A view needs a name."), field="name", remedy=_("Use up to 80 characters."))
    if SavedView.objects.filter(account=account_id).count() >= MOST_VIEWS:
        raise Conflict(_("You keep many views already."), remedy=_("Let one of them go first."))
    try:
        with transaction.atomic():
            return SavedView.objects.create(account_id=account_id, name=words, query=query)
    except IntegrityError:
        raise Conflict(
            _("You keep a view called “%s” already.") % words,
            field="name",
            remedy=_("Give this one another name."),
        ) from None


@action("hire.drop_view")
def drop_view(view: SavedView, *, by: Actor) -> None:
    """Let a view go. Raises NotFound for somebody else's."""
    if view.account_id != by.account_id or not SavedView.objects.filter(pk=view.pk).delete()[0]:
        raise not_there()
