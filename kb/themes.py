"""The codebook of 26 themes, and the claim that a passage shows one."""

import functools
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kb.errors import UnknownFilterValue
from kb.settings import corpus_folder
from kb.shipped import read_yaml

OWN = "own:"
"""How the keys of themes begin that users define for themselves (see `kb.own_themes`)."""


class TagSource(StrEnum):
    """Who says that a passage shows a theme; an editor outranks a model, a model a rule."""

    RULE = "rule"
    MODEL = "model"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeTag:
    """A claim that a passage shows a theme; `start` and `end` are the words that earned it,

    counted from the start of the passage.
    """

    theme: str
    score: float
    start: int
    end: int
    source: TagSource = TagSource.RULE
    rejected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme of the codebook: what it covers (`definition`) and what it leaves out."""

    key: str
    name: str
    group: str
    definition: str
    excludes: str | None = None
    starred: bool = False


def is_own(key: str) -> bool:
    """Tell whether a key is of a user's own theme, which the library holds, not the codebook."""
    return key.startswith(OWN)


@functools.cache
def themes() -> dict[str, Theme]:
    """Return the codebook by key, in its own order (groups A to F)."""
    raw: list[dict[str, Any]] = read_yaml(corpus_folder() / "themes.yaml")
    return {row["key"]: Theme(**row) for row in raw}


def theme(key: str) -> Theme:
    """Return a theme. Raises `UnknownFilterValue` naming the themes there are."""
    try:
        return themes()[key]
    except KeyError:
        known = ", ".join(themes())
        raise UnknownFilterValue(f"There is no theme '{key}'. The themes are: {known}.") from None
