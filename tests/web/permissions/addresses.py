"""Every address there is: the pages by name, the API's operations by method and path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from segue.web.api.harvest import harvest
from segue.web.api.routes import api
from segue.web.api.scim.routes import scim
from tests.web.permissions.world import World

OF_THE_API = frozenset({"api", "harvest", "scim"})
# a public job's
OPEN_TO_ALL = frozenset({"portal:job", "portal:apply", "portal:stance", "portal:undo", "portal:social_card"})


@dataclass(frozen=True)
class Address:
    """A named page, and the arguments it takes."""

    name: str
    arguments: tuple[str, ...]

    def of(self, world: World, which: int) -> str:
        """Return the address with the own row (0) or the other's (1)."""
        if self.name in OPEN_TO_ALL:
            which = 0
        return reverse(self.name, kwargs={each: world.ids[each][which] for each in self.arguments})

    def tells_rows_apart(self, world: World) -> bool:
        return self.of(world, 0) != self.of(world, 1)


def pages() -> list[Address]:
    """Return all pages; one without a name would escape the matrix, so it is an error."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace not in OF_THE_API:
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from _walk(pattern.url_patterns, space + inner)
        else:
            assert pattern.name, f"{pattern.pattern} has no name"
            yield Address(space + pattern.name, tuple(pattern.pattern.converters))


@cache  # describing an API takes seconds
def operations() -> list[str]:
    """Return what the APIs' own descriptions say there is, as the matrix names it."""
    found = ["GET /api/v1/openapi.json", "GET /harvest/v1/openapi.json"]
    for described in (api, harvest, scim):
        for path, verbs in described.get_openapi_schema()["paths"].items():
            found += [f"{verb.upper()} {path}" for verb in verbs]
    return found
