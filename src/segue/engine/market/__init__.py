"""A small market of people and openings, to see what each part of the recommender is worth.

`nature` draws who is there and what they truly want, by rules no policy's model can express; `rounds`
lets people look, apply, be read, be offered and accept, week by week; `policies` decide who is shown
what, knowing only what a site would know. Everything follows from a seed.
"""
