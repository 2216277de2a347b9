"""Offers from the first draft to the signed letter, a file for each part of the way."""
