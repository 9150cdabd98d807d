"""Coroner areas: one area goes by many spellings."""

import functools
import re

_OF_NO_WEIGHT = frozenset(
    "and the of for area county coroner coroners coronial court district division jurisdiction"
    " service s".split()
)


@functools.lru_cache(maxsize=5_000)
def area_words(written: str | None) -> frozenset[str]:
    """Return the words that tell areas apart, none where nothing is written.

    "Stoke-on-Trent & North Staffordshire Coroner's Court" and "Stoke on Trent and North
    Staffordshire" have the same; so have "London Inner (North)" and "Inner North London".
    """
    return frozenset(re.findall(r"[a-z]+", (written or "").lower())) - _OF_NO_WEIGHT


def area_key(written: str) -> str:
    """Return the same text for every spelling of one area that differs in no word of weight."""
    return " ".join(sorted(area_words(written)))
