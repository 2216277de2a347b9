"""Structured logs: one JSON line an event, on standard error."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from typing import Any

import structlog


def set_up(*, level: str = "INFO", as_json: bool = True) -> None:
    """Send structlog's and the standard library's records through one renderer."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def get(name: str) -> Any:
    """Return a structured logger."""
    return structlog.get_logger(name)


def whereabouts(error: BaseException) -> str:
    """Name the error and the places it passed; its message may quote a person's data and is not stored."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(
        f"{frame.name} ({os.path.basename(frame.filename)}:{frame.lineno})" for frame in frames[::-1]
    )
    return f"{type(error).__name__} in {places}"[:2000]
