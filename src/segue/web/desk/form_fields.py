"""Fields that several of the desk's forms have."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms


class PlainDecimal(forms.DecimalField):
    """A figure shown as people write it: 225000, where the column keeps 225000.00."""

    def prepare_value(self, value: Any) -> Any:
        shown = super().prepare_value(value)
        return f"{shown.normalize():f}" if isinstance(shown, Decimal) else shown
