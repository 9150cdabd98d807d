"""Wide runs of spaces and tabs, which say no more than narrow ones."""

import re

_WIDEST = 64
_WIDE = re.compile(rf"[ \t]{{{_WIDEST + 1},}}")


def narrow(text: str) -> str:
    """Return text with no run of spaces and tabs longer than 64.

    Patterns that look for white space at the end of something take the square of a run's length:
    one row of a damaged export, with 400,000 spaces in a concern, took over eight minutes.
    """
    return _WIDE.sub(lambda run: run[0][:_WIDEST], text)
