"""Segments: who is in them, since when and why, and how many would be."""
