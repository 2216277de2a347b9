"""Consent, audit, decisions, reviews, dials and access rules."""
