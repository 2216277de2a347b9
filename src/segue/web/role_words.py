"""Roles as people say them, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from segue.kit.actor import Role

ROLE_WORDS: Mapping[str, Any] = {
    Role.ADMINISTRATOR: gettext_lazy("administrator"),
    Role.RECRUITER: gettext_lazy("recruiter"),
    Role.SOURCER: gettext_lazy("sourcer"),
    Role.COORDINATOR: gettext_lazy("coordinator"),
    Role.HIRING_MANAGER: gettext_lazy("hiring manager"),
    Role.INTERVIEWER: gettext_lazy("interviewer"),
    Role.ANALYST: gettext_lazy("analyst"),
    Role.AUDITOR: gettext_lazy("auditor"),
    Role.CANDIDATE: gettext_lazy("candidate"),
    Role.API_CLIENT: gettext_lazy("one of our programs"),
    Role.MACHINE: gettext_lazy("machine"),
    Role.ANONYMOUS: gettext_lazy("somebody not signed in"),
}


def role_words(role: str) -> str:
    """Say a role: "hiring manager"; what is none of ours stays as it is, with spaces.

    >>> role_words("night_watch")
    'night watch'
    """
    return str(ROLE_WORDS.get(role) or role.replace("_", " "))
