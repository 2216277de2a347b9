"""The employer's vocabulary of skills: how it starts, and how a person lets it grow."""

from __future__ import annotations

from django.utils.translation import gettext as _

from segue.catalog.models import ProposalState, Skill, SkillProposal
from segue.engine.lexicon_data import STARTER_SKILLS
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.bus import announce
from segue.kit.errors import Conflict, NotAllowed, NotFound


@action("catalog.seed_vocabulary")
def seed_vocabulary(*, by: Actor) -> int:
    """Fill in the starter skills that are not there yet; return how many were new."""
    known = set(Skill.objects.values_list("slug", flat=True))
    fresh = [
        Skill(slug=skill.slug, label=skill.label, synonyms=list(skill.synonyms))
        for skill in STARTER_SKILLS
        if skill.slug not in known
    ]
    Skill.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


@action("catalog.add_skill")
def add_skill(slug: str, *, by: Actor) -> Skill:
    """Make a proposed term a skill of ours. Raises NotAllowed, NotFound, Conflict."""
    proposal = _open(slug, by)
    skill, fresh = Skill.objects.get_or_create(
        slug=proposal.slug, defaults={"label": proposal.label, "synonyms": proposal.names}
    )
    if not fresh and not skill.approved:
        Skill.objects.filter(pk=skill.pk).update(approved=True)
    _decide(proposal, ProposalState.ADDED, by)
    return skill


@action("catalog.join_skill")
def join_skill(slug: str, skill_slug: str, *, by: Actor) -> Skill:
    """Take a proposed term as another word for a skill we have. Raises NotAllowed, NotFound, Conflict."""
    proposal = _open(slug, by)
    skill = Skill.objects.select_for_update().filter(slug=skill_slug, approved=True).first()
    if skill is None:
        raise NotFound(_("There is no such skill."), field="skill", remedy=_("Choose one of the vocabulary."))
    have = {word.casefold() for word in (skill.label, *skill.synonyms)}
    proposal.joined_names = [w for w in (proposal.label, *proposal.names) if w.casefold() not in have]
    proposal.joined = skill
    skill.synonyms = [*skill.synonyms, *proposal.joined_names]
    skill.save(update_fields=["synonyms"])
    _decide(proposal, ProposalState.JOINED, by)
    return skill


@action("catalog.ignore_skill")
def ignore_skill(slug: str, *, by: Actor) -> SkillProposal:
    """Say that a term is no skill; it is not proposed again. Raises NotAllowed, NotFound, Conflict."""
    return _decide(_open(slug, by), ProposalState.IGNORED, by)


@action("catalog.reopen_skill")
def reopen_skill(slug: str, *, by: Actor) -> SkillProposal:
    """Take a decision back: the vocabulary is as it was before. Raises NotAllowed, NotFound."""
    proposal = _proposal(slug, by)
    if proposal.state == ProposalState.ADDED:
        Skill.objects.filter(slug=proposal.slug).delete()
    if proposal.state == ProposalState.JOINED and proposal.joined is not None:
        gone = set(proposal.joined_names)
        proposal.joined.synonyms = [word for word in proposal.joined.synonyms if word not in gone]
        proposal.joined.save(update_fields=["synonyms"])
    proposal.joined, proposal.joined_names = None, []
    return _decide(proposal, ProposalState.OPEN, by)


def _open(slug: str, by: Actor) -> SkillProposal:
    proposal = _proposal(slug, by)
    if proposal.state != ProposalState.OPEN:
        raise Conflict(
            _("“%(term)s” was settled by %(who)s.") % {"term": proposal.label, "who": proposal.decided_by},
            remedy=_("Take that back first."),
        )
    return proposal


def _proposal(slug: str, by: Actor) -> SkillProposal:
    if not by.is_talent_team:
        raise NotAllowed(_("The talent team decides what is a skill."))
    proposal = SkillProposal.objects.select_for_update(of=("self",)).filter(slug=slug).first()
    if proposal is None:
        raise NotFound(_("There is no such proposal."), remedy=_("Look at the list."))
    return proposal


def _decide(proposal: SkillProposal, state: ProposalState, by: Actor) -> SkillProposal:
    still_open = state == ProposalState.OPEN
    vocabulary_moves = ProposalState.IGNORED not in (state, proposal.state)
    proposal.unread = proposal.unread or vocabulary_moves
    proposal.state = state
    proposal.decided_by = "" if still_open else by.name
    proposal.decided_at = None if still_open else clock.now()
    proposal.save()
    if vocabulary_moves:
        announce("vocabulary.changed")
    return proposal
