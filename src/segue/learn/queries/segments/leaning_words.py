"""What the engine's tables say of protected grounds and of what may stand in for them, in words to translate.

The engine knows no languages: it names a ground and a reason, and pages say both through gettext. That finds
a text only if it was gathered, and this is where. tests/learn holds the lists together.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

GROUNDS = (
    N_("age"),
    N_("gender"),
    N_("sexual orientation"),
    N_("ethnic origin"),
    N_("nationality"),
    N_("religion or belief"),
    N_("disability or health"),
    N_("pregnancy or family"),
    N_("politics or union"),
    N_("genetic or biometric data"),
)
REASONS = (
    N_("Who lives in a neighbourhood often follows origin and income."),
    N_("A cap on experience leaves out older people, who have more of it."),
    N_("So much experience leaves out younger people."),
    N_("The language somebody reads a site in often tells where they come from."),
    N_("Where somebody lives is not their nationality, and often goes with it."),
    N_("How many hold a degree differs much between generations, and by origin."),
    N_("Names tell of gender and origin."),
    N_("Schools differ in whom they take, by gender, belief and origin."),
    N_("A year of graduation, or of a first position, tells an age."),
    N_("Who looks after children or cannot travel far wishes for remote work more often."),
)
