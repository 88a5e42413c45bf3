# SPDX-License-Identifier: Apache-2.0
"""Messages of the C client as records of the logger ``aerospike``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aerospike._native import CommandReport

logger = logging.getLogger("aerospike")

# by aerospike.LOG_LEVEL_*
_LEVELS = (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG, logging.DEBUG)


def deserializer_failed(bin: str, error: BaseException) -> None:
    """Log that a blob is shown as it is."""
    logger.warning("a value of bin %r is shown as its blob: the deserializer raised", bin, exc_info=error)


def slow_command(report: CommandReport) -> None:
    """Log a command that took long. The key and the error's text, which may hold it, are nobody's business."""
    digest, retries = report.digest, report.retries
    facts = {
        "namespace": report.namespace,
        "set": report.set,
        "digest": None if digest is None else digest.hex(),
        "records": report.records,
        "node": report.node,
        "nodes": None if report.nodes is None or report.node is not None else ",".join(report.nodes),
        "address": None if report.address is None else "{}:{}".format(*report.address),
        "retries": retries or None,
    }
    about = "".join(f" {name}={value}" for name, value in facts.items() if value is not None)
    code = "" if report.code is None else f" (code {report.code})"
    outcome = "" if report.error is None else f" failed with {type(report.error).__name__}{code},"
    took = (report.duration or 0) * 1000
    logger.warning(
        "slow command: %s%s took %.1f ms:%s", report.command, outcome, took, about or " -", extra={"report": report}
    )


def handle(level: int, function: str, path: str, line: int, message: str) -> None:
    """Log one message with the place in the C client that it comes from."""
    python_level = _LEVELS[level] if 0 <= level < len(_LEVELS) else logging.INFO
    if logger.isEnabledFor(python_level):
        logger.handle(logger.makeRecord(logger.name, python_level, path, line, message, (), None, function))
