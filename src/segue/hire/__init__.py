"""Applications, the pipeline and its immutable stage ledger."""
