from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Job, Person
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data
from segue.trust.models import Account, Decision


class Shelf(models.TextChoices):
    WEEKLY_MIX = "weekly_mix", _("Weekly Mix")
    NEW = "new", _("New for you")
    BECAUSE = "because", _("Because you saved…")
    STRETCH = "stretch", _("Stretch")
    RECRUITERS = "recruiters", _("From our recruiters")


class Stance(models.TextChoices):
    """Where a person stands to a job they were shown."""

    SAVED = "saved", _("Saved")
    LIKED = "liked", _("Liked")
    SKIPPED = "skipped", _("Skipped")
    NOT_NOW = "not_now", _("Not now")
    LESS = "less", _("Less like this")
    HIDDEN = "hidden", _("Hidden")


@holds_personal_data(person="person", purpose="profile")
class Slate(models.Model):
    """A list dealt for one person's shelf, kept until it is stale."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="slates")
    shelf = models.CharField(max_length=20, choices=Shelf)
    anchor_job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="slates")
    policy_id = models.CharField(max_length=60)
    model_hash = models.CharField(max_length=64)
    input_hash = models.CharField(max_length=64)  # what the mix depended on: consent, taste, jobs, day
    context = models.JSONField(default=dict)  # {"at": who looks when and on what, "order": shelves, "key": …}
    dealt_at = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "shelf"],
                condition=models.Q(retired_at__isnull=True),
                name="slate_current_once",
            )
        ]


@holds_personal_data(person="person", purpose="accountability of what was shown")
class Exposure(models.Model):
    """One card dealt at one place: with its chance, reason, factors, and whether it was seen."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slate = models.ForeignKey(Slate, on_delete=models.CASCADE, null=True, related_name="exposures")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="exposures")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="exposures")
    shelf = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    policy_id = models.CharField(max_length=60)
    model_hash = models.CharField(max_length=64)
    propensity = models.FloatField()
    score = models.FloatField()
    reason_code = models.CharField(max_length=40)
    reason_args = models.JSONField(default=dict)
    reason_propensity = models.FloatField(default=1.0, db_default=1.0)  # among those true of this card
    factors = models.JSONField(default=list)  # [{name, value, weight, contribution}]
    explored = models.BooleanField(default=False)
    # what would lie here, had no curator chosen; a job's id and no key to it: read only to compare the two
    displaced_job_id = models.UUIDField(null=True)
    visible = models.BooleanField(default=False)
    dealt_at = models.DateTimeField(default=now)
    shown_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)  # another card took this place
    told_among: list[Any] = ["", []]  # not stored here: the seed and the reasons this one was chosen among

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(propensity__gte=0.01) & models.Q(propensity__lte=1.0),
                name="exposure_propensity_in_range",
            ),
            models.UniqueConstraint(
                fields=["slate", "position"],
                condition=models.Q(replaced_at__isnull=True),
                name="exposure_place_once",
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="exposure_person")]


@holds_personal_data(person="person", purpose="behaviour")
class CardStance(models.Model):
    """The person's current stance to a job; an order, which stands whatever they allow us to learn from.

    `signal_id` is the signal an undo takes back; it is empty where that signal is nobody's, for it would be
    a key to its person. `before` holds the stances given up for this one, the latest last.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="stances")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="stances")
    stance = models.CharField(max_length=8, choices=Stance)
    until = models.DateTimeField(null=True)
    signal_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=list)
    exposure = models.ForeignKey(Exposure, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "job"], name="stance_once"),
        ]


@holds_no_personal_data("A curator's list of jobs.")
class Playlist(models.Model):
    """Jobs a recruiter puts forward, in order, to everyone or to a named audience."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=300, default="")
    curator = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="playlists")
    audience = models.JSONField(default=dict)  # {} = everyone; {"country": "DE"} ; {"skill": "nursing"}
    # at most so many of its cards on a home, different ones in a week, of one department on a home
    caps = models.JSONField(default=dict, db_default={})  # {"home": 3, "week": 5, "department": 1}
    published = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=now)


@holds_no_personal_data("A job's place in a curator's list.")
class PlaylistItem(models.Model):
    """A job in a playlist: pinned (kept at its place), or excluded (never from this list)."""

    id = models.BigAutoField(primary_key=True)
    playlist = models.ForeignKey(Playlist, on_delete=models.CASCADE, related_name="items")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="playlist_items")
    position = models.PositiveSmallIntegerField()
    pinned = models.BooleanField(default=False)
    excluded = models.BooleanField(default=False)
    note = models.CharField(max_length=200, default="")
    until = models.DateTimeField(null=True)  # off this list from then on; empty: as long as the list

    class Meta:
        constraints = [models.UniqueConstraint(fields=["playlist", "job"], name="playlist_job_once")]
