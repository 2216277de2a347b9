"""Applying: in three minutes, without an account, and without any power over a stranger's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from segue.catalog.actions.facts import UNVERIFIED, Said, state_facts
from segue.catalog.actions.people import add_resume, read_resume, welcome_person
from segue.catalog.models import PRESENT, FactKind, FactSource, Job, Person, Resume
from segue.catalog.queries.jobs import is_open
from segue.hire.actions.accommodating import ask_accommodation
from segue.hire.actions.answering import Answered, keep_answers
from segue.hire.actions.crowds import is_crowd
from segue.hire.actions.holding import hold_application
from segue.hire.actions.ledger import enter_stage, pin_stages
from segue.hire.actions.letters import ask_to_confirm, ask_whether_theirs, tell_received
from segue.hire.models import UNCONFIRMED, Application, Claim, Outcome, Stage
from segue.hire.queries.applications import receipt_for
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from segue.kit.ratelimit import knock
from segue.listen.actions.record import record
from segue.trust.actions.accounts import clean_address
from segue.trust.actions.consent import set_consent
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted

HOUR_S = 3600
LONGEST_NOTE = 5_000
LONGEST_RESUME = 200_000
FORM = Actor.machine("application form")  # speaks for a visitor, whose word is not yet their own
FACTS_SAID = {
    "name": FactKind.NAME,
    "phone": FactKind.PHONE,
    "country": FactKind.COUNTRY,
    "city": FactKind.CITY,
}


@dataclass(frozen=True, slots=True)
class Applicant:
    """What somebody types into the form."""

    name: str
    email: str
    phone: str = ""
    resume_text: str = ""
    file_name: str = ""
    note: str = ""
    country: str = ""
    city: str = ""

    def __str__(self) -> str:
        return "an applicant"  # audit lines and logs must not repeat what people write


@dataclass(frozen=True, slots=True)
class Sent:
    """What else came with the form: answers, what is needed to be different, and how the form was sent.

    `form_key` is the form's own: the same one sent again is the same application. `flags` say what looks as
    if a program had sent it.
    """

    answers: tuple[Answered, ...] = ()
    set_id: Any = None
    language: str = ""
    needs: tuple[str, ...] = ()
    need_text: str = ""
    form_key: str = ""
    flags: tuple[str, ...] = ()
    has_worked: bool = False  # the browser has done the sum that is asked of it where very many come

    def __str__(self) -> str:
        return "a form"  # as for the applicant


JUST_THAT = Sent()


def apply(
    job: Job,
    *,
    applicant: Applicant,
    by: Actor,
    consents: Mapping[str, bool] | None = None,
    ip: str = "",
    sent: Sent = JUST_THAT,
) -> Application:
    """Apply for a job; an application still open for it is returned instead of a second one.

    Who speaks decides what the words may do:

    * a person signed in, or the talent team for them: facts, résumé and consents count at once;
      the address typed is ignored for a person signed in;
    * a visitor with an address nobody here has: a new person is made of what they typed (facts
      of method "unverified"), and their consents count, for there is nothing else to touch;
    * a visitor with an address we know: the application is made, and nothing else. Their words are
      kept as a `Claim` until the owner of the address confirms it by the link in the mail; consents
      too. The visitor gets a receipt, so that the answer is the same whatever we know of the person.

    Raises Invalid, Conflict for a closed job, NotAllowed for colleagues outside the talent team,
    TooMany past 20 an hour signed in, or 5 with an address by visitors. Many visitors share one network
    address (a school, a fair), so past its limit what they send is held, not refused.
    """
    checked = check_applicant(applicant)
    if by.role is Role.ANONYMOUS:
        knock("apply.address", checked.email, limit=5, per_s=HOUR_S)
        if ip and is_crowd(ip) and not sent.has_worked:
            sent = replace(sent, flags=(*sent.flags, "crowd"))
    elif ip:
        knock("apply.ip", ip, limit=20, per_s=HOUR_S)
    return submit_application(job, applicant=checked, consents=dict(consents or {}), sent=sent, by=by)


def check_applicant(applicant: Applicant) -> Applicant:
    """Return the form with its edges trimmed. Raises Invalid, naming the field."""
    tidy = {
        name: str(getattr(applicant, name)).replace("\x00", "").strip()
        for name in Applicant.__dataclass_fields__
    }
    found = replace(applicant, **tidy)
    if not found.name or len(found.name) > 300:
        raise Invalid(_("We need a name."), field="name", remedy=_("Write the name you go by."))
    for field, longest in (("note", LONGEST_NOTE), ("resume_text", LONGEST_RESUME)):
        if len(getattr(found, field)) > longest:
            raise Invalid(
                _("This is too long."),
                field=field,
                remedy=_("Keep it under %d characters.") % longest,
            )
    country = found.country.upper()
    return replace(found, email=clean_address(found.email), country=country, file_name=found.file_name[:255])


@action("hire.submit_application")
def submit_application(
    job: Job, *, applicant: Applicant, consents: Mapping[str, bool], by: Actor, sent: Sent = JUST_THAT
) -> Application:
    """Store an application from a checked form; see `apply` for the rules and errors."""
    unknown = set(consents) - set(Purpose.values)
    if unknown:
        raise Invalid(_("No such purpose."), field="consents", remedy=", ".join(Purpose.values))
    if not is_open(job):
        raise Conflict(
            _("This job is no longer open."), field="job", remedy=_("Have a look at the open ones.")
        )
    person, is_new = _whose(applicant, by)
    Person.objects.select_for_update().get(pk=person.pk)  # two clicks at once make one application
    again = _sent_before(person, job, sent)
    if again is not None:
        return again
    if by.role is Role.ANONYMOUS and not is_new:
        return _apply_unconfirmed(person, job, applicant, consents, sent=sent, by=by)
    if is_new and sent.language and sent.language != person.locale:  # letters speak as the form did
        spoken = Said(FactKind.LOCALE, sent.language)  # no claim to be proven: they read it, and filled it in
        state_facts(person, [spoken], source=_voice(by)[0], by=_speaker(by))
    resume = _take_words(person, applicant, consents, is_new=is_new, by=by)
    application, is_fresh = _open_or_make(person, job, applicant, source=_source(by), sent=sent, by=by)
    if resume is not None and application.resume_id is None:
        application.resume = resume
        application.save(update_fields=["resume"])
    keep_answers(
        application, answers=sent.answers, set_id=sent.set_id, language=sent.language, by=_speaker(by)
    )
    _take_needs(application, sent)
    if is_fresh:
        tell = ask_to_confirm if sent.flags else tell_received
        tell(application, by=by)
    return application


def _sent_before(person: Person, job: Job, sent: Sent) -> Application | None:
    """Return what this very form made the first time, whatever became of it since: a second tap, the back
    button or a request sent again makes nothing new. Only who was shown the form knows its key."""
    if not sent.form_key:
        return None
    mine = Application.objects.filter(person=person, job=job, form_key=sent.form_key)
    found = mine.select_related("person", "job").first()
    if found is not None:
        return found
    claim = Claim.objects.filter(application__in=person.applications.filter(job=job), form_key=sent.form_key)
    said = claim.select_related("application__job").first()
    return receipt_for(said) if said else None


def _take_needs(application: Application, sent: Sent, *, confirmed: bool = True) -> None:
    if sent.needs or sent.need_text:
        ask_accommodation(
            application,
            secret_needs=sent.needs,
            secret_text=sent.need_text,
            confirmed=confirmed,
            by=FORM,
        )


def _speaker(by: Actor) -> Actor:
    return FORM if by.role is Role.ANONYMOUS else by


def _whose(applicant: Applicant, by: Actor) -> tuple[Person, bool]:
    if by.person_id is not None:
        own = Person.objects.filter(PRESENT, pk=by.person_id).first()
        if own is None:
            raise NotFound(_("There is no such person."), field="person")
        return own, False
    for_others = by.is_talent_team or by.is_machine or by.has_scope("applications:write")
    if by.role is not Role.ANONYMOUS and not for_others:
        raise NotAllowed(_("Only recruiters apply for somebody else."), remedy=_("Ask a recruiter."))
    return welcome_person(
        email=applicant.email, name="", by=_speaker(by), source=_source(by), voice=_voice(by)[0]
    )


def _open_or_make(
    person: Person, job: Job, applicant: Applicant, *, source: str, sent: Sent, by: Actor
) -> tuple[Application, bool]:
    known = Application.objects.filter(person=person, job=job, outcome=Outcome.OPEN).first()
    if known is not None:
        return known, False
    person.refresh_from_db()  # facts have just settled into it
    pin_stages([job.pk])
    key = sent.form_key if source != UNCONFIRMED else ""  # a stranger's form opens their receipt, not this
    application = Application(person=person, job=job, note=applicant.note, source=source, form_key=key)
    enter_stage(application, stage=Stage.APPLIED, by=by)
    if sent.flags:
        hold_application(application, flags=sent.flags, by=FORM)
    theirs = source != UNCONFIRMED and not sent.flags
    whose = person.pk if theirs else None  # a stranger's or a program's word teaches nobody's taste
    record("application.submitted", by=by, person_id=whose, job_id=job.pk)
    return application, True


def _apply_unconfirmed(
    person: Person,
    job: Job,
    applicant: Applicant,
    consents: Mapping[str, bool],
    *,
    sent: Sent,
    by: Actor,
) -> Application:
    application, _is_fresh = _open_or_make(person, job, applicant, source=UNCONFIRMED, sent=sent, by=by)
    said = {name: getattr(applicant, name) for name in ("email", "note", *FACTS_SAID)}
    claim = Claim.objects.create(
        application=application,
        said={name: value for name, value in said.items() if value},
        resume_text=applicant.resume_text,
        file_name=applicant.file_name,
        purposes=sorted(purpose for purpose, granted in consents.items() if granted),
        form_key=sent.form_key,
        answers=[one.as_json() | {"set_id": str(sent.set_id or "")} for one in sent.answers],
    )
    _take_needs(application, sent, confirmed=False)
    ask_whether_theirs(application, claim, by=FORM)
    return receipt_for(claim)


def _take_words(
    person: Person, applicant: Applicant, consents: Mapping[str, bool], *, is_new: bool, by: Actor
) -> Resume | None:
    """State what was typed as the speaker's own kind of fact; return the résumé, if there is one."""
    source, method, confidence = _voice(by)
    said = [
        Said(kind, value, confidence, method)
        for name, kind in FACTS_SAID.items()
        if (value := getattr(applicant, name))
    ]
    speaker = _speaker(by)
    state_facts(person, said, source=source, by=speaker)
    resume = take_resume(person, applicant.resume_text, applicant.file_name, source=source, by=speaker)
    _take_consents(person, consents, is_new=is_new, by=by)
    return resume


