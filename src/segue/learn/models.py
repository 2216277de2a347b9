from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.catalog.models import Job, Person
from segue.kit.clock import now
from segue.kit.ids import uuid7
from segue.kit.privacy import holds_no_personal_data, holds_personal_data
from segue.trust.models import Account


class ModelState(models.TextChoices):
    """Where an artefact stands. The champion is the one in force; challengers are compared with it."""

    CANDIDATE = "candidate", _("Candidate")
    CHALLENGER = "challenger", _("Challenger")
    CHAMPION = "champion", _("Champion")
    RETIRED = "retired", _("Retired")


@holds_no_personal_data("Word weights, term vectors and numbers of many; owner is a colleague or a process.")
class Model(models.Model):
    """A trained, fitted or written artefact, named by the hash of its bytes.

    Rows stay for good, the bytes only as long as a decision refers to them (`swept_at`).
    """

    hash = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=40)  # "lexicon", "mix-policy", …
    blob = models.BinaryField()
    card = models.JSONField(default=dict)  # data up to when, settings, evaluation figures
    made_at = models.DateTimeField(default=now)
    owner = models.CharField(max_length=300, default="")
    state = models.CharField(max_length=10, choices=ModelState, default=ModelState.CANDIDATE)
    state_at = models.DateTimeField(default=now)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    swept_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(state="champion"), name="model_champion_once"
            )
        ]


@holds_no_personal_data("Which artefact was in force when; who settled it is a colleague or a process.")
class Reign(models.Model):
    """An artefact's coming into force. Rows are only added; the newest of a kind is the one that holds.

    `before` is the reign a roll-back returns to. `gave_up` is set where this was one.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="reigns")
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    gave_up = models.ForeignKey(Model, on_delete=models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField(default=now)
    by = models.CharField(max_length=300, default="")
    reason = models.CharField(max_length=500, default="")

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="reign_latest")]


@holds_no_personal_data("How numbers of many are spread; a tenth holds at least twenty of them.")
class Drift(models.Model):
    """One measure's spread at the reference and lately, and how far apart they are."""

    id = models.BigAutoField(primary_key=True)
    model = models.ForeignKey(Model, on_delete=models.CASCADE, related_name="drifts")
    measure = models.CharField(max_length=60)  # "score", "feature text", "words known", …
    reference = models.JSONField()  # {"edges": [...], "counts": [...]}
    reference_at = models.DateTimeField(default=now)
    counts = models.JSONField(default=list)
    index = models.FloatField(null=True)  # population stability index
    noise = models.FloatField(null=True)  # what chance alone would show at most, 95 %
    measured_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "measure"], name="drift_once")]


@holds_no_personal_data("Numbers drawn from a job's public text.")
class JobFeatures(models.Model):
    """A job as the models see it."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, primary_key=True, related_name="features")
    source_hash = models.CharField(max_length=64)
    model_hash = models.CharField(max_length=64)
    vector = models.BinaryField()  # float32[D]
    title_vector = models.BinaryField()  # float32[D]
    terms = models.BinaryField(default=b"")  # packed term counts, see learn/packing.py
    made_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["-made_at"], name="jobfeatures_newest")]  # every page asks


@holds_personal_data(person="person", purpose="profile", exported=False, on_merge="stay")
class PersonFeatures(models.Model):
    """A person as the models may see them: drawn only from what they consented to."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="features")
    source_hash = models.CharField(max_length=64)
    model_hash = models.CharField(max_length=64)
    vector = models.BinaryField()
    title_vector = models.BinaryField()
    terms = models.BinaryField(default=b"")
    made_at = models.DateTimeField(default=now)


@holds_personal_data(person="person", purpose="behaviour and stated wishes")
class Taste(models.Model):
    """What a person said they wish for, and where behaviour counts from (a reset moves it)."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="taste")
    wishes = models.JSONField(default=dict)  # {"skill:python": 1.0, "department:Care": -1.0, ...} in [-1, 1]
    behaviour_since = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=now)


@holds_personal_data(person="person", purpose="recruiting", exported=False, on_merge="stay")
class SearchRow(models.Model):
    """A present person's words as lexemes, to be found by; made anew from what may be read of them.

    `head` is what stands at the top of a profile, kept small: ranking reads it row by row. `words` adds the
    résumé; the index answers from it without reading it.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="found_by")
    source_hash = models.CharField(max_length=64)
    words = SearchVectorField()
    head = SearchVectorField()
    skills = ArrayField(models.CharField(max_length=80), default=list)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    stated_at = models.DateTimeField(default=now)  # when their profile last changed: who is fresh comes first
    changed_at = models.DateTimeField(default=now)  # when these words last changed: what is new to a search

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="search_words"),
            models.Index(fields=["lat", "lon"], name="search_place"),
            models.Index(fields=["changed_at"], name="search_changed"),
        ]


