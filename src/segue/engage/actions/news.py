"""Telling colleagues who is new to a search they keep: by mail where they want it, once a day at most."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from segue.engage.actions.messages import write_message
from segue.engage.models import Message
from segue.kit import clock
from segue.kit.actor import Actor
from segue.learn.actions.saved_searches import note_told
from segue.learn.models import SavedSearch
from segue.learn.queries.search.saved import news_of

AT_MOST_EVERY = timedelta(hours=20)  # a day, with room for a queue that is late


def tell_news(*, by: Actor) -> list[Message]:
    """Write to whoever keeps a search with news they were neither shown nor told of; returns the letters."""
    wanted = SavedSearch.objects.filter(by_mail=True, account__is_active=True).select_related("account")
    return [letter for search in wanted.order_by("pk") if (letter := _tell(search, by)) is not None]


def _tell(search: SavedSearch, by: Actor) -> Message | None:
    if search.told_at is not None and clock.now() - search.told_at < AT_MOST_EVERY:
        return None  # what is new since then is told next time
    news = news_of(search, max(search.looked_at, search.told_at or search.looked_at))
    if not news:
        return None
    note_told(search, by=by)
    return write_message(
        to=search.account.email,
        subject=_subject(search, news),
        text=_text(search, news),
        kind="search_news",
        once_for=f"{search.pk}:{clock.now().date()}",
        by=by,
    )


def _subject(search: SavedSearch, news: int) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        said = ngettext("%(n)d person is new to “%(name)s”", "%(n)d people are new to “%(name)s”", news)
        return said % {"n": news, "name": search.name}


def _text(search: SavedSearch, news: int) -> str:
    """It names nobody: a mailbox is no place for other people's profiles."""
    with translation.override(settings.LANGUAGE_CODE):
        return "\n\n".join(
            [
                _subject(search, news) + ".",
                f"{settings.BASE_URL}/desk/people/?saved={search.pk}",
                _("You asked for this mail. It stops under People, All your searches."),
            ]
        )
