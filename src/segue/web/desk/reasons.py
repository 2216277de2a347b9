"""Kind words to start a rejection from. They name the job's needs, never the person's worth."""

from __future__ import annotations

from django.utils.translation import gettext as _


def suggested_reasons() -> list[tuple[str, str]]:
    """Return (name, text) pairs; each text wants finishing by the colleague who decides."""
    return [
        (
            _("A needed skill"),
            _("The role needs … from the first week, and we did not find it in this application."),
        ),
        (
            _("Others were closer"),
            _("Several people had done very similar work for longer. What stood out here was …"),
        ),
        (_("Place or permit"), _("The role must be done in … and this did not fit what you told us.")),
        (_("The role changed"), _("We changed what this role needs: … This says nothing about your work.")),
        (_("Filled"), _("We found somebody for the one opening before we could meet. We would like to …")),
    ]
