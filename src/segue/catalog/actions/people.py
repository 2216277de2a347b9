"""People and their résumés: welcomed once, read with provenance."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from segue.catalog.actions.fact_values import read_fact
from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.actions.refusals import refusal
from segue.catalog.models import Fact, FactKind, FactSource, Person, Resume
from segue.catalog.queries.skills import vocabulary
from segue.engine.lexicon import SkillVocabulary, find_skills
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.bus import announce

SPOTTED = "skills:lexicon"
SPOTTED_CONFIDENCE = 0.8
_LONGEST_TEXT = 1_000_000


@action("catalog.welcome_person")
def welcome_person(
    *, email: str, name: str, by: Actor, source: str = "", external_source: str = "", external_id: str = ""
) -> tuple[Person, bool]:
    """Find the person by external id, then by e-mail, or make them; say whether they are new.

    A person found is not changed. Raises Invalid for an address or a name that cannot be.
    """
    address = read_fact(FactKind.EMAIL, email)[0] if email else None
    known = _known(address, external_source, external_id)
    if known is not None:
        return known, False
    if not (address or external_id):
        raise refusal("no_identity", "email", _("A person needs an address."), _("Give an e-mail address."))
    fields = {"source": source[:40], "external_source": external_source, "external_id": external_id}
    try:
        with transaction.atomic():
            person = Person.objects.create(email=address, name="", **fields)
    except IntegrityError:  # somebody welcomed them a moment ago
        known = _known(address, external_source, external_id)
        if known is None:
            raise
        return known, False
    said = [Said(FactKind.NAME, name)] if name.strip() else []
    said += [Said(FactKind.EMAIL, address)] if address else []
    state_facts(person, said, source=_voice(by, person), by=by)
    return person, True


@action("catalog.add_resume")
def add_resume(
    person: Person,
    *,
    text: str,
    file_name: str = "",
    media_type: str = "text/plain",
    source: FactSource = FactSource.CANDIDATE,
    by: Actor,
) -> tuple[Resume, bool]:
    """Keep a résumé as the next version; the same text again is the version already there.

    Raises Invalid for an empty text or one too long to be a résumé.
    """
    text = text.replace("\x00", "").strip()
    if not text or len(text) > _LONGEST_TEXT:
        raise refusal(
            "bad_resume", "resume", _("There is no text we can read."), _("Paste the text of the résumé.")
        )
    Person.objects.select_for_update().get(pk=person.pk)
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    known = Resume.objects.filter(person=person, sha256=digest).first()
    if known is not None:
        return known, False
    last = Resume.objects.filter(person=person).aggregate(Max("version"))["version__max"] or 0
    fields = {"file_name": file_name[:255], "media_type": media_type[:100], "source": source}
    resume = Resume.objects.create(person=person, version=last + 1, text=text, sha256=digest, **fields)
    announce("profile.changed", person_id=person.pk)
    return resume, True


@action("catalog.read_resume")
def read_resume(resume: Resume, *, by: Actor) -> list[Fact]:
    """Spot the skills a résumé names, each with where it says so; earlier readings are superseded."""
    facts = state_facts(
        resume.person, spotted(resume.text, vocabulary()), source=FactSource.PARSED, by=by, resume=resume
    )
    past = Fact.objects.filter(
        person=resume.person, kind=FactKind.SKILL, source=FactSource.PARSED, superseded_at=None
    )
    if past.exclude(pk__in=[fact.pk for fact in facts]).update(superseded_at=clock.now()):
        state_facts(resume.person, [], source=FactSource.PARSED, by=by)
    return facts


def spotted(text: str, words: SkillVocabulary) -> list[Said]:
    """Return the first mention of each skill in a text."""
    first: dict[str, Said] = {}
    for slug, start, end in find_skills(text, words):
        first.setdefault(slug, Said(FactKind.SKILL, slug, SPOTTED_CONFIDENCE, SPOTTED, (start, end)))
    return list(first.values())


def _known(address: str | None, external_source: str, external_id: str) -> Person | None:
    present = Person.objects.filter(erased_at=None).select_related("merged_into")
    found = None
    if external_id:
        found = present.filter(external_source=external_source, external_id=external_id).first()
    if found is None and address:
        found = present.filter(email__iexact=address).first()
    return found if found is None or found.merged_into is None else found.merged_into


def _voice(by: Actor, person: Person) -> FactSource:
    if by.is_machine:
        return FactSource.ATS
    return FactSource.RECRUITER if by.is_staff else FactSource.CANDIDATE
