"""What is near is measured for each model on our own vocabulary, and used from where the lexicon keeps it."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from segue.catalog.models import Skill, SkillProposal
from segue.engine.lexicon_data import STARTER_SKILLS
from segue.engine.scale import Scale
from segue.engine.skills import near_skills
from segue.kit.actor import Actor
from segue.learn.actions.fitting import fit_lexicon, refresh_features
from segue.learn.actions.registry import install_model, register_model
from segue.learn.actions.vocabulary import propose_skills
from segue.learn.lexicon import Lexicon
from segue.learn.models import Model
from segue.learn.queries.catalogue import catalogue
from segue.learn.queries.lexicon import LEXICON, active_hash, lexicon_named, scale_of
from segue.learn.queries.search.closeness import skill_credit
from segue.ports.embedder import MiniLMEmbedder
from tests.factories import make_job

pytestmark = pytest.mark.django_db
MACHINE = Actor.machine("worker")


@pytest.fixture
def lexicon() -> Lexicon:
    """Two skills that have to do with each other, and a job for both."""
    Skill.objects.create(slug="javascript", label="JavaScript", synonyms=["JS"])
    Skill.objects.create(slug="typescript", label="TypeScript")
    Skill.objects.create(slug="bricklaying", label="Bricklaying")
    make_job(title="Web developer", description="JavaScript and TypeScript", required_skills=["javascript"])
    return lexicon_named(fit_lexicon(by=MACHINE))


def in_force(lexicon: Lexicon, scale: Scale) -> Lexicon:
    """The same lexicon, read by another scale."""
    blob = replace(lexicon, scale=scale).to_bytes()
    model = register_model(kind=LEXICON, blob=blob, card={"jobs": 1}, by=MACHINE)
    install_model(model, reason="another scale", by=MACHINE)
    return lexicon_named(active_hash())


def test_the_default_model_keeps_the_thresholds_it_was_tuned_with() -> None:
    labels, others = [one.label for one in STARTER_SKILLS], [one.labels[1:] for one in STARTER_SKILLS]
    found = Scale.measured(labels, others, MiniLMEmbedder().embed)
    assert (found.near, found.same, found.strong) == pytest.approx((0.6, 0.35, 0.6), abs=0.01)


def test_a_fit_measures_its_model_and_its_card_tells(lexicon: Lexicon) -> None:
    rows = Skill.objects.order_by("slug").values_list("label", "synonyms")
    labels, others = zip(*rows, strict=True)
    assert lexicon.scale == scale_of(labels, others)
    card = Model.objects.get(pk=lexicon.hash).card
    assert Scale(**card["scale"]) == lexicon.scale
    assert Lexicon.from_bytes(lexicon.to_bytes()).scale == lexicon.scale


def test_near_skills_in_search_follow_the_lexicon_in_force(lexicon: Lexicon) -> None:
    for near, counts in ((0.05, True), (0.94, False)):
        in_force(lexicon, Scale(near=near))
        assert bool(skill_credit(["javascript"], [["typescript"]])[0] > 0) is counts


def test_the_blend_follows_the_lexicon_in_force(lexicon: Lexicon) -> None:
    other = in_force(lexicon, Scale(near=0.3, strong=0.42))
    jobs = catalogue(other.hash)
    assert jobs is not None
    assert jobs.strong == 0.42
    assert abs(jobs.near - near_skills(other.skill_vectors, floor=0.3)).max() == 0


def test_a_proposal_names_the_nearest_skill_only_above_the_models_own_threshold(lexicon: Lexicon) -> None:
    for _ in range(2):
        make_job(description="Skills: JavaScripts")
    named = []
    for same in (0.05, 0.95):
        in_force(lexicon, Scale(same=same))
        propose_skills(by=MACHINE)
        named.append(SkillProposal.objects.get(slug="javascripts").near_id)
    assert named == ["javascript", None]


def test_a_lexicon_of_before_scales_reads_as_it_did_and_is_fitted_anew(lexicon: Lexicon) -> None:
    with np.load(io.BytesIO(lexicon.to_bytes())) as archive:
        parts = dict(archive)
    names = json.loads(parts["names"].tobytes())
    del names["scale"]
    parts["names"] = np.frombuffer(json.dumps(names).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, **parts)
    card = {"jobs": 1, "embedder": lexicon.embedder_hash}
    model = register_model(kind=LEXICON, blob=buffer.getvalue(), card=card, by=MACHINE)
    install_model(model, reason="from before", by=MACHINE)
    assert lexicon_named(active_hash()).scale == Scale(near=0.6, same=0.35, strong=0.6)
    refresh_features(by=MACHINE)
    assert active_hash() == lexicon.hash
