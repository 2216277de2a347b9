"""What this room reads from the ledger."""
