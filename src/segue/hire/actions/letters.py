"""What we write to people about their application: short, warm, plain, with the status link."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from segue.catalog.queries.brands import name_worn
from segue.engage.actions.messages import write_message
from segue.engage.actions.sign_in import sign_in_link
from segue.engage.links import status_path
from segue.engage.models import Message
from segue.hire.models import Application, Claim, Stage
from segue.hire.proofs import proof_of
from segue.hire.queries.pipelines import spec_named, stages_of
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, Invalid
from segue.kit.tongues import speaking_to
from segue.trust.actions.accounts import ensure_candidate_account


def tell_received(application: Application, *, by: Actor) -> Message | None:
    """Thank for an application, and say where to follow it."""
    with speaking_to(application.person.locale):
        return _write(
            application,
            kind="application_received",
            subject=_("We have your application: %(job)s"),
            body=_(
                "thank you for applying for %(job)s. A person here will read it.\n\n"
                "You can see where it stands, or withdraw it, at any time:\n%(link)s"
            ),
            by=by,
        )


def ask_to_confirm(application: Application, *, by: Actor) -> Message | None:
    """Ask who sent an application that looks like a program's to say that they did: one press lets it in."""
    with speaking_to(application.person.locale):
        return _write(
            application,
            kind="application_received",
            subject=_("Please confirm your application: %(job)s"),
            body=_(
                "thank you for applying for %(job)s. Our form could not tell whether a person or a program "
                "sent it, so please press this link and say yes:\n%(link)s\n\n"
                "If you do nothing, a person here looks at it all the same. It is not lost."
            ),
            by=by,
            link=f"{_link(application)}?yes={proof_of(application)}",
        )


def ask_whether_theirs(application: Application, claim: Claim, *, by: Actor) -> Message | None:
    """Ask the owner of an address whether an application sent without signing in was theirs."""
    person = application.person
    link = _link(application)
    try:
        account = ensure_candidate_account(person, by=by)
        next_path = status_path(application.status_key)
        link = sign_in_link(account, base_url=settings.BASE_URL, next_path=next_path, confirms=claim.pk)
    except (Conflict, Invalid):  # a colleague's address: the status link must do
        pass
    with speaking_to(person.locale):
        return _write(
            application,
            kind="application_confirm",
            subject=_("Was this you? An application for %(job)s"),
            body=_(
                "somebody applied for %(job)s with your e-mail address, without signing in.\n\n"
                "If it was you, press this link. It signs you in and adds what you wrote to your "
                "profile:\n%(link)s\n\nIf it was not you, leave it: nothing in your profile has changed."
            ),
            by=by,
            link=link,
        )


def tell_moved(application: Application, *, once_for: str, by: Actor) -> Message | None:
    """Tell the good news of a next stage; `once_for` names the step, which is told once."""
    with speaking_to(application.person.locale):
        return _write(
            application,
            kind="application_moved",
            subject=_("A step further: %(job)s"),
            body=_(
                "good news: your application for %(job)s has moved to “%(stage)s”. "
                "We will be in touch about what comes next.\n\nHere is where it stands:\n%(link)s"
            ),
            by=by,
            once_for=once_for,
        )


def tell_rejected(application: Application, *, by: Actor, once_for: str = "") -> Message | None:
    """Say no kindly and clearly; the internal reason stays inside. `once_for` names the decision."""
    with speaking_to(application.person.locale):
        return _write(
            application,
            kind="application_decided",
            subject=_("About your application: %(job)s"),
            body=_(
                "thank you for the time you gave us. For %(job)s we have chosen to go on without you "
                "this time. A person here read your application and decided this.\n\n"
                "The page of your application stays, and you can write to us from it:\n%(link)s"
            ),
            by=by,
            once_for=once_for,
        )


def tell_hired(application: Application, *, by: Actor) -> Message | None:
    """Welcome."""
    with speaking_to(application.person.locale):
        return _write(
            application,
            kind="application_hired",
            subject=_("Welcome: %(job)s"),
            body=_("we are glad: %(job)s is yours. Welcome!\n\nYour application's page:\n%(link)s"),
            by=by,
        )


def tell_withdrawn(application: Application, *, by: Actor) -> Message | None:
    """Confirm that an application is withdrawn, and that the door stays open."""
    with speaking_to(application.person.locale):
        return _write(
            application,
            kind="application_withdrawn",
            subject=_("Withdrawn: %(job)s"),
            body=_(
                "your application for %(job)s is withdrawn, as you asked. "
                "You are welcome to apply again.\n\nIts page stays here:\n%(link)s"
            ),
            by=by,
        )


def _write(
    application: Application,
    *,
    kind: str,
    subject: str,
    body: str,
    by: Actor,
    link: str = "",
    once_for: str = "",
) -> Message | None:
    """Fill in and queue; somebody without an address gets nothing."""
    person = application.person
    if not person.email:
        return None
    words = {
        "job": application.job.title,
        "stage": _stage_told(application),
        "link": link or _link(application),
    }
    greeting = _("Hello %(name)s,") % {"name": person.name} if person.name else _("Hello,")
    text = f"{greeting}\n\n{body % words}\n\n{name_worn(application.job)}"
    return write_message(
        to=person.email,
        subject=subject % words,
        text=text,
        kind=kind,
        person=person,
        by=by,
        once_for=once_for,
    )


def _stage_told(application: Application) -> str:
    """Return the stage's name as the person reads it, in the language of the letter."""
    spec = spec_named(stages_of(application.job_id), application.step or application.stage)
    return spec.candidate_label if spec else str(Stage(application.stage).label)


def _link(application: Application) -> str:
    return settings.BASE_URL.rstrip("/") + status_path(application.status_key)
