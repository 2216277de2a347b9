"""Simulated companies and their ground truth, kept apart."""
