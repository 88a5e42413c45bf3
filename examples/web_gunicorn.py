# SPDX-License-Identifier: Apache-2.0
"""Gunicorn's settings for ``web.py``."""

from __future__ import annotations

from typing import Any

bind = "127.0.0.1:8000"
workers = 2
threads = 4
preload_app = True  # the program, and its client, is there before the workers are forked


def post_worker_init(worker: Any) -> None:
    """Connect before the first request comes, not with it."""
    import web

    web.client.connect()


def worker_exit(server: Any, worker: Any) -> None:
    """The requests are answered: close this worker's connections, and leave those of others alone."""
    import web

    web.client.close()
