# SPDX-License-Identifier: Apache-2.0
"""What calls on an LList that are made at once may answer.

Every key is an object of its own: present with an element, or absent. Calls on many elements are calls on each of them,
somewhere between the call's begin and its end, and so is a read of many: it saw each key that it passed, present or
absent. What is linearizable for every key is so for all (Herlihy and Wing), so that each key is looked at alone.
"""

from typing import Any, NamedTuple

from aerospike import exception

MISSING, THERE = exception.LargeItemNotFound, exception.LDTUniqueKeyError
NEVER = float("inf")
CHANGES = {"add", "update", "remove"}


class Point(NamedTuple):
    """What a call was for one key."""

    name: str
    element: Any  # what was given
    began: float
    ended: float
    result: Any  # a class of errors where one was raised


def key_of(element):
    return element["key"] if isinstance(element, dict) else element


def outcome(there, point):
    """(what is there after it, its result); ``there`` is the key's element, None where it is absent."""
    if point.name in ("get", "see"):
        return there, MISSING if there is None and point.name == "get" else there
    if point.name == "exists":
        return there, there is not None
    if point.name == "add":
        return (point.element, None) if there is None else (there, THERE)
    if point.name == "update":
        return point.element, None
    if point.name == "remove":
        return None, None if there is not None else MISSING
    return None, None  # destroy


def explained(there, points):
    """Whether the points have an order, each at a moment of its call, that explains every result.

    The call of an actor that died has come about at any time since it began, or never.
    """
    if all(point.ended == NEVER for point in points):
        return True
    first = min(point.ended for point in points)
    for number, point in enumerate(points):
        if point.began < first:
            after, result = outcome(there, point)
            others = points[:number] + points[number + 1 :]
            if (point.ended == NEVER or result == point.result) and explained(after, others):
                return True
    return False


def seen(call):
    """The keys that a read passed, as a function of a key; None for what sees none."""
    if call.name == "filter":
        return lambda key: True
    found = call.result
    if call.name == "find_from":
        value, count = call.arguments
        last = key_of(found[-1]) if len(found) == count else None
        return lambda key: key >= value and (last is None or key <= last)
    if call.name in ("find_first", "find_last"):
        whole = len(found) < call.arguments[0]
        if call.name == "find_first":
            return lambda key: whole or key <= key_of(found[-1])
        return lambda key: whole or key >= key_of(found[-1])
    return None


def points_of(call, key):
    """What the call was for the key."""
    failed = isinstance(call.result, Exception)
    result = type(call.result) if failed else None
    if call.name == "destroy" and not failed:
        yield Point("destroy", None, call.began, call.ended, None)
    elif call.name.removesuffix("_many") in CHANGES:
        given = call.arguments[0] if call.name.endswith("_many") else call.arguments
        for element in given:
            if key_of(element) == key:
                yield Point(call.name.removesuffix("_many"), element, call.began, call.ended, result)
    elif call.name in ("get", "exists") and call.arguments[0] == key:
        yield Point(call.name, None, call.began, call.ended, call.result if not failed else result)
    elif not failed and call.ended != NEVER and (passed := seen(call)) is not None and passed(key):
        element = next((element for element in call.result if key_of(element) == key), None)
        yield Point("see", None, call.began, call.ended, element)


def keys_of(before, calls, after):
    keys = {key_of(element) for element in (*before, *after)}
    for call in calls:
        given = call.arguments[0] if call.name.endswith("_many") else call.arguments
        if call.name.removesuffix("_many") in CHANGES | {"get", "exists"}:
            keys |= {key_of(element) for element in given}
        if isinstance(call.result, list):
            keys |= {key_of(element) for element in call.result}
    return keys


def check(before, calls, after):
    """Asserts that calls which began with the elements ``before`` may have answered so, and led to ``after``."""
    for call in calls:
        if isinstance(call.result, list):
            keys = [key_of(element) for element in call.result]
            assert keys == sorted(set(keys), reverse=call.name == "find_last"), f"{call.name} gave {keys}"
    had = {key_of(element): element for element in before}
    has = {key_of(element): element for element in after}
    end = max([0, *(call.ended for call in calls if call.ended != NEVER)])
    counted = [(call, []) for call in calls if call.name == "size" and call.ended != NEVER]
    for key in keys_of(before, calls, after):
        points = [point for call in calls for point in points_of(call, key)]
        points.append(Point("see", None, end, end + 1, has.get(key)))
        assert explained(had.get(key), points), f"nothing explains what came of {key!r}"
        for call, can_be in counted:
            seen_as = [Point("exists", None, call.began, call.ended, there) for there in (False, True)]
            can_be.append([explained(had.get(key), [*points, point]) for point in seen_as])
    for call, can_be in counted:
        least = sum(not absent for absent, _ in can_be)
        most = sum(present for _, present in can_be)
        assert least <= call.result <= most, f"size() gave {call.result}, not {least} to {most}"
