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
