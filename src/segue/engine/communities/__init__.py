"""Communities in a crowd: who knows alike things, how many such groups there are, and what to call them.

    skill sets → unit rows → 20 main axes → k-means → as many as are well apart *and* found again on resamples

Nothing but skills goes in, so nothing else can tell people apart here. Where no number of groups is found
again, none is made: `fit_communities` returns `Abstained` with the reason.
"""
