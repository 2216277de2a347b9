"""The cold tier: closed weeks of the ledger as Parquet; pseudonymous, the personal sealed under own keys."""
