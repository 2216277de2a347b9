"""The verbs of applications, in one place for those who call them."""

from __future__ import annotations

from segue.hire.actions.applying import Applicant, Sent, apply
from segue.hire.actions.claims import settle_claim
from segue.hire.actions.deciding import (
    hire_applicant,
    move_application,
    open_application,
    reject_application,
    withdraw_application,
)

__all__ = [
    "Applicant",
    "Sent",
    "apply",
    "hire_applicant",
    "move_application",
    "open_application",
    "reject_application",
    "settle_claim",
    "withdraw_application",
]
