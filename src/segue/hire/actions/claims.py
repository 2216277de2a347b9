"""What was said under somebody's address counts when its owner says that it was them."""

from __future__ import annotations

from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.models import FactSource
from segue.hire.actions.answering import Answered, keep_answers
from segue.hire.actions.applying import FACTS_SAID, take_resume
from segue.hire.models import UNCONFIRMED, Application, Claim, Hold
from segue.hire.queries.access import not_there
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.listen.actions.record import record
from segue.trust.actions.consent import set_consent
from segue.trust.queries.consent import purposes_granted


@action("hire.settle_claim")
def settle_claim(claim: Claim, *, theirs: bool, by: Actor) -> Claim:
    """Let the person say whether an unconfirmed application's words are theirs; once is enough.

    A yes makes them facts, a résumé version and consents of the person; a no leaves everything as
    it was (the application is theirs to withdraw). Raises NotFound for anybody but that person.
    """
    held = Claim.objects.select_for_update().filter(pk=claim.pk).first()
    if held is None:
        raise not_there()
    application = Application.objects.select_related("person").get(pk=held.application_id)
    if by.person_id is None or by.person_id not in {application.person_id, application.person.merged_into_id}:
        raise not_there()
    if held.settled_at is None:
        if theirs:
            _adopt(held, application, by=by)
        held.settled_at, held.confirmed = clock.now(), theirs
        held.save(update_fields=["settled_at", "confirmed"])
    return held


def _adopt_answers(claim: Claim, application: Application, *, by: Actor) -> None:
    """Answers given without signing in become the application's, where it has none of its own yet."""
    said = [dict(one) for one in claim.answers]
    set_id = next((one["set_id"] for one in said if one.get("set_id")), None)
    answers = [Answered(**{name: one[name] for name in one if name != "set_id"}) for one in said]
    if answers:
        keep_answers(application, answers=answers, set_id=set_id, by=by)


def _adopt(claim: Claim, application: Application, *, by: Actor) -> None:
    person = application.person.merged_into or application.person
    said = [
        Said(kind, claim.said[name], 1.0, "confirmed")
        for name, kind in FACTS_SAID.items()
        if name in claim.said
    ]
    state_facts(person, said, source=FactSource.CANDIDATE, by=by)
    resume = take_resume(person, claim.resume_text, claim.file_name, source=FactSource.CANDIDATE, by=by)
    application.resume = resume or application.resume
    if application.source == UNCONFIRMED:  # only now do we know whose wish it was
        application.source = "site"
        record("application.submitted", by=by, person_id=person.pk, job_id=application.job_id)
    application.save(update_fields=["resume", "source"])
    _adopt_answers(claim, application, by=by)
    Hold.objects.filter(application=application, released_at=None).update(
        released_at=clock.now(), by_mail=True
    )
    held = purposes_granted(person.pk)
    for purpose in claim.purposes:
        if purpose not in held:
            set_consent(person, purpose=purpose, granted=True, by=by)
