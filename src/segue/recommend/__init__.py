"""Mixes for candidates, slates for jobs, exposures, playlists."""
