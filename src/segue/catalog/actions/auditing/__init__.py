"""Reading everything we know for what cannot be right, and naming it."""