def take_resume(person: Person, text: str, file_name: str, *, source: FactSource, by: Actor) -> Resume | None:
    """Keep a résumé's text as a version, read if it is new; nothing for no text."""
    if not text:
        return None
    resume, is_new = add_resume(
        person, text=text, file_name=file_name, media_type="text/plain", source=source, by=by
    )
    if is_new:
        read_resume(resume, by=by)
    return resume


def _take_consents(person: Person, consents: Mapping[str, bool], *, is_new: bool, by: Actor) -> None:
    """Record answers. For somebody known, an empty box is no answer: only a new yes is recorded.

    Neither the talent team nor a key can say yes for anybody, so nothing they send counts.
    """
    if by.is_staff or by.role is Role.API_CLIENT:
        return
    speaker = _speaker(by)
    held = purposes_granted(person.pk)
    for purpose, granted in consents.items():
        if is_new or (granted and purpose not in held):
            set_consent(person, purpose=purpose, granted=granted, by=speaker)


def _voice(by: Actor) -> tuple[FactSource, str, float]:
    if by.role is Role.ANONYMOUS:
        return FactSource.CANDIDATE, UNVERIFIED, 0.5
    if by.role is Role.CANDIDATE:
        return FactSource.CANDIDATE, "applied", 1.0
    if by.is_machine or by.role is Role.API_CLIENT:
        return FactSource.ATS, "imported", 1.0
    return FactSource.RECRUITER, "entered", 1.0


def _source(by: Actor) -> str:
    if by.role is Role.API_CLIENT:
        return "api"
    return "import" if by.is_machine else "recruiter" if by.is_staff else "site"
