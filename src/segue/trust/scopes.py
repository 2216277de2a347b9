"""What an API key may open. Pay and notes stand apart: a key that reads people reads neither."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SCOPES = {
    "jobs:read": _("Read every job, drafts and closed ones too"),
    "jobs:write": _("Draft, change, open and close jobs"),
    "people:read": _("Read people's profiles, without pay and notes"),
    "people:write": _("Add people, and state facts about them"),
    "applications:read": _("Read applications and their stages, without notes"),
    "applications:write": _("Apply for people, and move applications; never decide"),
    "notes:read": _("Read the notes and reasons of applications"),
    "scorecards:read": _("Read submitted scorecards of interviews, with who wrote them"),
    "offers:read": _("Read offers and how they stand, without pay"),
    "pay:read": _("Read what people want to be paid, and what they are offered"),
    "staff:read": _("Read colleagues' names and roles"),
    "scim": _("Keep colleagues' accounts and groups, as a directory does (SCIM)"),
    "signals:read": _("Read the ledger of signals"),
}
