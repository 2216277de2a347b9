"""What only a mail says: who presses its link has the mailbox, and is no program that filled in a form."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from segue.hire.models import Application


def proof_of(application: Application) -> str:
    """Return the word in the mail that lets a held application in; who sent the form has not seen it."""
    return salted_hmac("segue.hire.hold", str(application.pk), algorithm="sha256").hexdigest()[:32]
