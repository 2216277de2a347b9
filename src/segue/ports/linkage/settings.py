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
    if column.kind == "name":
        return _whole_name()
    exact = levels.ExactMatchLevel(column.title, term_frequency_adjustments=column.rare)
    between: list[ComparisonLevelCreator] = []
    if column.kind == "word":
        between = [levels.JaroWinklerLevel(column.title, NEARLY)]
    elif column.kind == "digits":
        between = [levels.LevenshteinLevel(column.title, 1)]
    return comparisons.CustomComparison(
        output_column_name=column.title,
        comparison_levels=[levels.NullLevel(column.title), exact, *between, levels.ElseLevel()],
    )


def _whole_name() -> ComparisonCreator:
    """The order of a name's parts is forgiven, and so is a slip in either; one part alone says less."""
    both_alike = levels.And(levels.JaroWinklerLevel("given", ALIKE), levels.JaroWinklerLevel("family", ALIKE))
    return comparisons.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            levels.NullLevel("name"),
            levels.ExactMatchLevel("name", term_frequency_adjustments=True),
            both_alike,
            levels.JaroWinklerLevel("name", NEARLY),
            levels.JaroWinklerLevel("given", NEARLY),
            levels.JaroWinklerLevel("family", NEARLY),
            levels.ElseLevel(),
        ],
    )
