"""How listening goes: events a minute, who reads them and how far behind, and where the ledger lies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from segue.kit import clock
from segue.kit.actor import Role
from segue.listen.queries.health import consumer_lag, parked_signals
from segue.listen.queries.hot_and_cold import cold_weeks, hot_weeks
from segue.listen.queries.tally import heard_by_minute, heard_by_source
from segue.web.actors import actor_of
from segue.web.desk.charts import columns
from segue.web.desk.doors import readers_of_figures
from segue.web.desk.pages import desk_page

PARKED = 50
LATELY = 5  # minutes, without the one under way


@readers_of_figures
def health_page(request: HttpRequest) -> HttpResponse:
    """Show whether all is heard and read in time; who parked what is for administrators."""
    actor, at = actor_of(request), clock.now()
    minutes = heard_by_minute(actor, at)
    counts = [events for _, events in minutes]
    heard = heard_by_source(actor, at)
    lags = consumer_lag()
    is_administrator = actor.role is Role.ADMINISTRATOR
    return desk_page(
        request,
        "listening",
        "listening",
        tab="listening",
        minutes=minutes[::-1],
        chart=columns(counts, "spark-wide"),
        per_minute=round(sum(counts[-1 - LATELY : -1]) / LATELY, 1),
        last_hour=sum(counts),
        last_day=sum(row.last_day for row in heard.values()),
        last_at=max((row.last_at for row in heard.values() if row.last_at), default=None),
        lags=lags,
        parked=parked_signals()[:PARKED] if is_administrator and any(lag.parked for lag in lags) else [],
        hot=hot_weeks(actor),
        cold=cold_weeks(actor),
    )
