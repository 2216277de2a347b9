"""What of this room's somebody who leaves had in hand."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from segue.hire.models import Application, Outcome
from segue.trust.belongings import counts_belongings


@counts_belongings
def open_applications(account_id: UUID) -> tuple[str, int]:
    """Count the open applications somebody owns."""
    return _("open applications"), Application.objects.filter(
        owner_id=account_id, outcome=Outcome.OPEN
    ).count()
