"""Engines that map a function over shards: in this process, in several, or on a Ray cluster."""

from __future__ import annotations

from segue.ports.compute.pool import PoolEngine
from segue.ports.compute.ray import RayEngine
from segue.ports.compute.serial import SerialEngine

__all__ = ["PoolEngine", "RayEngine", "SerialEngine"]
