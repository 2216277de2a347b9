"""The names an employer hires under."""

from __future__ import annotations

from django.db import models

from segue.kit.clock import now
from segue.kit.privacy import holds_no_personal_data


@holds_no_personal_data("A trading name and its colour.")
class Brand(models.Model):
    """A name the employer hires under, and its colour; jobs without one are the house's.

    A brand that is retired stays with its jobs, which wear the house until it is brought back.
    """

    key = models.SlugField(max_length=40, unique=True)  # part of addresses, so it never changes
    name = models.CharField(max_length=80)
    accent = models.CharField(max_length=7)
    made_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accent__regex=r"^#[0-9a-f]{6}$"), name="brand_accent_is_a_colour"
            ),
            models.CheckConstraint(condition=models.Q(key__regex=r"^[a-z0-9-]+$"), name="brand_key_is_plain"),
        ]
