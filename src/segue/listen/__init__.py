"""What candidates do: signal kinds and the ledger."""
