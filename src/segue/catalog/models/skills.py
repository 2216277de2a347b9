"""The vocabulary of skills, and what may come into it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from segue.kit.clock import now
from segue.kit.privacy import holds_no_personal_data


@holds_no_personal_data("A word of the employer's vocabulary.")
class Skill(models.Model):
    """A skill of this employer's vocabulary, with the other words for it."""

    slug = models.CharField(max_length=80, primary_key=True)
    label = models.CharField(max_length=120)
    synonyms = ArrayField(models.CharField(max_length=120), default=list)
    approved = models.BooleanField(default=True)


GAZETTEER = "gazetteer"  # a list without codes: all in small letters, whatever the texts write


class TermKind(models.TextChoices):
    SKILL = "skill", _("Skill")
    OCCUPATION = "occupation", _("Occupation")


@holds_no_personal_data("A word of a public classification.")
class TaxonomyTerm(models.Model):
    """A skill or an occupation of a classification the employer brought in: not yet of the vocabulary."""

    id = models.BigAutoField(primary_key=True)
    taxonomy = models.CharField(max_length=20)  # "esco" | "onet" | GAZETTEER
    kind = models.CharField(max_length=10, choices=TermKind)
    code = models.CharField(max_length=300)
    label = models.CharField(max_length=200)
    names = ArrayField(models.CharField(max_length=200), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["taxonomy", "code"], name="taxonomy_term_once")]


class ProposalState(models.TextChoices):
    OPEN = "open", _("To be looked at")
    ADDED = "added", _("A skill of ours")
    JOINED = "joined", _("Another word for one")
    IGNORED = "ignored", _("Not a skill")


@holds_no_personal_data("A term and in how many texts it stands; never in whose.")
class SkillProposal(models.Model):
    """A term of our postings and résumés that may be a skill; a person decides."""

    slug = models.CharField(max_length=80, primary_key=True)
    label = models.CharField(max_length=120)
    names = ArrayField(models.CharField(max_length=120), default=list)
    taxonomy = models.CharField(max_length=20, default="")  # which classification knows it, if any
    jobs = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    example = models.CharField(max_length=300, default="")  # from a posting, never from a résumé
    written = models.CharField(max_length=200, default="")  # how the example writes the term
    near = models.ForeignKey(Skill, on_delete=models.SET_NULL, null=True, related_name="+")
    nearness = models.FloatField(default=0.0)
    state = models.CharField(max_length=8, choices=ProposalState, default=ProposalState.OPEN)
    joined = models.ForeignKey(Skill, on_delete=models.SET_NULL, null=True, related_name="+")
    joined_names = ArrayField(models.CharField(max_length=120), default=list)  # what joining added
    decided_by = models.CharField(max_length=300, default="")
    decided_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(default=now)
    unread = models.BooleanField(default=False)  # decided, and résumés not read again yet

    class Meta:
        indexes = [models.Index(fields=["state", "-jobs", "-people"], name="skill_proposal_open")]