@holds_personal_data(
    person="", purpose="a colleague's own search; one that names somebody goes with them", exported=False
)
class SavedSearch(models.Model):
    """A search a colleague keeps, and how many people are new to it since they last looked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=120)
    text = models.CharField(max_length=1000)
    by_mail = models.BooleanField(default=False)
    news = models.PositiveIntegerField(default=0)  # as last counted; see learn.count_news
    looked_at = models.DateTimeField(default=now)
    told_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="saved_search_once")]


class SegmentKind(models.TextChoices):
    RULE = "rule", _("By a rule")
    COMMUNITY = "community", _("Found in the crowd")


class SegmentState(models.TextChoices):
    ACTIVE = "active", _("In use")
    ARCHIVED = "archived", _("Put away")


@holds_personal_data(
    person="", purpose="a colleague's own words; one that names somebody goes with them", exported=False
)
class Segment(models.Model):
    """People who have something in common, by a rule somebody wrote or as they were found in the crowd.

    Its membership is `SegmentMember`, kept up to date by `learn.refresh_segments`; `size` is as of then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=SegmentKind, default=SegmentKind.RULE)
    rule = models.JSONField(default=dict)  # see engine/segments; {} for a community
    description = models.CharField(max_length=500, default="")
    owner = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="segments")
    state = models.CharField(max_length=10, choices=SegmentState, default=SegmentState.ACTIVE)
    version = models.PositiveIntegerField(default=1)  # of name, rule and description: who edits says which
    made_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    size = models.PositiveIntegerField(default=0)
    refreshed_at = models.DateTimeField(null=True)  # when somebody last came or left; null: never worked out

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(state="active"), name="segment_name_once"
            )
        ]


@holds_personal_data(person="person", purpose="profile and behaviour, as far as each was allowed")
class SegmentMember(models.Model):
    """One stay of a person in a segment. Rows are closed, never deleted: so who was in when can be told."""

    id = models.BigAutoField(primary_key=True)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="segments")
    entered_at = models.DateTimeField(default=now)
    left_at = models.DateTimeField(null=True)
    why = models.JSONField(default=dict)  # what held on entering: {"version": 3, "held": [0, 2]}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "person"],
                condition=models.Q(left_at__isnull=True),
                name="segment_member_once",
            )
        ]
        indexes = [models.Index(fields=["segment", "-id"], name="segment_history")]


@holds_no_personal_data("How many people a segment had on a day; never who.")
class SegmentCount(models.Model):
    """A segment's size at the end of a day's last refresh, and how many came and went that day."""

    id = models.BigAutoField(primary_key=True)
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="counts")
    day = models.DateField()
    size = models.PositiveIntegerField()
    entered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "day"], name="segment_count_once")]


@holds_personal_data(
    person="person",
    purpose="profile and behaviour, as far as each was allowed",
    exported=False,
    on_merge="stay",
)
class SegmentRow(models.Model):
    """A present person as rules read them, in one narrow row; made anew from what may be read of them.

    The first four say which purposes are granted now: a trigger on trust's answers keeps them (migration
    0006), so that a no counts from the moment it is said.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="segment_row"
    )
    profile = models.BooleanField(default=False)
    behaviour = models.BooleanField(default=False)
    discovery = models.BooleanField(default=False)
    contact = models.BooleanField(default=False)
    country = models.CharField(max_length=2, default="")
    language = models.CharField(max_length=12, default="")  # "de", of the tag they use the site in
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    remote = models.CharField(max_length=6, default="")
    years = models.FloatField(null=True)  # in positions that ended before `working_since`, overlaps once
    working_since = models.DateField(null=True)  # when the first of those they still hold began
    education = models.PositiveSmallIntegerField(null=True)  # the highest degree, see engine/segments
    skills = ArrayField(models.CharField(max_length=80), default=list)
    licences = ArrayField(models.CharField(max_length=80), default=list)
    wishes = ArrayField(models.CharField(max_length=140), default=list)  # "+skill:python", "-department:Care"
    source = models.CharField(max_length=40, default="")
    joined_at = models.DateTimeField(default=now)
    stated_at = models.DateTimeField(default=now)


@holds_personal_data(person="person", purpose="behaviour", exported=False, on_merge="stay")
class Engagement(models.Model):
    """How often a person did something on a day (UTC), counted from the ledger; what was undone is not in it.

    `kind` is the signal's, with "/stage" behind it where an application moved, or "seen" for anything at all.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="engagements", db_index=False)
    kind = models.CharField(max_length=60)
    day = models.DateField()
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "day"], name="engagement_once")]
        indexes = [models.Index(fields=["kind", "day"], include=["person", "times"], name="engagement_kind")]


@holds_no_personal_data("Shares of ten people and more; who is in it stands in SegmentMember.")
class Community(models.Model):
    """What a segment found in the crowd is beside a segment: how it was told apart from the others.

    `held`: how many of its people had each skill when it was last fitted, so that its drift can be told.
    """

    segment = models.OneToOneField(
        Segment, on_delete=models.CASCADE, primary_key=True, related_name="community"
    )
    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="+")  # the last fit it was in
    suggested = models.CharField(max_length=120, default="")  # what that fit would call it
    is_named = models.BooleanField(default=False)  # by a colleague: no fit changes that
    occupation = models.CharField(max_length=120, default="")
    skills = models.JSONField(default=list)  # [{"slug", "share", "overall", "lift", "z"}], the surest first
    held = models.JSONField(default=dict)  # {"python": 31}
    people = models.PositiveIntegerField(default=0)  # of whom `held` tells
    drift = models.JSONField(default=dict)  # since the fit before: {"turned", "index", "verdict"}
