"""Keeping a search, looking at it, being told of it, letting it go."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotAllowed
from segue.learn.models import SavedSearch
from segue.learn.queries.search.asking import understand
from segue.learn.queries.search.finding import may_search
from segue.learn.queries.search.saved import news_of

MOST = 50


def save_search(text: str, *, name: str, by: Actor) -> SavedSearch:
    """Keep a search under a name. Raises NotAllowed, Invalid for words that cannot be read, Conflict."""
    if not may_search(by) or by.account_id is None:
        raise NotAllowed(_("Only the talent team keeps searches."))
    name, text = " ".join(name.split()) or text.strip(), text.strip()
    if not text:
        raise Invalid(_("There is nothing to keep yet."), field="q", remedy=_("Look for something first."))
    understand(text)
    if SavedSearch.objects.filter(account_id=by.account_id).count() >= MOST:
        raise Conflict(_("You keep %d searches already.") % MOST, remedy=_("Let one of them go first."))
    return _keep(SavedSearch(account_id=by.account_id, name=name[:120], text=text), by=by)


@action("learn.save_search")
def _keep(search: SavedSearch, *, by: Actor) -> SavedSearch:
    """Its audit line names the search and never repeats its words."""
    try:
        with transaction.atomic():
            search.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            _("You keep a search called “%s” already.") % search.name,
            field="name",
            remedy=_("Give this one another name."),
        ) from None
    return search


@action("learn.look_at_search")
def look_at_search(search: SavedSearch, *, by: Actor) -> SavedSearch:
    """Count from now on what is new."""
    search.looked_at, search.news = clock.now(), 0
    search.save(update_fields=["looked_at", "news"])
    return search


@action("learn.tell_of_search")
def tell_of_search(search: SavedSearch, *, by_mail: bool, by: Actor) -> SavedSearch:
    """Say whether news of a search comes by mail too."""
    search.by_mail = by_mail
    search.save(update_fields=["by_mail"])
    return search


@action("learn.drop_search")
def drop_search(search: SavedSearch, *, by: Actor) -> None:
    """Let a search go."""
    search.delete()


@action("learn.note_told")
def note_told(search: SavedSearch, *, by: Actor) -> None:
    """Remember that its owner was told just now."""
    search.told_at = clock.now()
    search.save(update_fields=["told_at"])


@action("learn.count_news")
def count_news(*, by: Actor) -> int:
    """Count for every kept search who is new to it; returns how many searches have news."""
    with_news = 0
    for search in SavedSearch.objects.select_related("account").order_by("pk"):
        news = news_of(search, search.looked_at)
        if news != search.news:
            still = SavedSearch.objects.filter(pk=search.pk, looked_at=search.looked_at)
            still.update(news=news)
        with_news += bool(news)
    return with_news
