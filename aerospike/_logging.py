# SPDX-License-Identifier: Apache-2.0
"""Messages of the C client as records of the logger ``aerospike``."""

from __future__ import annotations

import logging

logger = logging.getLogger("aerospike")

# by aerospike.LOG_LEVEL_*
_LEVELS = (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG, logging.DEBUG)


def deserializer_failed(bin: str, error: BaseException) -> None:
    """Log that a blob is shown as it is."""
    logger.warning("a value of bin %r is shown as its blob: the deserializer raised", bin, exc_info=error)


def handle(level: int, function: str, path: str, line: int, message: str) -> None:
    """Log one message with the place in the C client that it comes from."""
    python_level = _LEVELS[level] if 0 <= level < len(_LEVELS) else logging.INFO
    if logger.isEnabledFor(python_level):
        logger.handle(logger.makeRecord(logger.name, python_level, path, line, message, (), None, function))
