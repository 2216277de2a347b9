"""Sources of candidates: each learns from one task, scores every job, and can say why."""
