"""People and their résumés: welcomed once, read with provenance."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from segue.catalog.actions.fact_values import read_fact
from segue.catalog.actions.facts import Said, state_facts
from segue.catalog.actions.refusals import refusal
from segue.catalog.actions.resume_facts import METHODS, PURPOSES, said_in
from segue.catalog.models import Fact, FactKind, FactSource, Person, Resume
from segue.catalog.queries.skills import vocabulary
from segue.catalog.resume_files import resume_reader
from segue.engine.resume.layout import MOST_READ, Document
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.bus import announce

_LONGEST_TEXT = 1_000_000


@action("catalog.welcome_person")
def welcome_person(
    *,
    email: str,
    name: str,
    by: Actor,
    source: str = "",
    external_source: str = "",
    external_id: str = "",
    voice: FactSource | None = None,
) -> tuple[Person, bool]:
    """Find the person by external id, then by e-mail, or make them; say whether they are new.

    `voice` says who speaks, where it is not `by`: our form writes down what a candidate typed.
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
    state_facts(person, said, source=voice or _voice(by), by=by)
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
def read_resume(resume: Resume, *, by: Actor, document: Document | None = None) -> list[Fact]:
    """Read what a résumé says, each thing with where it says so; earlier readings are superseded.

    `document` is the résumé as laid out, where a file said more than its text.
    """
    person = resume.person
    document = document or Document.of_text(resume.text[:MOST_READ])
    said = said_in(document, vocabulary(), without={FactKind.EMAIL} if person.email else set())
    facts = state_facts(person, said, source=FactSource.PARSED, by=by, resume=resume, purposes=PURPOSES)
    past = Fact.objects.filter(
        person=person, method__in=METHODS, source=FactSource.PARSED, superseded_at=None
    )
    if past.exclude(pk__in=[fact.pk for fact in facts]).update(superseded_at=clock.now()):
        state_facts(person, [], source=FactSource.PARSED, by=by)
    return facts


@action("catalog.take_resume_file")
def take_resume_file(
    person: Person, *, content: bytes, name: str, by: Actor, source: FactSource = FactSource.CANDIDATE
) -> tuple[Resume, bool]:
    """Keep and read a résumé as a file; say whether it is new. Raises Invalid, named in `resume_files`."""
    file = resume_reader().read(content, name)
    resume, is_new = add_resume(
        person, text=file.document.text, file_name=name, media_type=file.media_type, source=source, by=by
    )
    if is_new:
        read_resume(resume, by=by, document=file.document)
    return resume, is_new


def _known(address: str | None, external_source: str, external_id: str) -> Person | None:
    present = Person.objects.filter(erased_at=None).select_related("merged_into")
    found = None
    if external_id:
        found = present.filter(external_source=external_source, external_id=external_id).first()
    if found is None and address:
        found = present.filter(email__iexact=address).first()
    return found if found is None or found.merged_into is None else found.merged_into


def _voice(by: Actor) -> FactSource:
    if by.is_machine or by.role is Role.API_CLIENT:
        return FactSource.ATS
    return FactSource.RECRUITER if by.is_staff else FactSource.CANDIDATE
