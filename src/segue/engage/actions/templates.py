"""Letters with places for names: checked when they are kept, and again when they are filled in."""

from __future__ import annotations

import difflib
import re
import uuid
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from segue.engage.models import MailTemplate
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid, NotFound

# What a letter may name. Nothing else is looked up, so that a template can reach no other data.
FIELDS = ("first_name", "name", "job", "employer", "sender", "link")
_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}")


def check_words(text: str, *, field: str, known: Sequence[str] = FIELDS) -> frozenset[str]:
    """Return the places a text names. Raises Invalid for one we do not know, or braces that hold none.

    `known` are the places there are; letters of a room above have more of them.
    """
    named = _PLACE.findall(text)
    for name in named:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            remedy = _("Did you mean {{ %s }}?") % near[0] if near else _("There are: %s.") % ", ".join(known)
            raise Invalid(_("There is no place called “%s”.") % name, field=field, remedy=remedy)
    if _LOOSE.search(_PLACE.sub("", text)):
        raise Invalid(
            _("A pair of braces is not closed."),
            field=field,
            remedy=_("Write a place like {{ first_name }}."),
        )
    return frozenset(named)


def fill_in(
    text: str, values: Mapping[str, str], *, field: str = "text", known: Sequence[str] = FIELDS
) -> str:
    """Put names in their places. Raises Invalid where one is not known: no letter says “Hello ,”.

    >>> fill_in("Hello {{ first_name }}!", {"first_name": "Ada"})
    'Hello Ada!'
    """
    for name in sorted(check_words(text, field=field, known=known)):
        if not values.get(name, "").strip():
            raise Invalid(
                _("We do not know what to put for {{ %s }}.") % name,
                field=field,
                remedy=_("Write it yourself, or take that place out."),
            )
    return _PLACE.sub(lambda found: values[found[1]], text)


def without_places(text: str) -> str:
    """Return a text as it is named where it is for nobody in particular.

    >>> without_places("A visit: {{ job }}")
    'A visit: …'
    """
    return _PLACE.sub("…", text)


@action("engage.keep_template")
def keep_template(
    name: str, *, subject: str, secret_text: str, by: Actor, template_id: uuid.UUID | None = None
) -> MailTemplate:
    """Keep a letter for later, new or changed. Raises Invalid for places nobody can fill, Conflict for a name
    that is taken."""
    title, line, text = name.strip()[:120], " ".join(subject.split())[:200], secret_text.strip()
    for value, field in ((title, "name"), (line, "subject"), (text, "text")):
        if not value:
            raise Invalid(_("This must not be empty."), field=field, remedy=_("Write something."))
    check_words(line, field="subject")
    check_words(text, field="text")
    others = MailTemplate.objects.filter(name=title)
    if (others.exclude(pk=template_id) if template_id else others).exists():
        raise Conflict(_("There is a letter of that name."), field="name", remedy=_("Choose another name."))
    row = MailTemplate.objects.filter(pk=template_id).first() if template_id else MailTemplate()
    if row is None:
        raise NotFound(_("There is no such letter."), field="template")
    row.name, row.subject, row.text, row.changed_at, row.retired_at = title, line, text, clock.now(), None
    row.save()
    return row


@action("engage.retire_template")
def retire_template(template: MailTemplate, *, by: Actor, back: bool = False) -> MailTemplate:
    """Take a letter off the list; with `back`, put it there again."""
    template.retired_at = None if back else clock.now()
    template.save(update_fields=["retired_at"])
    return template
