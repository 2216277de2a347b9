"""Voluntary answers: said, changed and deleted by the person alone, under a pseudonym.

The pseudonym is an HMAC of the person's id under the site's key, so neither a colleague nor a query in the
database can tell whose a row is; erasing and exporting make it again from the id. A merge moves nothing, for
its trail would say whose the rows are: a person's answers are read under the pseudonyms of every record that
became theirs. What was answered never reaches an audit line; that somebody answered does, as for every deed.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from segue.catalog.models import Person
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Invalid, NotFound
from segue.kit.privacy import Traces, on_erasure
from segue.trust.models import VoluntaryAnswer
from segue.trust.queries.voluntary import all_pseudonyms_of, pseudonyms_of
from segue.trust.voluntary import TEXT_SHOWN, choices_in


@action("trust.say_voluntarily")
def say_voluntarily(
    person: Person,
    *,
    secret_answers: Mapping[str, str],
    asked_as: str,
    by: Actor,
    key_holder: bool = False,
) -> int:
    """Keep what somebody says of themselves; a question left empty takes its answer back. Returns how many
    answers stand.

    For the person signed in, and the holder of a link that is theirs (`key_holder`). Raises NotFound for
    anybody else, Invalid for an answer there is not.
    """
    if by.person_id != person.pk and not key_holder:
        raise NotFound(_("There is no such person."), field="person")
    known = choices_in(asked_as)
    said = {name: value for name, value in secret_answers.items() if value}
    for name, value in said.items():
        if value not in known.get(name, ()):
            raise Invalid(_("There is no such answer."), field=name, remedy=_("Choose from the list."))
    before = VoluntaryAnswer.objects.filter(pseudonym__in=all_pseudonyms_of(person.pk))
    if key_holder:  # they see an empty form, so what is empty there says nothing
        before = before.filter(category__in=list(said))
    before.delete()
    newest = pseudonyms_of(person.pk)[0]
    rows = [
        VoluntaryAnswer(
            pseudonym=newest,
            category=name,
            value=value,
            asked_as=asked_as,
            text_shown=str(TEXT_SHOWN),
            on=clock.now().date(),
        )
        for name, value in said.items()
    ]
    VoluntaryAnswer.objects.bulk_create(rows)
    return len(rows)


@action("trust.take_back_voluntary")
def take_back_voluntary(person: Person, *, by: Actor, key_holder: bool = False) -> int:
    """Delete everything somebody said of themselves voluntarily. Raises NotFound for anybody but them."""
    if by.person_id != person.pk and not key_holder:
        raise NotFound(_("There is no such person."), field="person")
    return VoluntaryAnswer.objects.filter(pseudonym__in=all_pseudonyms_of(person.pk)).delete()[0]


@on_erasure
def forget_voluntary(traces: Traces) -> dict[str, int]:
    """No path of columns leads here, so the pseudonym is made again."""
    rows = VoluntaryAnswer.objects.filter(pseudonym__in=pseudonyms_of(traces.person_id))
    return {VoluntaryAnswer._meta.label: rows.delete()[0]}
