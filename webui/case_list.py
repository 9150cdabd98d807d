"""The case list: passages a person has chosen, in their order, kept in the signed cookie."""

import re
from collections.abc import Sequence

from flask import session

from kb.errors import UsageError

MOST = 60
"""More keys than this would not fit a cookie."""
_LONGEST_TITLE = 120
_DEFAULT_TITLE = "Case list"
_KEYS, _TITLE = "case", "case_title"
_KEY = re.compile(r"[0-9a-f]{12}")


def keys() -> tuple[str, ...]:
    """Return the keys of the chosen passages, in order."""
    return tuple(key for key in session.get(_KEYS, ()) if _KEY.fullmatch(str(key)))


def title() -> str:
    """Return the title the person gave, or a plain one."""
    return str(session.get(_TITLE) or _DEFAULT_TITLE)


def retitle(written: str) -> None:
    """Name the list; nothing written takes the name away."""
    session[_TITLE] = " ".join(written.split())[:_LONGEST_TITLE]


def add(key: str) -> None:
    """Put a passage at the end; one that is there already stays where it is.

    Raises `UsageError` when the list is full.
    """
    held = keys()
    if key in held:
        return
    if len(held) >= MOST:
        raise UsageError(f"The case list holds {MOST} passages. Remove one, then add this one.")
    _keep([*held, key])


def remove(key: str) -> None:
    """Take a passage out."""
    _keep([one for one in keys() if one != key])


def move(key: str, *, steps: int) -> None:
    """Move a passage by so many places, up if negative; at either end it stays."""
    order = list(keys())
    if key not in order:
        return
    at = order.index(key)
    order.remove(key)
    order.insert(max(0, at + steps), key)
    _keep(order)


def clear() -> None:
    """Empty the list and take its title away."""
    session.pop(_KEYS, None)
    session.pop(_TITLE, None)


def _keep(order: Sequence[str]) -> None:
    session[_KEYS] = list(order)
