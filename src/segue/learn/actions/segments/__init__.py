"""Segments: making and changing them, and keeping who is in them up to date."""
