"""Records found to be of one person, and who must not come back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models.people import Person
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_personal_data


@holds_personal_data(person="survivor", purpose="recruiting", on_merge="stay")
class Merge(models.Model):
    """Two records found to be one person: why, by whom, and the way back as long as it is open.

    `changes` is the trail of `kit.merging`; it is let go of when the merge is settled.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survivor = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="merged_by")
    rule = models.CharField(max_length=20)  # of engine.same_person.rules, or "person": somebody decided
    evidence = models.JSONField(default=list)  # [{"field": "phone", "how": "same"}, ...]
    by = models.CharField(max_length=300, default="")
    merged_at = models.DateTimeField(default=now)
    reversible_until = models.DateTimeField()
    changes = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=300, default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at__isnull=True), name="merge_standing_once"
            )
        ]
        indexes = [models.Index(fields=["-merged_at"], name="merge_newest")]


class PairState(models.TextChoices):
    OPEN = "open", _("To be looked at")
    MERGED = "merged", _("The same person")
    DIFFERENT = "different", _("Not the same person")


@holds_personal_data(person="first", purpose="recruiting", exported=False, on_merge="stay")
class SamePair(models.Model):
    """Two records that may be one person, for somebody to look at. A no is remembered and not asked again."""

    id = models.BigAutoField(primary_key=True)
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField(default=0.0)
    reason = models.CharField(max_length=20, default="")  # why a person must decide: "unsure", "consent", …
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=PairState, default=PairState.OPEN)
    later_until = models.DateTimeField(null=True)
    found_at = models.DateTimeField(default=now)
    state_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="same_pair_once")]
        indexes = [
            models.Index(
                fields=["-probability", "id"], name="same_pair_open", condition=models.Q(state="open")
            ),
        ]


@holds_personal_data(person="", purpose="keeping a no to being sourced", on_erase="keep", exported=False)
class ErasedMark(models.Model):
    """A keyed digest of an address or id of somebody erased: it recognises, and tells nothing."""

    digest = models.CharField(max_length=64, primary_key=True)
    erased_on = models.DateField()
