"""A seeded world to live in: an employer, its people, its jobs and its past, with the truth kept apart."""

from segue.engine.world.world import World, digest_of, found_world

__all__ = ["World", "digest_of", "found_world"]
