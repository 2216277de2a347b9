"""Who and what we know: people, facts, résumés, jobs, skills."""
