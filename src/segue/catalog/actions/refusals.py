"""How this room says no: an error with a name of its own, the field, and the remedy."""

from __future__ import annotations

from segue.kit.errors import Invalid


def refusal(code: str, field: str, message: str, remedy: str = "") -> Invalid:
    """Make an Invalid named `code` (as in `pay_out_of_order`), so that imports can count by name."""
    error = Invalid(message, field=field, remedy=remedy)
    error.code = code
    return error
