"""Plumbing that knows nothing of recruiting: actions, queue, clock, ids, registers."""
