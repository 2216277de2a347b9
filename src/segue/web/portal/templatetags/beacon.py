"""The script by which our own pages tell what is seen, read and clicked."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from segue.listen import page_token
from segue.listen.actions.sources import product_key
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted
from segue.web.actors import actor_of
from segue.web.marks import integrity

SCRIPT = "segue/beacon.v1.js"
register = template.Library()


@register.simple_tag(takes_context=True)
def beacon(context: template.Context) -> SafeString:
    """Put the beacon on a page: with proof of whose page it is, and their answer to being remembered.

    The page is told by the name of its view: some addresses are secrets.
    """
    request: HttpRequest | None = context.get("request")
    if request is None or not hasattr(request, "actor"):
        return SafeString("")
    actor = actor_of(request)
    if actor.is_staff:  # a colleague who looks at the portal is no candidate
        return SafeString("")
    granted = purposes_granted(actor.person_id) if actor.person_id else frozenset()
    match = request.resolver_match
    return format_html(
        '<script src="{}" integrity="{}" crossorigin="anonymous" defer data-collect="{}" data-key="{}"'
        ' data-token="{}" data-consent="{}" data-page="{}"></script>',
        static(SCRIPT),
        integrity(SCRIPT),
        settings.COLLECT_URL,
        product_key(),
        page_token.issue(person_id=actor.person_id, granted=granted),
        "yes" if Purpose.BEHAVIOUR in granted else "no",
        match.view_name if match else "unmatched",
    )
