"""What the running studio writes down: one JSON object a line on standard error; never a text, query or secret."""

from __future__ import annotations

import logging
import sys
import traceback
from contextlib import suppress
from typing import TextIO, cast

import structlog
from flask import request


class _Patient:
    """Standard error; a line that cannot be written there (a full disk) is dropped, and the request goes on."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def configure_logs() -> None:
    """One JSON object a line on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Patient())),
        cache_logger_on_first_use=True,
    )


def log_fault(error: BaseException) -> None:
    """A fault with its place in the code; its message is left out, for it may hold words of a lesson."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [
        f"{frame.filename.rpartition('curriculum_studio/')[2]}:{frame.lineno} {frame.name}"
        for frame in frames[-8:]
    ]
    structlog.get_logger().error("fault", view=request.endpoint, kind=type(error).__name__, where=where)
