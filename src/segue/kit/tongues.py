"""In which language to write to somebody."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation


def speaking_to(locale: str | None) -> translation.override:
    """Speak somebody's language for a while where the product does, else the installation's own.

    Django has names of months in more languages than we have words in: without this, a letter to somebody who
    speaks Japanese would be English with a Japanese date.

    >>> with speaking_to("fr-CA"):
    ...     translation.get_language()
    'fr'
    >>> with speaking_to("ja"):
    ...     translation.get_language()
    'en'
    """
    try:
        return translation.override(translation.get_supported_language_variant(locale or ""))
    except LookupError:
        return translation.override(settings.LANGUAGE_CODE)
