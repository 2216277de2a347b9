"""Notes, mentions, views and deeds on many, as each colleague may see them."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from segue.hire.models import Application, BulkAction, BulkRow, Mention, Note, SavedView, Visibility
from segue.hire.queries.access import applications_visible_to, may_decide
from segue.kit.actor import Actor
from segue.kit.errors import NotFound
from segue.trust.models import Account
from segue.trust.queries.contacts import Contact

NOBODY = uuid.UUID(int=0)  # the account of those who have none: it owns no row


def notes_on(application: Application, by: Actor) -> QuerySet[Note]:
    """Return the notes this actor may read, newest first.

    Who decides reads the team's notes; an interviewer those for everybody on the job, so that they judge
    for themselves; everybody their own and those that name them. The candidate reads what is shared.
    """
    rows = Note.objects.filter(application_id=application.pk, withdrawn_at=None).select_related("author")
    rows = rows.order_by("-at", "-pk")
    shared = Q(visibility=Visibility.CANDIDATE)
    if not by.is_human_staff:
        own = by.person_id is not None and by.person_id == application.person_id
        return rows.filter(shared) if own or application.opened_by_key else rows.none()
    if not applications_visible_to(by).filter(pk=application.pk).exists():
        return rows.none()
    seen = shared | Q(visibility=Visibility.JOB) | Q(author=by.account_id)
    seen |= Q(pk__in=Mention.objects.filter(account=_own(by)).values("note"))
    if may_decide(by, application):
        seen |= Q(visibility=Visibility.TEAM)
    return rows.filter(seen)


def _own(by: Actor) -> uuid.UUID:
    return by.account_id or NOBODY


def note_for(by: Actor, note_id: uuid.UUID) -> Note:
    """Return one of this colleague's own notes, withdrawn or not. Raises NotFound."""
    found = Note.objects.filter(pk=note_id, author_id=by.account_id).first() if by.account_id else None
    if found is None:
        raise NotFound(_("There is no such note of yours."))
    return found


def mentions_of(by: Actor) -> QuerySet[Mention]:
    """Return the notes that call this colleague and wait to be read, on applications they may see."""
    visible = applications_visible_to(by).order_by().values("pk")
    rows = Mention.objects.filter(account=_own(by), seen_at=None, note__withdrawn_at=None)
    rows = rows.filter(note__application__in=visible)
    names = ("note__author", "note__application__person", "note__application__job")
    return rows.select_related(*names).order_by("-pk")


def views_of(by: Actor) -> QuerySet[SavedView]:
    """Return the views this colleague keeps, by name."""
    return SavedView.objects.filter(account=_own(by)).order_by("name")


def view_for(by: Actor, view_id: uuid.UUID) -> SavedView:
    """Return one of their own views. Raises NotFound."""
    found = views_of(by).filter(pk=view_id).first() if by.account_id else None
    if found is None:
        raise NotFound(_("There is no such view."))
    return found


def bulk_for(by: Actor, bulk_id: uuid.UUID | str) -> BulkAction:
    """Return a deed on many: one's own, or any for an administrator. Raises NotFound."""
    rows = BulkAction.objects.select_related("by_account", "job")
    if by.role.value != "administrator":
        rows = rows.filter(by_account_id=by.account_id)
    found = rows.filter(pk=bulk_id).first() if by.is_human_staff else None
    if found is None:
        raise NotFound(_("There is no such deed of yours."))
    return found


def bulk_actions_of(by: Actor) -> QuerySet[BulkAction]:
    """Return what this colleague did to many at once, the latest first."""
    rows = BulkAction.objects.filter(by_account_id=by.account_id, done_at__isnull=False)
    return rows.select_related("job").order_by("-at") if by.account_id else rows.none()


def rows_of(bulk: BulkAction) -> QuerySet[BulkRow]:
    """Return a deed's applications with their people, the sample first."""
    rows = BulkRow.objects.filter(bulk=bulk).select_related("application__person")
    return rows.order_by("-is_sample", "pk")


def owner_of(application: Application) -> Contact | None:
    """Return whom the person may ask: who owns their application, while they work here."""
    owner = application.owner if application.owner_id else None
    return Contact(owner.name or owner.email, owner.email) if owner and owner.is_active else None


def colleagues_who_own() -> QuerySet[Account]:
    """Return the colleagues who can own an application, by name."""
    roles = ("administrator", "recruiter", "hiring_manager")
    return Account.objects.filter(is_active=True, role__in=roles).order_by("name")
