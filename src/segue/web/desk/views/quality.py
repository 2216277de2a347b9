"""What cannot be right in what we know, what is most worth mending first, and how much each source says."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segue.catalog.actions.auditing.faults import FAULTS, by_worth
from segue.catalog.actions.auditing.run import ask_for_audit
from segue.catalog.queries.quality import findings_by_fault, findings_for, last_audit
from segue.kit.paging import offset_page
from segue.learn.queries.effects import effects_in_force
from segue.web.actors import actor_of
from segue.web.desk.doors import posts_only, talent_team
from segue.web.desk.pages import PAGE_SIZE, desk_page, next_page
from segue.web.desk.toast import Toast, do_and_return

FIELDS = {
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "name": gettext_lazy("Name"),
    "headline": gettext_lazy("Headline"),
    "city": gettext_lazy("City"),
    "country": gettext_lazy("Country"),
    "lat": gettext_lazy("On the map"),
    "skills": gettext_lazy("Skills"),
    "pay_floor": gettext_lazy("Lowest pay"),
    "resume": gettext_lazy("Résumé"),
}


@talent_team
def quality_page(request: HttpRequest) -> HttpResponse:
    """Show the work list, the rows of one fault, and what each source fills."""
    actor = actor_of(request)
    made = last_audit(actor)
    effects = effects_in_force()
    worklist = by_worth(findings_by_fault(actor), effects.costs)
    asked = request.GET.get("fault", "")
    fault = FAULTS.get(asked) or (worklist[0].fault if worklist else None)
    page = offset_page(
        findings_for(actor, fault.code if fault else ""), after=request.GET.get("after", ""), size=PAGE_SIZE
    )
    return desk_page(
        request,
        "quality",
        "people",
        made=made,
        worklist=worklist,
        total=sum(work.count for work in worklist),
        fault=fault,
        effects=effects,
        effect=effects.of.get(fault.damage) if fault else None,
        work=next((work for work in worklist if work.fault is fault), None),
        rows=page.rows,
        fields=list(FIELDS.values()),
        sources=[_shares(source, counts) for source, counts in made.filled.items()] if made else [],
        next_page=next_page(request, page.next_after),
    )


def _shares(source: str, counts: dict[str, int]) -> tuple[str, int, list[float]]:
    people = max(1, counts["people"])
    return source, counts["people"], [100.0 * counts.get(name, 0) / people for name in FIELDS]


@talent_team
@posts_only
def audit_again(request: HttpRequest) -> HttpResponse:
    """Look at everything again, beside the pages."""

    def deed() -> Toast:
        ask_for_audit(by=actor_of(request))
        return Toast(_("Everything is looked at again. This takes a minute or two."))

    return do_and_return(request, reverse("desk:quality"), deed)
