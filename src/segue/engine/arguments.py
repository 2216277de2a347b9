"""An argument that cannot be worked with, by name."""

from __future__ import annotations


class BadArgument(ValueError):
    """A value the engine refuses; `argument` names which.

    >>> BadArgument("propensity", "lies in (0, 1]").argument
    'propensity'
    """

    def __init__(self, argument: str, message: str) -> None:
        super().__init__(f"{argument}: {message}")
        self.argument = argument
