"""Finding people by what was typed: who matches, in which order, and why."""
