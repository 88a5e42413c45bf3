# SPDX-License-Identifier: Apache-2.0
"""Passwords that calls are given, and the tracebacks of their errors.

A debugger, or a service that errors are sent to, shows the variables in every frame of a traceback. The program's own
are its own affair; those of the package are cleared where a call ends that was given a password.
"""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def forget(error: BaseException) -> None:
    """Clear the variables of all frames that an error, and those that it came from, went through."""
    seen: set[int] = set()
    errors: list[BaseException | None] = [error]
    while errors:
        one = errors.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            traceback.clear_frames(one.__traceback__)  # not of those that still run
            errors += [one.__cause__, one.__context__]


def secretive(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Have a function, or a coroutine, leave none of its variables to an error."""

    @functools.wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        try:
            return function(*args, **keywords)
        except BaseException as error:
            forget(error)
            raise
        finally:
            del args, keywords

    @functools.wraps(function)
    async def call_later(*args: Any, **keywords: Any) -> Any:
        try:
            return await cast("Any", function)(*args, **keywords)
        except BaseException as error:
            forget(error)
            raise
        finally:
            del args, keywords

    return cast("Callable[Arguments, Result]", call_later if inspect.iscoroutinefunction(function) else call)
