# SPDX-License-Identifier: Apache-2.0
"""Records for engines that distribute work; each module needs the engine that it is named after, and pyarrow.

``connect`` of all of them is a function that returns a connected client. It runs in the engine's workers, once for each
split, and its client is closed when the split is read. Engines send it to their workers with all that it refers to; one
that reads a password where it runs, from the environment say, does not send that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def arrow_arguments(schema: Mapping[str, str], meta: Iterable[str], policy: Any) -> dict[str, Any]:
    """Return arguments of a split's arrow(), as they can be pickled."""
    return {"schema": dict(schema), "meta": meta if isinstance(meta, Mapping) else tuple(meta), "policy": policy}
