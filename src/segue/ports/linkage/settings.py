"""A schema as Splink settings: no word of any one engine's SQL, so that DuckDB and Spark read the same."""

from __future__ import annotations

import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import SettingsCreator, block_on
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.comparison_creator import ComparisonCreator
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from segue.learn.linkage import Column, Schema

ALIKE = 0.88  # Jaro-Winkler: a slip or two in a name, not another name
NEARLY = 0.92
# How often each level is met within one person (m), strongest first: where to begin learning, and what holds
# where a table has too few people twice to learn from.
USUAL = {
    "exact": (0.6, 0.4),
    "word": (0.6, 0.1, 0.3),
    "digits": (0.6, 0.05, 0.35),
    "name": (0.7, 0.14, 0.04, 0.06, 0.04, 0.02),
}


def settings_of(schema: Schema, *, prior: float) -> SettingsCreator:
    """Return what Splink is to compare; the weights are learned from the table."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="row",
        probability_two_random_records_match=prior,
        comparisons=[comparison_of(column) for column in schema.columns],
        blocking_rules_to_generate_predictions=[blocking(columns) for columns in schema.blocks],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def blocking(columns: tuple[str, ...]) -> BlockingRuleCreator:
    return block_on(*columns)


def comparison_of(column: Column) -> ComparisonCreator:
    """Return the levels of agreement of one column, the strongest first."""
    steps = _whole_name() if column.kind == "name" else _one_word(column)
    known = [step.configure(m_probability=m) for step, m in zip(steps, USUAL[column.kind], strict=True)]
    return comparisons.CustomComparison(
        output_column_name=column.title, comparison_levels=[levels.NullLevel(column.title), *known]
    )


def _one_word(column: Column) -> list[ComparisonLevelCreator]:
    exact = levels.ExactMatchLevel(column.title, term_frequency_adjustments=column.rare)
    if column.kind == "word":
        return [exact, levels.JaroWinklerLevel(column.title, NEARLY), levels.ElseLevel()]
    if column.kind == "digits":
        return [exact, levels.LevenshteinLevel(column.title, 1), levels.ElseLevel()]
    return [exact, levels.ElseLevel()]


def _whole_name() -> list[ComparisonLevelCreator]:
    """The order of a name's parts is forgiven, and so is a slip in either; one part alone says less."""
    return [
        levels.ExactMatchLevel("name", term_frequency_adjustments=True),
        levels.And(levels.JaroWinklerLevel("given", ALIKE), levels.JaroWinklerLevel("family", ALIKE)),
        levels.JaroWinklerLevel("name", NEARLY),
        levels.JaroWinklerLevel("given", NEARLY),
        levels.JaroWinklerLevel("family", NEARLY),
        levels.ElseLevel(),
    ]
