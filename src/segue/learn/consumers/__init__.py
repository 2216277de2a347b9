"""What this room reads from the ledger as it grows."""
