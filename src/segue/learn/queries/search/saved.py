"""The searches a colleague keeps. They are theirs alone."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.learn.models import SavedSearch
from segue.learn.queries.search.asking import understand
from segue.learn.queries.search.finding import count_people, may_search
from segue.trust.queries.access import actor_for

NEWS_COUNTED = 999


def saved_searches_of(actor: Actor) -> QuerySet[SavedSearch]:
    """Return the searches this colleague keeps, by name."""
    if not may_search(actor) or actor.account_id is None:
        return SavedSearch.objects.none()
    return SavedSearch.objects.filter(account_id=actor.account_id).order_by("name")


def saved_search_for(actor: Actor, search_id: uuid.UUID | str) -> SavedSearch:
    """Return one of their own. Raises NotFound alike for none and for somebody else's."""
    try:
        found = saved_searches_of(actor).filter(pk=uuid.UUID(str(search_id))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound(_("There is no such search."), remedy=_("Look at the list of saved searches."))
    return found


def news_of(search: SavedSearch, since: datetime) -> int:
    """Count who matches and was not there, or said something else, before `since`; for its owner's eyes."""
    if not search.account.is_active:
        return 0
    try:
        ask = understand(search.text)
    except Invalid:  # a country or a place that was known once
        return 0
    return min(NEWS_COUNTED, count_people(actor_for(search.account), ask, since=since, at_most=NEWS_COUNTED))
