from __future__ import annotations

from django.db import models

from segue.catalog.models import Job, Person
from segue.kit.clock import now
from segue.kit.privacy import holds_no_personal_data, holds_personal_data


@holds_no_personal_data("Word weights and term vectors of job texts and vocabulary.")
class Model(models.Model):
    """A trained or fitted artefact, named by the hash of its bytes."""

    hash = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=40)  # "lexicon", "blend"
    blob = models.BinaryField()
    card = models.JSONField(default=dict)
    active = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(active=True), name="model_active_once"
            )
        ]


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


@holds_personal_data(person="person", purpose="profile", exported=False)
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
