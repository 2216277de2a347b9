"""Why this card: the factors that add up to its score, in words."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from segue.kit.htmx import wants_fragment
from segue.recommend.queries.why import why_card
from segue.web.actors import candidates_only
from segue.web.portal.doors import candidate_of


@require_safe
@candidates_only
def why(request: HttpRequest, exposure_id: uuid.UUID) -> HttpResponse:
    """Explain one card to the person it was dealt to: a page, or the inside of a dialog."""
    actor, _ = candidate_of(request)
    answer = why_card(exposure_id, by=actor)
    context = {"why": answer, "total": sum(factor.contribution for factor in answer.factors)}
    template = "portal/_why.html" if wants_fragment(request) else "portal/why.html"
    return render(request, template, context)
